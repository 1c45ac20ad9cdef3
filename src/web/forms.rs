//! Forms: what was typed, what is wrong with it, and where to go afterwards.
use super::extract::CurrentUser;
use super::page::{Answer, html};
use super::views::parts::{Choice, Conflict, ConflictRow, FieldError, Form};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::plaintext::Plaintext;
use askama::Template;
use axum::http::StatusCode;

impl Form {
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.insert(name, value.into());
        self
    }

    /// Errors beside their fields, by the labels that the page gives them; what belongs to no field stands on top.
    pub fn failing(mut self, errors: &FieldErrors, labels: &[(&'static str, &'static str)]) -> Self {
        for (field, messages) in errors.iter() {
            let (name, label) = labels.iter().find(|(name, _)| *name == field).copied().unwrap_or(("", ""));
            let text = messages.join("; ");
            let message = if name.is_empty() && !field.is_empty() { format!("{field} {text}") } else { text };
            self.errors.push(FieldError { name, label, message });
        }
        self
    }

    /// A form that was sent too long after its proof: nothing was done, and `next` is where it opens anew.
    pub fn unproved(mut self, next: &str) -> Self {
        let next = encoded(next);
        self.prove = format!("/step-up?next={next}");
        let message = "your last proof of identity is too old for this. Confirming opens the form anew: copy what you want to keep first";
        self.failing(&FieldErrors::one("", message), &[])
    }

    /// What a feature's refusal makes of the form that was sent: a status, and the form with the words where they belong. What is
    /// no matter of the form goes on.
    pub fn refused(
        self,
        why: Error,
        labels: &[(&'static str, &'static str)],
        next: &str,
    ) -> Result<(StatusCode, Self)> {
        match why {
            Error::Invalid(errors) => Ok((StatusCode::UNPROCESSABLE_ENTITY, self.failing(&errors, labels))),
            why @ (Error::Conflict(_) | Error::Taken) => {
                Ok((StatusCode::CONFLICT, self.failing(&FieldErrors::one("", why.to_string()), &[])))
            }
            Error::ProofNeeded => Ok((StatusCode::FORBIDDEN, self.unproved(next))),
            e => Err(e),
        }
    }
}

impl Conflict {
    /// What differs between what is stored now and what was typed, field by field. `words` says a field's content as people do.
    pub fn between(
        theirs: &Form,
        yours: &Form,
        labels: &[(&'static str, &'static str)],
        words: impl Fn(&str, &str) -> String,
        anew: String,
    ) -> Self {
        // Line ends and outer blanks are no difference: a browser writes its own.
        let plain = |text: &str| text.trim().lines().collect::<Vec<_>>().join("\n");
        let differs = |(name, _): &&(&'static str, &'static str)| {
            theirs.values.contains_key(name) && plain(theirs.get(name)) != plain(yours.get(name))
        };
        let rows = labels.iter().filter(differs).map(|(name, label)| ConflictRow {
            label,
            theirs: words(name, theirs.get(name)),
            yours: words(name, yours.get(name)),
        });
        Self { anew, rows: rows.collect() }
    }
}

/// htmx gets the part that it asked for, everybody else the page.
pub fn part_or_page(user: &CurrentUser, page: &impl Template, part: &impl Template) -> Answer {
    if user.partial { html(part) } else { html(page) }
}

/// As it may stand in an address's query.
pub fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A path of this console: anything else leads to the dashboard.
pub fn local_path(next: &str) -> &str {
    let local = next.starts_with('/')
        && !next.starts_with("//")
        && !next.starts_with("/\\")
        && !next.contains(char::is_control);
    if local { next } else { "/" }
}

/// Browsers send every line end of a textarea as CR LF. A hidden field holds one LF: when it arrives as CR LF, they are
/// turned back; when it arrives untouched (or not at all), so did the value.
pub fn line_ends(value: Option<Plaintext>, probe: &str) -> Option<Plaintext> {
    let value = value?;
    if probe != "\r\n" {
        return Some(value);
    }
    let bytes = value.expose();
    let mut mended = Vec::with_capacity(bytes.len());
    for (i, byte) in bytes.iter().enumerate() {
        if *byte != b'\r' || bytes.get(i + 1) != Some(&b'\n') {
            mended.push(*byte);
        }
    }
    Some(Plaintext::new(mended))
}

/// The members of an enumeration as the options of a select.
pub fn choices<T: Copy>(
    all: &[T],
    spelling: impl Fn(T) -> &'static str,
    label: impl Fn(T) -> String,
    on: &str,
) -> Vec<Choice> {
    all.iter()
        .map(|one| Choice {
            value: spelling(*one).to_owned(),
            label: label(*one),
            help: String::new(),
            on: spelling(*one) == on,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_local_path_is_followed() {
        for next in ["/secrets?q=a", "/"] {
            assert_eq!(local_path(next), next);
        }
        for next in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "secrets",
            "/a\nb",
            "javascript:alert(1)",
        ] {
            assert_eq!(local_path(next), "/", "{next:?}");
        }
    }

    #[test]
    fn line_ends_come_back_as_they_were_typed() {
        let value = || Some(Plaintext::new(b"a\r\nb\r\n".to_vec()));
        assert_eq!(line_ends(value(), "\r\n").unwrap().expose(), b"a\nb\n");
        assert_eq!(line_ends(value(), "\n").unwrap().expose(), b"a\r\nb\r\n");
        assert_eq!(line_ends(value(), "").unwrap().expose(), b"a\r\nb\r\n");
    }
}
