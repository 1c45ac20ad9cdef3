//! /settings/keys: who keeps the key that wraps all others, what is wrapped with which, and how far a rewrap is.
use super::convert::count;
use super::extract::RequireAdmin;
use super::forms::part_or_page;
use super::page::{Answer, see_other_saying};
use super::views::keys::{HoldingRow, Progress, ShowPage};
use super::views::parts::{Badge, When};
use super::views::words::sentence;
use crate::app::{MANY, Shared};
use crate::config::Kms;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::rekey::{self, Holding, Rewrap};

pub async fn show(RequireAdmin(user): RequireAdmin) -> Answer {
    let app = &user.app;
    let latest = rekey::latest(app).await?;
    // While a rewrap runs its row knows the key, and the page that is renewed all the time asks nobody.
    let active = match &latest {
        Some(rewrap) if rewrap.is_running() => Ok(rewrap.key_id.clone()),
        _ => app.kms.active_key_id(&app.chance).await.map_err(|e| sentence(&words(&e))),
    };
    let holdings = rekey::holdings(app).await?;
    let others =
        holdings.iter().filter(|held| active.as_ref().is_ok_and(|active| *active != held.key_id)).count();
    let view = ShowPage {
        shell: user.shell("keys", "Keys").await?,
        provider: provider(app.kms.provider()),
        how: how(app),
        all_active: active.is_ok() && others == 0,
        may_start: active.is_ok() && latest.as_ref().is_none_or(|rewrap| !rewrap.is_running()),
        rows: holdings.iter().map(|held| row(held, active.as_deref().ok())).collect(),
        progress: match &latest {
            Some(rewrap) => Some(progress(app, rewrap, app.now()).await?),
            None => None,
        },
        active,
    };
    part_or_page(&user, &view, &view.as_progress())
}

/// POST /settings/keys/rewrap.
pub async fn rewrap(RequireAdmin(user): RequireAdmin) -> Answer {
    rekey::start(&user.app, &user.actor).await?;
    see_other_saying("/settings/keys", "rewrap")
}

/// Keeper's own words alone: the cause is for the log.
fn words(e: &Error) -> String {
    match e {
        Error::Unavailable { what, .. } => what.clone(),
        _ => "the key service cannot be asked; the log has the cause".to_owned(),
    }
}

fn provider(kms: Kms) -> &'static str {
    match kms {
        Kms::Local => "A key file on this machine",
        Kms::Aws => "AWS KMS",
        Kms::VaultTransit => "Transit engine of Vault",
    }
}

fn how(app: &Shared) -> &'static str {
    match app.kms.provider() {
        Kms::Local => "It is rotated on the machine: keeper keys rotate.",
        Kms::Aws => {
            "It is rotated at AWS, which still opens what its former material wrapped: only another key makes work here."
        }
        Kms::VaultTransit => {
            "It is rotated at Vault: vault write -f transit/keys/KEY/rotate, with your mount and key."
        }
    }
}

fn row(held: &Holding, active: Option<&str>) -> HoldingRow {
    HoldingRow {
        place: sentence(held.place.words()),
        key_id: held.key_id.clone(),
        count: if held.count > MANY { format!("more than {MANY}") } else { held.count.to_string() },
        state: match active {
            Some(active) if active == held.key_id => Badge::of("current").saying("Active key"),
            Some(_) => Badge::of("previous").saying("Another key"),
            None => Badge::of("unknown"),
        },
    }
}

async fn progress(app: &Shared, rewrap: &Rewrap, now: Utc) -> Result<Progress> {
    let done = rewrap.rewrapped + rewrap.failed;
    let all = rewrap.total.unwrap_or(0).max(done);
    let is_live = rewrap.is_running();
    let failed = match rewrap.failed {
        0 => String::new(),
        n => format!(" {} could not be wrapped anew: keep the former key.", count(n, "key")),
    };
    Ok(Progress {
        status: Badge::of(match (is_live, rewrap.failed) {
            (true, _) => "running",
            (false, 0) => "succeeded",
            _ => "failed",
        }),
        verdict: match (is_live, rewrap.total) {
            (true, None) => "Counting what there is to do.".to_owned(),
            (true, Some(_)) => format!("{done} of {all}.{failed}"),
            (false, _) => format!("{} wrapped anew.{failed}", count(rewrap.rewrapped, "key")),
        },
        percent: if is_live { done * 100 / all.max(1) } else { 100 },
        done,
        all,
        is_live,
        key_id: rewrap.key_id.clone(),
        who: rewrap.actor_name.clone(),
        begun: When::relative(rewrap.created_at, now),
        ended: rewrap.ended_at.map(|at| When::relative(at, now)),
        trouble: sentence(&rewrap.trouble),
        failures: rekey::failures(app, rewrap.id).await?.into_iter().map(|f| (f.label, f.why)).collect(),
        more: rewrap.failed > 50,
    })
}
