//! GET /environments/{id}/copies: how the last comparison of an environment's copies went, what differs and what was added.
//! POST …/compare: all of them now.
use crate::domain::enums::{Backend, Role, SecrecyLevel};
use crate::domain::error::{Error, Result};
use crate::domain::rules;
use crate::environments::{self, Act, Place};
use crate::kit::clock::Utc;
use crate::kit::page::Cursor;
use crate::verify::{self, Comparison, Drifted, Stray};
use crate::web::convert::count;
use crate::web::extract::{CurrentUser, Id, RequireManager, ValidQuery};
use crate::web::forms::part_or_page;
use crate::web::page::{Answer, see_other_saying};
use crate::web::views::drift::{CopiesPage, DriftRow, Progress, StrayRow};
use crate::web::views::parts::{Badge, Link, Pager, When};
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

const ROWS: usize = 50;
/// Strays that the page names.
const STRAYS: usize = 200;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct CopiesQuery {
    after: String,
    before: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct CompareForm {
    whole: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct StrayForm {
    stray: String,
}

pub async fn show(user: CurrentUser, Id(id): Id, ValidQuery(query): ValidQuery<CopiesQuery>) -> Answer {
    let place = environments::enter(&user.app, &user.actor, id).await?;
    let view = page(&user, &place, &query).await?;
    part_or_page(&user, &view, &view.as_outcome())
}

pub async fn compare(
    RequireManager(user): RequireManager,
    Id(id): Id,
    Posted(form): Posted<CompareForm>,
) -> Answer {
    verify::compare_all(&user.app, &user.actor, id, form.whole.is_some()).await?;
    see_other_saying(&format!("/environments/{id}/copies"), "comparing")
}

pub async fn let_be(
    RequireManager(user): RequireManager,
    Id(id): Id,
    Posted(form): Posted<StrayForm>,
) -> Answer {
    environments::enter(&user.app, &user.actor, id).await?;
    let stray = rules::id(&form.stray).map_err(|why| Error::invalid("stray", &why.to_string()))?;
    verify::let_be(&user.app, &user.actor, id, stray).await?;
    see_other_saying(&format!("/environments/{id}/copies"), "let-be")
}

async fn page(user: &CurrentUser, place: &Place, query: &CopiesQuery) -> Result<CopiesPage> {
    let (environment, app, now) = (&place.environment, &user.app, user.app.now());
    let id = environment.id;
    let cursor = Cursor::read(&query.after, &query.before);
    let found = verify::drifted(app, id, &cursor, ROWS).await?;
    let latest = verify::latest(app, id).await?;
    let strays = verify::strays(app, id, STRAYS + 1).await?;
    let has_backend = environment.backends().next().is_some();
    let may_change = user.current.user.role >= Role::Manager
        && place.may(&user.actor, Act::Change, SecrecyLevel::Internal) == environments::Verdict::Yes;
    let page_at = |word: &str, key: &String| format!("/environments/{id}/copies?{word}={key}");
    Ok(CopiesPage {
        shell: user.shell("environments", format!("Copies of {}", environment.name)).await?,
        env: environment.into(),
        has_backend,
        may_compare: has_backend
            && may_change
            && latest.as_ref().is_none_or(|comparison| comparison.ended_at.is_some()),
        progress: latest.as_ref().map(|comparison| progress(comparison, now)),
        pager: Pager {
            note: count(found.items.len(), "row"),
            previous: found.previous.as_ref().map(|key| page_at("before", key)),
            next: found.next.as_ref().map(|key| page_at("after", key)),
        },
        rows: found.items.iter().map(|one| row(one, may_change, now)).collect(),
        more_strays: strays.len() > STRAYS,
        strays: strays.iter().take(STRAYS).map(|one| stray(one, now)).collect(),
        imports: if user.current.user.role == Role::Admin { imports(place, &strays) } else { Vec::new() },
        may_change,
        renewed_at: match (found.items.is_empty(), &cursor) {
            (false, Cursor::After(key)) => page_at("after", key),
            (false, Cursor::Before(key)) => page_at("before", key),
            _ => format!("/environments/{id}/copies"),
        },
    })
}

/// Where an admin takes over what was added, backend by backend.
fn imports(place: &Place, strays: &[Stray]) -> Vec<Link> {
    let environment = &place.environment;
    let link = |backend: Backend| {
        let folder = environment.folder(backend)?;
        let (id, key) = (environment.id, backend.as_str());
        Some(Link {
            href: format!("/secrets/import/backend?environment={id}&backend={key}&folder={folder}"),
            label: format!("Import from {}…", backend.title()),
        })
    };
    let found = |backend: &Backend| strays.iter().any(|one| one.backend == *backend);
    environment.backends().filter(found).filter_map(link).collect()
}

fn progress(comparison: &Comparison, now: Utc) -> Progress {
    let is_live = comparison.ended_at.is_none();
    let all = comparison.total.max(comparison.compared);
    let well = comparison.different + comparison.added == 0;
    let given_up: Vec<&str> = comparison.given_up().into_iter().map(Backend::title).collect();
    Progress {
        status: match (is_live, well, comparison.unknown) {
            (true, ..) => Badge::of("running"),
            (_, false, _) => Badge::of("differs"),
            (_, _, 0) => Badge::of("equal"),
            _ => Badge::of("unknown"),
        },
        verdict: if is_live {
            format!("{} of {all} compared. {}", comparison.compared, tally(comparison))
        } else {
            format!("{} compared. {}", count_of(comparison.compared), tally(comparison))
        },
        is_live,
        done: comparison.compared,
        all,
        percent: comparison.compared * 100 / all.max(1),
        who: if comparison.asked_by.is_empty() {
            "Keeper, as every night".to_owned()
        } else {
            comparison.asked_by.clone()
        },
        how: match (comparison.is_whole, comparison.asked_by.is_empty()) {
            (true, _) => "Every value was read back.",
            (_, false) => "By version and mark; values were read back where these had changed.",
            (_, true) => {
                "By version and mark; values were read back where these had changed, and of every seventh secret."
            }
        },
        begun: When::relative(comparison.began_at, now),
        ended: comparison.ended_at.map(|at| When::relative(at, now)),
        given_up: given_up.join(" and "),
        unlisted: comparison.unlisted.clone(),
    }
}

fn tally(comparison: &Comparison) -> String {
    let told = [
        (comparison.different, "differs", "differ"),
        (comparison.unknown, "could not be asked about", "could not be asked about"),
        (comparison.added, "was added", "were added"),
    ];
    let words = |(n, one, many): &(i64, &str, &str)| format!("{n} {}", if *n == 1 { one } else { many });
    let told: Vec<String> = told.iter().filter(|(n, ..)| *n > 0).map(words).collect();
    match told.as_slice() {
        [] if comparison.ended_at.is_some() => "All is where it has to be.".to_owned(),
        [] => String::new(),
        told => format!("{}.", told.join(", ")),
    }
}

fn count_of(n: i64) -> String {
    count(usize::try_from(n).unwrap_or(0), "secret")
}

fn row(one: &Drifted, may_change: bool, now: Utc) -> DriftRow {
    let backend = one.place.backend();
    DriftRow {
        id: one.secret_id,
        name: one.name.clone(),
        place: one.place.title(),
        finding: Badge::of(one.outcome.as_str()),
        here: one.here().map(Into::into),
        there: one.there().map(Into::into),
        when: When::relative(one.checked_at, now),
        href: match backend {
            Some(backend) if may_change => format!("/secrets/{}/copies/{}", one.secret_id, backend.as_str()),
            Some(_) => format!("/secrets/{}/copies", one.secret_id),
            None => format!("/secrets/{}", one.secret_id),
        },
        action: if may_change && backend.is_some() { "Decide…" } else { "Look" },
    }
}

fn stray(one: &Stray, now: Utc) -> StrayRow {
    StrayRow {
        id: one.id,
        path: one.path.clone(),
        place: one.backend.title(),
        since: When::relative(one.created_at, now),
    }
}
