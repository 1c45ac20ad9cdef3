//! The top of each page about one secret: what it is, what is wrong with it, what this person may do.
use crate::domain::enums::{Role, SyncStatus};
use crate::domain::error::Result;
use crate::environments::{Act, Verdict};
use crate::secrets::Found;
use crate::web::convert::{due_badge, expiry_badge};
use crate::web::extract::CurrentUser;
use crate::web::views::parts::{Badge, Tab};
use crate::web::views::secrets::SecretHead;

/// `tab` is the current one: overview, versions, activity.
pub async fn head(user: &CurrentUser, found: &Found, tab: &str) -> Result<SecretHead> {
    let (secret, place) = (&found.secret, &found.place);
    let may = |act| place.may(&user.actor, act, secret.secrecy_level) == Verdict::Yes && secret.is_active;
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
    if is_manager {
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
        may_rotate: may(Act::Rotate),
        only_request: false,
        is_manager,
        tabs,
    })
}
