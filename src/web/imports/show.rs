//! GET and POST /secrets/import/{id}: what would happen, row by row; then the import, and afterwards what it has done.
use super::done;
use crate::domain::enums::SecrecyLevel;
use crate::domain::error::Result;
use crate::environments::Act;
use crate::imports::{self, Fate, Plan, Planned, Preview, Verdict};
use crate::web::convert::count;
use crate::web::extract::{CurrentUser, Id, RequireManager, ValidQuery};
use crate::web::page::{Answer, html, see_other, see_other_saying, with_status};
use crate::web::secrets::show::size;
use crate::web::views::imports::{PreviewPage, RowView};
use crate::web::views::parts::{Badge, EnvRef, Form, Link, Pager, Tab};
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

/// Rows of one page.
const ROWS: usize = 100;

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct ShowQuery {
    /// A verdict, `mend` for what holds the import up, or nothing for all rows.
    show: String,
    after: usize,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ConfirmForm {
    seen: String,
    reason: String,
}

pub async fn show(
    RequireManager(user): RequireManager,
    Id(id): Id,
    ValidQuery(query): ValidQuery<ShowQuery>,
) -> Answer {
    let held = imports::find(&user.app, &user.actor, id).await?;
    if let Some(outcome) = imports::outcome(&held) {
        return done::show(&user, &held, &outcome).await;
    }
    let preview = imports::preview(&user.app, &user.actor, id).await?;
    let level = SecrecyLevel::Internal;
    preview.place.demand_proof_to_open(&user.actor, Act::Change, level, user.app.now())?;
    html(&page(&user, &preview, &query, Form::default()).await?)
}

pub async fn confirm(
    RequireManager(user): RequireManager,
    Id(id): Id,
    Posted(posted): Posted<ConfirmForm>,
) -> Answer {
    let done = imports::confirm(&user.app, &user.actor, id, &posted.seen, &posted.reason).await;
    let home = format!("/secrets/import/{id}");
    let form = Form { refusal: "Not imported", ..Form::default() }.with("reason", posted.reason);
    let (status, form) = match done {
        Ok(()) => return see_other(&home),
        Err(e) => form.refused(e, &[("reason", "Reason")], &home)?,
    };
    // Sent twice: the first one has done it, and its result is the answer.
    if imports::find(&user.app, &user.actor, id).await?.outcome.is_some() {
        return see_other(&home);
    }
    let preview = imports::preview(&user.app, &user.actor, id).await?;
    with_status(status, &page(&user, &preview, &ShowQuery::default(), form).await?)
}

pub async fn discard(RequireManager(user): RequireManager, Id(id): Id) -> Answer {
    imports::discard(&user.app, &user.actor, id).await?;
    see_other_saying("/secrets", "discarded")
}

async fn page(user: &CurrentUser, preview: &Preview, query: &ShowQuery, form: Form) -> Result<PreviewPage> {
    let Preview { held, place, plan, left_out } = preview;
    let to_mend = plan.count(Verdict::Conflict) + plan.count(Verdict::Invalid);
    let show = match query.show.as_str() {
        "" if to_mend > 0 => "mend",
        known @ ("mend" | "new" | "changed" | "same" | "conflict" | "invalid") => known,
        _ => "all",
    };
    let shown: Vec<&Planned> = plan.rows.iter().filter(|row| is_shown(row.verdict, show)).collect();
    let rows: Vec<&Planned> = shown.iter().copied().skip(query.after).take(ROWS).collect();
    let home = format!("/secrets/import/{}", held.id);
    let page_at = |after: usize| format!("{home}?show={show}&after={after}");
    let next = query.after.saturating_add(ROWS);
    Ok(PreviewPage {
        shell: user.shell("secrets", "Import: preview").await?,
        id: held.id,
        env: EnvRef::from(&place.environment),
        form,
        sub: format!(
            "{} of {}, nothing is imported yet.",
            count(plan.rows.len(), "row"),
            format_words(preview)
        ),
        seen: plan.fingerprint(),
        is_possible: plan.is_possible(),
        verdict: verdict(preview, to_mend),
        button: button(plan),
        asks_reason: place.asks(Act::Change, SecrecyLevel::Internal).reason,
        tabs: tabs(plan, &home, show, to_mend),
        pager: Pager {
            note: format!("{} of {}", rows.len(), count(shown.len(), "row")),
            previous: (query.after > 0).then(|| page_at(query.after.saturating_sub(ROWS))),
            next: (next < shown.len()).then(|| page_at(next)),
        },
        rows: rows.into_iter().map(|one| row(preview, one)).collect(),
        again: again(preview),
        left_out: left_out.iter().take(ROWS).map(|one| (one.path.clone(), one.why.clone())).collect(),
        more_left_out: left_out.len().saturating_sub(ROWS),
    })
}

fn is_shown(verdict: Verdict, show: &str) -> bool {
    match show {
        "all" => true,
        "mend" => matches!(verdict, Verdict::Conflict | Verdict::Invalid),
        show => verdict.as_str() == show,
    }
}

fn tabs(plan: &Plan, home: &str, show: &str, to_mend: usize) -> Vec<Tab> {
    let tab = |label, word: &str, count: usize| Tab {
        label,
        href: format!("{home}?show={word}"),
        current: show == word,
        count: i64::try_from(count).ok(),
    };
    let of = |verdict: Verdict| plan.count(verdict);
    vec![
        tab("To mend", "mend", to_mend),
        tab("New", "new", of(Verdict::New)),
        tab("Changed", "changed", of(Verdict::Changed)),
        tab("Same", "same", of(Verdict::Same)),
        tab("All", "all", plan.rows.len()),
    ]
}

fn verdict(preview: &Preview, to_mend: usize) -> String {
    let is_file = preview.held.origin().is_none();
    match to_mend {
        _ if preview.plan.is_possible() => String::new(),
        0 => "Every value is the one that is stored: there is nothing to import.".to_owned(),
        n => format!(
            "{} cannot be imported, and all rows go in together or not at all. {}",
            count(n, "row"),
            if is_file {
                "Mend the file and upload it again."
            } else {
                "Choose another folder, or other names."
            }
        ),
    }
}

fn again(preview: &Preview) -> Link {
    let id = preview.place.environment.id;
    match preview.held.origin() {
        None => {
            Link { href: format!("/secrets/import?environment={id}"), label: "Upload another file".into() }
        }
        Some(backend) => Link {
            href: format!("/secrets/import/backend?environment={id}&backend={}", backend.as_str()),
            label: "Choose anew".into(),
        },
    }
}

fn button(plan: &Plan) -> String {
    match (plan.count(Verdict::New), plan.count(Verdict::Changed)) {
        (new, 0) => format!("Make {}", count(new, "secret")),
        (0, changed) => format!("Give {} a new version", count(changed, "secret")),
        (new, changed) => format!("Make {}, give {changed} a new version", count(new, "secret")),
    }
}

fn format_words(preview: &Preview) -> &'static str {
    if let Some(backend) = preview.held.origin() {
        return backend.title();
    }
    match preview.held.format {
        imports::Format::Env => ".env",
        imports::Format::Json => "JSON",
        imports::Format::Csv => "CSV",
    }
}

/// What becomes of a new secret's value in the backend that it was read from.
fn fate(preview: &Preview, row: &Planned) -> String {
    let (Some(origin), Some(backend)) = (&row.origin, preview.held.origin()) else { return String::new() };
    let title = backend.title();
    match origin.fate {
        Fate::Adopted => format!("becomes its copy in {title}, unchanged"),
        Fate::Beside => format!("stays there; Keeper makes a copy at a path of its own in {title}"),
        Fate::LeftAlone => format!("stays there; Keeper keeps the secret out of {title}"),
    }
}

fn row(preview: &Preview, row: &Planned) -> RowView {
    let note = match (row.verdict, &row.secret) {
        (Verdict::Changed, Some(secret)) => {
            format!("version {} to {}", secret.current_version, secret.current_version + 1)
        }
        (Verdict::New, _) => fate(preview, row),
        (Verdict::Same, Some(secret)) => format!("version {} stays", secret.current_version),
        _ => row.why.clone(),
    };
    let is_plain = !matches!(row.verdict, Verdict::Invalid);
    RowView {
        at: row.at.to_string(),
        name: row.name.clone(),
        href: row.secret.as_ref().map(|secret| format!("/secrets/{}", secret.id)),
        state: Badge::of(row.verdict.as_str()),
        note,
        size: if is_plain { size(i64::try_from(row.length).unwrap_or(0)) } else { String::new() },
        digest: row.digest.map(Into::into),
        stored: row.stored.filter(|_| row.verdict == Verdict::Changed).map(Into::into),
    }
}
