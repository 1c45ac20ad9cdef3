//! GET /rotations/{id}: what was done, step by step, and what is in force where. Always the truth of this moment.
use super::index::what;
use crate::domain::enums::{Role, RotationStatus, StepStatus, SyncStatus};
use crate::domain::error::{Error, Result};
use crate::rotations::{self, Rotation, Step};
use crate::secrets::{self, Copy, Found, Version};
use crate::web::extract::{CurrentUser, Id};
use crate::web::forms::part_or_page;
use crate::web::page::Answer;
use crate::web::secrets::show::{digest, size};
use crate::web::views::parts::{Badge, Digest, Note, Step as StepView, When, sentence};
use crate::web::views::rotations::{Equality, RotationRef, ShowPage};

pub async fn show(user: CurrentUser, Id(id): Id) -> Answer {
    let rotation = rotations::find(&user.app, &user.actor, id).await?;
    let found = secrets::find(&user.app, &user.actor, rotation.secret_id).await?;
    let view = page(&user, &rotation, &found).await?;
    part_or_page(&user, &view, &view.as_rotation())
}

async fn page(user: &CurrentUser, rotation: &Rotation, found: &Found) -> Result<ShowPage> {
    let steps = rotations::steps(&user.app, rotation.id).await?;
    let copies = secrets::copies(&user.app, found.secret.id).await?;
    let version = match rotation.to_version {
        Some(number) => Some(secrets::version(&user.app, found.secret.id, number).await?),
        None => None,
    };
    let history = rotations::of_secret(&user.app, found.secret.id, 6).await?;
    let now = user.app.now();
    let done = steps.iter().filter(|step| step.status == StepStatus::Done).count();
    let (done, all) =
        (i64::try_from(done).map_err(Error::broken)?, i64::try_from(steps.len()).map_err(Error::broken)?);
    let took = rotation.started_at.zip(rotation.finished_at).map(|(from, to)| to.since(from));
    Ok(ShowPage {
        shell: user.shell("rotations", format!("Rotation {}", rotation.id)).await?,
        id: rotation.id,
        secret: found.secret.name.clone(),
        secret_id: found.secret.id,
        env: (&found.place.environment).into(),
        status: Badge::of(rotation.status.as_str()),
        sub: vec![what(rotation), format!("by {}", rotation.actor_name)],
        verdict: verdict(rotation, found),
        steps: steps.iter().map(|step| step_view(step, rotation, version.as_ref(), &copies)).collect(),
        steps_note: format!("{done} of {all} done"),
        took: took.map(|took| format!("{:.1} s", took.as_seconds_f64())).unwrap_or_default(),
        done,
        all,
        percent: done * 100 / all.max(1),
        is_live: rotation.status == RotationStatus::Running,
        proof: proof(rotation, found, version.as_ref(), &copies),
        facts: facts(rotation, version.as_ref()),
        history: history
            .iter()
            .map(|r| RotationRef {
                id: r.id,
                status: Badge::of(r.status.as_str()),
                when: When::relative(r.created_at, now),
            })
            .collect(),
        may_push: rotation.status == RotationStatus::Failed
            && user.current.user.role >= Role::Manager
            && rotation.to_version == Some(found.secret.current_version),
    })
}

fn verdict(rotation: &Rotation, found: &Found) -> Option<Note> {
    let to = rotation.to_version.unwrap_or_default();
    let superseded = found.secret.current_version != to;
    let (tone, icon, title, text) = match rotation.status {
        RotationStatus::Succeeded if superseded => (
            "ok",
            "circle-check",
            "Succeeded.".to_owned(),
            format!("Version {} is current by now.", found.secret.current_version),
        ),
        RotationStatus::Succeeded => {
            ("ok", "circle-check", "Succeeded.".to_owned(), format!("Version {to} is in force everywhere."))
        }
        RotationStatus::Failed => {
            let text = "A copy could not be brought up to date; the step below says why. Mend the cause, then push the copies again.".to_owned();
            (
                "bad",
                "alert-octagon",
                format!("Version {to} is in force in Keeper, and not in every copy."),
                text,
            )
        }
        _ => return None,
    };
    Some(Note { tone, icon, title, text, link: None })
}

fn step_view(step: &Step, rotation: &Rotation, version: Option<&Version>, copies: &[Copy]) -> StepView {
    let copy = step.backend().and_then(|backend| copies.iter().find(|copy| copy.backend == backend));
    let to = rotation.to_version.unwrap_or_default();
    let title = match (step.step.as_str(), step.backend()) {
        ("value", _) => format!("Sealed version {to}"),
        ("switch", _) => format!("Made version {to} current"),
        (_, Some(backend)) => format!("Copy to {}", backend.title()),
        (other, None) => other.to_owned(),
    };
    let (state, todo) = match step.status {
        StepStatus::Waiting | StepStatus::Skipped => ("waiting", None),
        StepStatus::Running => ("running", None),
        StepStatus::Done => ("done", None),
        StepStatus::Failed => ("failed", Some("Look at the backend, then push again.".to_owned())),
        StepStatus::Undone => ("undone", None),
    };
    let digest = match step.step.as_str() {
        "value" => version.map(digest),
        _ => copy.filter(|_| step.status == StepStatus::Done).and_then(Copy::digest).map(Digest::from),
    };
    StepView {
        state,
        title,
        end: step.finished_at.map(|at| When::clock(at).text + " UTC").unwrap_or_default(),
        when: None,
        text: sentence(&step.detail),
        path: copy.map(|copy| copy.remote_path.clone()),
        digest,
        todo,
    }
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
        "imported" => "from a file",
        other => other,
    }
}

fn facts(rotation: &Rotation, version: Option<&Version>) -> Vec<(&'static str, String)> {
    let mut facts =
        vec![("By", rotation.actor_name.clone()), ("Value", mode_words(&rotation.mode).to_owned())];
    if let Some(version) = version {
        facts.push(("Length", size(version.length)));
    }
    if !rotation.reason.is_empty() {
        facts.push(("Reason", rotation.reason.clone()));
    }
    facts
}
