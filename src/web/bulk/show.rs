//! GET /bulk/{id}: how far it is, and what became of each secret. It can be left, and come back to.
use crate::bulk::{self, Counts, Item, ItemState, Kind, Operation};
use crate::domain::error::Result;
use crate::environments::Place;
use crate::web::convert::count;
use crate::web::extract::{CurrentUser, Id, ValidQuery};
use crate::web::forms::part_or_page;
use crate::web::page::Answer;
use crate::web::views::bulk::{ItemView, ShowPage};
use crate::web::views::parts::{Badge, EnvRef, Link, Pager, When};
use serde::Deserialize;

const ROWS: i64 = 100;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ShowQuery {
    after: i64,
}

pub async fn show(user: CurrentUser, Id(id): Id, ValidQuery(query): ValidQuery<ShowQuery>) -> Answer {
    let operation = bulk::find(&user.app, &user.actor, id).await?;
    let view = page(&user, &operation, query.after.max(0)).await?;
    part_or_page(&user, &view, &view.as_progress())
}

async fn page(user: &CurrentUser, operation: &Operation, after: i64) -> Result<ShowPage> {
    let places = user.places().await?;
    let counts = bulk::counts(&user.app, operation.id).await?;
    let mut items = bulk::items(&user.app, operation.id, places, after, ROWS + 1).await?;
    let has_more = i64::try_from(items.len()).unwrap_or(0) > ROWS;
    items.truncate(usize::try_from(ROWS).unwrap_or(100));
    let home = format!("/bulk/{}", operation.id);
    let next = items.last().filter(|_| has_more).map(|last| format!("{home}?after={}", last.id));
    let done = operation.total - counts.waiting - counts.under_way;
    let is_live = operation.is_running() || counts.under_way > 0;
    Ok(ShowPage {
        shell: user.shell("secrets", title(operation)).await?,
        id: operation.id,
        here: if after > 0 { format!("{home}?after={after}") } else { home.clone() },
        title: title(operation),
        begun: When::relative(operation.created_at, user.app.now()),
        reason: operation.reason.clone(),
        status: Badge::of(if is_live {
            "running"
        } else if counts.refused + counts.failed > 0 {
            "failed"
        } else {
            "succeeded"
        }),
        verdict: verdict(&counts, is_live),
        done,
        all: operation.total,
        percent: done * 100 / operation.total.max(1),
        is_live,
        pager: Pager {
            note: format!("{} on this page", items.len()),
            previous: (after > 0).then_some(home),
            next,
        },
        rows: items.iter().filter_map(|item| row(item, places).transpose()).collect::<Result<_>>()?,
    })
}

fn title(operation: &Operation) -> String {
    let secrets = count(operation.total, "secret");
    match operation.kind {
        Kind::Tag => format!("Tagging {secrets}"),
        Kind::Sync => format!("Syncing {secrets} again"),
        Kind::SwitchOff => format!("Switching {secrets} off"),
        Kind::Rotate => format!("Rotating {secrets}"),
    }
}

fn verdict(counts: &Counts, is_live: bool) -> String {
    let parts = [
        (counts.done, "done"),
        (counts.under_way, "under way"),
        (counts.asked, "wait for another person"),
        (counts.same, "were so already"),
        (counts.refused, "refused"),
        (counts.failed, "failed"),
        (counts.waiting, "to do"),
    ];
    let words: Vec<String> =
        parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    format!("{}{}", words.join(", "), if is_live { "" } else { "." })
}

fn row(item: &Item, places: &[Place]) -> Result<Option<ItemView>> {
    let place = places.iter().find(|place| place.environment.id == item.environment_id);
    let Some(place) = place else { return Ok(None) };
    let rotation = item.rotation()?;
    let state = match item.state {
        ItemState::Waiting => Badge::of("pending").saying("To do"),
        // The truth of this moment is the rotation's.
        ItemState::Done => match rotation {
            Some((_, status)) => Badge::of(status.as_str()),
            None => Badge::of("allowed"),
        },
        ItemState::Same => Badge::of("same").saying("Was so already"),
        ItemState::Refused => Badge::of("refused"),
        ItemState::Failed => Badge::of("failed"),
    };
    Ok(Some(ItemView {
        secret_id: item.secret_id,
        name: item.name.clone(),
        env: EnvRef::from(&place.environment),
        state,
        detail: item.detail.clone(),
        rotation: rotation
            .map(|(id, _)| Link { href: format!("/rotations/{id}"), label: format!("Rotation {id}") }),
    }))
}
