//! GET /environments: those whose door is open to the reader.
use crate::domain::enums::Access;
use crate::environments::{Environment, Place};
use crate::secrets::Tallies;
use crate::web::extract::CurrentUser;
use crate::web::forms::part_or_page;
use crate::web::page::Answer;
use crate::web::views::environments::{EnvironmentRow, IndexPage};
use crate::web::views::parts::{Badge, Empty};

pub async fn index(user: CurrentUser) -> Answer {
    let tallies = user.tallies().await?;
    let mut rows = Vec::new();
    for place in user.places().await? {
        rows.push(row(place, tallies));
    }
    let empty = Empty {
        title: "No environment yet".into(),
        text: "Secrets belong to an environment. It says who may come in and where copies go.".into(),
        filtered: false,
    };
    let view = IndexPage { shell: user.shell("environments", "Environments").await?, rows, empty };
    part_or_page(&user, &view, &view.as_results())
}

fn row(place: &Place, tallies: &Tallies) -> EnvironmentRow {
    let environment = &place.environment;
    let (health, health_note) = match (environment.backends().next(), tallies.failing(environment.id)) {
        (None, _) => (Badge::of("not_configured"), String::new()),
        (_, 0) => (Badge::of("synced").saying("No trouble"), String::new()),
        (_, n) => (Badge::of("failed"), format!("{n} failed or drifted")),
    };
    EnvironmentRow {
        env: environment.into(),
        display_name: environment.display_name.clone(),
        access_label: access_label(environment).to_owned(),
        backends: backends(environment),
        health,
        health_note,
        secrets: tallies.of(environment.id).to_string(),
        is_active: environment.is_active,
    }
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
