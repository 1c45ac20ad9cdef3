//! GET and POST /secrets/{id}/copies/{backend}: what becomes of one copy. Each offer says what follows from it.
use super::copies::beside;
use crate::domain::enums::Backend;
use crate::domain::error::{Error, Result};
use crate::environments::Act;
use crate::rotations::{self, Accept};
use crate::secrets::{self, Found};
use crate::sync::{self, Choice, Stores};
use crate::verify::Finding;
use crate::web::extract::{CurrentUser, Id, InBackend, RequireManager};
use crate::web::page::{Answer, html, see_other, see_other_saying, with_status};
use crate::web::views::copies::{ChoosePage, Offer};
use crate::web::views::parts::Form;
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

const LABELS: [(&str, &str); 2] = [("choice", "What becomes of it"), ("reason", "Reason")];

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ChooseForm {
    choice: String,
    /// The version that stood on the page, as the backend names it.
    there: String,
    /// The path that stood on the page.
    to: String,
    reason: String,
    row_version: String,
}

pub async fn ask(RequireManager(user): RequireManager, Id(id): Id, InBackend(backend): InBackend) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    found.demand(&user.actor, Act::Change)?;
    if !found.place.environment.has(backend) {
        return see_other(&format!("/secrets/{id}/copies"));
    }
    found.demand_proof_to_open(&user.actor, Act::Destroy, user.app.now())?;
    html(&page(&user, &found, backend, Form::default()).await?)
}

pub async fn choose(
    RequireManager(user): RequireManager,
    Id(id): Id,
    InBackend(backend): InBackend,
    Posted(posted): Posted<ChooseForm>,
) -> Answer {
    let home = format!("/secrets/{id}/copies");
    let done = match posted.choice.as_str() {
        "accept" => accept(&user, id, backend, &posted).await.map(Some),
        _ => decide(&user, id, backend, &posted).await.map(|()| None),
    };
    let refusal = match done {
        Ok(Some(rotation)) => return see_other(&format!("/rotations/{rotation}")),
        Ok(None) => return see_other_saying(&home, "chosen"),
        Err(e) => e,
    };
    let typed = Form { refusal: "Nothing was decided", ..Form::default() }
        .with("choice", posted.choice)
        .with("reason", posted.reason);
    let (status, form) = typed.refused(refusal, &LABELS, &format!("{home}/{}", backend.as_str()))?;
    let found = secrets::find(&user.app, &user.actor, id).await?;
    with_status(status, &page(&user, &found, backend, form).await?)
}

async fn accept(user: &CurrentUser, id: i64, backend: Backend, posted: &ChooseForm) -> Result<i64> {
    let wish = Accept {
        backend,
        there: &posted.there,
        reason: &posted.reason,
        breaks_glass: false,
        row_version: posted.row_version.parse().unwrap_or(0),
    };
    rotations::accept(&user.app, &Stores::default(), &user.actor, id, &wish).await
}

async fn decide(user: &CurrentUser, id: i64, backend: Backend, posted: &ChooseForm) -> Result<()> {
    let choice = match posted.choice.as_str() {
        "replace" if !posted.there.is_empty() => Choice::Replace { there: posted.there.clone() },
        "put_back" => Choice::PutBack,
        "unlink" => Choice::Unlink,
        "remove" => Choice::Remove,
        "link" => Choice::Link,
        "move" => Choice::Move { to: posted.to.clone() },
        "remove_left" => Choice::RemoveLeft,
        "leave_old" => Choice::LeaveOld,
        _ => return Err(Error::invalid("choice", "choose one of these")),
    };
    let row_version = posted.row_version.parse().unwrap_or(0);
    sync::choose(&user.app, &user.actor, (id, backend), &choice, (&posted.reason, row_version)).await?;
    // A rotation may have waited for this copy alone.
    rotations::settle(&user.app, id).await
}

async fn page(user: &CurrentUser, found: &Found, backend: Backend, form: Form) -> Result<ChoosePage> {
    let secret = &found.secret;
    let beside = beside(user, found, backend).await?;
    let is_linked = !secret.unlinked().contains(&backend);
    let seen = beside.seen.as_ref().map(|seen| seen.outcome);
    let there = beside.seen.as_ref().and_then(|seen| seen.remote_version.clone()).unwrap_or_default();
    let to = found.place.environment.path(backend, &secret.service_name, &secret.name);
    let form =
        form.with("there", there).with("row_version", secret.row_version.to_string()).with("to", to.as_str());
    let choices = match (&beside.left, is_linked && !beside.path.is_empty() && to != beside.path) {
        (Some(left), _) => about_left(backend, left),
        (None, true) => [vec![moving(&beside.path, &to)], offers(backend, is_linked, seen)].concat(),
        _ => offers(backend, is_linked, seen),
    };
    Ok(ChoosePage {
        shell: user.shell("secrets", format!("{} of {}", backend.title(), secret.name)).await?,
        id: secret.id,
        name: secret.name.clone(),
        env: (&found.place.environment).into(),
        key: backend.as_str(),
        place: backend.title(),
        path: beside.path,
        sides: beside.sides,
        found: beside.seen.map(|seen| seen.detail).unwrap_or_default(),
        choices,
        form,
    })
}

fn offer(value: &'static str, label: impl Into<String>, help: String) -> Offer {
    Offer { value, label: label.into(), help }
}

/// The first of two steps.
fn moving(from: &str, to: &str) -> Offer {
    let help = format!(
        "Step 1 of 2: Keeper’s value is pushed there, read back and compared. The copy at {from} stays. Step 2, when that is in order: you decide here whether it is removed."
    );
    offer("move", format!("Move it to {to}"), help)
}

/// The second.
fn about_left(backend: Backend, left: &str) -> Vec<Offer> {
    vec![
        offer(
            "leave_old",
            format!("Leave the old copy at {left}"),
            "Keeper forgets it and changes nothing there: its value grows old.".to_owned(),
        ),
        offer(
            "remove_left",
            format!("Remove the old copy at {left}"),
            format!("{} Whoever still reads it there finds nothing any more.", undoing(backend)),
        ),
    ]
}

fn undoing(backend: Backend) -> &'static str {
    match backend {
        Backend::Aws => "AWS deletes it after 30 days; until then it can be had back.",
        Backend::Vault => "Its newest version is deleted softly: Vault can bring it back.",
    }
}

/// What can be done with it as it was found.
fn offers(backend: Backend, is_linked: bool, seen: Option<Finding>) -> Vec<Offer> {
    let place = backend.title();
    if !is_linked {
        let help = format!(
            "The current value is pushed to {place} again. What is not Keeper’s there is left alone until you decide about it."
        );
        return vec![offer("link", "Keep the secret there again", help)];
    }
    let mut offers = Vec::new();
    if seen == Some(Finding::Foreign) {
        offers.push(offer(
            "replace",
            "Replace it with Keeper’s value",
            format!("What is there becomes this secret’s copy. {place} keeps its former value as an older version. If it has changed since, nothing is done."),
        ));
    }
    if matches!(seen, Some(Finding::Foreign | Finding::Differs)) {
        offers.push(offer(
            "accept",
            "Accept its value into Keeper",
            "It becomes this secret’s new version, and goes to the other copies like any new value. Where that waits for another person, it is asked for.".to_owned(),
        ));
    }
    if seen == Some(Finding::Missing) {
        offers.push(offer(
            "put_back",
            "Put the copy back",
            format!("A deletion that {place} can still undo is undone, and Keeper’s value is pushed."),
        ));
    }
    offers.push(offer(
        "unlink",
        "Leave it alone",
        format!("Keeper keeps this secret out of {place} from now on, and changes nothing there."),
    ));
    if !matches!(seen, Some(Finding::Foreign | Finding::Missing)) {
        let window = undoing(backend);
        offers.push(offer(
            "remove",
            "Remove the copy",
            format!("Keeper keeps this secret out of {place} from now on, and deletes its copy there. {window} Whoever reads it there finds nothing any more."),
        ));
    }
    offers
}
