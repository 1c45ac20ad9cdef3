//! A source to try things at: a server, an administrator of one's own with no more rights than the documentation asks
//! for, and users.
use crate::support::env_or_skip;
use keeper::domain::plaintext::Plaintext;
use keeper::kit::chance::Chance;
use keeper::remote::sources::{Accepts, Account, SourceEngine, SourceSettings, Tls};
use keeper::remote::{RemoteError, Rules, Server, Source};
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection};
use tokio::sync::Mutex;
use url::Url;

pub const ADMIN_PASSWORD: &str = "the administrator's own %\\word";
const DATABASE: &str = "keeper_sources";

pub struct Place {
    pub engine: SourceEngine,
    pub admin: String,
    pub port: u16,
    root: Mutex<Root>,
}

/// Who may do everything at the server.
enum Root {
    Postgres(PgConnection),
    Mysql(MySqlConnection),
}

pub fn value(text: &str) -> Plaintext {
    Plaintext::from(text.to_owned())
}

/// A random name: the tests share the servers.
pub fn fresh(prefix: &str) -> String {
    format!("{prefix}_{}", hex::encode(Chance::System.bytes::<5>().unwrap()))
}

pub fn account(name: &str) -> Account {
    Account { name: name.to_owned(), host: None }
}

pub fn development() -> Rules {
    Rules { development: true, hosts: Vec::new() }
}

impl Place {
    pub async fn postgres() -> Option<Self> {
        let url = env_or_skip("KEEPER_TEST_POSTGRES_URL")?;
        let mut root = PgConnection::connect(&url).await.unwrap();
        // In this database the server asks for passwords. Another test may have made it.
        let _ = sqlx::raw_sql("CREATE DATABASE keeper_sources").execute(&mut root).await;
        let place = Self::new(SourceEngine::Postgres, &url, Root::Postgres(root));
        let (admin, password) = (&place.admin, ADMIN_PASSWORD.replace('\'', "''"));
        place.does(&format!("CREATE ROLE {admin} LOGIN CREATEROLE PASSWORD '{password}'")).await;
        Some(place)
    }

    pub async fn mysql() -> Option<Self> {
        let url = env_or_skip("KEEPER_TEST_MYSQL_URL")?;
        let root = MySqlConnection::connect(&url).await.unwrap();
        let place = Self::new(SourceEngine::Mysql, &url, Root::Mysql(root));
        let (admin, password) = (&place.admin, literal(ADMIN_PASSWORD));
        place.does(&format!("CREATE USER {admin}@'%' IDENTIFIED BY {password}")).await;
        place.does(&format!("GRANT CREATE USER ON *.* TO {admin}@'%'")).await;
        place.does(&format!("GRANT SELECT ON mysql.* TO {admin}@'%'")).await;
        Some(place)
    }

    fn new(engine: SourceEngine, url: &str, root: Root) -> Self {
        let port = Url::parse(url).unwrap().port().unwrap();
        Self { engine, admin: fresh("boss"), port, root: Mutex::new(root) }
    }

    pub fn is_postgres(&self) -> bool {
        self.engine == SourceEngine::Postgres
    }

    /// What somebody else does at the server.
    pub async fn does(&self, sql: &str) {
        let text = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match &mut *self.root.lock().await {
            Root::Postgres(conn) => drop(text.execute(conn).await.unwrap()),
            Root::Mysql(conn) => drop(text.execute(conn).await.unwrap()),
        }
    }

    pub async fn asks(&self, sql: &str) -> Vec<String> {
        let text = AssertSqlSafe(sql.to_owned());
        match &mut *self.root.lock().await {
            Root::Postgres(conn) => sqlx::query_scalar(text).fetch_all(conn).await.unwrap(),
            Root::Mysql(conn) => sqlx::query_scalar(text).fetch_all(conn).await.unwrap(),
        }
    }

    /// Until the end of the test no other one that asks for it goes on. What one that failed left behind is removed.
    pub async fn alone(&self) {
        let sql = if self.is_postgres() {
            "SELECT pg_advisory_lock(4711)::text"
        } else {
            "SELECT CAST(GET_LOCK('rehearsals', 120) AS CHAR)"
        };
        self.asks(sql).await;
        for name in self.users("keeper_rehearsal_").await {
            self.drop_user(&name).await;
        }
    }

    pub async fn drop_user(&self, name: &str) {
        let host = if self.is_postgres() { "" } else { "@'%'" };
        let noun = if self.is_postgres() { "ROLE" } else { "USER" };
        self.does(&format!("DROP {noun} {name}{host}")).await;
    }

    pub async fn add(&self, name: &str, password: &str) -> Account {
        self.does(&if self.is_postgres() {
            let (name, password) = (name.replace('"', "\"\""), password.replace('\'', "''"));
            format!("CREATE ROLE \"{name}\" LOGIN PASSWORD '{password}'")
        } else {
            format!("CREATE USER {}@'%' IDENTIFIED BY {}", literal(name), literal(password))
        })
        .await;
        self.hand_over(name).await;
        account(name)
    }

    /// Somebody else gives a user another password.
    pub async fn meddle(&self, name: &str, password: &str) {
        let text = literal(password);
        self.does(&if self.is_postgres() {
            format!("ALTER ROLE {name} PASSWORD {text}")
        } else {
            format!("ALTER USER {name}@'%' IDENTIFIED BY {text}")
        })
        .await;
    }

    /// From version 16 on an administrator changes only the users that it was given.
    async fn hand_over(&self, name: &str) {
        let sql = "SELECT (current_setting('server_version_num')::int >= 160000)::text";
        if self.is_postgres() && self.asks(sql).await == ["true"] {
            let name = name.replace('"', "\"\"");
            self.does(&format!("GRANT \"{name}\" TO {} WITH ADMIN OPTION", self.admin)).await;
        }
    }

    pub async fn users(&self, prefix: &str) -> Vec<String> {
        self.asks(&if self.is_postgres() {
            format!("SELECT rolname::text FROM pg_roles WHERE left(rolname, {}) = '{prefix}'", prefix.len())
        } else {
            format!("SELECT CONVERT(User USING utf8mb4) FROM mysql.user WHERE LOCATE('{prefix}', User) = 1")
        })
        .await
    }

    pub fn settings(&self) -> SourceSettings {
        SourceSettings {
            engine: self.engine,
            server: Server::parse("127.0.0.1", self.port, &development()).unwrap(),
            database: self.is_postgres().then(|| DATABASE.to_owned()),
            tls: Tls::Off,
            user: self.admin.clone(),
            password: value(ADMIN_PASSWORD),
        }
    }

    pub fn source(&self) -> Source {
        self.source_at(self.port)
    }

    /// The same server through another door.
    pub fn source_at(&self, port: u16) -> Source {
        self.source_but(|settings| {
            settings.server = Server::parse("127.0.0.1", port, &development()).unwrap();
        })
    }

    pub fn source_but(&self, change: impl FnOnce(&mut SourceSettings)) -> Source {
        let mut settings = self.settings();
        change(&mut settings);
        Source::new(settings, Chance::System).unwrap()
    }

    /// Signs in as the user's own programs do, on a way that is not Keeper's.
    pub async fn opens(&self, name: &str, password: &str) -> bool {
        let accepted = self.source().accepts(&account(name), &value(password)).await;
        match accepted {
            Accepts::Yes => true,
            Accepts::No => false,
            Accepts::Unknown(why) => panic!("{name:?} with {password:?}: {why}"),
        }
    }
}

pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

pub fn words<T>(answer: Result<T, RemoteError>) -> String {
    answer.err().expect("an error").to_string()
}

/// A port at which nobody listens.
pub async fn nobody() -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}
