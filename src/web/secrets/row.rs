//! A row of the list of secrets.
use crate::domain::enums::{Backend, SyncStatus};
use crate::environments::Place;
use crate::kit::clock::Utc;
use crate::secrets::Secret;
use crate::web::convert::{due_badge, expiry_badge, type_label};
use crate::web::views::parts::{Badge, When};
use crate::web::views::secrets::{Due, SecretRow};

pub(super) fn row(secret: &Secret, places: &[Place], now: Utc) -> Option<SecretRow> {
    let place = places.iter().find(|place| place.environment.id == secret.environment_id)?;
    let due = due_badge(secret, now);
    let text = match secret.next_rotation_at {
        Some(at) => When::relative(at, now).text,
        None => "No rotation".to_owned(),
    };
    Some(SecretRow {
        id: secret.id,
        name: secret.name.clone(),
        display_name: secret.display_name.clone(),
        type_label: type_label(secret.secret_type),
        tags: secret.tag_map().iter().take(2).map(|(key, value)| format!("{key}={value}")).collect(),
        env: (&place.environment).into(),
        service: secret.service_name.clone(),
        level: secret.secrecy_level.as_str(),
        sync: Badge::of(secret.sync_status().as_str()),
        sync_note: sync_note(secret),
        due: Due { badge: due, text },
        expires: expiry_badge(secret, now),
        changed: When::relative(secret.updated_at, now),
        is_active: secret.is_active,
    })
}

/// Which backends the status speaks of: "AWS, Vault", or the one that is the worst.
fn sync_note(secret: &Secret) -> String {
    let overall = secret.sync_status();
    let names = |backend: &Backend| match backend {
        Backend::Aws => "AWS",
        Backend::Vault => "Vault",
    };
    let those: Vec<&str> = Backend::ALL
        .iter()
        .filter(|b| secret.status_of(**b) == overall && overall != SyncStatus::NotConfigured)
        .map(names)
        .collect();
    those.join(", ")
}
