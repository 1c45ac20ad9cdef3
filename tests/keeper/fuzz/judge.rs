//! What every answer must be, whatever was sent.
use super::fill::is_value;
use super::find::Seen;
use super::trials::{SCRIPT, Sent, Trial};
use crate::support::html::{Field, Form, forms};
use crate::support::site::Answer;

/// What was sent in one field of a form, and what became of it.
pub struct Case<'a> {
    pub seen: &'a Seen,
    pub form: &'a Form,
    pub field: &'a Field,
    pub trial: &'a Trial,
    pub sent: &'a Sent,
    pub answer: &'a Answer,
    pub changed: bool,
}

impl Case<'_> {
    /// What is wrong with the answer.
    pub fn findings(&self) -> Vec<String> {
        let Self { form, answer, .. } = self;
        let mut found = Vec::new();
        let mut check = |is_right: bool, what: &str| {
            if !is_right {
                found.push(what.to_owned());
            }
        };
        check(answer.status < 500, "it broke");
        check(
            !answer.body.contains(SCRIPT) && !answer.body.contains("<script>fuzz"),
            "markup comes back as markup",
        );
        check(!answer.header("set-cookie").contains("fuzz"), "a header is set");
        for word in ["serde", "sqlx", "constraint", "panicked", "deserialize", "invalid digit"] {
            check(!answer.body.contains(word), "it speaks of its parts");
        }
        let is_refused = answer.status >= 400;
        check(!(self.changed && (is_refused || form.method == "GET")), "it was refused and done");
        check(is_refused || !self.is_wrong() || form.method == "GET", "it is taken");
        // A browser sends nothing else than what stands in a select, and what is seen once: the answer to another request need not be the form.
        if answer.status == 422
            && form.method == "POST"
            && self.field.is_text()
            && self.trial.values.len() == 1
        {
            check(answer.body.contains("id=\"errors\""), "nothing says why");
            let beside = answer.body.contains(&format!("id=\"e-{}\"", self.field.name));
            check(beside || !self.is_wrong(), "it is not told beside its field");
            match forms(&answer.body)
                .into_iter()
                .find(|again| again.action == form.action && again.method == "POST")
            {
                Some(again) => found.extend(self.lost(&again)),
                None => found.push("the form does not come back".to_owned()),
            }
        }
        found.into_iter().map(|what| format!("{what}: {}", self.told())).collect()
    }

    /// Nobody may type this here. Values may hold anything, searches find nothing, and a name beside a proof is for password managers.
    fn is_wrong(&self) -> bool {
        let is_free = matches!(self.field.name.as_str(), "q" | "tag") || self.seen.page.path == "/step-up";
        self.trial.is_wrong && !is_free && !is_value(self.field)
    }

    /// What was typed into the other fields and does not stand there again, and values that do.
    fn lost(&self, again: &Form) -> Vec<String> {
        let others = again.fields.iter().filter(|field| field.is_seen() && field.name != self.field.name);
        let wrong = others.filter(|field| {
            if is_value(field) {
                return !field.values.iter().all(String::is_empty);
            }
            let plain = |text: &String| text.replace("\r\n", "\n");
            let typed =
                self.sent.iter().filter(|(name, _)| *name == field.name).map(|(_, value)| plain(value));
            !field.values.iter().map(plain).eq(typed)
        });
        wrong.map(|field| format!("{} comes back as {:?}", field.name, field.values)).collect()
    }

    fn told(&self) -> String {
        let Self { seen, field, trial, answer, .. } = self;
        format!(
            "{}: {} in {:?} answers {} {}",
            seen.name(),
            trial.what,
            field.name,
            answer.status,
            why(answer)
        )
    }
}

/// What the page says on top.
pub fn why(answer: &Answer) -> String {
    answer
        .body
        .split("id=\"errors\"")
        .nth(1)
        .and_then(|rest| rest.split("<ul>").nth(1))
        .unwrap_or_default()
        .chars()
        .take(300)
        .collect()
}
