//! One event before it is chained: who did what to what, and how it ended. Never a value.
use crate::domain::actor::Actor;
use crate::domain::enums::Outcome;
use crate::kit::clock::Utc;
use serde_json::{Map, Value, json};

#[derive(Debug, Clone)]
pub struct Event {
    pub action: &'static str,
    pub outcome: Outcome,
    pub environment_id: Option<i64>,
    pub secret_id: Option<i64>,
    /// What it was done to, as a person names it: `production/db-password`.
    pub target: String,
    pub detail: Map<String, Value>,
    /// Set when nobody is signed in yet: the name that was typed.
    pub anonymous: Option<String>,
}

impl Event {
    pub fn new(action: &'static str, target: impl Into<String>) -> Self {
        Self {
            action,
            outcome: Outcome::Ok,
            environment_id: None,
            secret_id: None,
            target: target.into(),
            detail: Map::new(),
            anonymous: None,
        }
    }

    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    pub fn environment(mut self, id: i64) -> Self {
        self.environment_id = Some(id);
        self
    }

    pub fn secret(mut self, id: i64) -> Self {
        self.secret_id = Some(id);
        self
    }

    pub fn by_anonymous(mut self, typed: impl Into<String>) -> Self {
        self.anonymous = Some(typed.into());
        self
    }

    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.detail.insert(key.to_owned(), value.into());
        self
    }

    /// Why it was done, where somebody said so.
    pub fn because(self, why: &str) -> Self {
        if why.is_empty() { self } else { self.with("reason", why) }
    }

    pub(super) fn actor_kind(&self, actor: &Actor) -> &'static str {
        if self.anonymous.is_some() { "anonymous" } else { actor.kind() }
    }

    pub(super) fn actor_name(&self, actor: &Actor) -> String {
        let name = self.anonymous.clone().unwrap_or_else(|| actor.name());
        name.chars().take(255).collect()
    }

    /// Canonical JSON, version 1: keys in the order of the alphabet, no white space. Final: the chain rests on it.
    pub(super) fn payload(&self, seq: i64, at: Utc, actor: &Actor) -> String {
        let trace = actor.trace();
        let actor_id = if self.anonymous.is_some() { None } else { actor.id() };
        json!({
            "v": 1,
            "seq": seq,
            "at": at.to_string(),
            "actor": { "kind": self.actor_kind(actor), "id": actor_id, "name": self.actor_name(actor) },
            "action": self.action,
            "outcome": self.outcome.as_str(),
            "environment_id": self.environment_id,
            "secret_id": self.secret_id,
            "target": self.target,
            "client": trace.client,
            "request_id": trace.request_id,
            "detail": self.detail,
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_canonical() {
        let at = Utc::parse("2026-01-01T00:00:00Z").unwrap();
        let event =
            Event::new("secret.created", "development/db").environment(1).secret(7).with("version", 1);
        assert_eq!(
            event.payload(3, at, &Actor::System),
            r#"{"action":"secret.created","actor":{"id":null,"kind":"system","name":"system"},"at":"2026-01-01T00:00:00.000000Z","client":"","detail":{"version":1},"environment_id":1,"outcome":"ok","request_id":"","secret_id":7,"seq":3,"target":"development/db","v":1}"#
        );
    }
}
