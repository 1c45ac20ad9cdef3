//! GET /environments: those whose door is open to the reader.
use crate::domain::enums::Access;
use crate::domain::error::Result;
use crate::environments::{self, Environment, Place};
use crate::secrets::{self, Filter};
use crate::web::extract::CurrentUser;
use crate::web::forms::part_or_page;
use crate::web::page::Answer;
use crate::web::views::environments::{EnvironmentRow, IndexPage};
use crate::web::views::parts::{Badge, Empty};

/// Counting stops here.
const MOST: i64 = 1000;

pub async fn index(user: CurrentUser) -> Answer {
    let failing = secrets::failing(&user.app).await?;
    let mut rows = Vec::new();
    for place in environments::visible(&user.app, &user.actor).await? {
        let failed = failing.get(&place.environment.id).copied().unwrap_or(0);
        rows.push(row(&user, &place, failed).await?);
    }
    let empty = Empty {
        title: "No environment yet".into(),
        text: "Secrets belong to an environment. It says who may come in and where copies go.".into(),
        filtered: false,
    };
    let view = IndexPage { shell: user.shell("environments", "Environments").await?, rows, empty };
    part_or_page(&user, &view, &view.as_results())
}

async fn row(user: &CurrentUser, place: &Place, failed: i64) -> Result<EnvironmentRow> {
    let environment = &place.environment;
    let (health, health_note) = match (environment.backends().next(), failed) {
        (None, _) => (Badge::of("not_configured"), String::new()),
        (_, 0) => (Badge::of("synced").saying("No trouble"), String::new()),
        (_, n) => (Badge::of("failed"), format!("{n} failed or drifted")),
    };
    Ok(EnvironmentRow {
        env: environment.into(),
        display_name: environment.display_name.clone(),
        access_label: access_label(environment).to_owned(),
        backends: backends(environment),
        health,
        health_note,
        secrets: count(user, environment.id).await?,
        is_active: environment.is_active,
    })
}

/// "14", or "1000+" where counting stopped.
pub async fn count(user: &CurrentUser, environment_id: i64) -> Result<String> {
    let filter = Filter { environments: vec![environment_id], ..Filter::default() };
    Ok(bounded(secrets::tally(&user.app, &filter, MOST + 1).await?))
}

pub fn bounded(count: i64) -> String {
    if count > MOST { format!("{MOST}+") } else { count.to_string() }
}

pub fn access_label(environment: &Environment) -> &'static str {
    match environment.access {
        Access::Open => "Everybody who is signed in",
        Access::Members => "Members only",
    }
}

fn backends(environment: &Environment) -> String {
    let names: Vec<&str> = environment.backends().map(crate::domain::enums::Backend::title).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
