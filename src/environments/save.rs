//! Creating and changing environments: admins' work.
use super::credentials::{self, Credentials, SealedCredentials};
use super::door::enter_in;
use super::input::SaveEnvironment;
use super::members;
use super::preview::{Naming, demand_apart};
use super::reach::demand_allowed;
use super::row::Environment;
use super::shelf::{Draft, Shelf, has_keys};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::{sql, tx};

pub async fn create(app: &App, actor: &Actor, new: SaveEnvironment) -> Result<i64> {
    demand_admin(actor)?;
    demand_allowed(app, None, &new)?;
    let sealed = seal_all(app, &new).await?;
    let made: Result<i64> = tx!(app.db, |tx| {
        let now = app.now();
        demand_free_name(tx, &new, 0).await?;
        let naming = Naming { id: None, name: new.name.as_str(), stage: new.stage };
        demand_apart(tx, naming, &new.drafts(false)).await?;
        let id = tx
            .insert(sql!(
                "INSERT INTO environments (name, display_name, description, stage, is_production, needs_approval, access, is_active, aws_enabled, aws_region, aws_endpoint,
                   aws_path_template, vault_enabled, vault_url, vault_mount, vault_namespace, vault_path_template, row_version, created_at, updated_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '', ?, '', '', '', '', 1, ?, ?)",
                new.name.as_str(), &new.display_name, &new.description, new.stage, new.is_production, new.needs_approval, new.access, true, false, false, now, now
            ))
            .await?;
        set_backends(app, tx, id, &new, &sealed).await?;
        members::set(tx, now, id, &new.members).await?;
        let event = Event::new("environment.created", new.name.as_str())
            .environment(id)
            .with("stage", new.stage.as_str())
            .with("access", new.access.as_str())
            .with("needs_approval", new.needs_approval)
            .with("members", new.members.len());
        audit::record(app, tx, actor, event).await?;
        Ok(id)
    });
    made.map_err(|e| e.if_taken(taken))
}

pub async fn update(app: &App, actor: &Actor, id: i64, new: SaveEnvironment) -> Result<()> {
    demand_admin(actor)?;
    let sealed = seal_all(app, &new).await?;
    tx!(app.db, |tx| {
        let now = app.now();
        lock(tx, id).await?;
        let old = enter_in(tx, actor, id).await?.environment;
        if old.row_version != new.row_version {
            return Err(Error::Conflict(
                "somebody else changed this environment meanwhile: look at it again".into(),
            ));
        }
        // Paths, and the sealing of credentials, carry the name: it stays what it was made as.
        if old.name != new.name.as_str() {
            return Err(Error::invalid("name", "cannot be changed: paths of copies carry it"));
        }
        demand_allowed(app, Some(&old), &new)?;
        demand_fitting(&old, &new)?;
        let keys = has_keys(tx, id).await?;
        let naming = Naming { id: Some(id), name: new.name.as_str(), stage: new.stage };
        let drafts: Vec<Draft<'_>> = new.drafts(keys).into_iter().filter(|d| moves(&old, &new, d)).collect();
        demand_apart(tx, naming, &drafts).await?;
        tx.exec(sql!(
            "UPDATE environments SET display_name = ?, description = ?, stage = ?, is_production = ?, needs_approval = ?, access = ?, row_version = row_version + 1, updated_at = ? WHERE id = ?",
            &new.display_name, &new.description, new.stage, new.is_production, new.needs_approval, new.access, now, id
        ))
        .await?;
        set_backends(app, tx, id, &new, &sealed).await?;
        let change = members::set(tx, now, id, &new.members).await?;
        let oneself = actor.id().is_some_and(|me| change.added.contains(&me));
        let event = Event::new("environment.updated", new.name.as_str())
            .environment(id)
            .with("stage", new.stage.as_str())
            .with("access", new.access.as_str())
            .with("needs_approval", new.needs_approval)
            .with("members_added", change.added.clone())
            .with("members_removed", change.removed.clone())
            .because(&new.reason);
        audit::record(app, tx, actor, event).await?;
        if oneself {
            tracing::warn!(actor = %actor.name(), environment = new.name.as_str(), "an admin added oneself as a member");
            audit::record(
                app,
                tx,
                actor,
                Event::new("environment.joined_oneself", new.name.as_str()).environment(id),
            )
            .await?;
        }
        Ok(())
    })
}

pub async fn set_active(app: &App, actor: &Actor, id: i64, active: bool) -> Result<()> {
    demand_admin(actor)?;
    tx!(app.db, |tx| {
        lock(tx, id).await?;
        let environment = enter_in(tx, actor, id).await?.environment;
        let now = app.now();
        tx.exec(sql!("UPDATE environments SET is_active = ?, row_version = row_version + 1, updated_at = ? WHERE id = ?", active, now, id)).await?;
        let action = if active { "environment.restored" } else { "environment.deactivated" };
        audit::record(app, tx, actor, Event::new(action, &environment.name).environment(id)).await?;
        Ok(())
    })
}

/// What was saved before is not questioned again: only a change of where copies would lie is.
fn moves(old: &Environment, new: &SaveEnvironment, draft: &Draft<'_>) -> bool {
    let backend = draft.backend;
    let same = old.has(backend)
        && old.stage == new.stage
        && old.path_template(backend) == draft.template
        && Shelf::of(old, backend, false).is_beside(&draft.shelf);
    !same
}

fn demand_admin(actor: &Actor) -> Result<()> {
    actor.demand_in_person("making and changing environments")?;
    if actor.role() == Role::Admin {
        Ok(())
    } else {
        Err(Error::Forbidden("environments are an admin's work".into()))
    }
}

/// A token is no secret id, and the other way round: what is stored would only be refused there.
fn demand_fitting(old: &Environment, new: &SaveEnvironment) -> Result<()> {
    let Some(vault) = new.vault.as_ref().filter(|_| old.vault_enabled && new.vault_token.is_none()) else {
        return Ok(());
    };
    match (old.vault_role_id.is_empty(), vault.role_id.is_empty()) {
        (true, false) => Err(Error::invalid("vault_token", "is needed anew: the secret id of the AppRole")),
        (false, true) => {
            Err(Error::invalid("vault_token", "is needed anew: a token instead of the secret id"))
        }
        _ => Ok(()),
    }
}

async fn demand_free_name(tx: &mut Tx, new: &SaveEnvironment, id: i64) -> Result<()> {
    let found = tx
        .maybe::<(i64,)>(sql!(
            "SELECT id FROM environments WHERE name = ? AND id <> ?",
            new.name.as_str(),
            id
        ))
        .await?;
    if found.is_some() { Err(taken()) } else { Ok(()) }
}

fn taken() -> Error {
    Error::invalid("name", "is taken by another environment")
}

async fn lock(tx: &mut Tx, id: i64) -> Result<()> {
    tx.one::<(i64,)>(sql!("SELECT id FROM environments WHERE id = ? {lock}", id)).await.map(|_| ())
}

async fn seal_all(app: &App, new: &SaveEnvironment) -> Result<Vec<SealedCredentials>> {
    let mut sealed = Vec::new();
    if let Some((id, key)) = &new.aws_keys {
        let credentials =
            Credentials::Aws { access_key_id: id.duplicate(), secret_access_key: key.duplicate() };
        sealed.push(credentials::seal(app, new.name.as_str(), &credentials).await?);
    }
    if let Some(token) = new.vault_token.as_ref().map(Plaintext::duplicate) {
        sealed.push(credentials::seal(app, new.name.as_str(), &Credentials::Vault { token }).await?);
    }
    Ok(sealed)
}

/// What a disabled backend was set to is kept, so that switching it on again asks for nothing twice.
async fn set_backends(
    app: &App,
    tx: &mut Tx,
    id: i64,
    new: &SaveEnvironment,
    sealed: &[SealedCredentials],
) -> Result<()> {
    let now = app.now();
    tx.exec(sql!(
        "UPDATE environments SET aws_enabled = ?, vault_enabled = ? WHERE id = ?",
        new.aws.is_some(),
        new.vault.is_some(),
        id
    ))
    .await?;
    if let Some(aws) = &new.aws {
        let template = aws.path_template.as_str();
        tx.exec(sql!(
            "UPDATE environments SET aws_region = ?, aws_endpoint = ?, aws_path_template = ?, aws_role_arn = ?, aws_external_id = ?, aws_kms_key = ?, aws_tags = ? WHERE id = ?",
            &aws.region, &aws.endpoint, template, &aws.role_arn, &aws.external_id, &aws.kms_key, &aws.tags, id
        ))
        .await?;
    }
    if let Some(vault) = &new.vault {
        tx.exec(sql!(
            "UPDATE environments SET vault_url = ?, vault_mount = ?, vault_namespace = ?, vault_path_template = ?, vault_role_id = ?, vault_auth_mount = ?, vault_authority = ? WHERE id = ?",
            &vault.url, &vault.mount, &vault.namespace, vault.path_template.as_str(), &vault.role_id, &vault.auth_mount, &vault.authority, id
        ))
        .await?;
    }
    for credentials in sealed {
        credentials::store(tx, now, id, credentials).await?;
    }
    Ok(())
}
