//! A fresh database with people, environments and secrets, made through the feature functions.
use super::env_or_skip;
use keeper::app::{App, Shared};
use keeper::config::{Overrides, Settings};
use keeper::crypto::kms::Kms;
use keeper::crypto::passwords::Hasher;
use keeper::db::{Db, Engine, Value};
use keeper::domain::actor::{Actor, Trace};
use keeper::domain::error::Result;
use keeper::domain::plaintext::Plaintext;
use keeper::environments::{self, EnvironmentInput};
use keeper::kit::chance::Chance;
use keeper::kit::clock::Clock;
use keeper::people::{self, NewUser};
use keeper::remote::sources::Remark;
use keeper::rotations::{self, Change, Planned, RotateInput};
use keeper::secrets::{self, Secret, SecretInput};
use keeper::sources::StrategyInput;
use keeper::sql;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection};
use std::collections::BTreeMap;
use std::sync::Arc;
use tempfile::TempDir;

pub const PASSWORD: &str = "a password for tests";

pub struct House {
    pub app: Shared,
    pub data: TempDir,
}

impl House {
    /// `None` where the engine's server is not there.
    pub async fn new(engine: Engine) -> Option<Self> {
        Self::with(engine, &[]).await
    }

    /// With more settings than every house has.
    pub async fn with(engine: Engine, more: &[(&str, &str)]) -> Option<Self> {
        let data = tempfile::tempdir().unwrap();
        let url = fresh_database(engine, &data).await?;
        let text = |path: &str| data.path().join(path).display().to_string();
        let mut env = BTreeMap::from([
            ("KEEPER_DATA_DIR".to_owned(), text("")),
            ("KEEPER_DATABASE_URL".to_owned(), url),
            ("KEEPER_LIMITS".to_owned(), "off".to_owned()),
            ("KEEPER_DATABASE_POOL".to_owned(), "6".to_owned()),
        ]);
        env.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let settings = Settings::load(&Overrides::default(), &env).unwrap();
        let db = Db::open(settings.database_url.expose(), settings.database_pool).await.unwrap();
        db.migrate_up().await.unwrap();
        let chance = Chance::System;
        let kms = Kms::open(&settings, true, &chance).await.unwrap();
        let hasher = Hasher::new(&chance).unwrap();
        // A clock that stands still until a test moves it; it shows today, because browsers' cookies do too.
        let clock = Clock::fixed(Clock::System.now());
        let app = Arc::new(App::new(settings, db, kms, hasher, clock, chance));
        app.open_keys().await.unwrap();
        Some(Self { app, data })
    }

    #[expect(clippy::unused_self, reason = "the operator of this very house")]
    pub fn operator(&self) -> Actor {
        Actor::Operator("tester".to_owned())
    }

    /// An account named like its role, unless another name is given.
    pub async fn add_user(&self, name: &str, role: &str) -> i64 {
        let password = Some(Plaintext::from(PASSWORD.to_owned()));
        let new = NewUser::parse(name, "", "", role, password).unwrap();
        people::add(&self.app, &self.operator(), new).await.unwrap()
    }

    /// The person, just signed in.
    pub async fn person(&self, name: &str) -> Actor {
        let user = people::by_username(&mut self.app.db.read().await.unwrap(), name).await.unwrap().unwrap();
        Actor::Person(user.person(self.app.now(), Trace::default()))
    }

    pub async fn add_environment(&self, name: &str, stage: &str, access: &str, members: &[i64]) -> i64 {
        let input = EnvironmentInput {
            name: name.into(),
            display_name: name.into(),
            stage: stage.into(),
            access: access.into(),
            members: members.iter().map(i64::to_string).collect(),
            ..EnvironmentInput::default()
        };
        environments::create(&self.app, &self.operator(), input.parse().unwrap()).await.unwrap()
    }

    /// One with a Vault at which nobody answers, called with this token.
    pub async fn add_environment_with_vault_away(&self, name: &str, token: &str) -> i64 {
        let input = EnvironmentInput {
            name: name.into(),
            display_name: name.into(),
            stage: "development".into(),
            access: "open".into(),
            vault_enabled: Some("on".into()),
            vault_url: "http://127.0.0.1:9".into(),
            vault_mount: "secret".into(),
            vault_path_template: "{environment}/{name}".into(),
            vault_token: Some(Plaintext::from(token.to_owned())),
            ..EnvironmentInput::default()
        };
        environments::create(&self.app, &self.operator(), input.parse().unwrap()).await.unwrap()
    }

    /// What the worker does with slips for the search: all of them.
    pub async fn file_changes(&self) {
        while secrets::file_changes(&self.app).await.unwrap() > 0 {}
    }

    /// As the command line makes a search index anew.
    pub async fn refile(&self, environment: i64) {
        secrets::refile(&self.app, &self.operator(), environment, &mut |_, _, _| ()).await.unwrap();
    }

    pub async fn environment(&self, id: i64) -> environments::Environment {
        environments::enter(&self.app, &self.operator(), id).await.unwrap().environment
    }

    pub async fn add_secret(&self, environment: i64, name: &str, value: &str) -> i64 {
        let new = Self::secret_input(environment, name, value).parse_create(self.app.now()).unwrap();
        secrets::create(&self.app, &self.operator(), new).await.unwrap()
    }

    pub async fn secret(&self, id: i64) -> Secret {
        secrets::find(&self.app, &self.operator(), id).await.unwrap().secret
    }

    /// How many events there are beside these: everything that changes leaves one, and being refused does, too.
    pub async fn events_beside(&self, actions: &[&'static str]) -> i64 {
        let mut query = sql!("SELECT COUNT(*) FROM audit_events WHERE 1 = 1");
        // No action is `NOT IN` an empty list, as SQL sees it.
        if !actions.is_empty() {
            query.push_list(" AND action NOT IN ", actions.iter().copied().map(Value::from));
        }
        self.app.db.read().await.unwrap().number(query).await.unwrap()
    }

    pub fn secret_input(environment: i64, name: &str, value: &str) -> SecretInput {
        SecretInput {
            environment_id: environment.to_string(),
            name: name.into(),
            display_name: name.into(),
            secret_type: "api_key".into(),
            secrecy_level: "internal".into(),
            value: Some(Plaintext::from(value.to_owned())),
            reason: "a test".into(),
            ..SecretInput::default()
        }
    }

    pub async fn rotate(&self, actor: &Actor, secret: i64, value: &str) -> Result<i64> {
        let row_version =
            secrets::find(&self.app, &self.operator(), secret).await?.secret.row_version.to_string();
        let new_value = Some(Plaintext::from(value.to_owned()));
        let input = RotateInput {
            mode: "typed".into(),
            new_value,
            reason: "a test".into(),
            row_version,
            ..RotateInput::default()
        };
        rotations::rotate(&self.app, actor, secret, input.parse()?).await
    }

    pub async fn edit(&self, secret: i64, input: SecretInput) -> Result<()> {
        self.change_plan(&self.operator(), secret, Change::Edit(Box::new(input))).await.map(drop)
    }

    /// Gives what somebody should know of the users at the source all the same.
    pub async fn set_strategy(
        &self,
        actor: &Actor,
        secret: i64,
        input: StrategyInput,
    ) -> Result<Vec<Remark>> {
        self.change_plan(actor, secret, Change::Strategy(input)).await
    }

    pub async fn clear_strategy(&self, actor: &Actor, secret: i64, row_version: i64) -> Result<()> {
        let change = Change::Clear { reason: "a test".into(), row_version };
        self.change_plan(actor, secret, change).await.map(drop)
    }

    async fn change_plan(&self, actor: &Actor, secret: i64, change: Change) -> Result<Vec<Remark>> {
        match rotations::change_plan(&self.app, actor, secret, change, false).await? {
            Planned::Changed(remarks) => Ok(remarks),
            Planned::Asked(rotation) => panic!("rotation {rotation} waits for another person"),
        }
    }
}

/// The address of an empty one. Those of PostgreSQL and MariaDB are left to the test server's end.
pub async fn fresh_database(engine: Engine, data: &TempDir) -> Option<String> {
    let name = format!("keeper_{}", hex::encode(Chance::System.bytes::<8>().unwrap()));
    let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    let beside = |url: &str| format!("{}/{name}", url.rsplit_once('/').unwrap().0);
    match engine {
        Engine::Sqlite => Some(format!("sqlite://{}", data.path().join("keeper.db").display())),
        Engine::Postgres => {
            let url = env_or_skip("KEEPER_TEST_POSTGRES_URL")?;
            let mut conn = PgConnection::connect(&url).await.unwrap();
            sqlx::raw_sql(create).execute(&mut conn).await.unwrap();
            Some(beside(&url))
        }
        Engine::Mysql => {
            let url = env_or_skip("KEEPER_TEST_MYSQL_URL")?;
            let mut conn = MySqlConnection::connect(&url).await.unwrap();
            sqlx::raw_sql(create).execute(&mut conn).await.unwrap();
            Some(beside(&url))
        }
    }
}
