//! What Keeper is told of a source, and which user of it is meant. `mod.rs` checks them before it calls anybody.
use crate::domain::enums::spelled;
use crate::domain::plaintext::Plaintext;
use crate::remote::error::RemoteError;
use crate::remote::server::Server;
use std::fmt;

spelled!(/// MySQL is MariaDB too.
SourceEngine { Postgres = "postgresql", Mysql = "mysql" });

/// No `Debug`: it holds a password.
pub struct SourceSettings {
    pub engine: SourceEngine,
    pub server: Server,
    /// PostgreSQL signs in to a database, `postgres` unless another is named; MySQL needs none.
    pub database: Option<String>,
    pub tls: Tls,
    pub user: String,
    pub password: Plaintext,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tls {
    /// Verified by the public authorities and those of this machine.
    Machine,
    /// Verified by these authorities too, in PEM.
    Authority(String),
    /// None at all: in development, and to this machine itself.
    Off,
}

/// A user of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    /// MySQL's second half of a name, `%` unless another is named. PostgreSQL has none.
    pub host: Option<String>,
}

/// As MySQL writes it: `app@10.%`.
impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Some(host) => write!(f, "{}@{host}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

impl SourceEngine {
    pub fn default_port(self) -> i64 {
        match self {
            Self::Postgres => 5432,
            Self::Mysql => 3306,
        }
    }

    pub(super) fn who(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
        }
    }
}

impl SourceSettings {
    pub(super) fn check(&self) -> Result<(), RemoteError> {
        Account { name: self.user.clone(), host: None }.check(self.engine)?;
        let sound = |name: &String| (1..=63).contains(&name.len()) && !name.contains('\0');
        if !self.database.iter().all(sound) {
            return Err(RemoteError::last(
                "the database's name must have 1 to 63 bytes, and no NUL among them",
            ));
        }
        if self.tls == Tls::Off && !self.server.rules().development {
            return Err(unencrypted());
        }
        Ok(())
    }
}

impl Account {
    /// PostgreSQL silently cuts a longer name off, and would change another user.
    pub(super) fn check(&self, engine: SourceEngine) -> Result<(), RemoteError> {
        let sound = match engine {
            SourceEngine::Postgres => (1..=63).contains(&self.name.len()) && self.host.is_none(),
            SourceEngine::Mysql => {
                (1..=80).contains(&self.name.chars().count()) && (1..=255).contains(&self.host().len())
            }
        };
        if sound && !self.name.contains('\0') && !self.host().contains('\0') {
            return Ok(());
        }
        Err(RemoteError::last(match engine {
            SourceEngine::Postgres => {
                "a user of PostgreSQL has a name of 1 to 63 bytes without NUL, and no host"
            }
            SourceEngine::Mysql => {
                "a user of MySQL has a name of 1 to 80 characters and a host such as %, both without NUL"
            }
        }))
    }

    pub(super) fn host(&self) -> &str {
        self.host.as_deref().unwrap_or("%")
    }

    pub(super) fn may_come_from_anywhere(&self) -> bool {
        self.host() == "%"
    }
}

pub(super) fn unencrypted() -> RemoteError {
    RemoteError::last("a connection without TLS is made in development alone, and to this machine itself")
}
