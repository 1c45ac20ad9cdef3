//! What the database's server says that it is, for people.
use super::fault::error;
use super::open::{Db, Pools};
use crate::domain::error::Result;

impl Db {
    pub async fn version(&self) -> Result<String> {
        let asked = match &self.pools {
            Pools::Sqlite { readers, .. } => {
                sqlx::query_scalar("SELECT sqlite_version()").fetch_one(readers).await
            }
            Pools::Postgres(pool) => {
                sqlx::query_scalar("SELECT current_setting('server_version')").fetch_one(pool).await
            }
            Pools::Mysql(pool) => sqlx::query_scalar("SELECT version()").fetch_one(pool).await,
        };
        let version: String = asked.map_err(error)?;
        Ok(format!("{} {version}", self.engine().name()))
    }
}
