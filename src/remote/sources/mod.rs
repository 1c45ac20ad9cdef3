//! Databases whose users' passwords Keeper changes where they are kept: PostgreSQL, and MySQL with MariaDB. A rotation
//! says `look`, `change`, `accepts` and `rehearse`; it never learns which of the two it speaks with. Two users that
//! take turns are the rotation's affair: it names the one or the other.
//!
//! Each connection goes to an address that the guard admits, within the limits of `http.rs`. Nothing that a server says
//! is repeated (see `error.rs`). A new value is never written down in a statement where the server can take something
//! made of it instead, and none of the statements is logged here.
mod answers;
mod faults;
mod mysql;
mod native;
mod postgres;
mod quote;
mod rehearsal;
mod scram;
mod session;
mod settings;
mod trust;
mod way;

pub use answers::{Accepts, Changed, Look, Remark};
pub use rehearsal::{Act, Rehearsal, Step};
pub use settings::{Account, SourceEngine, SourceSettings, Tls};

use super::error::RemoteError;
use super::http::within;
use crate::domain::plaintext::Plaintext;
use crate::kit::chance::Chance;
use faults::Said;
use session::{Login, Session};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use trust::Roots;

/// One database server with the administrator that Keeper is there. Cheap to clone; it keeps no connection open.
#[derive(Clone)]
pub struct Source(Arc<Inner>);

struct Inner {
    settings: SourceSettings,
    roots: Roots,
    chance: Chance,
}

impl Source {
    pub fn new(settings: SourceSettings, chance: Chance) -> Result<Self, RemoteError> {
        settings.check()?;
        let roots = Roots::read(&settings.tls)?;
        Ok(Self(Arc::new(Inner { settings, roots, chance })))
    }

    pub fn engine(&self) -> SourceEngine {
        self.0.settings.engine
    }

    /// Could this account have this value as its password? Asks nobody: forms and generators call it beforehand.
    pub fn check(&self, account: &Account, new: &Plaintext) -> Result<(), RemoteError> {
        account.check(self.engine())?;
        let fit = match self.engine() {
            SourceEngine::Postgres => scram::prepared(new).map(|_| ()),
            SourceEngine::Mysql => native::speakable(new).map(|_| ()),
        };
        fit.map_err(|why| {
            RemoteError::last(format!("{} cannot have this value as a password: {why}", self.who()))
        })
    }

    /// What a change would meet: asks, and changes nothing.
    pub async fn look(&self, account: &Account) -> Result<Look, RemoteError> {
        account.check(self.engine())?;
        within(self.who(), async {
            let mut session = self.administrator().await?;
            let look = session.look(account).await;
            session.leave().await;
            look
        })
        .await
    }

    /// Makes `new` the account's password. An error means that nothing was changed; where the server's answer was not
    /// heard it may have been, which is `Changed::Perhaps`: ask `accepts` with both values before deciding.
    pub async fn change(&self, account: &Account, new: &Plaintext) -> Result<Changed, RemoteError> {
        self.check(account, new)?;
        let sent = AtomicBool::new(false);
        let work = async {
            let mut session = self.administrator().await?;
            let statement = session.prepare(account, new, &self.0.chance).await?;
            sent.store(true, Ordering::SeqCst);
            let said = session.run(statement).await;
            sent.store(false, Ordering::SeqCst);
            session.leave().await;
            match said {
                Ok(()) => Ok(Changed::Yes),
                Err(Said::Lost(why)) => Ok(Changed::Perhaps(why)),
                Err(said) => Err(said.told_to_administrator(self.who())),
            }
        };
        match within(self.who(), work).await {
            Err(why) if sent.load(Ordering::SeqCst) => Ok(Changed::Perhaps(why)),
            known => known,
        }
    }

    /// Signs in with this value, as the account's own programs do.
    pub async fn accepts(&self, account: &Account, value: &Plaintext) -> Accepts {
        let work = async {
            account.check(self.engine())?;
            match Session::open(self, Login { name: &account.name, password: value }).await {
                Ok(session) => session.is(account).await,
                Err(Said::Wrong) => self.refused(account).await,
                Err(Said::Inside(_)) => Ok(Accepts::Yes),
                Err(Said::No(why) | Said::Lost(why)) => Ok(Accepts::Unknown(why)),
            }
        };
        within(self.who(), work).await.unwrap_or_else(Accepts::Unknown)
    }

    /// A refusal counts only where this account could have been let in: MySQL has accounts for certain machines alone.
    async fn refused(&self, account: &Account) -> Result<Accepts, RemoteError> {
        if account.may_come_from_anywhere() {
            return Ok(Accepts::No);
        }
        let mut session = self.administrator().await?;
        let within_reach = session.comes_from(account).await?;
        session.leave().await;
        Ok(if within_reach { Accepts::No } else { Accepts::Unknown(out_of_reach()) })
    }

    async fn administrator(&self) -> Result<Session, RemoteError> {
        let settings = &self.0.settings;
        let login = Login { name: &settings.user, password: &settings.password };
        let told = |said: Said| said.told_to_administrator(self.who());
        let mut session = Session::open(self, login).await.map_err(told)?;
        session.settle().await?;
        Ok(session)
    }

    fn who(&self) -> &'static str {
        self.engine().who()
    }
}

fn out_of_reach() -> RemoteError {
    RemoteError::last(
        "this account may sign in from other machines than Keeper's, so it cannot be tried from here",
    )
}
