//! GET /environments/{id}, and POST …/sync: push every copy again.
use super::index::access_label;
use crate::domain::enums::{Backend, Role, SyncStatus};
use crate::environments::{self, Environment};
use crate::secrets::Tallies;
use crate::sources;
use crate::sync;
use crate::web::extract::{CurrentUser, Id, RequireManager};
use crate::web::glass;
use crate::web::page::{Answer, html, role_label, see_other_saying};
use crate::web::sources::show::row;
use crate::web::views::charts::Share;
use crate::web::views::environments::{BackendView, Member, ShowPage};
use crate::web::views::parts::Badge;
use crate::web::when::date;

const STATUSES: [(SyncStatus, &str, &str); 4] = [
    (SyncStatus::Synced, "ok", "synced"),
    (SyncStatus::Pending, "wait", "pending"),
    (SyncStatus::OutOfSync, "warn", "out of sync"),
    (SyncStatus::Failed, "bad", "failed"),
];

pub async fn show(user: CurrentUser, Id(id): Id) -> Answer {
    let place = environments::enter(&user.app, &user.actor, id).await?;
    let environment = &place.environment;
    let members = environments::members(&user.app, id).await?;
    let tallies = user.tallies().await?;
    let (share, share_note) = share(tallies, id);
    let role = user.current.user.role;
    let view = ShowPage {
        shell: user.shell("environments", environment.display_name.clone()).await?,
        env: environment.into(),
        display_name: environment.display_name.clone(),
        description: environment.description.clone(),
        is_active: environment.is_active,
        secrets: tallies.of(id).to_string(),
        may_edit: role == Role::Admin,
        may_push: role >= Role::Manager && environment.is_active && environment.backends().next().is_some(),
        may_compare: environment.backends().next().is_some(),
        notes: Vec::new(),
        glass: glass::notes(&user, &[id], None).await?,
        backends: Backend::ALL.iter().map(|backend| backend_view(environment, *backend)).collect(),
        access_label: access_label(environment).to_owned(),
        members: members
            .into_iter()
            .map(|m| Member {
                name: format!("{} ({})", m.display_name, m.username),
                role: role_label(m.role),
            })
            .collect(),
        facts: vec![
            ("Stage", environment.stage.label()),
            ("Production rules", yes_or_no(environment.is_production)),
            ("Four eyes", yes_or_no(environment.needs_approval)),
            ("Made", date(environment.created_at)),
        ],
        share,
        share_note,
        sources: sources::list(&user.app, &user.actor, id).await?.iter().map(row).collect(),
        may_add_source: sources::may_change(&user.actor, &place),
    };
    html(&view)
}

pub async fn push_all(RequireManager(user): RequireManager, Id(id): Id) -> Answer {
    sync::request_all(&user.app, &user.actor, id).await?;
    see_other_saying(&format!("/environments/{id}"), "queued")
}

fn yes_or_no(it: bool) -> String {
    if it { "yes" } else { "no" }.to_owned()
}

fn signs_in(environment: &Environment) -> String {
    let way = if environment.vault_role_id.is_empty() { "with a token" } else { "as an AppRole" };
    let trust = if environment.vault_authority.is_empty() { "" } else { ", to its own authority" };
    format!("{way}{trust}")
}

fn backend_view(environment: &Environment, backend: Backend) -> BackendView {
    let on = environment.has(backend);
    let text = |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    let facts = match (on, backend) {
        (false, _) => Vec::new(),
        (_, Backend::Aws) => vec![
            ("Region", environment.aws_region.clone()),
            ("Endpoint", text(&environment.aws_endpoint, "AWS’s own")),
            ("Role", text(&environment.aws_role_arn, "none is taken on")),
            ("KMS key", text(&environment.aws_kms_key, "AWS’s own")),
        ],
        (_, Backend::Vault) => {
            vec![
                ("Address", environment.vault_url.clone()),
                ("Mount", environment.vault_mount.clone()),
                ("Namespace", text(&environment.vault_namespace, "none")),
                ("Signs in", signs_in(environment)),
            ]
        }
    };
    BackendView {
        name: backend.title(),
        key: backend.as_str(),
        badge: if on { Badge::of("synced").saying("Configured") } else { Badge::of("not_configured") },
        facts,
        path: environment.path_template(backend).to_owned(),
    }
}

/// How the copies stand: synced, pending (or on its way), out of sync, failed.
pub fn standing(tallies: &Tallies, id: i64) -> [i64; 4] {
    let mut counts = STATUSES.map(|(status, ..)| tallies.with(id, status));
    counts[1] += tallies.with(id, SyncStatus::Syncing);
    counts
}

fn share(tallies: &Tallies, id: i64) -> (Vec<Share>, String) {
    let counts = standing(tallies, id);
    let parts: Vec<(&'static str, i64)> =
        STATUSES.iter().zip(counts).map(|((_, fill, _), n)| (*fill, n)).collect();
    let words: Vec<String> = STATUSES
        .iter()
        .zip(counts)
        .filter(|(_, n)| *n > 0)
        .map(|((.., word), n)| format!("{n} {word}"))
        .collect();
    let note = if words.is_empty() { "No copies are kept.".to_owned() } else { words.join(", ") };
    (Share::parts(&parts, counts.iter().sum()), note)
}
