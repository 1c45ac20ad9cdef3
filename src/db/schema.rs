//! The schema that a database has, held against the versions that this binary knows; and what, if anything, stands in the way.
use super::engine::Engine;
use super::fault::error;
use super::open::{Db, Pools};
use crate::domain::enums::spelled;
use crate::domain::error::Result;
use sqlx::migrate::{Migration as Script, Migrator};
use std::collections::BTreeMap;

pub(super) static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
pub(super) static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");
pub(super) static MYSQL: Migrator = sqlx::migrate!("migrations/mysql");

/// From this version on the schema says which older binaries may run on it.
const PROMISES: i64 = 172;

spelled!(/// How one version stands. Unfinished: begun and stopped in the middle, which only MySQL does by halves. Altered: made from
/// another text than this binary's. Unknown: this binary does not know it.
MigrationState {
    Applied = "applied", Missing = "missing", Unfinished = "unfinished", Altered = "altered", Unknown = "unknown",
});

/// One version of the schema.
#[derive(Debug, Clone)]
pub struct Migration {
    pub version: i64,
    pub description: String,
    pub state: MigrationState,
}

impl Migration {
    /// `0170 (data migrations)`
    pub fn title(&self) -> String {
        format!("{:04} ({})", self.version, self.description)
    }
}

#[derive(Debug)]
pub struct Schema {
    /// In the order of their numbers.
    pub migrations: Vec<Migration>,
    /// Which binaries may run on a schema that they do not know all of: those that know this version. `None`: it does not say.
    oldest: Option<i64>,
    engine: Engine,
    /// The newest version that this binary knows.
    known: i64,
}

impl Schema {
    fn of(&self, state: MigrationState) -> impl DoubleEndedIterator<Item = &Migration> {
        self.migrations.iter().filter(move |it| it.state == state)
    }

    pub fn has(&self, version: i64) -> bool {
        self.of(MigrationState::Applied).any(|it| it.version == version)
    }

    pub fn missing(&self) -> Vec<&Migration> {
        self.of(MigrationState::Missing).collect()
    }

    /// Versions of a newer Keeper.
    pub fn unknown(&self) -> Vec<&Migration> {
        self.of(MigrationState::Unknown).collect()
    }

    /// The newest that is there.
    pub fn version(&self) -> i64 {
        let here = self.migrations.iter().rev().find(|it| it.state != MigrationState::Missing);
        here.map_or(0, |it| it.version)
    }

    /// Nothing is missing, and what is more than this binary knows was promised to be in nobody's way.
    pub fn is_current(&self) -> bool {
        self.missing().is_empty() && self.hindrance_to_run().is_none()
    }

    /// Why this binary must not change this schema, and the remedy.
    pub fn hindrance(&self) -> Option<String> {
        let begun = self.of(MigrationState::Unfinished).next().map(|it| self.unfinished(it));
        begun.or_else(|| self.hindrance_to_run())
    }

    /// Why this binary must not run on this schema, and the remedy. What a newer one has begun is its own matter, and may take an hour:
    /// what it promised of its versions holds while it brings them up.
    pub fn hindrance_to_run(&self) -> Option<String> {
        if let Some(it) = self.of(MigrationState::Unfinished).find(|it| it.version <= self.known) {
            return Some(self.unfinished(it));
        }
        if let Some(it) = self.of(MigrationState::Altered).next() {
            return Some(format!(
                "version {} of this database's schema was made from another text than this Keeper has: their checksums differ. \
                 The database comes from a Keeper that was never released, or is not what it was taken for. Nothing was changed. \
                 Run the Keeper that made it, or restore the backup of a release",
                it.title()
            ));
        }
        let newest = self.of(MigrationState::Unknown).next_back()?;
        let between = self.of(MigrationState::Unknown).find(|it| it.version < self.known);
        if let Some(mixed) = between.or_else(|| self.of(MigrationState::Missing).next()) {
            return Some(format!(
                "this database's schema and this Keeper are not of one line of releases: version {} is {}. Nothing was changed. \
                 Run the Keeper that made the database (keeper migrate status lists both)",
                mixed.title(),
                if mixed.state == MigrationState::Missing {
                    "not there, and newer ones are"
                } else {
                    "there, and this Keeper does not know it"
                }
            ));
        }
        let known = self.known;
        match self.oldest {
            Some(oldest) if oldest <= known => None,
            oldest => Some(format!(
                "a newer Keeper has brought this database to version {}, {}; this Keeper knows {known:04}. Nothing was changed. \
                 Run the newer Keeper, or take its versions back with it: keeper migrate down {known} (docs/operations.md says what that costs)",
                newest.title(),
                oldest.map_or_else(
                    || "and does not say which older ones may run on it".to_owned(),
                    |oldest| format!("on which no Keeper may run that does not know version {oldest:04}")
                )
            )),
        }
    }

    fn unfinished(&self, it: &Migration) -> String {
        let version = it.version;
        let script = migrator(self.engine).iter().find(|m| is_up(m, version));
        let all = script.map(|m| statements(m.sql.as_str())).unwrap_or_default();
        let begins = match all.as_slice() {
            [] => String::new(),
            [only] => format!(" (it begins: {})", first_line(only)),
            [first, .., last] => {
                format!(" (it begins: {}; and ends: {})", first_line(first), first_line(last))
            }
        };
        format!(
            "version {} of the schema was begun and has not ended. If another process is changing the schema now, wait for it. If one was stopped \
             in the middle: {} stores such a change by itself, so that it may be there or not. Look whether it is{begins}. \
             If it is there: keeper migrate mend {version} --as applied. If it is not: keeper migrate mend {version} --as missing. \
             Then: keeper migrate up",
            it.title(),
            self.engine.name()
        )
    }
}

pub(super) fn migrator(engine: Engine) -> &'static Migrator {
    match engine {
        Engine::Sqlite => &SQLITE,
        Engine::Postgres => &POSTGRES,
        Engine::Mysql => &MYSQL,
    }
}

pub(super) fn is_up(script: &Script, version: i64) -> bool {
    script.version == version && script.migration_type.is_up_migration()
}

/// A script's statements, without what it says about itself.
pub(super) fn statements(script: &str) -> Vec<String> {
    let lines = script.lines().filter(|line| !line.trim_start().starts_with("--"));
    let text = lines.collect::<Vec<_>>().join("\n");
    text.split(';').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

/// What a person knows a statement by.
pub(super) fn first_line(statement: &str) -> String {
    statement.lines().next().unwrap_or_default().chars().take(120).collect()
}

/// As the driver keeps its books.
#[derive(sqlx::FromRow)]
struct Stored {
    version: i64,
    description: String,
    success: bool,
    checksum: Vec<u8>,
}

const STORED: &str = "SELECT version, description, success, checksum FROM _sqlx_migrations ORDER BY version";
const OLDEST: &str = "SELECT oldest_version FROM schema_promises WHERE id = 1";

/// The books and the promise, if they are there. Nothing is made by looking.
macro_rules! read {
    ($pool:expr, $exists:literal) => {{
        let mut conn = $pool.acquire().await.map_err(error)?;
        let exists: i64 = sqlx::query_scalar($exists).fetch_one(&mut *conn).await.map_err(error)?;
        let stored: Vec<Stored> = match exists {
            0 => Vec::new(),
            _ => sqlx::query_as(STORED).fetch_all(&mut *conn).await.map_err(error)?,
        };
        let oldest: Option<i64> = if stored.iter().any(|row| row.version == PROMISES && row.success) {
            sqlx::query_scalar(OLDEST).fetch_optional(&mut *conn).await.map_err(error)?
        } else {
            None
        };
        (stored, oldest)
    }};
}

impl Db {
    pub async fn schema(&self) -> Result<Schema> {
        let (stored, oldest) = match &self.pools {
            Pools::Sqlite { readers, .. } => {
                read!(
                    readers,
                    "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'"
                )
            }
            Pools::Postgres(pool) => {
                read!(pool, "SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass('_sqlx_migrations')")
            }
            Pools::Mysql(pool) => read!(
                pool,
                "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = '_sqlx_migrations'"
            ),
        };
        let engine = self.engine();
        let migrations = compared(migrator(engine), stored);
        let known = migrator(engine).iter().map(|script| script.version).max().unwrap_or_default();
        Ok(Schema { migrations, oldest, engine, known })
    }

    /// Whether this binary may run on the schema as it is.
    pub async fn is_current(&self) -> Result<bool> {
        Ok(self.schema().await?.is_current())
    }
}

fn compared(known: &Migrator, stored: Vec<Stored>) -> Vec<Migration> {
    let mut stored: BTreeMap<i64, Stored> = stored.into_iter().map(|row| (row.version, row)).collect();
    let ups = known.iter().filter(|script| script.migration_type.is_up_migration());
    let mut all: Vec<Migration> = ups
        .map(|script| {
            let state = match stored.remove(&script.version) {
                None => MigrationState::Missing,
                Some(row) if !row.success => MigrationState::Unfinished,
                Some(row) if row.checksum != *script.checksum => MigrationState::Altered,
                Some(_) => MigrationState::Applied,
            };
            Migration { version: script.version, description: script.description.to_string(), state }
        })
        .collect();
    all.extend(stored.into_values().map(|row| Migration {
        version: row.version,
        description: row.description,
        state: if row.success { MigrationState::Unknown } else { MigrationState::Unfinished },
    }));
    all.sort_by_key(|it| it.version);
    all
}
