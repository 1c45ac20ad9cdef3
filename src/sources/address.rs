//! Where an administrator's password is said, and to whom. It is sealed for exactly this.
use crate::app::App;
use crate::crypto::seal::Context;
use crate::domain::enums::spelled;
use crate::domain::plaintext::Plaintext;
use crate::remote::sources::{SourceEngine, Tls};
use crate::remote::{self, RemoteError, Rules, Server, SourceSettings};

spelled!(/// Whom a connection believes: the authorities of this machine, or one that was given too. Off: no TLS, in development alone.
Trust { Machine = "machine", Authority = "authority", Off = "off" });

/// A change of any part asks for the password anew: the stored one is not sent elsewhere, and does not even open there.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Address {
    #[sqlx(try_from = "String")]
    pub engine: SourceEngine,
    pub host: String,
    pub port: i64,
    #[sqlx(try_from = "String")]
    pub tls: Trust,
    /// PEM; empty unless `tls` is `authority`.
    pub authority: String,
    pub user_name: String,
}

impl Address {
    pub(super) fn context(&self, environment_id: i64) -> Context<'_> {
        Context::Source {
            environment_id,
            engine: self.engine.as_str(),
            host: &self.host,
            port: self.port,
            tls: self.tls.as_str(),
            authority: &self.authority,
            user: &self.user_name,
        }
    }

    pub(super) fn server(&self, rules: &Rules) -> Result<Server, remote::Refused> {
        Server::parse(&self.host, u16::try_from(self.port).unwrap_or(0), rules)
    }

    /// Calls nobody yet.
    pub(super) fn connect(
        &self,
        app: &App,
        database: &str,
        password: Plaintext,
    ) -> Result<remote::Source, RemoteError> {
        let refused =
            |e: remote::Refused| RemoteError::Final { why: format!("the server's address {e}").into() };
        let settings = SourceSettings {
            engine: self.engine,
            server: self.server(&app.rules()).map_err(refused)?,
            database: Some(database).filter(|name| !name.is_empty()).map(str::to_owned),
            tls: match self.tls {
                Trust::Machine => Tls::Machine,
                Trust::Authority => Tls::Authority(self.authority.clone()),
                Trust::Off => Tls::Off,
            },
            user: self.user_name.clone(),
            password,
        };
        let none = |_| RemoteError::Final { why: "this machine gave no random bytes".into() };
        remote::Source::new(settings, app.chance.branch().map_err(none)?)
    }
}

/// What a form may offer: no TLS is for development alone.
pub fn offered(app: &App) -> Vec<Trust> {
    let bare = app.rules().development;
    Trust::ALL.iter().copied().filter(|trust| *trust != Trust::Off || bare).collect()
}
