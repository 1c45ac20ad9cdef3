//! What waits for another person, on the rotation's page, and POST /rotations/{id}/approve, /reject and /withdraw.
use super::show::page;
use crate::domain::enums::RotationStatus::{Cancelled, Expired, Rejected, Succeeded, Withdrawn};
use crate::domain::error::{Error, Result};
use crate::environments::Act;
use crate::kit::clock::Utc;
use crate::rotations::{self, Outlook, Rotation, Waiting};
use crate::secrets::{self, Found};
use crate::web::extract::{CurrentUser, Id, RequireManager};
use crate::web::page::{Answer, see_other, with_status};
use crate::web::secrets::show::size;
use crate::web::views::parts::{Form, Note, Step, When};
use crate::web::views::rotations::RequestView;
use crate::web::views::words::sentence;
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

const LABELS: [(&str, &str); 2] = [("reason", "Reason"), ("new_value", "The value")];

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct RejectForm {
    reason: String,
}

pub async fn approve(RequireManager(user): RequireManager, Id(id): Id) -> Answer {
    let done = rotations::approve(&user.app, &user.actor, id).await;
    told(&user, id, Form { refusal: "Not approved", ..Form::default() }, done).await
}

pub async fn reject(
    RequireManager(user): RequireManager,
    Id(id): Id,
    Posted(posted): Posted<RejectForm>,
) -> Answer {
    let done = rotations::reject(&user.app, &user.actor, id, &posted.reason).await;
    let form = Form { refusal: "Not rejected", ..Form::default() }.with("reason", posted.reason);
    told(&user, id, form, done).await
}

pub async fn withdraw(user: CurrentUser, Id(id): Id) -> Answer {
    let done = rotations::withdraw(&user.app, &user.actor, id).await;
    told(&user, id, Form { refusal: "Not withdrawn", ..Form::default() }, done).await
}

async fn told(user: &CurrentUser, id: i64, form: Form, done: Result<()>) -> Answer {
    let (status, form) = match done {
        Ok(()) => return see_other(&format!("/rotations/{id}")),
        Err(e) => form.refused(e, &LABELS, &format!("/rotations/{id}"))?,
    };
    let rotation = rotations::find(&user.app, &user.actor, id).await?;
    let found = secrets::find(&user.app, &user.actor, rotation.secret_id).await?;
    with_status(status, &page(user, &rotation, &found, form).await?)
}

pub fn view(user: &CurrentUser, found: &Found, waiting: &Waiting) -> Result<RequestView> {
    let (request, rotation, now) = (&waiting.request, &waiting.rotation, user.app.now());
    let outlook = waiting.outlook(&found.secret, now);
    let level = found.secret.secrecy_level;
    let may_decide = matches!(outlook, Outlook::Open | Outlook::Void | Outlook::Expired)
        && found.place.demand_decider(&user.actor, rotation.actor_id, level).is_ok();
    let is_proved = found.place.demand_proof_to_open(&user.actor, Act::Rotate, level, now);
    let mut facts = Vec::new();
    if request.summary.is_empty() {
        facts.push(("Value", value(waiting)?));
    }
    facts.extend(request.length.map(|length| ("Length", size(length))));
    if outlook == Outlook::Open {
        facts.push(("Void after", When::relative(request.expires_at, now).utc));
    }
    facts.extend(request.decider_name.clone().map(|name| ("Decided by", name)));
    if !request.remark.is_empty() {
        facts.push(("Remark", request.remark.clone()));
    }
    Ok(RequestView {
        digest: request.digest().map(Into::into),
        facts,
        may_decide: may_decide && is_proved.is_ok(),
        prove: matches!(is_proved, Err(Error::ProofNeeded))
            .then(|| format!("/step-up?next=/rotations/{}", rotation.id))
            .filter(|_| may_decide),
        may_withdraw: rotation.is_of(&user.actor) && outlook != Outlook::Decided,
    })
}

fn value(waiting: &Waiting) -> Result<String> {
    let request = &waiting.request;
    Ok(match (request.policy()?, request.former) {
        (Some(policy), _) => format!("made by Keeper when it is approved: {}", policy.describe()),
        (_, Some(number)) => format!("that of version {number}"),
        _ if waiting.rotation.mode == "promoted" => "of another environment".to_owned(),
        _ => "typed by whoever asked; nobody is shown it".to_owned(),
    })
}

/// What changes of how the secret is rotated, as the steps of the page; none where it is a value that changes.
pub fn changes(waiting: &Waiting) -> Vec<Step> {
    let state = if waiting.rotation.status == Succeeded { "done" } else { "" };
    let step = |line: &str| Step { state, title: line.to_owned(), ..Step::default() };
    waiting.request.summary.lines().map(step).collect()
}

/// How it stands, in a sentence.
pub fn verdict(waiting: &Waiting, found: &Found, may_decide: bool, now: Utc) -> Option<Note> {
    let rotation = &waiting.rotation;
    let note = |tone, icon, title: &str, text: String| {
        Some(Note { tone, icon, title: title.to_owned(), text, link: None })
    };
    match waiting.outlook(&found.secret, now) {
        Outlook::Open if may_decide => note(
            "warn",
            "hourglass",
            "It waits for you, or another manager.",
            format!(
                "{} asks for it. Nothing has changed yet: read the plan and the reason, then decide.",
                rotation.actor_name
            ),
        ),
        Outlook::Open => note(
            "warn",
            "hourglass",
            "It waits for another person.",
            "A manager or an admin who may change this secret decides on it. Nothing has changed yet."
                .to_owned(),
        ),
        Outlook::Void => note(
            "bad",
            "ban",
            "Void: the secret has changed since this was asked for.",
            "It cannot be approved any more. Look at the secret as it is now, and ask anew.".to_owned(),
        ),
        Outlook::Expired => note(
            "bad",
            "ban",
            "Expired: nobody decided on it in time.",
            "It cannot be approved any more. Ask anew.".to_owned(),
        ),
        Outlook::Decided if !waiting.request.summary.is_empty() && rotation.status == Succeeded => {
            note("ok", "circle-check", "Approved.", "It is rotated in this way from now on.".to_owned())
        }
        Outlook::Decided => closed(rotation, &waiting.request.remark),
    }
}

fn closed(rotation: &Rotation, remark: &str) -> Option<Note> {
    let title = match rotation.status {
        Rejected => "Rejected.",
        Withdrawn => "Withdrawn.",
        Expired => "Expired.",
        Cancelled => "Void.",
        _ => return None,
    };
    let text = format!("Nothing has changed. {}", sentence(remark));
    Some(Note {
        tone: "",
        icon: "circle-minus",
        title: title.to_owned(),
        text: text.trim().to_owned(),
        link: None,
    })
}
