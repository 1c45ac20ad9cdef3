//! How the backends fare: where something waits after a failure, and why. It is told where admins look, and in `/readyz`.
use crate::app::App;
use crate::domain::enums::Backend;
use crate::domain::error::Result;
use crate::sql;
use std::collections::BTreeMap;

/// Of each backend so many troubled jobs are looked at, the oldest first.
pub const MOST: i64 = 1000;

/// One backend of one environment in which something waits after a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub environment_id: i64,
    pub backend: Backend,
    /// How many jobs, of those that were looked at.
    pub waiting: usize,
    /// What the newest of them was told.
    pub last_error: String,
}

/// Nothing of those that are well.
pub async fn troubles(app: &App) -> Result<Vec<Trouble>> {
    let mut all = Vec::new();
    for backend in Backend::ALL {
        let query = sql!(
            "SELECT s.environment_id, j.last_error FROM jobs j JOIN secrets s ON s.id = j.secret_id
             WHERE j.backend = ? AND j.state IN ('waiting', 'leased') AND j.last_error IS NOT NULL ORDER BY j.run_at, j.id LIMIT ?",
            *backend,
            MOST
        );
        let mut by_environment: BTreeMap<i64, (usize, String)> = BTreeMap::new();
        for (environment, error) in app.db.read().await?.all::<(i64, String)>(query).await? {
            let entry = by_environment.entry(environment).or_default();
            *entry = (entry.0 + 1, error);
        }
        all.extend(by_environment.into_iter().map(|(environment_id, (waiting, last_error))| Trouble {
            environment_id,
            backend: *backend,
            waiting,
            last_error,
        }));
    }
    Ok(all)
}
