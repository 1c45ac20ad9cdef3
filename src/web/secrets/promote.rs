//! Promoting a value: choose where to, look at both sides, give the reason. Ends on the rotation there, or on the new secret.
use super::approval::approval;
use super::show::size;
use crate::domain::enums::Access;
use crate::domain::error::{Error, Result};
use crate::environments::{self, Act, Verdict};
use crate::rotations::{self, Look, Promote, Promoted, look};
use crate::secrets::{self, Found, Likeness, Version};
use crate::web::extract::{CurrentUser, Id, ValidQuery};
use crate::web::page::{Answer, html, see_other, see_other_saying, weight, with_status};
use crate::web::views::parts::{Badge, Choice, Form, Link, Note, Step};
use crate::web::views::sides::{PromotePage, PromotePlan, SideView};
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

const LABELS: [(&str, &str); 2] = [("to", "Environment"), ("reason", "Reason")];

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct To {
    to: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PromoteForm {
    to: String,
    number: String,
    reason: String,
    break_glass: Option<String>,
    row_version: String,
}

pub async fn ask(user: CurrentUser, Id(id): Id, ValidQuery(query): ValidQuery<To>) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    found.demand(&user.actor, Act::Reveal)?;
    if !found.secret.is_active {
        return see_other(&format!("/secrets/{id}"));
    }
    let looked = match query.to.parse() {
        Ok(to) => {
            let looked = look(&user.app, &user.actor, id, to).await?;
            looked.demand_proof_to_open(&user.actor, user.app.now())?;
            Some(looked)
        }
        Err(_) => None,
    };
    html(&page(&user, &found, Form::default(), looked).await?)
}

pub async fn promote(user: CurrentUser, Id(id): Id, Posted(posted): Posted<PromoteForm>) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    let typed = Form { refusal: "Not promoted", ..Form::default() }.with("reason", &posted.reason);
    let done = match posted.to.parse() {
        Ok(to) => rotations::promote(&user.app, &user.actor, id, &posted.wish(to)).await,
        Err(_) => Err(Error::invalid("to", "choose an environment")),
    };
    let (status, form) = match done {
        Ok(Promoted::Changed(rotation)) => return see_other(&format!("/rotations/{rotation}")),
        Ok(Promoted::Created(new)) => return see_other_saying(&format!("/secrets/{new}"), "promoted"),
        Err(e) => typed.refused(e, &LABELS, &format!("/secrets/{id}/promote?to={}", posted.to))?,
    };
    found.demand(&user.actor, Act::Reveal)?;
    let looked = match posted.to.parse() {
        Ok(to) => Some(look(&user.app, &user.actor, id, to).await?),
        Err(_) => None,
    };
    with_status(status, &page(&user, &found, form, looked).await?)
}

impl PromoteForm {
    fn wish(&self, to: i64) -> Promote {
        Promote {
            to,
            number: self.number.parse().unwrap_or(0),
            reason: self.reason.clone(),
            breaks_glass: self.break_glass.is_some(),
            row_version: self.row_version.parse().unwrap_or(0),
        }
    }
}

async fn page(user: &CurrentUser, found: &Found, form: Form, looked: Option<Look>) -> Result<PromotePage> {
    let to = looked.as_ref().map(|looked| looked.target.environment.id);
    let stage = looked.as_ref().map_or(&found.place, |looked| &looked.target);
    Ok(PromotePage {
        shell: user.shell("secrets", format!("Promote {}", found.secret.name)).await?,
        id: found.secret.id,
        name: found.secret.name.clone(),
        env: (&found.place.environment).into(),
        stage: weight(&stage.environment),
        targets: targets(user, found, to).await?,
        form,
        approval: looked
            .as_ref()
            .and_then(|looked| looked.there.as_ref())
            .and_then(|(there, _)| approval(user, there)),
        plan: looked.map(|looked| plan(&looked)),
    })
}

/// Where the rules of both sides let it go; what they say of a secret that is there already is asked with the choice.
pub async fn targets(user: &CurrentUser, found: &Found, to: Option<i64>) -> Result<Vec<Choice>> {
    let places = user.places().await?;
    let level = found.secret.secrecy_level;
    let may = |place: &&environments::Place| {
        rotations::may_promote(&user.actor, &found.place, level, place, None) == Verdict::Yes
    };
    let choice = |place: &environments::Place| Choice {
        value: place.environment.id.to_string(),
        label: place.environment.name.clone(),
        help: String::new(),
        on: to == Some(place.environment.id),
    };
    Ok(places.iter().filter(may).map(choice).collect())
}

fn plan(looked: &Look) -> PromotePlan {
    let (source, target) = (&looked.source, &looked.target);
    let number = looked.value.number;
    let (from, to) = (&source.place.environment, &target.environment);
    PromotePlan {
        to: to.into(),
        number,
        row_version: looked.there.as_ref().map_or(0, |(found, _)| found.secret.row_version),
        from: side(source, &looked.value),
        there: looked.there.as_ref().map(|(found, version)| side(found, version)),
        state: match looked.likeness() {
            None => Badge::of("not_configured").saying(format!("{} does not have it yet", to.name)),
            Some(Likeness::Equal) => Badge::of("equal").saying("The two values are equal"),
            Some(_) => Badge::of("differs").saying("The two values differ"),
        },
        notes: notes(looked),
        steps: steps(looked),
        compare: Link {
            href: format!("/environments/compare?left={}&right={}", from.id, to.id),
            label: format!("{} beside {}", from.name, to.name),
        },
    }
}

fn side(found: &Found, version: &Version) -> SideView {
    SideView {
        id: found.secret.id,
        version: version.number,
        size: size(version.length),
        digest: version.digest().map(Into::into),
        level: found.secret.secrecy_level.as_str(),
    }
}

fn notes(looked: &Look) -> Vec<Note> {
    let (from, to) = (&looked.source.place.environment, &looked.target.environment);
    let note = |title: String, text: &str| Note {
        tone: "warn",
        icon: "users",
        title,
        text: text.to_owned(),
        link: None,
    };
    let mut notes = Vec::new();
    if from.access == Access::Members && to.access == Access::Open {
        let text =
            "Whoever may reveal there can read the value then, not the members of this environment alone.";
        notes.push(note(format!("{} is open to everybody who is signed in.", to.name), text));
    }
    if looked.there.is_none() && looked.source.secret.expires_at.is_some() {
        let text = "If its expiry date has passed, it is left out; look at it there.";
        notes.push(note("The new secret gets the same metadata.".into(), text));
    }
    notes
}

fn steps(looked: &Look) -> Vec<Step> {
    let (name, to) = (&looked.source.secret.name, &looked.target.environment);
    let step = |title: String, text: String| Step { title, text, ..Step::default() };
    let first = match &looked.there {
        Some((_, version)) => step(
            format!("Seal version {} of {}/{name}", version.number + 1, to.name),
            format!("Version {} becomes the previous one and can be brought back.", version.number),
        ),
        None => step(
            format!("Make {}/{name}", to.name),
            "A new secret with the same metadata, level and rotation plan; its first version holds the value.".into(),
        ),
    };
    let there = looked.there.as_ref().map_or(&[][..], |(there, _)| there.secret.unlinked());
    let copies = to.backends().filter(|backend| !there.contains(backend)).map(|backend| Step {
        path: Some(to.path(backend, &looked.source.secret.service_name, name)),
        ..step(format!("Copy to {}", backend.title()), "Pushed, read back and compared by digest.".into())
    });
    let log = step(
        "Record it on both sides".into(),
        "An event here and one there, with your name and reason.".into(),
    );
    std::iter::once(first).chain(copies).chain([log]).collect()
}
