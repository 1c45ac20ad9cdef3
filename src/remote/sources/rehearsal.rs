//! A change played through on a user made for it: the very statements and sign-ins that a rotation will need. A page
//! shows the steps. The user is gone at the end, whatever happened in between; should the machine stop in the middle,
//! it cannot sign in for long, and the next rehearsal removes it.
use super::answers::{Accepts, Changed};
use super::session::{Session, Statement};
use super::settings::{Account, SourceEngine};
use super::{Source, mysql, postgres};
use crate::domain::plaintext::Plaintext;
use crate::kit::chance::Chance;
use crate::remote::error::RemoteError;
use crate::remote::http::within;
use std::time::{Duration, Instant};

const PREFIX: &str = "keeper_rehearsal_";
/// Longer than a rehearsal can take: a user that is older was left behind.
const OLD: i64 = 600;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    SignIn,
    Sweep,
    Create,
    Change,
    NewWorks,
    OldRefused,
    Remove,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub act: Act,
    pub verdict: Result<(), RemoteError>,
    pub took: Duration,
}

/// The steps in their order. After one that failed come no others but the removal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsal {
    pub steps: Vec<Step>,
}

impl Act {
    /// In the order of a rehearsal.
    pub const ALL: [Self; 7] = [
        Self::SignIn,
        Self::Sweep,
        Self::Create,
        Self::Change,
        Self::NewWorks,
        Self::OldRefused,
        Self::Remove,
    ];

    pub fn words(self) -> &'static str {
        match self {
            Self::SignIn => "Keeper's administrator signs in",
            Self::Sweep => "users that earlier rehearsals left behind are removed",
            Self::Create => "a user is made for the rehearsal",
            Self::Change => "its password is changed",
            Self::NewWorks => "the new password opens the door",
            Self::OldRefused => "the old password does not any more",
            Self::Remove => "the user is removed",
        }
    }
}

impl Rehearsal {
    pub fn passed(&self) -> bool {
        self.steps.iter().all(|step| step.verdict.is_ok())
    }

    /// Tells what became of one step, and hands on what it found.
    async fn step<T>(
        &mut self,
        source: &Source,
        act: Act,
        work: impl Future<Output = Result<T, RemoteError>>,
    ) -> Option<T> {
        let began = Instant::now();
        let (verdict, found) = match within(source.who(), Box::pin(work)).await {
            Ok(found) => (Ok(()), Some(found)),
            Err(why) => (Err(why), None),
        };
        self.steps.push(Step { act, verdict, took: began.elapsed() });
        found
    }
}

impl Source {
    /// Runs to its end even if the caller goes away.
    pub async fn rehearse(&self) -> Rehearsal {
        let played = tokio::spawn(Box::pin(play(self.clone()))).await;
        played.unwrap_or_else(|_| {
            let broke = Err(RemoteError::retry("the rehearsal broke off"));
            Rehearsal { steps: vec![Step { act: Act::SignIn, verdict: broke, took: Duration::ZERO }] }
        })
    }

    async fn create(&self, account: &Account, first: &Plaintext) -> Result<(), RemoteError> {
        let mut session = self.administrator().await?;
        let statement = match &mut session {
            Session::Postgres(conn) => postgres::create(conn, account, first, &self.0.chance).await?,
            Session::Mysql(_) => mysql::create(account, first)?,
        };
        self.last_word(session, statement).await
    }

    async fn remove(&self, account: &Account) -> Result<(), RemoteError> {
        let session = self.administrator().await?;
        let statement = match self.engine() {
            SourceEngine::Postgres => postgres::remove(account),
            SourceEngine::Mysql => mysql::remove(account),
        };
        self.last_word(session, statement).await
    }

    async fn last_word(&self, mut session: Session, statement: Statement) -> Result<(), RemoteError> {
        let said = session.run(statement).await;
        session.leave().await;
        said.map_err(|said| said.told_to_administrator(self.who()))
    }

    /// The server's time, and our users that are there.
    async fn rehearsed(&self) -> Result<(i64, Vec<String>), RemoteError> {
        let mut session = self.administrator().await?;
        let found = match &mut session {
            Session::Postgres(conn) => postgres::named(conn, PREFIX).await,
            Session::Mysql(conn) => mysql::named(conn, PREFIX).await,
        };
        session.leave().await;
        found
    }

    async fn sweep(&self, now: i64, names: Vec<String>) -> Result<(), RemoteError> {
        for name in names.into_iter().filter(|name| is_leftover(name, now)).take(20) {
            self.remove(&Account { name, host: None }).await?;
        }
        Ok(())
    }
}

async fn play(source: Source) -> Rehearsal {
    let mut told = Rehearsal { steps: Vec::new() };
    let Some((now, names)) = told.step(&source, Act::SignIn, source.rehearsed()).await else { return told };
    if told.step(&source, Act::Sweep, source.sweep(now, names)).await.is_none() {
        return told;
    }
    let Some((account, old, new)) = made_up(&source.0.chance, now) else {
        let verdict = Err(RemoteError::last("this machine gave no random bytes"));
        told.steps.push(Step { act: Act::Create, verdict, took: Duration::ZERO });
        return told;
    };
    if told.step(&source, Act::Create, source.create(&account, &old)).await.is_some() {
        Box::pin(change(&mut told, &source, &account, &old, &new)).await;
    }
    // Also when it seems not to have been made: the answer may have been lost. And more than once: so that a server
    // which is away for a moment does not keep it.
    let gone = async {
        for _ in 0..3 {
            match source.remove(&account).await {
                Err(why) if why.may_pass() => tokio::time::sleep(Duration::from_millis(500)).await,
                known => return known,
            }
        }
        source.remove(&account).await
    };
    told.step(&source, Act::Remove, gone).await;
    told
}

async fn change(told: &mut Rehearsal, source: &Source, account: &Account, old: &Plaintext, new: &Plaintext) {
    let changed = async {
        match source.change(account, new).await? {
            Changed::Yes => Ok(()),
            Changed::Perhaps(why) => Err(why),
        }
    };
    let works = async {
        match source.accepts(account, new).await {
            Accepts::Yes => Ok(()),
            Accepts::No => Err(RemoteError::last("the server does not let the new password in")),
            Accepts::Unknown(why) => Err(why),
        }
    };
    let refused = async {
        match source.accepts(account, old).await {
            Accepts::No => Ok(()),
            Accepts::Yes => Err(RemoteError::last(
                "the server still lets the old password in: it may not ask for a password at all from here",
            )),
            Accepts::Unknown(why) => Err(why),
        }
    };
    if told.step(source, Act::Change, changed).await.is_some()
        && told.step(source, Act::NewWorks, works).await.is_some()
    {
        told.step(source, Act::OldRefused, refused).await;
    }
}

/// The name says when it was made, by the server's clock, so that another Keeper's rehearsal is never disturbed.
fn made_up(chance: &Chance, now: i64) -> Option<(Account, Plaintext, Plaintext)> {
    let bytes: [u8; 35] = chance.bytes().ok()?;
    let name = format!("{PREFIX}{:08x}{}", u32::try_from(now).ok()?, hex::encode(&bytes[..3]));
    // Letters of both cases, digits and a sign, as servers with rules for passwords ask for.
    let password = |bytes: &[u8]| Plaintext::from(format!("Kp-{}", hex::encode(bytes)));
    Some((Account { name, host: None }, password(&bytes[3..19]), password(&bytes[19..])))
}

fn is_leftover(name: &str, now: i64) -> bool {
    let hex = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let Some(rest) = name.strip_prefix(PREFIX).filter(|rest| rest.len() == 14 && hex(rest)) else {
        return false;
    };
    i64::from_str_radix(&rest[..8], 16).is_ok_and(|made| made < now - OLD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_rehearsal_of_old_left_behind_is_swept_away() {
        let (now, chance) = (1_900_000_000, Chance::seeded(1));
        let name = |made: i64| made_up(&chance, made).unwrap().0.name;
        assert!(name(now).len() <= 32, "older servers of MySQL take no more");
        assert!(is_leftover(&name(now - OLD - 1), now));
        for kept in
            [&name(now), &name(now - OLD), "keeper_rehearsal_", "keeper_rehearsal_00000001abcdeg", "root"]
        {
            assert!(!is_leftover(kept, now), "{kept}");
        }
    }
}
