//! GET /: what needs somebody.
use super::convert::{count, due_badge};
use super::environments::show::standing;
use super::extract::CurrentUser;
use super::glass;
use super::page::{Answer, html};
use super::rotations::index::waiting;
use super::views::charts::{BarChart, Datum, Share};
use super::views::dashboard::{
    DashboardPage, DueRow, Entered, ExpiringRow, FirstRun, HealthRow, Tile, TroubleRow,
};
use super::views::parts::{Badge, EnvRef, EventLine, When};
use super::views::words::sentence;
use super::when::date;
use crate::audit;
use crate::domain::enums::{Backend, Role, SecrecyLevel, SyncStatus};
use crate::domain::error::Result;
use crate::environments::{Act, Place, Verdict};
use crate::providers;
use crate::rotations;
use crate::secrets::{self, Due, Filter, Secret, Sort, Tallies};

/// Dates are counted to here and no further.
const MOST: usize = 1000;
const ROWS: u32 = 8;

pub async fn show(user: CurrentUser) -> Answer {
    let places = user.places().await?;
    let now = user.app.now();
    let all = Filter {
        environments: places.iter().map(|p| p.environment.id).collect(),
        limit: ROWS,
        ..Filter::default()
    };
    let of = |due| Filter { due: Some(due), ..all.clone() };
    let due = secrets::list(&user.app, &Filter { sort: Sort::Due, ..of(Due::Soon) }).await?.items;
    let expiring =
        secrets::list(&user.app, &Filter { sort: Sort::Expires, ..of(Due::Expiring) }).await?.items;
    let tallies = user.tallies().await?;
    let total: i64 = all.environments.iter().map(|id| tallies.of(*id)).sum();
    let soon = secrets::tally(&user.app, &of(Due::Soon), MOST + 1).await?;
    let is_manager = user.current.user.role >= Role::Manager;
    let may_create =
        places.iter().any(|p| p.may(&user.actor, Act::Change, SecrecyLevel::Internal) == Verdict::Yes);
    let env = |secret: &Secret| {
        places
            .iter()
            .find(|p| p.environment.id == secret.environment_id)
            .map(|p| EnvRef::from(&p.environment))
    };
    let view = DashboardPage {
        shell: user.shell("dashboard", "Dashboard").await?,
        sub: format!("{}, {}", count(places.len(), "environment"), count(total, "secret")),
        as_of: When::relative(now, now),
        first_run: (total == 0).then_some(FirstRun { has_environment: !places.is_empty(), may_create }),
        tiles: tiles(&user, &all, soon, tallies).await?,
        glass: glass::notes(&user, &all.environments, None).await?,
        entered: entered(&user).await?,
        sign_in: providers::all_troubles(&user.app, &user.actor).await?,
        waiting: waiting(&user, places, ROWS.into()).await?,
        due: due
            .iter()
            .filter_map(|s| {
                Some(DueRow {
                    id: s.id,
                    name: s.name.clone(),
                    env: env(s)?,
                    level: s.secrecy_level.as_str(),
                    badge: due_badge(s, now)?,
                    by_hand: rotations::is_by_hand(s).unwrap_or(true),
                })
            })
            .collect(),
        due_total: bounded(soon),
        trouble: trouble(&user, &all, places).await?,
        expiring: expiring
            .iter()
            .filter_map(|s| {
                Some(ExpiringRow {
                    id: s.id,
                    name: s.name.clone(),
                    env: env(s)?,
                    when: When::relative(s.expires_at?, now),
                })
            })
            .collect(),
        recent: recent(&user, places).await?,
        may_audit: is_manager,
        activity: if is_manager { Some(activity(&user).await?) } else { None },
        health: health(tallies, places),
    };
    html(&view)
}

/// Sign-ins past the identity provider, for a day: whoever did not expect one should hear of it.
async fn entered(user: &CurrentUser) -> Result<Vec<Entered>> {
    if user.current.user.role < Role::Manager {
        return Ok(Vec::new());
    }
    let now = user.app.now();
    let since = Some(now.minus(time::Duration::hours(24)));
    let filter =
        audit::Filter { actions: vec!["session.break_glass"], since, limit: 5, ..audit::Filter::default() };
    let lines = audit::list(&user.app, &filter).await?.items;
    Ok(lines
        .into_iter()
        .map(|line| Entered { who: line.actor_name, when: When::relative(line.at, now) })
        .collect())
}

async fn tiles(user: &CurrentUser, all: &Filter, soon: i64, tallies: &Tallies) -> Result<Vec<Tile>> {
    let overdue =
        secrets::tally(&user.app, &Filter { due: Some(Due::Overdue), ..all.clone() }, MOST + 1).await?;
    let failing = all.environments.iter().map(|id| tallies.failing(*id)).sum();
    let expiring =
        secrets::tally(&user.app, &Filter { due: Some(Due::Expiring), ..all.clone() }, MOST + 1).await?;
    let tile = |href, badge: Badge, number: i64, note: &str| Tile {
        href,
        badge,
        number: bounded(number),
        note: note.to_owned(),
    };
    Ok(vec![
        tile("/secrets?due=overdue", Badge::of("overdue"), overdue, "rotations that are late"),
        tile(
            "/secrets?due=soon",
            Badge::of("due").saying("Due in 14 days"),
            (soon - overdue).max(0),
            "not late yet",
        ),
        tile(
            "/secrets?status=failed",
            Badge::of("failed").saying("Failed or drifted"),
            failing,
            "copies that need a look",
        ),
        tile(
            "/secrets?due=expiring",
            Badge::of("expiring").saying("Expiring"),
            expiring,
            "within 30 days, or past",
        ),
    ])
}

async fn trouble(user: &CurrentUser, all: &Filter, places: &[Place]) -> Result<Vec<TroubleRow>> {
    let mut rows = Vec::new();
    for status in [SyncStatus::Failed, SyncStatus::OutOfSync] {
        for secret in secrets::list(&user.app, &Filter { status: Some(status), ..all.clone() }).await?.items {
            let Some(place) = places.iter().find(|p| p.environment.id == secret.environment_id) else {
                continue;
            };
            for copy in secrets::copies(&user.app, secret.id)
                .await?
                .iter()
                .filter(|copy| secret.status_of(copy.backend) == status)
            {
                let backend = if copy.backend == Backend::Aws { "AWS" } else { "Vault" };
                rows.push(TroubleRow {
                    id: secret.id,
                    name: secret.name.clone(),
                    env: (&place.environment).into(),
                    badge: Badge::of(status.as_str())
                        .saying(format!("{backend} {}", status.label().to_lowercase())),
                    what: sentence(copy.last_error.as_deref().unwrap_or_default()),
                    since: When::relative(secret.updated_at, user.app.now()),
                });
            }
        }
    }
    rows.truncate(ROWS as usize);
    Ok(rows)
}

async fn recent(user: &CurrentUser, places: &[Place]) -> Result<Vec<EventLine>> {
    let role = user.current.user.role;
    if role < Role::Manager {
        return Ok(Vec::new());
    }
    let within = (role != Role::Admin).then(|| places.iter().map(|p| p.environment.id).collect());
    let page =
        audit::list(&user.app, &audit::Filter { within, limit: ROWS, ..audit::Filter::default() }).await?;
    let icon = |action: &str| match action.split('.').next() {
        Some("session") => "user",
        Some("copy") => "upload",
        Some("rotation") => "refresh",
        Some("environment") => "server",
        _ => "key",
    };
    let line = |e: &audit::Line| EventLine {
        icon: icon(&e.action),
        text: format!("{}: {}", e.actor_name, e.action.replace(['.', '_'], " ")),
        on: e.target.clone(),
        href: e.secret_id.map(|id| format!("/secrets/{id}")),
        when: When::relative(e.at, user.app.now()),
        is_loud: e.outcome == "failed",
    };
    Ok(page.items.iter().map(line).collect())
}

async fn activity(user: &CurrentUser) -> Result<BarChart> {
    let days = audit::by_day(&user.app, 30).await?;
    let total: i64 = days.iter().map(|(_, n)| n).sum();
    let rows = days.iter().map(|(day, n)| (date(*day), *n)).collect();
    let last = days.len().saturating_sub(1);
    let datum = |(i, (day, n)): (usize, &(crate::kit::clock::Utc, i64))| Datum {
        label: match i {
            0 => date(*day),
            i if i == last => "today".to_owned(),
            _ => String::new(),
        },
        number: *n,
        fill: if i == last { "accent" } else { "ink" },
        told: false,
    };
    let data: Vec<Datum> = days.iter().enumerate().map(datum).collect();
    Ok(BarChart::new(format!("{total} audit events in 30 days"), ("Day", "Events"), rows, &data))
}

fn health(tallies: &Tallies, places: &[Place]) -> Vec<HealthRow> {
    let counted: Vec<(&Place, [i64; 4])> =
        places.iter().take(12).map(|place| (place, standing(tallies, place.environment.id))).collect();
    let widest = counted.iter().map(|(_, counts)| counts.iter().sum()).max().unwrap_or(1);
    let row = |(place, [synced, pending, out_of_sync, failed]): (&Place, [i64; 4])| HealthRow {
        env: (&place.environment).into(),
        parts: Share::parts(
            &[("ok", synced), ("wait", pending), ("warn", out_of_sync), ("bad", failed)],
            widest,
        ),
        total: synced + pending + out_of_sync + failed,
        synced,
        pending,
        out_of_sync,
        failed,
    };
    counted.into_iter().map(row).collect()
}

/// "14", or "1000+" where counting stopped.
fn bounded(count: i64) -> String {
    if usize::try_from(count).is_ok_and(|count| count > MOST) {
        format!("{MOST}+")
    } else {
        count.to_string()
    }
}
