//! Metadata that have an address are read again every hour. The last good copy stays until a better one is there; what changed is
//! an event, since it decides whose word opens the door.
use super::row::{Provider, find, locked, select};
use super::{configured, read};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Value;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::remote::saml::IdentityProvider;
use crate::{sql, tx};
use time::Duration;
use url::Url;

pub(super) const READ_AGAIN: Duration = Duration::hours(1);
/// One that does not answer costs ten seconds; the others of a round wait for it.
const AT_ONCE: i64 = 20;

/// The worker calls it once a minute; of several processes one asks each provider.
pub async fn refresh(app: &App) -> Result<()> {
    configured::refresh(app).await;
    let mut query = select();
    query.push(
        " AND is_active = ? AND fetch_at <= ? ORDER BY fetch_at LIMIT ?",
        [Value::from(true), Value::from(app.now()), Value::from(AT_ONCE)],
    );
    let due: Vec<Provider> = app.db.read().await?.all(query).await?;
    for provider in due {
        // What goes wrong with one is no matter of the others.
        if let Err(error) = renew_claimed(app, &provider).await {
            tracing::warn!(%error, identity_provider = provider.name, "metadata could not be renewed");
        }
    }
    Ok(())
}

async fn renew_claimed(app: &App, provider: &Provider) -> Result<()> {
    if claim(app, provider).await? {
        renew(app, &Actor::System, provider).await?;
    }
    Ok(())
}

/// False: another process asks it just now.
async fn claim(app: &App, provider: &Provider) -> Result<bool> {
    let now = app.now();
    tx!(app.db, |tx| {
        let claimed = sql!(
            "UPDATE identity_providers SET fetch_at = ?, updated_at = ? WHERE id = ? AND fetch_at <= ?",
            now.plus(READ_AGAIN),
            now,
            provider.id,
            now
        );
        Ok(tx.exec(claimed).await? == 1)
    })
}

/// An admin asks for it.
pub async fn refresh_now(app: &App, actor: &Actor, id: i64) -> Result<()> {
    super::save::demand(app, actor)?;
    let provider = find(app, actor, id).await?;
    if provider.metadata_url.is_empty() {
        return Err(Error::Conflict(
            "these metadata were given as a document: give the new one in the form".into(),
        ));
    }
    match renew(app, actor, &provider).await? {
        None => Ok(()),
        Some(why) => Err(Error::Conflict(format!("the last good copy stays: {why}"))),
    }
}

/// Why there is nothing newer; `None` where all is well.
async fn renew(app: &App, actor: &Actor, provider: &Provider) -> Result<Option<String>> {
    let found = match Url::parse(&provider.metadata_url) {
        Ok(url) => read::fetch(app, &url).await.map_err(|e| e.to_string()),
        Err(_) => Err("the stored address cannot be read".to_owned()),
    };
    let found = found.and_then(|text| match read::parse(app, &text) {
        Ok(idp) if idp.entity_id == provider.entity_id => Ok((text, idp)),
        Ok(_) => Err("the metadata now name another identity provider".to_owned()),
        Err(fault) => Err(fault.to_string()),
    });
    match found {
        Ok((text, idp)) => store(app, actor, provider, &text, &idp).await.map(|()| None),
        Err(why) => {
            tracing::warn!(
                identity_provider = provider.name,
                why,
                "metadata could not be renewed; the last good copy stays"
            );
            let shown: String = why.chars().take(500).collect();
            tx!(app.db, |tx| {
                tx.exec(sql!(
                    "UPDATE identity_providers SET fetch_error = ?, updated_at = ? WHERE id = ?",
                    &shown,
                    app.now(),
                    provider.id
                ))
                .await
            })?;
            Ok(Some(why))
        }
    }
}

async fn store(app: &App, actor: &Actor, seen: &Provider, text: &str, idp: &IdentityProvider) -> Result<()> {
    tx!(app.db, |tx| {
        let now = app.now();
        let old = locked(tx, seen.id).await?;
        // Somebody gave it another address meanwhile.
        if old.metadata_url != seen.metadata_url {
            return Ok(());
        }
        let changed = old.metadata != text;
        tx.exec(sql!(
            "UPDATE identity_providers SET metadata = ?, serial = ?, fetched_at = ?, fetch_at = ?, fetch_error = '', updated_at = ? WHERE id = ?",
            text,
            old.serial + i64::from(changed),
            now,
            now.plus(READ_AGAIN),
            now,
            old.id
        ))
        .await?;
        if !changed {
            return Ok(());
        }
        let event = Event::new("identity_provider.refreshed", &old.name)
            .with("entity_id", old.entity_id.as_str())
            .with("certificates", idp.fingerprints());
        audit::record(app, tx, actor, event).await.map(drop)
    })?;
    read::tell(idp, app.now());
    Ok(())
}
