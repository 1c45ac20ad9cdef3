//! What somebody put in a copy's place becomes the secret's value: a new version, by the same rules as one that is typed.
use super::begin::change;
use super::beside::Beside;
use super::input::Mode;
use super::put::{Put, demand_unmoved};
use super::requests::{Wanted, ask};
use super::rotate::demand_said;
use super::warrant::warrant;
use crate::app::App;
use crate::crypto::generate::Generated;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::{Backend, Role};
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::domain::rules;
use crate::secrets::{self, Found};
use crate::sources;
use crate::sync::Stores;

pub struct Accept<'a> {
    pub backend: Backend,
    /// The backend's own name of the version that the person saw there: no other is taken.
    pub there: &'a str,
    pub reason: &'a str,
    pub breaks_glass: bool,
    pub row_version: i64,
}

/// Gives the id of the rotation. The copy itself needs no write any more, and is the secret's own from then on.
pub async fn accept(
    app: &App,
    stores: &Stores,
    actor: &Actor,
    secret_id: i64,
    wish: &Accept<'_>,
) -> Result<i64> {
    actor.demand(Role::Manager, "deciding about copies")?;
    let seen = secrets::find(app, actor, secret_id).await?;
    let warrant = warrant(actor, &seen, wish.breaks_glass)?;
    demand_said(app, actor, &seen, warrant, wish.reason)?;
    let reason = secrets::reason(wish.reason, true)?;
    demand_unmoved(&seen.secret, wish.row_version)?;
    if sources::used_among(app, &[secret_id]).await? > 0 {
        return Err(Error::Conflict(
            "the secret is the password of a user at a source, so only a rotation changes it: push Keeper’s value again".into(),
        ));
    }
    let value = read(app, stores, &seen, wish).await?;
    let made = Generated { value, public: None };
    let beside = Taken { app, secret_id, backend: wish.backend, there: wish.there };
    let Some(warrant) = warrant else {
        return ask(app, actor, &seen, Wanted::Given(made), (Mode::Imported, &reason), &beside).await;
    };
    let put = Put { warrant, ..Put::own(Mode::Imported, &reason) };
    change(app, actor, &seen, made, (&put, &beside)).await
}

/// Before the unit: it asks the backend.
async fn read(app: &App, stores: &Stores, seen: &Found, wish: &Accept<'_>) -> Result<Plaintext> {
    let refuse = |why: String| Error::Conflict(why);
    let copies = secrets::copies(app, seen.secret.id).await?;
    let copy = copies.iter().find(|copy| copy.backend == wish.backend);
    let copy = copy.ok_or_else(|| refuse(format!("it has no copy in {}", wish.backend.title())))?;
    let store = stores.of(app, &seen.place.environment, wish.backend).await?;
    let store = store.map_err(|why| refuse(why.to_string()))?;
    let there = store.read(&copy.remote_path).await.map_err(|why| refuse(why.to_string()))?;
    let there = there.ok_or_else(|| refuse("nothing is there any more: compare again".into()))?;
    if there.version != wish.there {
        return Err(refuse("what is there has changed since you saw it: compare again".into()));
    }
    if !there.plain {
        return Err(refuse(
            "what is there is not laid out as Keeper lays out a value, and whoever reads it would not find its fields any more: keep the secret out of this backend, or choose another path".into(),
        ));
    }
    rules::value(there.value).map_err(|problem| refuse(format!("its value {problem}")))
}

/// Whatever is there has this very value, so it may be marked as the secret's own.
struct Taken<'a> {
    app: &'a App,
    secret_id: i64,
    backend: Backend,
    there: &'a str,
}

impl Beside for Taken<'_> {
    async fn store(&self, tx: &mut Tx, _: i64) -> Result<()> {
        secrets::allow_replacing(tx, self.app.now(), self.secret_id, self.backend, self.there).await
    }
}
