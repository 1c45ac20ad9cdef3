//! Where a copy lies: a template such as `{environment}/{service}/{name}` filled with a secret's words.
use crate::domain::rules::{Problem, Text};

const WORDS: [&str; 4] = ["environment", "stage", "service", "name"];

#[derive(Debug, Clone)]
pub struct PathTemplate(String);

#[derive(Debug, Clone, Copy)]
pub struct PathWords<'a> {
    pub environment: &'a str,
    pub stage: &'a str,
    pub service: &'a str,
    pub name: &'a str,
}

impl PathTemplate {
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let template = Text::required(raw, 512)?;
        if !template.contains("{name}") {
            return Err(Problem::new("must contain {name}, so that no two secrets share a path"));
        }
        let mut rest = template.as_str();
        while let Some(start) = rest.find(['{', '}']) {
            let end = rest[start..].find('}').map(|end| start + end);
            match end {
                Some(end) if rest[start..].starts_with('{') && WORDS.contains(&&rest[start + 1..end]) => {
                    rest = &rest[end + 1..];
                }
                _ => return Err(Problem::new("knows {environment}, {stage}, {service} and {name} only")),
            }
        }
        let plain =
            WORDS.iter().fold(template.clone(), |text, word| text.replace(&format!("{{{word}}}"), "x"));
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
        if !plain.chars().all(allowed)
            || plain.starts_with('/')
            || plain.ends_with('/')
            || plain.contains("//")
        {
            return Err(Problem::new("may hold letters, digits, - _ . and single slashes between its parts"));
        }
        if plain.split('/').any(|part| matches!(part, "." | "..")) {
            return Err(Problem::new("must not hold the parts . or .."));
        }
        Ok(Self(template))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True when the name does not have a part of the path for itself: `{service}-{name}` puts `a`, `b-c` and `a-b`, `c` at one path.
    pub fn is_ambiguous(template: &str) -> bool {
        template.split('/').any(|part| part.contains("{name}") && part.contains("{service}"))
    }
}

/// A part that a missing service leaves empty is left out. Letters that a path cannot hold become `-`.
pub(super) fn fill(template: &str, words: PathWords<'_>) -> String {
    let clean = |text: &str| -> String {
        let safe = |c: char| {
            if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        };
        text.chars().map(safe).collect()
    };
    let filled = template
        .replace("{environment}", &clean(words.environment))
        .replace("{stage}", &clean(words.stage))
        .replace("{service}", &clean(words.service))
        .replace("{name}", &clean(words.name));
    filled
        .split('/')
        .filter(|part| !part.is_empty() && !matches!(*part, "." | ".."))
        .collect::<Vec<_>>()
        .join("/")
}

impl super::Environment {
    /// The path of a secret's copy in one backend.
    pub fn path(&self, backend: crate::domain::enums::Backend, service: &str, name: &str) -> String {
        let words = PathWords { environment: &self.name, stage: self.stage.as_str(), service, name };
        fill(self.path_template(backend), words)
    }

    /// The folder that all copies lie below, whatever their names and services; `None`: they lie among everything else.
    pub fn folder(&self, backend: crate::domain::enums::Backend) -> Option<String> {
        let template = self.path_template(backend);
        let end = ["{service}", "{name}"].iter().filter_map(|word| template.find(word)).min()?;
        let (folder, _) = template[..end].rsplit_once('/')?;
        let words = PathWords { environment: &self.name, stage: self.stage.as_str(), service: "", name: "" };
        Some(fill(folder, words)).filter(|folder| !folder.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // S46
    fn a_template_gives_the_exact_path() {
        let words = PathWords {
            environment: "payments-prod",
            stage: "production",
            service: "Check out",
            name: "db.pass",
        };
        assert_eq!(fill("{environment}/{service}/{name}", words), "payments-prod/check-out/db.pass");
        assert_eq!(fill("keeper/{stage}/{name}", words), "keeper/production/db.pass");
        assert_eq!(
            fill("{environment}/{service}/{name}", PathWords { service: "", ..words }),
            "payments-prod/db.pass"
        );
        assert_eq!(
            fill("{environment}/{service}/{name}", PathWords { service: "..", ..words }),
            "payments-prod/db.pass"
        );
    }

    #[test] // S46
    fn a_name_that_shares_its_part_with_a_service_can_meet_another() {
        let at = |service, name| {
            fill("{service}-{name}", PathWords { environment: "e", stage: "s", service, name })
        };
        assert_eq!(at("a", "b-c"), at("a-b", "c"));
        assert!(PathTemplate::is_ambiguous("x/{service}-{name}"));
        assert!(
            !PathTemplate::is_ambiguous("{service}/{name}")
                && !PathTemplate::is_ambiguous("{environment}-{name}")
        );
    }

    #[test]
    fn a_template_without_a_name_or_with_foreign_words_is_refused() {
        for raw in [
            "",
            "{environment}",
            "{name}/{user}",
            "{name",
            "name}{",
            "/{name}",
            "{name}/",
            "a//{name}",
            "../{name}",
            "a b/{name}",
            "{name}?x",
        ] {
            assert!(PathTemplate::parse(raw).is_err(), "{raw:?}");
        }
        for raw in ["{name}", "{environment}/{service}/{name}", "keeper/{stage}-{environment}/{name}"] {
            assert!(PathTemplate::parse(raw).is_ok(), "{raw:?}");
        }
    }
}
