//! What an import has done, and how its copies fare: the page behind POST /secrets/import/{id}.
use crate::domain::enums::SyncStatus;
use crate::domain::error::{Error, Result};
use crate::environments;
use crate::imports::{Held, Outcome};
use crate::secrets;
use crate::web::convert::count;
use crate::web::extract::CurrentUser;
use crate::web::forms::part_or_page;
use crate::web::page::Answer;
use crate::web::views::imports::{DonePage, DoneRow};
use crate::web::views::parts::{Badge, EnvRef, When};

/// Secrets that the page names; the others are in the list.
const NAMED: usize = 50;

pub async fn show(user: &CurrentUser, held: &Held, outcome: &Outcome) -> Answer {
    let view = page(user, held, outcome).await?;
    part_or_page(user, &view, &view.as_outcome())
}

async fn page(user: &CurrentUser, held: &Held, outcome: &Outcome) -> Result<DonePage> {
    let place = environments::enter(&user.app, &user.actor, held.environment_id).await?;
    let ids: Vec<i64> = outcome.created.iter().chain(&outcome.changed).copied().collect();
    let statuses = secrets::statuses(&user.app, &ids).await?;
    let of = |wanted: &[SyncStatus]| -> i64 { wanted.iter().filter_map(|status| statuses.get(status)).sum() };
    let waiting = of(&[SyncStatus::Pending, SyncStatus::Syncing]);
    let (synced, troubled) = (of(&[SyncStatus::Synced]), of(&[SyncStatus::Failed, SyncStatus::OutOfSync]));
    let all = waiting + synced + troubled;
    let first = &ids[..ids.len().min(NAMED)];
    let named = secrets::among(&user.app, std::slice::from_ref(&place), first).await?;
    let rows = named.iter().map(|secret| DoneRow {
        id: secret.id,
        name: secret.name.clone(),
        what: Badge::of(if outcome.created.contains(&secret.id) { "new" } else { "changed" }),
        version: secret.current_version,
        sync: Badge::of(secret.sync_status().as_str()),
    });
    Ok(DonePage {
        shell: user.shell("secrets", "Import: done").await?,
        id: held.id,
        env: EnvRef::from(&place.environment),
        title: title(outcome),
        same: if outcome.same > 0 {
            format!("{} held the same value already.", count(outcome.same, "secret"))
        } else {
            String::new()
        },
        when: When::relative(held.updated_at, user.app.now()),
        done: synced,
        all,
        percent: synced * 100 / all.max(1),
        is_live: waiting > 0,
        note: match (all, troubled) {
            (0, _) => "The environment has no backend: there are no copies.".to_owned(),
            (_, 0) => format!("{synced} of {all} secrets are copied and read back"),
            (_, _) => format!("{synced} of {all} secrets are copied and read back, {troubled} failed"),
        },
        rows: rows.collect(),
        more: ids.len().checked_sub(named.len()).ok_or_else(|| Error::broken("more secrets than ids"))?,
    })
}

fn title(outcome: &Outcome) -> String {
    match (outcome.created.len(), outcome.changed.len()) {
        (new, 0) => format!("{} made", count(new, "secret")),
        (0, changed) => format!("{} changed", count(changed, "secret")),
        (new, changed) => format!("{} made, {changed} changed", count(new, "secret")),
    }
}
