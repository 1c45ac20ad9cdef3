//! What is due by itself, for the rotations' timer.
use super::row::{Secret, select};
use crate::app::App;
use crate::crypto::generate::{Family, Policy};
use crate::db::Value;
use crate::domain::enums::SecretType;
use crate::domain::error::Result;
use crate::kit::clock::Utc;

/// Some of those that are due now and whose value Keeper can make with nobody to install it, longest due first; `after` is the
/// last that was seen.
pub async fn due_alone(app: &App, after: Option<(Utc, i64)>, limit: i64) -> Result<Vec<Secret>> {
    let mut query = select();
    query.push(" AND auto_rotate = ? AND is_active = ?", [true.into(), true.into()]);
    query.push(" AND next_rotation_at <= ?", [app.now().into()]);
    if let Some((at, id)) = after {
        query.push(" AND next_rotation_at >= ?", [at.into()]);
        query.push(" AND (next_rotation_at > ? OR id > ?)", [at.into(), id.into()]);
    }
    // One that is under way goes on by itself, and asks its source again for a while. One that failed since it was due would fail
    // again and again: it waits for a person, who sees it overdue.
    query.push(
        " AND NOT EXISTS (SELECT 1 FROM rotations r WHERE r.secret_id = s.id AND r.status IN ('running', 'failed')
                          AND r.created_at >= s.next_rotation_at)",
        [],
    );
    // What rests is not looked at again and again.
    query.push(" AND environment_id IN (SELECT id FROM environments WHERE is_active = ?)", [true.into()]);
    query.push(" AND policy NOT LIKE 'keypair:%'", []);
    let alone =
        |kind: &&SecretType| Policy::fitting(**kind).is_some_and(|usual| usual.family() != Family::KeyPair);
    let types = SecretType::ALL.iter().filter(alone);
    query.push_list(" AND secret_type IN ", types.map(|kind| Value::from(*kind)));
    query.push(" ORDER BY next_rotation_at, id LIMIT ?", [limit.into()]);
    app.db.read().await?.all(query).await
}
