//! Changing a secret's metadata. The second writer is told, and overwrites nothing.
use super::find::{Found, find_locked};
use super::input::EditSecret;
use super::row::{Secret, next_rotation};
use super::{reason, search};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::domain::rules;
use crate::environments::Act;
use crate::kit::clock::Utc;
use crate::sql;
use std::collections::{BTreeMap, BTreeSet};

/// Inside a unit that holds the secret. Refuses what has to wait for another person.
pub async fn edit(app: &App, tx: &mut Tx, actor: &Actor, found: &Found, new: &EditSecret) -> Result<()> {
    found.demand(actor, Act::Change)?;
    if found.waits(actor) && !new.rotation_changes(&found.secret)?.is_empty() {
        return Err(Error::Conflict(
            "how this secret is rotated changes only when another person has approved it".into(),
        ));
    }
    edit_approved(app, tx, actor, found, new).await
}

/// Inside a unit: puts tags on and takes others off, and leaves the rest. False: it was so already.
pub async fn retag(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: i64,
    add: &BTreeMap<String, String>,
    remove: &BTreeSet<String>,
    why: &str,
) -> Result<bool> {
    let found = find_locked(tx, actor, id).await?;
    found.demand(actor, Act::Change)?;
    let old = found.secret.tag_map();
    let mut tags = old.clone();
    tags.retain(|key, _| !remove.contains(key));
    tags.extend(add.clone());
    if tags.len() > rules::MOST_TAGS {
        return Err(Error::Conflict(format!("it would have more than {} tags", rules::MOST_TAGS)));
    }
    if tags == old && found.secret.is_active {
        return Ok(false);
    }
    let new = EditSecret { tags, ..EditSecret::of(&found.secret, why)? };
    edit(app, tx, actor, &found, &new).await?;
    Ok(true)
}

/// Inside a unit that changes what hangs below a secret and belongs to how it is kept: forms that were opened before are old.
pub async fn touched(tx: &mut Tx, now: Utc, id: i64) -> Result<()> {
    tx.exec(sql!("UPDATE secrets SET row_version = row_version + 1, updated_at = ? WHERE id = ?", now, id))
        .await?;
    search::note(tx, now, &[id]).await
}

/// How a secret is kept changes only while it is in use, and is what the person had before them.
pub fn demand_as_seen(secret: &Secret, row_version: i64) -> Result<()> {
    if secret.row_version != row_version {
        return Err(Error::Conflict(
            "somebody else changed this secret meanwhile: nothing of yours was stored".into(),
        ));
    }
    if secret.is_active {
        return Ok(());
    }
    Err(Error::Conflict("this secret is deactivated: restore it before you change it".into()))
}

/// Inside a unit that holds the secret, where another person has approved it, or the glass is broken.
pub async fn edit_approved(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    found: &Found,
    new: &EditSecret,
) -> Result<()> {
    let now = app.now();
    let (tags, policy, window) = (new.tags_json()?, new.policy_text(), new.window_columns());
    let (old, place) = (&found.secret, &found.place);
    // The right to the old level and to the new one: nobody lifts a secret out of their own reach by accident.
    for level in [old.secrecy_level, new.secrecy_level] {
        place.demand(actor, Act::Change, level)?;
    }
    place.demand_proof_to_send(actor, Act::Change, old.secrecy_level, now)?;
    reason(&new.reason, place.asks(Act::Change, old.secrecy_level).reason)?;
    // Whoever lowers the level can show the value afterwards without what the level asks for.
    if new.secrecy_level < old.secrecy_level {
        place.demand_proof_to_send(actor, Act::Reveal, old.secrecy_level, now)?;
    }
    demand_as_seen(old, new.row_version)?;
    let last = old.last_rotated_at.unwrap_or(old.created_at);
    // A date that was moved for its own reason stays, unless the plan that it belongs to changes.
    let is_same = old.rotation_interval_days == new.rotation_interval_days && old.window()? == new.window;
    let planned = next_rotation(last, new.rotation_interval_days, new.window.as_ref());
    let next = if is_same { old.next_rotation_at } else { planned };
    tx.exec(sql!(
        "UPDATE secrets SET display_name = ?, description = ?, secret_type = ?, secrecy_level = ?, service_name = ?, expires_at = ?, auto_rotate = ?,
           rotation_interval_days = ?, next_rotation_at = ?, policy = ?, window_days = ?, window_from = ?, window_to = ?, window_zone = ?,
           tags = ?, row_version = row_version + 1, updated_at = ? WHERE id = ?",
        &new.display_name, &new.description, new.secret_type, new.secrecy_level, &new.service_name, new.expires_at, new.auto_rotate,
        new.rotation_interval_days, next, &policy, window.days(), &window.window_from, &window.window_to, &window.window_zone,
        &tags, now, old.id
    ))
    .await?;
    search::note(tx, now, &[old.id]).await?;
    let changed: Vec<&str> = [
        ("display_name", old.display_name != new.display_name),
        ("description", old.description != new.description),
        ("secret_type", old.secret_type != new.secret_type),
        ("secrecy_level", old.secrecy_level != new.secrecy_level),
        ("service_name", old.service_name != new.service_name),
        ("expires_at", old.expires_at != new.expires_at),
        ("auto_rotate", old.auto_rotate != new.auto_rotate),
        ("rotation_interval_days", old.rotation_interval_days != new.rotation_interval_days),
        ("policy", old.policy != policy),
        ("window", old.window()? != new.window),
        ("tags", old.tags != tags),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect();
    let mut event = Event::new("secret.updated", found.label())
        .environment(old.environment_id)
        .secret(old.id)
        .with("changed", changed);
    if old.secrecy_level != new.secrecy_level {
        event =
            event.with("from_level", old.secrecy_level.as_str()).with("to_level", new.secrecy_level.as_str());
    }
    audit::record(app, tx, actor, event.because(&new.reason)).await?;
    Ok(())
}
