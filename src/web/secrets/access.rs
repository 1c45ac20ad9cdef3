//! GET /secrets/{id}/access: who could read the value, and why; who did, and when. For managers and admins.
use super::head::head;
use crate::audit::{self, Filter, Line};
use crate::domain::error::Result;
use crate::environments::Act;
use crate::kit::clock::Utc;
use crate::kit::page::Cursor;
use crate::secrets::{self, Found, Reach, Reader};
use crate::web::convert::outcome_badge;
use crate::web::extract::{CurrentUser, Id, RequireManager, ValidQuery};
use crate::web::forms::part_or_page;
use crate::web::page::{Answer, role_label};
use crate::web::views::access::{AccessPage, ReadRow, ReaderRow};
use crate::web::views::parts::{Badge, Pager, Tab, When};
use serde::{Deserialize, Serialize};

/// Rows of each of the two lists.
const PAGE: usize = 50;
/// What takes a value out of its place.
const READS: [&str; 2] = ["secret.revealed", "secret.promoted"];

#[derive(Deserialize, Serialize, Default, Clone)]
#[serde(default)]
pub struct AccessQuery {
    /// `everybody`, or those who could alone.
    #[serde(skip_serializing_if = "String::is_empty")]
    who: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    after: String,
    /// Events older than this one, or newer.
    #[serde(skip_serializing_if = "String::is_empty")]
    events: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    newer: String,
}

pub async fn show(
    RequireManager(user): RequireManager,
    Id(id): Id,
    ValidQuery(query): ValidQuery<AccessQuery>,
) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    let view = page(&user, &found, &query).await?;
    part_or_page(&user, &view, &view.as_results())
}

async fn page(user: &CurrentUser, found: &Found, query: &AccessQuery) -> Result<AccessPage> {
    let id = found.secret.id;
    let everybody = query.who == "everybody";
    let after = Some(query.after.clone()).filter(|after| !after.is_empty());
    let readers = secrets::readers(&user.app, found, everybody, after.clone(), PAGE).await?;
    let filter = Filter {
        secret_id: Some(id),
        actions: READS.to_vec(),
        cursor: Cursor::read(&query.events, &query.newer),
        limit: 50,
        ..Filter::default()
    };
    let reads = audit::list(&user.app, &filter).await?;
    let now = user.app.now();
    Ok(AccessPage {
        shell: user.shell("secrets", format!("Access to {}", found.secret.name)).await?,
        secret: head(user, found, "access").await?,
        asks: asks(found),
        tabs: query.tabs(id, everybody),
        readers_pager: Pager {
            note: format!("{} on this page", readers.items.len()),
            previous: after.map(|_| query.with(id, |q| q.after.clear())),
            next: readers.next.map(|next| query.with(id, |q| q.after = next)),
        },
        readers: readers.items.into_iter().map(reader).collect(),
        reads_pager: Pager {
            note: format!("{} on this page", reads.items.len()),
            previous: reads
                .previous
                .as_ref()
                .map(|newer| query.with(id, |q| (q.events, q.newer) = (String::new(), newer.clone()))),
            next: reads
                .next
                .as_ref()
                .map(|older| query.with(id, |q| (q.events, q.newer) = (older.clone(), String::new()))),
        },
        reads: reads.items.iter().map(|line| read(line, now)).collect(),
    })
}

impl AccessQuery {
    fn with(&self, id: i64, change: impl FnOnce(&mut Self)) -> String {
        let mut other = self.clone();
        change(&mut other);
        format!("/secrets/{id}/access?{}", serde_html_form::to_string(&other).unwrap_or_default())
            .trim_end_matches('?')
            .to_owned()
    }

    fn tabs(&self, id: i64, everybody: bool) -> Vec<Tab> {
        let tab = |label, who: &str, current| {
            let href = self.with(id, |q| (q.who, q.after) = (who.to_owned(), String::new()));
            Tab { label, href, current, count: None }
        };
        vec![tab("Who could", "", !everybody), tab("Everybody", "everybody", everybody)]
    }
}

fn asks(found: &Found) -> &'static str {
    if found.place.asks(Act::Reveal, found.secret.secrecy_level).proof {
        "Each reveal asks for a reason and a fresh proof of identity."
    } else {
        "A reveal asks for nothing more, and is recorded."
    }
}

fn reader(reader: Reader) -> ReaderRow {
    ReaderRow {
        reach: match reader.reach {
            Reach::Value => Badge::of("allowed").saying("Reads the value"),
            Reach::Metadata => Badge::of("cancelled").saying("Sees that it exists"),
            Reach::Nothing => Badge::of("not_configured").saying("Sees nothing"),
        },
        why: reader.why,
        name: reader.user.display_name,
        username: reader.user.username,
        role: role_label(reader.user.role),
    }
}

fn read(line: &Line, now: Utc) -> ReadRow {
    let version = line.detail("version").unwrap_or_default();
    let what = match (line.detail("to"), line.detail("from")) {
        (Some(to), _) => format!("Version {version} went to {to}"),
        (_, Some(from)) => format!("Version {version} came from {from}"),
        _ => format!("Version {version} revealed"),
    };
    ReadRow {
        who: line.actor_name.clone(),
        what,
        reason: line.reason().unwrap_or_default(),
        result: outcome_badge(&line.outcome),
        when: When::relative(line.at, now),
    }
}
