//! GET /rotations/{id}: what was done, step by step, and what is in force where. Always the truth of this moment. And what a
//! person may do with one that has not ended well, or not yet.
use super::index::what;
use super::request;
use super::truth::{is_switched, step_view, verdict};
use crate::domain::enums::{Role, RotationStatus, StepStatus, SyncStatus};
use crate::domain::error::{Error, Result};
use crate::environments::Act;
use crate::rotations::{self, Mode, Rotation, Standing};
use crate::secrets::{self, Copy, Found, Version};
use crate::sources;
use crate::web::extract::{CurrentUser, Id};
use crate::web::forms::part_or_page;
use crate::web::glass;
use crate::web::page::{Answer, see_other};
use crate::web::secrets::plan::plan;
use crate::web::secrets::show::{digest, size};
use crate::web::views::parts::{Badge, Form, Step as StepView, When};
use crate::web::views::rotations::{Acts, Equality, RotationRef, ShowPage};

pub async fn show(user: CurrentUser, Id(id): Id) -> Answer {
    let rotation = rotations::find(&user.app, &user.actor, id).await?;
    let found = secrets::find(&user.app, &user.actor, rotation.secret_id).await?;
    let view = page(&user, &rotation, &found, Form::default()).await?;
    part_or_page(&user, &view, &view.as_rotation())
}

pub async fn page(user: &CurrentUser, rotation: &Rotation, found: &Found, form: Form) -> Result<ShowPage> {
    let steps = rotations::steps(&user.app, rotation.id).await?;
    let copies = secrets::copies(&user.app, found.secret.id).await?;
    let version = match rotation.to_version {
        Some(number) => Some(secrets::version(&user.app, found.secret.id, number).await?),
        None => None,
    };
    let history = rotations::of_secret(&user.app, found.secret.id, 6).await?;
    let standing = rotations::standing(&user.app, rotation).await?;
    let may_act = found.demand(&user.actor, Act::Rotate).is_ok();
    let is_failed = rotation.status == RotationStatus::Failed;
    let is_current = rotation.to_version == Some(found.secret.current_version);
    let now = user.app.now();
    let done = steps.iter().filter(|step| step.status == StepStatus::Done).count();
    let (done, all) =
        (i64::try_from(done).map_err(Error::broken)?, i64::try_from(steps.len()).map_err(Error::broken)?);
    let waiting = rotations::request(&user.app, rotation).await?;
    let request = waiting.as_ref().map(|waiting| request::view(user, found, waiting)).transpose()?;
    let changes = waiting.as_ref().map(request::changes).unwrap_or_default();
    let is_asked = request.as_ref().is_some_and(|r| r.may_decide || r.prove.is_some());
    let told = waiting.as_ref().and_then(|waiting| request::verdict(waiting, found, is_asked, now));
    let took = rotation.started_at.zip(rotation.finished_at).map(|(from, to)| to.since(from));
    Ok(ShowPage {
        shell: user.shell("rotations", format!("Rotation {}", rotation.id)).await?,
        id: rotation.id,
        secret: found.secret.name.clone(),
        secret_id: found.secret.id,
        env: (&found.place.environment).into(),
        status: Badge::of(rotation.status.as_str()),
        sub: vec![what(rotation), format!("by {}", rotation.actor_name)],
        verdict: told.or_else(|| verdict(rotation, standing, found, now)),
        steps_title: match rotation.status {
            RotationStatus::AwaitingApproval => "What would happen",
            _ if changes.is_empty() => "Steps",
            RotationStatus::Succeeded => "What changed",
            _ => "What was asked for",
        },
        steps_note: if steps.is_empty() { String::new() } else { format!("{done} of {all} done") },
        steps: match rotation.status {
            _ if !changes.is_empty() => changes,
            RotationStatus::AwaitingApproval => planned(user, found, &copies).await?,
            _ => steps.iter().map(|step| step_view(step, rotation, version.as_ref(), &copies)).collect(),
        },
        took: took.map(|took| format!("{:.1} s", took.as_seconds_f64())).unwrap_or_default(),
        done,
        all,
        percent: done * 100 / all.max(1),
        is_live: rotation.status == RotationStatus::Running,
        proof: proof(rotation, found, version.as_ref(), &copies),
        public_half: version
            .as_ref()
            .filter(|_| rotation.mode == Mode::Generated.as_str())
            .and_then(|version| version.public_half.clone()),
        facts: facts(rotation, version.as_ref(), waiting.is_some()),
        history: history
            .iter()
            .map(|r| RotationRef {
                id: r.id,
                status: Badge::of(r.status.as_str()),
                when: When::relative(r.created_at, now),
            })
            .collect(),
        acts: Acts {
            push: is_failed && is_current && user.current.user.role >= Role::Manager,
            restore: (is_failed && is_current && is_switched(rotation, found) && may_act)
                .then(|| format!("/secrets/{}/versions/{}/restore", found.secret.id, rotation.from_version)),
            lead_back: may_act && standing == Standing::UnderWay,
            again: may_act && standing == Standing::Parked,
        },
        request,
        form,
        glass: glass::notes(user, &[rotation.environment_id], Some(rotation.secret_id)).await?,
    })
}

/// What would happen if it were approved now.
async fn planned(user: &CurrentUser, found: &Found, copies: &[Copy]) -> Result<Vec<StepView>> {
    let strategy = sources::described(&user.app, &user.actor, found.secret.id).await?;
    Ok(plan(found, copies, strategy.as_ref(), None))
}

/// POST /rotations/{id}/cancel
pub async fn cancel(user: CurrentUser, Id(id): Id) -> Answer {
    rotations::cancel(&user.app, &user.actor, id).await?;
    see_other(&format!("/rotations/{id}"))
}

/// POST /rotations/{id}/retry: the way back, once more.
pub async fn retry(user: CurrentUser, Id(id): Id) -> Answer {
    rotations::again(&user.app, &user.actor, id).await?;
    see_other(&format!("/rotations/{id}"))
}

fn proof(rotation: &Rotation, found: &Found, version: Option<&Version>, copies: &[Copy]) -> Option<Equality> {
    let version = version.filter(|v| {
        rotation.status == RotationStatus::Succeeded
            && v.number == found.secret.current_version
            && !copies.is_empty()
    })?;
    let equal = found.secret.sync_status() == SyncStatus::Synced
        && copies.iter().all(|copy| copy.digest() == version.digest());
    Some(Equality {
        badge: Badge::of(if equal { "equal" } else { "differs" }),
        digest: Some(digest(version)),
        text: if equal {
            format!("Keeper and {} copies, read back and compared", copies.len())
        } else {
            "not every copy holds this value now".to_owned()
        },
    })
}

fn mode_words(mode: &str) -> &str {
    match mode {
        "restored" => "a former version's",
        "promoted" => "from another environment",
        "imported" => "brought in from outside",
        other => other,
    }
}

/// What was asked for says itself what value it is, and how long.
fn facts(rotation: &Rotation, version: Option<&Version>, is_asked: bool) -> Vec<(&'static str, String)> {
    let mut facts = vec![("By", rotation.actor_name.clone())];
    if !is_asked {
        facts.push(("Value", mode_words(&rotation.mode).to_owned()));
    }
    if let Some(version) = version.filter(|_| !is_asked) {
        facts.push(("Length", size(version.length)));
    }
    if !rotation.reason.is_empty() {
        facts.push(("Reason", rotation.reason.clone()));
    }
    facts
}
