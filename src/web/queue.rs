//! GET /queue: what waits to be done in backends, in the order in which it came. POST /queue/{id}/try: at once.
use super::extract::{Id, RequireManager, ValidQuery};
use super::forms::{choices, part_or_page};
use super::page::{Answer, see_other_saying};
use super::secrets::index::environments_choices;
use super::views::parts::{Badge, Empty, Pager, When};
use super::views::queue::{QueuePage, QueueRow};
use super::views::words::sentence;
use crate::domain::enums::Backend;
use crate::domain::error::Result;
use crate::domain::rules::{asked, environment_asked};
use crate::environments::Place;
use crate::kit::clock::Utc;
use crate::kit::page::Cursor;
use crate::outbox::Kind;
use crate::sync::{self, QueueFilter, Waiting};
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct QueueQuery {
    environment: String,
    backend: String,
    after: String,
    before: String,
}

pub async fn index(
    RequireManager(user): RequireManager,
    ValidQuery(query): ValidQuery<QueueQuery>,
) -> Answer {
    let places = user.places().await?;
    let page = sync::waiting(&user.app, &query.filter(places)?).await?;
    let now = user.app.now();
    let rows: Vec<QueueRow> = page.items.iter().filter_map(|one| row(one, places, now)).collect();
    let link = |cursor: &str, key: &String| {
        format!("/queue?environment={}&backend={}&{cursor}={key}", query.environment, query.backend)
    };
    let view = QueuePage {
        shell: user.shell("queue", "Queue").await?,
        environment: environments_choices(places, &query.environment),
        backend: choices(Backend::ALL, Backend::as_str, |one| one.title().to_owned(), &query.backend),
        pager: Pager {
            note: format!("{} on this page", rows.len()),
            previous: page.previous.as_ref().map(|key| link("before", key)),
            next: page.next.as_ref().map(|key| link("after", key)),
        },
        empty: Empty {
            title: "Nothing waits".into(),
            text: "Every push that was asked for has been carried out, or waits for a decision on its secret’s page.".into(),
            filtered: !query.environment.is_empty() || !query.backend.is_empty(),
        },
        rows,
    };
    part_or_page(&user, &view, &view.as_results())
}

pub async fn hurry(RequireManager(user): RequireManager, Id(id): Id) -> Answer {
    sync::hurry(&user.app, &user.actor, id).await?;
    see_other_saying("/queue", "hurried")
}

impl QueueQuery {
    fn filter(&self, places: &[Place]) -> Result<QueueFilter> {
        let wanted = environment_asked(&self.environment)?;
        let open = places.iter().map(|place| place.environment.id);
        Ok(QueueFilter {
            environments: open.filter(|id| wanted.is_none_or(|wanted| wanted == *id)).collect(),
            backend: asked::<Backend>("backend", &self.backend)?,
            cursor: Cursor::read(&self.after, &self.before),
            limit: 50,
        })
    }
}

fn row(one: &Waiting, places: &[Place], now: Utc) -> Option<QueueRow> {
    let place = places.iter().find(|place| place.environment.id == one.environment_id)?;
    let is_late = one.attempts > 0 && !one.is_running;
    Some(QueueRow {
        id: one.id,
        secret: one.secret_name.clone(),
        secret_id: one.secret_id,
        env: (&place.environment).into(),
        what: match one.kind {
            Kind::Push => format!("Push version {} to {}", one.version_number, one.backend.title()),
            Kind::Remove => format!("Remove the copy from {}", one.backend.title()),
        },
        state: match (one.is_running, is_late) {
            (true, _) => Badge::of("running"),
            (_, true) if one.has_failed => Badge::of("failed").saying("Failed, tried seldom"),
            (_, true) => Badge::of("pending").saying("Tries again"),
            _ => Badge::of("pending"),
        },
        attempts: one.attempts,
        problem: one.last_error.as_deref().map(sentence).unwrap_or_default(),
        next: When::relative(one.run_at, now),
        may_hurry: is_late && one.run_at > now,
        since: When::relative(one.created_at, now),
    })
}
