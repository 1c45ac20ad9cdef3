//! Comparing values without seeing them: by keyed digest, equal or not. Called by the pages of versions and environments.
use super::versions::{Version, version};
use crate::app::App;
use crate::crypto::digest::Digest;
use crate::domain::actor::Actor;
use crate::domain::error::Result;

use super::find::{Found, find};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    Equal,
    Differs,
    /// One of them was destroyed, and its digest with it.
    Unknown,
}

impl Likeness {
    pub fn of(left: Option<Digest>, right: Option<Digest>) -> Self {
        match (left, right) {
            (Some(left), Some(right)) if left == right => Self::Equal,
            (Some(_), Some(_)) => Self::Differs,
            _ => Self::Unknown,
        }
    }
}

pub struct Comparison {
    pub found: Found,
    pub left: Version,
    pub right: Version,
    pub likeness: Likeness,
}

/// Two versions of one secret. Left out, they are the current one and the one before it.
pub async fn compare(
    app: &App,
    actor: &Actor,
    id: i64,
    left: Option<i64>,
    right: Option<i64>,
) -> Result<Comparison> {
    let found = find(app, actor, id).await?;
    let current = found.secret.current_version;
    let left = version(app, id, left.unwrap_or((current - 1).max(1))).await?;
    let right = version(app, id, right.unwrap_or(current)).await?;
    let likeness = Likeness::of(left.digest(), right.digest());
    Ok(Comparison { found, left, right, likeness })
}
