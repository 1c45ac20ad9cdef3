//! Who belongs to an environment.
use crate::app::App;
use crate::db::{Tx, Value};
use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::sql;
use std::collections::BTreeSet;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Member {
    pub user_id: i64,
    pub username: String,
    pub display_name: String,
    #[sqlx(try_from = "String")]
    pub role: Role,
}

pub async fn members(app: &App, environment_id: i64) -> Result<Vec<Member>> {
    let query = sql!(
        "SELECT u.id AS user_id, u.username, u.display_name, u.role FROM environment_members m
         JOIN users u ON u.id = m.user_id WHERE m.environment_id = ? ORDER BY u.username",
        environment_id
    );
    app.db.read().await?.all(query).await
}

/// Which of these people are members.
pub async fn members_among(app: &App, environment_id: i64, people: &[i64]) -> Result<BTreeSet<i64>> {
    let mut query = sql!("SELECT user_id FROM environment_members WHERE environment_id = ?", environment_id);
    query.push_list(" AND user_id IN ", people.iter().map(|id| Value::from(*id)));
    Ok(app.db.read().await?.all::<(i64,)>(query).await?.into_iter().map(|row| row.0).collect())
}

pub(super) struct Change {
    pub added: Vec<i64>,
    pub removed: Vec<i64>,
}

/// Makes `wanted` the members, and tells what changed.
pub(super) async fn set(
    tx: &mut Tx,
    now: Utc,
    environment_id: i64,
    wanted: &BTreeSet<i64>,
) -> Result<Change> {
    let present: Vec<(i64,)> = tx
        .all(sql!("SELECT user_id FROM environment_members WHERE environment_id = ?", environment_id))
        .await?;
    let present: BTreeSet<i64> = present.into_iter().map(|row| row.0).collect();
    let change = Change {
        added: wanted.difference(&present).copied().collect(),
        removed: present.difference(wanted).copied().collect(),
    };
    for user in &change.added {
        let known = tx.maybe::<(i64,)>(sql!("SELECT id FROM users WHERE id = ?", *user)).await?;
        if known.is_none() {
            return Err(Error::invalid("members", "holds somebody who does not exist"));
        }
        tx.insert(sql!("INSERT INTO environment_members (environment_id, user_id, created_at, updated_at) VALUES (?, ?, ?, ?)", environment_id, *user, now, now)).await?;
    }
    for user in &change.removed {
        tx.exec(sql!(
            "DELETE FROM environment_members WHERE environment_id = ? AND user_id = ?",
            environment_id,
            *user
        ))
        .await?;
    }
    Ok(change)
}

/// Makes somebody a member of those environments that their groups at an identity provider open, and takes away what only those
/// groups had given. What an admin gave stays.
pub async fn set_by_groups(
    tx: &mut Tx,
    now: Utc,
    user_id: i64,
    provider: &str,
    wanted: &BTreeSet<i64>,
) -> Result<Moved> {
    let rows: Vec<(i64, Option<String>)> = tx
        .all(sql!(
            "SELECT environment_id, identity_provider FROM environment_members WHERE user_id = ?",
            user_id
        ))
        .await?;
    let mut moved = Moved::default();
    for (environment_id, by) in &rows {
        if by.as_deref() == Some(provider) && !wanted.contains(environment_id) {
            tx.exec(sql!(
                "DELETE FROM environment_members WHERE environment_id = ? AND user_id = ?",
                *environment_id,
                user_id
            ))
            .await?;
            moved.left.push(*environment_id);
        }
    }
    for environment_id in wanted {
        if rows.iter().all(|(present, _)| present != environment_id) {
            tx.insert(sql!(
                "INSERT INTO environment_members (environment_id, user_id, identity_provider, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
                *environment_id, user_id, provider, now, now
            ))
            .await?;
            moved.joined.push(*environment_id);
        }
    }
    Ok(moved)
}

/// Environments that somebody joined and left.
#[derive(Default)]
pub struct Moved {
    pub joined: Vec<i64>,
    pub left: Vec<i64>,
}
