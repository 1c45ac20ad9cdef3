//! What a form says of a secret's strategy, and what it becomes when it is valid.
use super::users::{Shape, Users};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::rules::{self, Text};
use crate::remote::sources::Account;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize, Default)]
#[serde(default)]
pub struct StrategyInput {
    pub source_id: String,
    pub account_name: String,
    /// MySQL's second half of a name; empty: `%`.
    pub account_host: String,
    /// Empty: there is one user.
    pub second_name: String,
    pub second_host: String,
    pub shape: String,
    pub reason: String,
    /// The secret's.
    pub row_version: String,
}

pub struct SetStrategy {
    pub source_id: i64,
    pub(super) users: Users,
    pub reason: String,
    pub row_version: i64,
}

impl StrategyInput {
    pub fn parse(self) -> Result<SetStrategy> {
        let mut errors = FieldErrors::default();
        let source_id = errors.take("source_id", rules::id(&self.source_id));
        let first = errors.take("account_name", Text::required(&self.account_name, 80));
        let first_host = errors.take("account_host", Text::optional(&self.account_host, 255));
        let second = errors.take("second_name", Text::optional(&self.second_name, 80));
        let second_host = errors.take("second_host", Text::optional(&self.second_host, 255));
        let shape = errors.take("shape", self.shape.parse::<Shape>());
        let reason = errors.take("reason", Text::optional(&self.reason, 500));
        let (
            Some(source_id),
            Some(first),
            Some(first_host),
            Some(second),
            Some(second_host),
            Some(shape),
            Some(reason),
        ) = (source_id, first, first_host, second, second_host, shape, reason)
        else {
            return Err(Error::Invalid(errors));
        };
        if second.is_empty() && !second_host.is_empty() {
            errors.add("second_host", "belongs to a second user: name it, or leave this empty");
        }
        if !second.is_empty() && shape != Shape::Json {
            errors.add(
                "shape",
                "must be json where two users take turns: the value has to say whose password it is",
            );
        }
        if second == first {
            errors
                .add("second_name", "must be another user than the first: a value tells them apart by name");
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let first = account(first, first_host);
        let second = (!second.is_empty()).then(|| account(second, second_host));
        let row_version = self.row_version.parse().unwrap_or(0);
        Ok(SetStrategy { source_id, users: Users { first, second, shape }, reason, row_version })
    }
}

/// `%` is what MySQL takes for no host: one user is spelled in one way.
fn account(name: String, host: String) -> Account {
    Account { name, host: Some(host).filter(|host| !host.is_empty() && host != "%") }
}
