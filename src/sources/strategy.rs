//! How a secret's value is changed where it is used. A rotation asks for it and never learns what kind of server it is.
use super::login::Unfit;
use super::password;
use super::row::{self, Source};
use super::users::{self, Shape, Users};
use crate::app::App;
use crate::db::{BATCH, Conn, Value};
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::domain::rules;
use crate::remote::sources::{Accepts, Account, Changed, Look};
use crate::remote::{self, RemoteError};
use crate::secrets::{self, Secret};
use crate::sql;

/// How a secret's value is changed where it is used.
pub struct Strategy {
    source: remote::Source,
    users: Users,
}

/// What one rotation changes.
pub struct Turn {
    /// Whose turn it is …
    pub account: Account,
    /// … with which new password …
    pub password: Plaintext,
    /// … and the secret's new value, in its shape.
    pub value: Plaintext,
}

/// `None`: value only. Opens the sealed administrator's password. Who asks has the right to change the secret.
pub async fn strategy(app: &App, secret_id: i64) -> Result<Option<Strategy>> {
    let Some((source_id, users)) = users::read(&mut app.db.read().await?, secret_id).await? else {
        return Ok(None);
    };
    let (_, source) = password::open(app, source_id).await?;
    Ok(Some(Strategy { source, users }))
}

/// What a page tells of a secret's strategy.
pub struct Described {
    pub source: Source,
    /// One, or two that take turns.
    pub accounts: Vec<Account>,
    pub shape: Shape,
}

/// The same for reading, without opening anything.
pub async fn described(app: &App, actor: &Actor, secret_id: i64) -> Result<Option<Described>> {
    secrets::find(app, actor, secret_id).await?;
    let mut conn = app.db.read().await?;
    let Some((source_id, users)) = users::read(&mut conn, secret_id).await? else { return Ok(None) };
    drop(conn);
    let source = row::find(app, actor, source_id).await?.source;
    Ok(Some(Described { source, accounts: users.all().cloned().collect(), shape: users.shape }))
}

/// How many of these secrets are changed where they are used.
pub async fn used_among(app: &App, ids: &[i64]) -> Result<i64> {
    let mut conn = app.db.read().await?;
    let mut used = 0;
    for batch in ids.chunks(BATCH) {
        let mut query = sql!("SELECT COUNT(*) FROM secret_sources WHERE 1 = 1");
        query.push_list(" AND secret_id IN ", batch.iter().copied().map(Value::from));
        used += conn.number(query).await?;
    }
    Ok(used)
}

/// A conflict if one of these secrets has one: its value is changed where it is used, or not at all. The caller holds them.
pub async fn demand_value_only(conn: &mut Conn, secrets: &[&Secret]) -> Result<()> {
    for batch in secrets.chunks(BATCH) {
        let mut query =
            sql!("SELECT s.name FROM secret_sources u JOIN secrets s ON s.id = u.secret_id WHERE 1 = 1");
        query.push_list(" AND u.secret_id IN ", batch.iter().map(|secret| Value::from(secret.id)));
        if let Some((name,)) = conn.maybe::<(String,)>(query).await? {
            return Err(Error::Conflict(format!(
                "{name} is the password of a user at a source, so only a rotation changes it: rotate it, or clear its strategy first"
            )));
        }
    }
    Ok(())
}

impl Strategy {
    /// The account whose turn it is after `current`, with the password `new`. With one user: the same account; with
    /// two: the other one.
    pub fn turn(&self, current: &Plaintext, new: &Plaintext) -> Result<Turn> {
        let (account, value) = self.users.turn(current, new).map_err(|why| match why {
            Unfit::NoText => Error::invalid("new_value", &why.to_string()),
            _ => Error::Conflict(format!(
                "the secret's current value {why}: put it right, or set the secret's strategy anew"
            )),
        })?;
        let value =
            rules::value(value).map_err(|problem| Error::invalid("new_value", &problem.to_string()))?;
        Ok(Turn { account: account.clone(), password: new.duplicate(), value })
    }

    /// Which account a value belongs to, and its password in it.
    pub fn login(&self, value: &Plaintext) -> Result<(Account, Plaintext)> {
        let (account, password) =
            self.users.login(value).map_err(|unfit| Error::Conflict(format!("the value {unfit}")))?;
        Ok((account.clone(), password))
    }

    pub fn takes_turns(&self) -> bool {
        self.users.second.is_some()
    }

    /// Could this value's password be set? Asks nobody.
    pub fn check(&self, value: &Plaintext) -> Result<()> {
        let wrong = |why: &str| Error::invalid("new_value", why);
        let (account, password) = self.users.login(value).map_err(|unfit| wrong(&unfit.to_string()))?;
        self.source.check(account, &password).map_err(|why| wrong(&why.to_string()))
    }

    /// What a change of the value's account would meet.
    pub async fn look(&self, value: &Plaintext) -> std::result::Result<Look, RemoteError> {
        let (account, _) = self.users.login(value).map_err(unfit)?;
        self.source.look(account).await
    }

    /// Makes the value's password the account's.
    pub async fn change(&self, value: &Plaintext) -> std::result::Result<Changed, RemoteError> {
        let (account, password) = self.users.login(value).map_err(unfit)?;
        self.source.change(account, &password).await
    }

    /// Signs in with it.
    pub async fn accepts(&self, value: &Plaintext) -> Accepts {
        match self.users.login(value) {
            Ok((account, password)) => self.source.accepts(account, &password).await,
            Err(why) => Accepts::Unknown(unfit(why)),
        }
    }
}

fn unfit(why: Unfit) -> RemoteError {
    RemoteError::Final { why: format!("the value {why}").into() }
}
