//! Ending sessions. Each session remembers the `auth_epoch` that its account had when it began: one that is raised ends them all, in the
//! very next request.
use crate::db::{Tx, Value};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::sql;

/// Whose sessions end.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// Of one account.
    Of(i64),
    /// Of all that an identity provider vouches for.
    Through(&'a str),
    /// Of all that sign in by password, but for break glass.
    ByPassword,
}

pub async fn end_sessions(tx: &mut Tx, now: Utc, whose: Whose<'_>) -> Result<()> {
    let mut query = sql!("UPDATE users SET auth_epoch = auth_epoch + 1, updated_at = ? WHERE 1 = 1", now);
    let (text, value) = match whose {
        Whose::Of(id) => (" AND id = ?", Value::from(id)),
        Whose::Through(provider) => (" AND identity_provider = ?", Value::from(provider)),
        Whose::ByPassword => (" AND auth_method = 'database' AND is_break_glass = ?", Value::from(false)),
    };
    query.push(text, [value]);
    tx.exec(query).await.map(drop)
}
