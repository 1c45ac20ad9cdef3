//! The accounts that there are, as far as an import compares itself with them.
use super::read::Account;
use crate::crypto::passwords::PasswordHash;
use crate::db::{BATCH, Conn, Value};
use crate::domain::enums::AuthMethod;
use crate::domain::error::Result;
use crate::sql;
use std::collections::HashMap;

#[derive(sqlx::FromRow)]
pub struct Stored {
    pub username: String,
    pub email: Option<String>,
    pub display_name: String,
    pub auth_method: String,
    pub role: String,
    pub is_active: bool,
    /// Another Keeper does not show it.
    pub password_hash: Option<String>,
}

impl Stored {
    /// What of it is not as the row says; `None` where it is the same account. A row without a hash says nothing of it.
    pub(super) fn difference(&self, account: &Account) -> Option<&'static str> {
        let hash = account.hash.as_ref().map(PasswordHash::as_str);
        [
            ("way to sign in", self.auth_method != AuthMethod::Database.as_str()),
            ("e-mail address", self.email != account.email),
            ("display name", self.display_name != account.display_name),
            ("role", self.role != account.role.as_str()),
            ("state (active or not)", self.is_active != account.is_active),
            ("password", hash.is_some() && self.password_hash.as_deref() != hash),
        ]
        .into_iter()
        .find_map(|(what, differs)| differs.then_some(what))
    }
}

pub(super) async fn stored(conn: &mut Conn, names: &[&str]) -> Result<HashMap<String, Stored>> {
    let mut found = HashMap::new();
    for batch in names.chunks(BATCH) {
        let mut query = sql!(
            "SELECT username, email, display_name, auth_method, role, is_active, password_hash FROM users WHERE 1 = 1"
        );
        query.push_list(" AND username IN ", batch.iter().copied().map(Value::from));
        let rows: Vec<Stored> = conn.all(query).await?;
        found.extend(rows.into_iter().map(|row| (row.username.clone(), row)));
    }
    Ok(found)
}

/// Of accounts that were just stored.
pub(super) async fn ids(conn: &mut Conn, names: &[&str]) -> Result<HashMap<String, i64>> {
    let mut found = HashMap::new();
    for batch in names.chunks(BATCH) {
        let mut query = sql!("SELECT username, id FROM users WHERE 1 = 1");
        query.push_list(" AND username IN ", batch.iter().copied().map(Value::from));
        found.extend(conn.all::<(String, i64)>(query).await?);
    }
    Ok(found)
}
