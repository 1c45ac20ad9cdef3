//! GET /sources/{id}: what it is and which secrets are changed there; POST …/check: does Keeper get in?
use crate::domain::error::Result;
use crate::sources::{self, CheckStep, Source, Trust};
use crate::web::convert::engine_label;
use crate::web::extract::{CurrentUser, Id, RequireAdmin};
use crate::web::page::{Answer, html};
use crate::web::views::parts::{Link, Note, Step};
use crate::web::views::sources::{Played, ShowPage, SourceRow};
use crate::web::views::words::sentence;
use crate::web::when::date;

/// How many of its secrets the page names.
const SECRETS: u8 = 50;

pub async fn show(user: CurrentUser, Id(id): Id) -> Answer {
    html(&page(&user, id, None).await?)
}

pub async fn check(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let steps = sources::check_source(&user.app, &user.actor, id).await?;
    html(&page(&user, id, Some(played(&steps))).await?)
}

async fn page(user: &CurrentUser, id: i64, checked: Option<Played>) -> Result<ShowPage> {
    let found = sources::find(&user.app, &user.actor, id).await?;
    let named = sources::used_by(&user.app, &user.actor, id, 1 + i64::from(SECRETS)).await?;
    let link = |(id, name): &(i64, String)| Link { href: format!("/secrets/{id}"), label: name.clone() };
    Ok(ShowPage {
        shell: user.shell("environments", found.source.name.clone()).await?,
        source: row(&found.source),
        env: (&found.place.environment).into(),
        facts: facts(&found.source),
        secrets: named.iter().take(SECRETS.into()).map(link).collect(),
        is_more: named.len() > SECRETS.into(),
        checked,
        may_check: sources::may_check(&user.actor),
        may_change: sources::may_change(&user.actor, &found.place),
    })
}

pub fn row(source: &Source) -> SourceRow {
    let at = &source.address;
    SourceRow {
        id: source.id,
        name: source.name.clone(),
        engine: engine_label(at.engine),
        server: format!("{}:{}", at.host, at.port),
        user: at.user_name.clone(),
    }
}

fn facts(source: &Source) -> Vec<(&'static str, String)> {
    let at = &source.address;
    let database = if source.database_name.is_empty() { "the usual one" } else { &source.database_name };
    vec![
        ("Engine", engine_label(at.engine).to_owned()),
        ("Server", format!("{}:{}", at.host, at.port)),
        ("Database", database.to_owned()),
        ("TLS", trust_words(at.tls).to_owned()),
        ("Administrator", at.user_name.clone()),
        ("Its password", "sealed, and never shown".to_owned()),
        ("Made", date(source.created_at)),
        ("Changed", date(source.updated_at)),
    ]
}

fn trust_words(trust: Trust) -> &'static str {
    match trust {
        Trust::Machine => "the authorities of Keeper’s machine",
        Trust::Authority => "an authority of its own, too",
        Trust::Off => "none",
    }
}

fn played(steps: &[CheckStep]) -> Played {
    let gets_in = steps.iter().all(|step| step.verdict.is_ok());
    Played {
        verdict: if gets_in {
            verdict(true, "Keeper gets in.", "Nothing was changed there.")
        } else {
            verdict(
                false,
                "Keeper does not get in.",
                "The step that failed says why. Nothing was changed there.",
            )
        },
        steps: steps
            .iter()
            .map(|step| told(step.words, step.verdict.as_ref().err().map(String::as_str), String::new()))
            .collect(),
    }
}

pub fn verdict(is_good: bool, title: &str, text: &str) -> Note {
    Note {
        tone: if is_good { "ok" } else { "bad" },
        icon: if is_good { "circle-check" } else { "alert-octagon" },
        title: title.to_owned(),
        text: text.to_owned(),
        link: None,
    }
}

/// A step that was tried, and why it failed.
pub fn told(words: &str, failed: Option<&str>, end: String) -> Step {
    Step {
        state: if failed.is_none() { "done" } else { "failed" },
        title: sentence(words),
        end,
        text: failed.map(|why| format!("{}.", sentence(why))).unwrap_or_default(),
        ..Step::default()
    }
}
