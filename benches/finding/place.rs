//! Where it is measured: a database of its own on one engine, filled by `keeper seed-demo`.
use super::setting;
use keeper::app::{App, Shared};
use keeper::config::{Overrides, Settings};
use keeper::crypto::kms::Kms;
use keeper::crypto::passwords::Hasher;
use keeper::db::{Db, Engine};
use keeper::kit::chance::Chance;
use keeper::kit::clock::Clock;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use tempfile::TempDir;

pub const PASSWORD: &str = "a password for measuring";

pub struct Place {
    url: String,
    folder: PathBuf,
    /// Goes away with the place.
    _own: Option<TempDir>,
}

impl Place {
    /// `None` where the engine's server is not there. `KEEPER_BENCH_AT`, a data folder and a database's URL, is measured as it is
    /// left: what was filled once can be measured again.
    pub async fn new(engine: &str) -> Option<Self> {
        let at = setting("KEEPER_BENCH_AT", "");
        if let Some((folder, url)) = at.split_once(' ') {
            return Some(Self { url: url.to_owned(), folder: folder.into(), _own: None });
        }
        let own = tempfile::tempdir().unwrap();
        let folder = own.path().to_owned();
        Some(Self { url: fresh_database(engine, &folder).await?, folder, _own: Some(own) })
    }

    /// Adds secrets until there are so many.
    pub fn fill(&self, size: u32) {
        seed(&self.url, &self.folder, size);
    }

    pub async fn open(&self) -> Shared {
        open(&self.url, &self.folder).await
    }
}

fn seed(url: &str, folder: &Path, size: u32) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_keeper"))
        .args(["--data-dir", folder.to_str().unwrap(), "--database-url", url])
        .args(["seed-demo", "--password-stdin", "--secrets", &size.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(child.wait().unwrap().success(), "the demo data could not be made");
}

async fn open(url: &str, folder: &Path) -> Shared {
    let env = BTreeMap::from([
        ("KEEPER_DATA_DIR".to_owned(), folder.display().to_string()),
        ("KEEPER_DATABASE_URL".to_owned(), url.to_owned()),
        ("KEEPER_LIMITS".to_owned(), "off".to_owned()),
    ]);
    let settings = Settings::load(&Overrides::default(), &env).unwrap();
    let db = Db::open(settings.database_url.expose(), settings.database_pool).await.unwrap();
    let chance = Chance::System;
    let kms = Kms::open(&settings, false, &chance).await.unwrap();
    let hasher = Hasher::new(&chance).unwrap();
    let app = Arc::new(App::new(settings, db, kms, hasher, Clock::System, chance));
    app.open_keys().await.unwrap();
    app
}

async fn fresh_database(engine: &str, folder: &Path) -> Option<String> {
    let name = format!("keeper_bench_{}", hex::encode(Chance::System.bytes::<4>().unwrap()));
    let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    let beside = |url: &str| format!("{}/{name}", url.rsplit_once('/').unwrap().0);
    let server = |variable: &str| std::env::var(variable).ok().filter(|url| !url.is_empty());
    if engine == "sqlite" {
        return Some(format!("sqlite://{}", folder.join("keeper.db").display()));
    }
    let url =
        server(if engine == "postgres" { "KEEPER_TEST_POSTGRES_URL" } else { "KEEPER_TEST_MYSQL_URL" })?;
    if Engine::of_url(&url)? == Engine::Postgres {
        let mut conn = PgConnection::connect(&url).await.ok()?;
        sqlx::raw_sql(create).execute(&mut conn).await.unwrap();
    } else {
        let mut conn = MySqlConnection::connect(&url).await.ok()?;
        sqlx::raw_sql(create).execute(&mut conn).await.unwrap();
    }
    Some(beside(&url))
}
