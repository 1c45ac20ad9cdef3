//! GET /bulk/new names what is touched and how many before it happens; POST /bulk begins it.
use crate::bulk::{self, BulkInput, Kind, MOST};
use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::environments::Place;
use crate::kit::page::Cursor;
use crate::rotations;
use crate::secrets::{self, Secret};
use crate::sources;
use crate::web::convert::count;
use crate::web::extract::CurrentUser;
use crate::web::page::{Answer, html, see_other, with_status};
use crate::web::secrets::query::ListQuery;
use crate::web::views::bulk::NewPage;
use crate::web::views::parts::Form;
use axum::extract::RawQuery;
use axum_extra::extract::Form as Posted;
use std::collections::BTreeMap;

/// Secrets that the page names one by one.
const NAMED: usize = 20;
const LABELS: [(&str, &str); 4] =
    [("add", "Tags to add"), ("remove", "Tags to remove"), ("reason", "Reason"), ("do", "What to do")];

pub async fn new(user: CurrentUser, RawQuery(raw): RawQuery, Posted(input): Posted<BulkInput>) -> Answer {
    let kind = input.kind.parse::<Kind>().map_err(|e| Error::invalid("do", &e.to_string()))?;
    if kind == Kind::Sync {
        user.actor.demand(Role::Manager, "pushing again")?;
    }
    let places = user.places().await?;
    let ids: Vec<i64> = match ListQuery::of_all(raw.as_deref().unwrap_or_default())? {
        Some(list) => everything(&user, &list, places).await?,
        None => input.ids.iter().filter_map(|id| id.parse().ok()).take(MOST).collect(),
    };
    let chosen = secrets::among(&user.app, places, &ids).await?;
    if chosen.is_empty() {
        return see_other("/secrets");
    }
    if let Some(act) = kind.act() {
        for (secret, place) in with_places(&chosen, places) {
            place.demand_proof_to_open(&user.actor, act, secret.secrecy_level, user.app.now())?;
        }
    }
    html(&page(&user, kind, &chosen, places, Form::default()).await?)
}

pub async fn start(user: CurrentUser, Posted(input): Posted<BulkInput>) -> Answer {
    let form = Form { refusal: "Not begun", ..Form::default() }
        .with("add", &input.add)
        .with("remove", &input.remove)
        .with("reason", &input.reason);
    let kind = input.kind.parse::<Kind>().map_err(|e| Error::invalid("do", &e.to_string()))?;
    let ids: Vec<i64> = input.ids.iter().filter_map(|id| id.parse().ok()).take(MOST).collect();
    let begun = match input.parse() {
        Ok(wish) => bulk::start(&user.app, &user.actor, wish).await,
        Err(e) => Err(e),
    };
    let (status, form) = match begun {
        Ok(id) => return see_other(&format!("/bulk/{id}")),
        Err(e) => form.refused(e, &LABELS, "/secrets")?,
    };
    let places = user.places().await?;
    let chosen = secrets::among(&user.app, places, &ids).await?;
    with_status(status, &page(&user, kind, &chosen, places, form).await?)
}

/// Everything that the list shows on all of its pages.
async fn everything(user: &CurrentUser, list: &ListQuery, places: &[Place]) -> Result<Vec<i64>> {
    let mut filter = list.filter(places)?;
    (filter.cursor, filter.limit) = (Cursor::First, 500);
    let mut ids = Vec::new();
    loop {
        let page = secrets::list(&user.app, &filter).await?;
        ids.extend(page.items.iter().map(|secret| secret.id));
        match page.next {
            _ if ids.len() > MOST => {
                let why = format!("the list holds more than {MOST} secrets: filter it first");
                return Err(Error::Conflict(why));
            }
            Some(next) => filter.cursor = Cursor::After(next),
            None => return Ok(ids),
        }
    }
}

fn with_places<'a>(
    chosen: &'a [Secret],
    places: &'a [Place],
) -> impl Iterator<Item = (&'a Secret, &'a Place)> {
    let place = |secret: &Secret| places.iter().find(|place| place.environment.id == secret.environment_id);
    chosen.iter().filter_map(move |secret| place(secret).map(|place| (secret, place)))
}

async fn page(
    user: &CurrentUser,
    kind: Kind,
    chosen: &[Secret],
    places: &[Place],
    form: Form,
) -> Result<NewPage> {
    let n = chosen.len();
    let secrets = count(n, "secret");
    let (title, text, button) = match kind {
        Kind::Tag => (
            format!("Tag {secrets}"),
            "Tags that are named below are put on or taken off; the others stay.",
            format!("Change the tags of {secrets}"),
        ),
        Kind::Sync => (
            format!("Sync {secrets} again"),
            "Their current versions are pushed to the backends once more, and read back.",
            format!("Sync {secrets} again"),
        ),
        Kind::SwitchOff => (
            format!("Switch {secrets} off"),
            "They disappear from lists and are neither pushed nor rotated. Nothing is lost: versions and copies stay.",
            format!("Switch {secrets} off"),
        ),
        Kind::Rotate => (
            format!("Rotate {secrets}"),
            "Each gets a new value that Keeper makes, by its own policy or that of its type, and its copies follow.",
            format!("Rotate {secrets}"),
        ),
    };
    let grave =
        |(secret, place): (&Secret, &Place)| kind.asks_reason(&user.actor, place, secret.secrecy_level);
    let is_production = with_places(chosen, places).any(|(_, place)| place.environment.is_production);
    Ok(NewPage {
        shell: user.shell("secrets", title.clone()).await?,
        stage: if is_production { "production" } else { "" },
        title,
        text: text.to_owned(),
        button,
        kind: kind.as_str(),
        is_tag: kind == Kind::Tag,
        is_danger: kind == Kind::SwitchOff,
        asks_reason: with_places(chosen, places).any(grave),
        facts: if kind == Kind::Rotate { facts(user, chosen, places).await? } else { Vec::new() },
        names: with_places(chosen, places)
            .take(NAMED)
            .map(|(secret, place)| format!("{}/{}", place.environment.name, secret.name))
            .collect(),
        more: n.saturating_sub(NAMED),
        ids: chosen.iter().map(|secret| secret.id).collect(),
        form,
    })
}

/// What a rotation of these would meet.
async fn facts(user: &CurrentUser, chosen: &[Secret], places: &[Place]) -> Result<Vec<String>> {
    let mut by_environment: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut by_hand, mut asked) = (0, 0);
    for (secret, place) in with_places(chosen, places) {
        *by_environment.entry(&place.environment.name).or_default() += 1;
        asked += usize::from(place.waits(&user.actor, secret.secrecy_level));
        by_hand += usize::from(rotations::makes_alone(secret)?.is_none());
    }
    let ids: Vec<i64> = chosen.iter().map(|secret| secret.id).collect();
    let at_source = sources::used_among(&user.app, &ids).await?;
    let environments: Vec<String> =
        by_environment.into_iter().map(|(name, n)| format!("{n} in {name}")).collect();
    let mut facts = vec![format!("{}.", environments.join(", "))];
    if by_hand > 0 {
        facts.push(format!("Keeper cannot make a value for {by_hand} of them: they will be refused."));
    }
    if asked > 0 {
        facts.push(format!("{asked} of them wait until another person has approved it."));
    }
    if at_source > 0 {
        facts.push(format!(
            "{at_source} of them get their new password at a source, where the old one stops working."
        ));
    }
    Ok(facts)
}
