//! New and edit: one form for the server, whom to believe there, and Keeper's administrator. Its password goes in and never comes out.
use crate::domain::error::{Error, Result};
use crate::environments::{self, Place};
use crate::remote::sources::SourceEngine;
use crate::sources::{self, Source, SourceInput, Trust};
use crate::web::convert::engine_label;
use crate::web::extract::{CurrentUser, Id, RequireAdmin};
use crate::web::page::{Answer, html, see_other_saying, with_status};
use crate::web::views::parts::{Choice, Conflict, Form, Link};
use crate::web::views::sources::FormPage;
use axum::http::StatusCode;
use axum_extra::extract::Form as Posted;

const LABELS: [(&str, &str); 10] = [
    ("name", "Name"),
    ("engine", "Engine"),
    ("host", "Server"),
    ("port", "Port"),
    ("database_name", "Database"),
    ("tls", "TLS"),
    ("authority", "Authority"),
    ("user_name", "Administrator"),
    ("password", "Password"),
    ("reason", "Reason"),
];

pub async fn new(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let place = environments::enter(&user.app, &user.actor, id).await?;
    sources::demand_to_open(&user.app, &user.actor, &place)?;
    let form =
        Form::default().with("engine", SourceEngine::Postgres.as_str()).with("tls", Trust::Machine.as_str());
    html(&page(&user, &place, None, form).await?)
}

pub async fn create(
    RequireAdmin(user): RequireAdmin,
    Id(id): Id,
    Posted(input): Posted<SourceInput>,
) -> Answer {
    let place = environments::enter(&user.app, &user.actor, id).await?;
    let typed = typed(&input);
    let made = match input.parse(&user.app) {
        Ok(new) => sources::create(&user.app, &user.actor, id, new).await,
        Err(e) => Err(e),
    };
    let (status, form) = match made {
        Ok(made) => return see_other_saying(&format!("/sources/{made}"), "created"),
        Err(e) => typed.refused(e, &LABELS, &format!("/environments/{id}/sources/new"))?,
    };
    with_status(status, &page(&user, &place, None, form).await?)
}

pub async fn edit(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let found = sources::find(&user.app, &user.actor, id).await?;
    sources::demand_to_open(&user.app, &user.actor, &found.place)?;
    let form = stored(&found.source);
    html(&page(&user, &found.place, Some(&found.source), form).await?)
}

pub async fn save(
    RequireAdmin(user): RequireAdmin,
    Id(id): Id,
    Posted(input): Posted<SourceInput>,
) -> Answer {
    let found = sources::find(&user.app, &user.actor, id).await?;
    let typed = typed(&input);
    let saved = match input.parse(&user.app) {
        Ok(new) => sources::update(&user.app, &user.actor, id, new).await,
        Err(e) => Err(e),
    };
    let (status, form) = match saved {
        Ok(()) => return see_other_saying(&format!("/sources/{id}"), "saved"),
        Err(Error::Conflict(_)) => return conflict(&user, id, typed).await,
        Err(e) => typed.refused(e, &LABELS, &format!("/sources/{id}/edit"))?,
    };
    with_status(status, &page(&user, &found.place, Some(&found.source), form).await?)
}

/// Both sides, field by field. The next save is meant to go over theirs: it carries their row version.
async fn conflict(user: &CurrentUser, id: i64, typed: Form) -> Answer {
    let found = sources::find(&user.app, &user.actor, id).await?;
    let words = |_: &str, raw: &str| if raw.is_empty() { "empty".to_owned() } else { raw.to_owned() };
    let anew = format!("/sources/{id}/edit");
    let both = Conflict::between(&stored(&found.source), &typed, &LABELS, words, anew);
    let form = typed.with("row_version", found.source.row_version.to_string());
    let mut page = page(user, &found.place, Some(&found.source), form).await?;
    page.conflict = Some(both);
    with_status(StatusCode::CONFLICT, &page)
}

async fn page(user: &CurrentUser, place: &Place, source: Option<&Source>, form: Form) -> Result<FormPage> {
    let environment = format!("/environments/{}", place.environment.id);
    let home =
        source.map(|source| Link { href: format!("/sources/{}", source.id), label: source.name.clone() });
    let title = home.as_ref().map_or_else(|| "New source".to_owned(), |home| format!("Edit {}", home.label));
    Ok(FormPage {
        shell: user.shell("environments", title).await?,
        env: (&place.environment).into(),
        action: home
            .as_ref()
            .map_or_else(|| format!("{environment}/sources/new"), |home| format!("{}/edit", home.href)),
        cancel: home.as_ref().map_or(environment, |home| home.href.clone()),
        source: home,
        form,
        engines: SourceEngine::ALL.iter().copied().map(engine).collect(),
        trusts: sources::offered(&user.app).into_iter().map(trust).collect(),
        wants_reason: sources::asks_reason(place),
        conflict: None,
    })
}

fn engine(one: SourceEngine) -> Choice {
    let help = match one {
        SourceEngine::Postgres => "Port 5432 unless another is named.",
        SourceEngine::Mysql => "MariaDB, too. Port 3306 unless another is named.",
    };
    let (value, label) = (one.as_str().into(), engine_label(one).into());
    Choice { value, label, help: help.into(), on: false }
}

fn trust(one: Trust) -> Choice {
    let (label, help) = match one {
        Trust::Machine => ("Verified", "By the public authorities and those of Keeper’s machine."),
        Trust::Authority => ("Verified by its own authority", "By certificates that are given below, too."),
        Trust::Off => ("None", "In development alone, and to this machine itself."),
    };
    Choice { value: one.as_str().into(), label: label.into(), help: help.into(), on: false }
}

/// Everything that was typed, but the password.
fn typed(input: &SourceInput) -> Form {
    Form::default()
        .with("name", &input.name)
        .with("engine", &input.engine)
        .with("host", &input.host)
        .with("port", &input.port)
        .with("database_name", &input.database_name)
        .with("tls", &input.tls)
        .with("authority", &input.authority)
        .with("user_name", &input.user_name)
        .with("reason", &input.reason)
        .with("row_version", &input.row_version)
}

fn stored(source: &Source) -> Form {
    let at = &source.address;
    Form::default()
        .with("name", &source.name)
        .with("engine", at.engine.as_str())
        .with("host", &at.host)
        .with("port", at.port.to_string())
        .with("database_name", &source.database_name)
        .with("tls", at.tls.as_str())
        .with("authority", &at.authority)
        .with("user_name", &at.user_name)
        .with("row_version", source.row_version.to_string())
}
