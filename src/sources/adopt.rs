//! Giving a secret a strategy. The credential lives already and somebody uses it, so it is adopted as it is: looked at,
//! tried, and never changed. The first rotation changes it.
use super::login::Unfit;
use super::row::Source;
use super::users::{self, Users};
use super::wish::SetStrategy;
use super::{password, rights};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::{Conn, Tx};
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::environments::Act;
use crate::remote::RemoteError;
use crate::remote::sources::{Accepts, Account, Remark, SourceEngine};
use crate::secrets::{self, Found};
use crate::{remote, sql};

/// A strategy that was looked at, and tried at its source.
pub struct ReadyStrategy {
    wish: SetStrategy,
    source: Source,
    /// What somebody should know of the users all the same.
    pub remarks: Vec<Remark>,
}

impl ReadyStrategy {
    pub fn reason(&self) -> &str {
        &self.wish.reason
    }

    pub fn describe(&self) -> String {
        let users: Vec<String> = self.wish.users.all().map(Account::to_string).collect();
        format!("The password of {} at {}", users.join(" and "), self.source.name)
    }
}

/// Before the unit: it asks the server, and changes nothing there.
pub async fn look_at_strategy(
    app: &App,
    actor: &Actor,
    secret_id: i64,
    wish: SetStrategy,
) -> Result<ReadyStrategy> {
    let seen = secrets::find(app, actor, secret_id).await?;
    demand(app, actor, &seen, wish.row_version, &wish.reason)?;
    if wish.users.second.is_some() {
        rights::demand_second(actor)?;
    }
    source_version(&mut app.db.read().await?, &seen, wish.source_id, "").await?;
    let (source, ready) = password::open(app, wish.source_id).await?;
    let value = secrets::open_version(app, &seen.secret, seen.secret.current_version).await?;
    let remarks = adopt(&source, ready, &wish.users, &value).await?;
    drop(value);
    Ok(ReadyStrategy { wish, source, remarks })
}

/// Inside a unit that holds the secret. Whether it may be done without another person is decided before.
pub async fn store_strategy(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    found: &Found,
    ready: &ReadyStrategy,
) -> Result<()> {
    let (now, id, wish) = (app.now(), found.secret.id, &ready.wish);
    demand(app, actor, found, wish.row_version, &wish.reason)?;
    secrets::demand_settled(tx, &[&found.secret]).await?;
    // What was looked at is what is stored: neither the value nor the server is another one by now.
    let now_version = source_version(tx, found, wish.source_id, " {lock}").await?;
    if now_version != ready.source.row_version {
        return Err(Error::Conflict(
            "somebody else changed the source meanwhile: look at it again, nothing of yours was stored"
                .into(),
        ));
    }
    users::store(tx, now, id, wish.source_id, &wish.users).await?;
    secrets::touched(tx, now, id).await?;
    let users: Vec<String> = wish.users.all().map(Account::to_string).collect();
    let event = event("secret.strategy_set", found, &wish.reason)
        .with("source", ready.source.name.as_str())
        .with("users", users)
        .with("shape", wish.users.shape.as_str());
    audit::record(app, tx, actor, event).await.map(drop)
}

/// From now on the secret's value is changed in Keeper alone. As above.
pub async fn clear_strategy(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    found: &Found,
    (row_version, why): (i64, &str),
) -> Result<()> {
    demand(app, actor, found, row_version, why)?;
    secrets::demand_settled(tx, &[&found.secret]).await?;
    let gone = tx.exec(sql!("DELETE FROM secret_sources WHERE secret_id = ?", found.secret.id)).await?;
    if gone == 0 {
        return Ok(()); // said twice
    }
    secrets::touched(tx, app.now(), found.secret.id).await?;
    audit::record(app, tx, actor, event("secret.strategy_cleared", found, why)).await.map(drop)
}

fn demand(app: &App, actor: &Actor, found: &Found, row_version: i64, why: &str) -> Result<()> {
    let (secret, place) = (&found.secret, &found.place);
    found.demand(actor, Act::Change)?;
    place.demand_proof_to_send(actor, Act::Change, secret.secrecy_level, app.now())?;
    secrets::reason(why, place.asks(Act::Change, secret.secrecy_level).reason)?;
    secrets::demand_as_seen(secret, row_version)
}

/// One of another environment and one that does not exist are told alike.
async fn source_version(conn: &mut Conn, found: &Found, id: i64, lock: &'static str) -> Result<i64> {
    let environment = &found.place.environment;
    let mut query =
        sql!("SELECT row_version FROM sources WHERE id = ? AND environment_id = ?", id, environment.id);
    query.push(lock, []);
    let row = conn.maybe::<(i64,)>(query).await?;
    row.map(|row| row.0).ok_or_else(|| {
        Error::invalid("source_id", &format!("is no source of {}: choose one of those", environment.name))
    })
}

/// Asks the server, and changes nothing there.
async fn adopt(
    source: &Source,
    ready: remote::Source,
    users: &Users,
    value: &Plaintext,
) -> Result<Vec<Remark>> {
    let away = |why: RemoteError| {
        Error::unavailable(format!("the source {} could not be asked: {why}", source.name))
    };
    let (account, password) = users.login(value).map_err(|why| unfit(why, users))?;
    let mut remarks = Vec::new();
    for (user, [name, host]) in users.all().zip([ACCOUNT, SECOND]) {
        if source.address.engine == SourceEngine::Postgres && user.host.is_some() {
            return Err(Error::invalid(host, "must be empty: users of PostgreSQL have no host"));
        }
        let wrong = |why: &str| Error::invalid(name, why);
        ready.check(user, &Plaintext::from("x".to_owned())).map_err(|why| wrong(&why.to_string()))?;
        let look = ready.look(user).await.map_err(away)?;
        if let Some(why) = look.remarks.iter().find_map(hindrance) {
            return Err(wrong(&why));
        }
        for remark in look.remarks {
            if !remarks.contains(&remark) {
                remarks.push(remark);
            }
        }
    }
    let field = if *account == users.first { ACCOUNT[0] } else { SECOND[0] };
    match ready.accepts(account, &password).await {
        Accepts::Yes => Ok(remarks),
        Accepts::No => Err(Error::invalid(
            field,
            "does not sign in with the secret's current value: give the secret the password that is in force first, or name another user",
        )),
        Accepts::Unknown(why) => Err(away(why)),
    }
}

const ACCOUNT: [&str; 2] = ["account_name", "account_host"];
const SECOND: [&str; 2] = ["second_name", "second_host"];

fn unfit(why: Unfit, users: &Users) -> Error {
    match why {
        Unfit::Stranger if users.second.is_some() => Error::invalid(
            ACCOUNT[0],
            "is not the user that the secret's current value names, and neither is the second one: name that one too",
        ),
        Unfit::Stranger => Error::invalid(
            ACCOUNT[0],
            "is not the user that the secret's current value names: name that one, or change the value first",
        ),
        why => Error::invalid(
            "shape",
            &format!("the secret's current value {why}: choose password, or change the value first"),
        ),
    }
}

/// What would let a rotation fail, or shut Keeper out.
fn hindrance(remark: &Remark) -> Option<String> {
    match remark {
        Remark::Superuser => None,
        Remark::Missing => Some("is no user at this source: create it there first, or put the name right".into()),
        Remark::Itself => Some(
            "is Keeper's own administrator there: name another user, or give the source another administrator first"
                .into(),
        ),
        other => Some(other.to_string()),
    }
}

fn event(action: &'static str, found: &Found, why: &str) -> Event {
    let event =
        Event::new(action, found.label()).environment(found.secret.environment_id).secret(found.secret.id);
    event.because(why.trim())
}
