//! Which secrets of an environment are not where they have to be, by what was found last.
use super::row::{Finding, Spot};
use crate::app::App;
use crate::crypto::digest::Digest;
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::kit::page::{Cursor, Page};
use crate::sql;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Drifted {
    pub secret_id: i64,
    pub name: String,
    #[sqlx(try_from = "String")]
    pub place: Spot,
    #[sqlx(try_from = "String")]
    pub outcome: Finding,
    digest_there: Option<Vec<u8>>,
    digest_here: Option<Vec<u8>>,
    pub checked_at: Utc,
}

impl Drifted {
    pub fn there(&self) -> Option<Digest> {
        Digest::from_slice(self.digest_there.as_ref()?)
    }

    /// Of the value in force.
    pub fn here(&self) -> Option<Digest> {
        Digest::from_slice(self.digest_here.as_ref()?)
    }
}

/// What a newer value or a later push has made say nothing any more is not among them. In the order of the secrets' ids.
pub async fn drifted(app: &App, environment_id: i64, cursor: &Cursor, limit: usize) -> Result<Page<Drifted>> {
    let back = cursor.is_back();
    let mut query = sql!(
        "SELECT v.secret_id, s.name, v.place, v.outcome, v.digest AS digest_there, w.digest AS digest_here, v.checked_at
         FROM verifications v JOIN secrets s ON s.id = v.secret_id JOIN secret_versions w ON w.secret_id = s.id AND w.number = s.current_version
           LEFT JOIN copies c ON c.secret_id = s.id AND c.backend = v.place
         WHERE v.environment_id = ? AND v.is_drift = ? AND s.is_active = ?
           AND (v.place <> 'aws' OR s.aws_unlinked = ?) AND (v.place <> 'vault' OR s.vault_unlinked = ?)
           AND v.checked_at >= w.created_at AND (c.last_success_at IS NULL OR c.last_success_at <= v.checked_at)",
        environment_id,
        true,
        true,
        false,
        false
    );
    if let Some((id, place)) = cursor.key().and_then(at) {
        let beside = if back {
            " AND (v.secret_id < ? OR (v.secret_id = ? AND v.place < ?))"
        } else {
            " AND (v.secret_id > ? OR (v.secret_id = ? AND v.place > ?))"
        };
        query.push(beside, [id.into(), id.into(), place.as_str().into()]);
    }
    query.push(
        if back { " ORDER BY v.secret_id DESC, v.place DESC" } else { " ORDER BY v.secret_id, v.place" },
        [],
    );
    query.push_number(" LIMIT ", limit + 1);
    let rows = app.db.read().await?.all(query).await?;
    Ok(Page::of(rows, limit, cursor, |row: &Drifted| format!("{}.{}", row.secret_id, row.place.as_str())))
}

/// What is no key is the list's beginning.
fn at(key: &str) -> Option<(i64, Spot)> {
    let (id, place) = key.split_once('.')?;
    Some((id.parse().ok()?, place.parse().ok()?))
}
