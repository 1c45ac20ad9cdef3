//! The top of each page about one secret: what it is, what is wrong with it, what this person may do.
use crate::domain::enums::{Role, SyncStatus};
use crate::domain::error::Result;
use crate::environments::{Act, Verdict};
use crate::secrets::{self, Found};
use crate::web::convert::{due_badge, expiry_badge};
use crate::web::extract::CurrentUser;
use crate::web::glass;
use crate::web::views::parts::{Badge, Tab};
use crate::web::views::secrets::SecretHead;

/// `tab` is the current one: overview, versions, copies, access, activity.
pub async fn head(user: &CurrentUser, found: &Found, tab: &str) -> Result<SecretHead> {
    let (secret, place) = (&found.secret, &found.place);
    let allowed = |act| place.may(&user.actor, act, secret.secrecy_level) == Verdict::Yes;
    let may = |act| allowed(act) && secret.is_active;
    let now = user.app.now();
    let mut states: Vec<Badge> =
        due_badge(secret, now).into_iter().chain(expiry_badge(secret, now)).collect();
    let sync = secret.sync_status();
    if matches!(sync, SyncStatus::Failed | SyncStatus::OutOfSync) {
        states.push(Badge::of(sync.as_str()));
    }
    let is_manager = user.current.user.role >= Role::Manager;
    let link = |label, path: &str, key| Tab {
        label,
        href: format!("/secrets/{}{path}", secret.id),
        current: tab == key,
        count: None,
    };
    let mut tabs = vec![link("Overview", "", "overview"), link("Versions", "/versions", "versions")];
    if place.environment.backends().next().is_some() {
        tabs.push(link("Copies", "/copies", "copies"));
    }
    if is_manager {
        tabs.push(link("Access", "/access", "access"));
        tabs.push(link("Activity", "/activity", "activity"));
    }
    tabs[1].count = Some(secret.current_version);
    Ok(SecretHead {
        id: secret.id,
        name: secret.name.clone(),
        display_name: secret.display_name.clone(),
        env: (&place.environment).into(),
        level: secret.secrecy_level.as_str(),
        states,
        is_active: secret.is_active,
        may_change: may(Act::Change),
        may_rotate: secret.is_active && found.demand_way(&user.actor).is_ok(),
        asks: found.waits(&user.actor),
        // Switched off, it can still be switched on again.
        may_switch: allowed(Act::Change),
        may_push: may_push(user, found),
        may_promote: may(Act::Reveal),
        may_purge: secrets::purgeable_from(&user.app, secret).is_some_and(|from| from <= now)
            && user.current.user.role == Role::Admin
            && allowed(Act::Destroy),
        tabs,
        glass: glass::notes(user, &[place.environment.id], Some(secret.id)).await?,
    })
}

/// There is something to push, a place to push it to, and the right to ask for it.
pub fn may_push(user: &CurrentUser, found: &Found) -> bool {
    let environment = &found.place.environment;
    let is_live = found.secret.is_active && environment.is_active;
    user.current.user.role >= Role::Manager && is_live && environment.backends().next().is_some()
}
