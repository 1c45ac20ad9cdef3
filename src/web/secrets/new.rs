//! GET /secrets/new and POST /secrets: a form that is refused keeps everything but the value.
use super::form::{SecretForm, labels, levels, typed, types};
use super::{policy, window};
use crate::crypto::generate::PolicyInput;
use crate::domain::enums::SecrecyLevel;
use crate::domain::error::{Error, Result};
use crate::environments::{self, Act, Place, Verdict};
use crate::secrets;
use crate::web::extract::{CurrentUser, ValidQuery};
use crate::web::forms::line_ends;
use crate::web::page::{Answer, html, see_other_saying, weight, with_status};
use crate::web::views::parts::{Form, Link};
use crate::web::views::places::PlaceChoice;
use crate::web::views::secrets::NewPage;
use axum::http::StatusCode;
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct NewQuery {
    environment: String,
}

pub async fn new(user: CurrentUser, ValidQuery(query): ValidQuery<NewQuery>) -> Answer {
    // An environment that was chosen already asks for its proof before anything is typed.
    if let Ok(id) = query.environment.parse() {
        let place = environments::enter(&user.app, &user.actor, id).await?;
        place.demand(&user.actor, Act::Change, SecrecyLevel::Internal)?;
        place.demand_proof_to_open(&user.actor, Act::Change, SecrecyLevel::Internal, user.app.now())?;
    }
    let form = policy::with(Form::default(), &PolicyInput::of(None));
    let form = window::with(form, &window::stored(None))
        .with("mode", "typed")
        .with("environment_id", query.environment)
        .with("secrecy_level", "confidential")
        .with("secret_type", "password");
    html(&page(&user, form).await?)
}

pub async fn create(user: CurrentUser, Posted(mut form): Posted<SecretForm>) -> Answer {
    form.input.value = line_ends(form.input.value.take(), &form.line_end);
    let typed = typed(&form.input);
    let made = match form.input.parse_create(user.app.now()) {
        Ok(new) => secrets::create(&user.app, &user.actor, new).await,
        Err(e) => Err(e),
    };
    let (status, form) = match made {
        Ok(id) => return see_other_saying(&format!("/secrets/{id}"), "created"),
        Err(Error::Invalid(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, typed.failing(&errors, &labels())),
        Err(Error::ProofNeeded) => {
            let next = format!("/secrets/new?environment={}", typed.get("environment_id"));
            (StatusCode::FORBIDDEN, typed.unproved(&next))
        }
        Err(e) => return Err(e.into()),
    };
    with_status(status, &page(&user, form).await?)
}

async fn page(user: &CurrentUser, form: Form) -> Result<NewPage> {
    let visible = user.places().await?;
    let may = |p: &&Place| p.may(&user.actor, Act::Change, SecrecyLevel::Internal) == Verdict::Yes;
    let places: Vec<&Place> = visible.iter().filter(may).collect();
    if places.is_empty() {
        return Err(Error::Forbidden("there is no environment in which you may make a secret: an admin makes environments and opens their doors".into()));
    }
    // Where a proof is missing it is asked before the form is filled in, not after: those stand beside it as links.
    let now = user.app.now();
    let chosen = |p: &Place| p.environment.id.to_string() == form.get("environment_id");
    let proved = |p: &Place| {
        p.demand_proof_to_open(&user.actor, Act::Change, SecrecyLevel::Internal, now).is_ok() || chosen(p)
    };
    let (open, locked): (Vec<&Place>, Vec<&Place>) = places.iter().partition(|p| proved(p));
    if open.is_empty() {
        return Err(Error::ProofNeeded);
    }
    let stage = open.iter().find(|p| chosen(p) || open.len() == 1).map_or("", |p| weight(&p.environment));
    Ok(NewPage {
        shell: user.shell("secrets", "New secret").await?,
        types: types(),
        levels: levels(user, &places),
        environments: open.iter().map(|p| PlaceChoice::of(p, chosen(p) || open.len() == 1)).collect(),
        locked: locked.iter().map(|p| link(p)).collect(),
        policies: policy::offer_all(),
        days: window::days(),
        zones: window::ZONES.as_slice(),
        asks_reason: false,
        stage,
        form,
    })
}

fn link(place: &Place) -> Link {
    let environment = &place.environment;
    Link { href: format!("/secrets/new?environment={}", environment.id), label: environment.name.clone() }
}
