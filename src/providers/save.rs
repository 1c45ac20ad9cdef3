//! Adding, changing and removing identity providers: admins' work. Metadata are fetched and read before anything is stored.
use super::grants::GroupWish;
use super::input::{SaveProvider, Wanted};
use super::refresh::READ_AGAIN;
use super::row::{Provider, find, locked};
use super::{keys, read};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::domain::actor::{Actor, PROOF_TO_OPEN, PROOF_TO_SEND};
use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::domain::names::Slug;
use crate::kit::clock::Utc;
use crate::people::{self, Whose};
use crate::remote::saml::IdentityProvider;
use crate::{sql, tx};

const WHAT: &str = "managing identity providers";

pub(super) fn demand(app: &App, actor: &Actor) -> Result<()> {
    actor.demand(Role::Admin, WHAT)?;
    actor.demand_proof(app.now(), PROOF_TO_SEND)
}

/// For the forms that lead to this.
pub fn demand_to_open(actor: &Actor, now: Utc) -> Result<()> {
    actor.demand(Role::Admin, WHAT)?;
    actor.demand_proof(now, PROOF_TO_OPEN)
}

/// What is stored of metadata.
struct Read {
    text: String,
    url: String,
    idp: IdentityProvider,
}

pub async fn create(app: &App, actor: &Actor, new: SaveProvider) -> Result<i64> {
    demand(app, actor)?;
    let read = look(app, &new.metadata, None).await?;
    // Its metadata shall show Keeper's key from the first day.
    keys::ensure(app, actor).await?;
    let made: Result<i64> = tx!(app.db, |tx| {
        people::demand_still(tx, actor, Role::Admin).await?;
        demand_free(app, tx, &new, &read.idp.entity_id, 0).await?;
        let now = app.now();
        let terms = &new.terms;
        let (fetched_at, fetch_at) = times(&read, now);
        let id = tx
            .insert(sql!(
                "INSERT INTO identity_providers (name, display_name, entity_id, metadata_url, metadata, groups_attribute, email_attribute, name_attribute,
                   makes_accounts, signs_requests, asks_again, allows_unasked, wants_encrypted, clock_skew, is_active, serial, fetched_at, fetch_at, fetch_error,
                   row_version, created_at, updated_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, '', 1, ?, ?)",
                new.name.as_str(), shown_name(&new, &read.idp), &read.idp.entity_id, &read.url, &read.text, &terms.groups_attribute, &terms.email_attribute,
                &terms.name_attribute, terms.makes_accounts, terms.signs_requests, terms.asks_again, terms.allows_unasked, terms.wants_encrypted,
                terms.clock_skew, true, fetched_at, fetch_at, now, now
            ))
            .await?;
        put_groups(tx, now, id, &new.groups).await?;
        let event = told(Event::new("identity_provider.created", new.name.as_str()), &new, &read.idp);
        audit::record(app, tx, actor, event).await?;
        Ok(id)
    });
    match made {
        Err(Error::Taken) => Err(lost(app, &new, &read.idp.entity_id, 0).await),
        made => made,
    }
}

pub async fn update(app: &App, actor: &Actor, id: i64, new: SaveProvider) -> Result<()> {
    demand(app, actor)?;
    let seen = find(app, actor, id).await?;
    let read = look(app, &new.metadata, Some(&seen)).await?;
    let saved: Result<()> = tx!(app.db, |tx| {
        people::demand_still(tx, actor, Role::Admin).await?;
        let old = locked(tx, id).await?;
        demand_unmoved(&old, new.row_version)?;
        if old.entity_id != read.idp.entity_id {
            let field = if read.url.is_empty() { "metadata" } else { "metadata_url" };
            return Err(Error::invalid(
                field,
                "name another identity provider: accounts belong to the one that made them. Add it beside this one",
            ));
        }
        demand_free(app, tx, &new, &read.idp.entity_id, id).await?;
        demand_own_way_in(tx, actor, &old, &new).await?;
        let now = app.now();
        let terms = &new.terms;
        let (fetched_at, fetch_at) = times(&read, now);
        // A refresh may have come between: what was kept is still what is there.
        let serial = if read.text == old.metadata { old.serial } else { old.serial + 1 };
        tx.exec(sql!(
            "UPDATE identity_providers SET name = ?, display_name = ?, metadata_url = ?, metadata = ?, groups_attribute = ?, email_attribute = ?, name_attribute = ?,
               makes_accounts = ?, signs_requests = ?, asks_again = ?, allows_unasked = ?, wants_encrypted = ?, clock_skew = ?, serial = ?, fetched_at = ?,
               fetch_at = ?, fetch_error = '', row_version = row_version + 1, updated_at = ? WHERE id = ?",
            new.name.as_str(), shown_name(&new, &read.idp), &read.url, &read.text, &terms.groups_attribute, &terms.email_attribute, &terms.name_attribute,
            terms.makes_accounts, terms.signs_requests, terms.asks_again, terms.allows_unasked, terms.wants_encrypted, terms.clock_skew, serial, fetched_at,
            fetch_at, now, id
        ))
        .await?;
        put_groups(tx, now, id, &new.groups).await?;
        let event = told(Event::new("identity_provider.updated", new.name.as_str()), &new, &read.idp);
        audit::record(app, tx, actor, event).await?;
        Ok(())
    });
    match saved {
        Err(Error::Taken) => Err(lost(app, &new, &read.idp.entity_id, id).await),
        saved => saved,
    }
}

/// Switched off, nobody signs in through it, and whoever did is signed out; its accounts stay.
pub async fn set_active(app: &App, actor: &Actor, id: i64, active: bool) -> Result<()> {
    demand(app, actor)?;
    tx!(app.db, |tx| {
        let provider = locked(tx, id).await?;
        if !active {
            let_go(app, tx, actor, &provider).await?;
        }
        tx.exec(sql!(
            "UPDATE identity_providers SET is_active = ?, row_version = row_version + 1, updated_at = ? WHERE id = ?",
            active,
            app.now(),
            id
        ))
        .await?;
        let action = if active { "identity_provider.enabled" } else { "identity_provider.disabled" };
        audit::record(app, tx, actor, Event::new(action, &provider.name)).await.map(drop)
    })
}

pub async fn delete(app: &App, actor: &Actor, id: i64, row_version: i64) -> Result<()> {
    demand(app, actor)?;
    tx!(app.db, |tx| {
        let provider = locked(tx, id).await?;
        demand_unmoved(&provider, row_version)?;
        let_go(app, tx, actor, &provider).await?;
        tx.exec(sql!("DELETE FROM identity_providers WHERE id = ?", id)).await?;
        let event =
            Event::new("identity_provider.deleted", &provider.name).with("entity_id", &*provider.entity_id);
        audit::record(app, tx, actor, event).await.map(drop)
    })
}

/// Nobody cuts off the branch that they sit on: there would be no way back in to say that it was a mistake.
async fn let_go(app: &App, tx: &mut Tx, actor: &Actor, provider: &Provider) -> Result<()> {
    if came_through(tx, actor, provider).await? {
        return Err(Error::Conflict(
            "you are signed in through this provider yourself: sign in another way first, so that somebody is left who can come in".into(),
        ));
    }
    // Whoever came through a provider that is believed no longer is here no longer.
    people::end_sessions(tx, app.now(), Whose::Through(&provider.entity_id)).await
}

/// The same by its lines: without one that makes admins, whoever came through it is none at the next sign-in.
async fn demand_own_way_in(tx: &mut Tx, actor: &Actor, old: &Provider, new: &SaveProvider) -> Result<()> {
    let makes_admins = new.groups.iter().any(|wish| wish.role == Some(Role::Admin));
    if !makes_admins && came_through(tx, actor, old).await? {
        return Err(Error::invalid(
            "groups",
            "make nobody an admin, and you are signed in through this provider yourself: sign in another way first",
        ));
    }
    Ok(())
}

async fn came_through(tx: &mut Tx, actor: &Actor, provider: &Provider) -> Result<bool> {
    let Some(id) = actor.id() else { return Ok(false) };
    let me = people::by_id(tx, id).await?.ok_or(Error::NotFound)?;
    Ok(me.identity_provider.as_deref() == Some(provider.entity_id.as_str()))
}

/// The metadata that are wanted, good ones.
async fn look(app: &App, wanted: &Wanted, old: Option<&Provider>) -> Result<Read> {
    let (text, url, field) = match (wanted, old) {
        (Wanted::Url(url), _) => {
            let fetched = read::fetch(app, url).await;
            let text =
                fetched.map_err(|e| Error::invalid("metadata_url", &format!("cannot be read: {e}")))?;
            (text, url.to_string(), "metadata_url")
        }
        (Wanted::Text(text), _) => (text.clone(), String::new(), "metadata"),
        (Wanted::Kept, Some(old)) => (old.metadata.clone(), String::new(), "metadata"),
        (Wanted::Kept, None) => {
            return Err(Error::invalid(
                "metadata_url",
                "is required: the address of the provider’s metadata, or the document itself",
            ));
        }
    };
    let idp = read::parse(app, &text)
        .map_err(|fault| Error::invalid(field, &format!("cannot be used: {fault}")))?;
    Ok(Read { text, url, idp })
}

fn times(read: &Read, now: Utc) -> (Option<Utc>, Option<Utc>) {
    if read.url.is_empty() { (None, None) } else { (Some(now), Some(now.plus(READ_AGAIN))) }
}

fn shown_name(new: &SaveProvider, idp: &IdentityProvider) -> String {
    if new.display_name.is_empty() { idp.display_name.clone() } else { new.display_name.clone() }
}

fn demand_unmoved(old: &Provider, row_version: i64) -> Result<()> {
    if old.row_version == row_version {
        return Ok(());
    }
    Err(Error::Conflict(
        "somebody else changed this identity provider meanwhile: nothing of yours was stored".into(),
    ))
}

async fn demand_free(app: &App, tx: &mut Tx, new: &SaveProvider, entity_id: &str, id: i64) -> Result<()> {
    let named = sql!("SELECT id FROM identity_providers WHERE name = ? AND id <> ?", new.name.as_str(), id);
    if tx.maybe::<(i64,)>(named).await?.is_some() {
        return Err(Error::invalid("name", "is taken by another identity provider"));
    }
    let field = if matches!(new.metadata, Wanted::Url(_)) { "metadata_url" } else { "metadata" };
    if app.identity_provider().is_some_and(|(known, _)| known.entity_id == entity_id) {
        return Err(Error::invalid(
            field,
            "name the identity provider that Keeper’s configuration has already",
        ));
    }
    let same = sql!("SELECT name FROM identity_providers WHERE entity_id = ? AND id <> ?", entity_id, id);
    match tx.maybe::<(String,)>(same).await? {
        Some((name,)) => {
            Err(Error::invalid(field, &format!("name an identity provider that is here already: {name}")))
        }
        None => Ok(()),
    }
}

/// Somebody else was faster. Two things of a provider may be there only once: which it was shows a second look.
async fn lost(app: &App, new: &SaveProvider, entity_id: &str, id: i64) -> Error {
    let looked: Result<()> = tx!(app.db, |tx| demand_free(app, tx, new, entity_id, id).await);
    looked.err().unwrap_or(Error::Taken)
}

async fn put_groups(tx: &mut Tx, now: Utc, id: i64, groups: &[GroupWish]) -> Result<()> {
    tx.exec(sql!("DELETE FROM identity_provider_groups WHERE identity_provider_id = ?", id)).await?;
    for (position, wish) in (1_i64..).zip(groups) {
        let group = tx
            .insert(sql!(
                "INSERT INTO identity_provider_groups (identity_provider_id, position, group_name, role, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
                id, position, &wish.group, wish.role.map(Role::as_str), now, now
            ))
            .await?;
        for door in &wish.doors {
            let found: Option<(i64,)> =
                tx.maybe(sql!("SELECT id FROM environments WHERE name = ?", door.as_str())).await?;
            let (environment_id,) = found.ok_or_else(|| {
                Error::invalid("groups", &format!("name an environment that does not exist: {door}"))
            })?;
            tx.insert(sql!(
                "INSERT INTO identity_provider_doors (group_id, environment_id, created_at, updated_at) VALUES (?, ?, ?, ?)",
                group, environment_id, now, now
            ))
            .await?;
        }
    }
    Ok(())
}

fn told(event: Event, new: &SaveProvider, idp: &IdentityProvider) -> Event {
    let lines: Vec<String> = new
        .groups
        .iter()
        .map(|wish| {
            let doors: Vec<&str> = wish.doors.iter().map(Slug::as_str).collect();
            let places = if doors.is_empty() { String::new() } else { format!(" in {}", doors.join(", ")) };
            format!("{} = {}{places}", wish.group, wish.role.map_or("", Role::as_str))
        })
        .collect();
    event
        .with("entity_id", idp.entity_id.as_str())
        .with("certificates", idp.fingerprints())
        .with("groups", lines)
        .with("makes_accounts", new.terms.makes_accounts)
        .with("allows_unasked", new.terms.allows_unasked)
}
