//! A rotation in words: how it stands in one sentence, and what each of its steps did.
use crate::domain::enums::{RotationStatus, StepStatus};
use crate::kit::clock::Utc;
use crate::rotations::{Rotation, Standing, Step, StepKind};
use crate::secrets::{Copy, Found, Version};
use crate::web::secrets::show::digest;
use crate::web::views::parts::{Digest, Note, Step as StepView, When};
use crate::web::views::words::sentence;

pub fn verdict(rotation: &Rotation, standing: Standing, found: &Found, now: Utc) -> Option<Note> {
    let (from, to) = (rotation.from_version, rotation.to_version.unwrap_or_default());
    let current = found.secret.current_version;
    let told = |tone, icon, title: String, text: String| Some(Note { tone, icon, title, text, link: None });
    match (rotation.status, standing) {
        (RotationStatus::Running, Standing::UnderWay | Standing::LeadingBack) => {
            // A moment's wait is no news.
            let at = rotation.run_at.filter(|at| rotation.attempts > 0 && !rotation.is_leased() && *at > now)?;
            let text = format!(
                "Version {from} is in force in Keeper, and nothing is lost. Tried again at {} UTC; the step below says what it waits for.",
                When::clock(at).text
            );
            told("warn", "clock", "It waits.".to_owned(), text)
        }
        (RotationStatus::Succeeded, _) if current != to => {
            told("ok", "circle-check", "Succeeded.".to_owned(), format!("Version {current} is current by now."))
        }
        (RotationStatus::Succeeded, _) => {
            told("ok", "circle-check", "Succeeded.".to_owned(), format!("Version {to} is in force everywhere."))
        }
        (RotationStatus::Failed, Standing::Parked) => told(
            "bad",
            "alert-octagon",
            format!("Version {from} is in force in Keeper. What the source holds is not known."),
            format!(
                "It may be version {to}, which is kept and can be revealed among the versions. When the source answers again, try again; or see to its password yourself and take over."
            ),
        ),
        (RotationStatus::Failed, _) if !is_switched(rotation, found) => told(
            "bad",
            "alert-octagon",
            format!("Nothing has changed: version {from} stayed in force."),
            "The step below says why. Mend the cause, then rotate again.".to_owned(),
        ),
        (RotationStatus::Failed, _) => told(
            "bad",
            "alert-octagon",
            format!("Version {to} is in force in Keeper, and not in every copy."),
            "A copy could not be brought up to date; the step below says why. Mend the cause and push the copies again, or bring the former version back.".to_owned(),
        ),
        _ => None,
    }
}

/// Whether its value came into force.
pub fn is_switched(rotation: &Rotation, found: &Found) -> bool {
    rotation.to_version.is_some_and(|to| to <= found.secret.current_version) && !rotation.is_undoing
}

pub fn step_view(step: &Step, rotation: &Rotation, version: Option<&Version>, copies: &[Copy]) -> StepView {
    let copy = step.backend().and_then(|backend| copies.iter().find(|copy| copy.backend == backend));
    let (state, todo) = match step.status {
        StepStatus::Waiting | StepStatus::Skipped => ("waiting", None),
        StepStatus::Running => ("running", None),
        StepStatus::Done => ("done", None),
        StepStatus::Failed if copy.is_some() => {
            ("failed", Some("Look at the backend, then push again.".to_owned()))
        }
        StepStatus::Failed => ("failed", None),
        StepStatus::Undone => ("undone", None),
    };
    let digest = match step.step {
        StepKind::Value => version.map(digest),
        _ => copy.filter(|_| step.status == StepStatus::Done).and_then(Copy::digest).map(Digest::from),
    };
    StepView {
        state,
        title: title(step, rotation.to_version.unwrap_or_default()),
        end: step.finished_at.map(|at| When::clock(at).text + " UTC").unwrap_or_default(),
        when: None,
        text: sentence(&step.detail),
        path: copy.map(|copy| copy.remote_path.clone()),
        digest,
        todo,
    }
}

/// Said as done, or as still to do.
fn title(step: &Step, to: i64) -> String {
    let is_done = step.status == StepStatus::Done;
    match (step.step, step.backend()) {
        (_, Some(backend)) => format!("Copy to {}", backend.title()),
        (StepKind::Value, _) => format!("Sealed version {to}"),
        (StepKind::Source, _) if step.status == StepStatus::Undone => "Undone at the source".to_owned(),
        (StepKind::Source, _) if is_done => "Changed at the source".to_owned(),
        (StepKind::Source, _) => "Change at the source".to_owned(),
        (StepKind::Try, _) if is_done => "Signed in there with the new value".to_owned(),
        (StepKind::Try, _) => "Sign in there with the new value".to_owned(),
        (_, None) if is_done => format!("Made version {to} current"),
        (_, None) => format!("Make version {to} current"),
    }
}
