//! GET /rotations, newest first.
use crate::domain::enums::{RotationStatus, SecrecyLevel};
use crate::domain::error::Result;
use crate::environments::Place;
use crate::rotations::{self, ListInput, Mode, Rotation};
use crate::secrets;
use crate::web::extract::{CurrentUser, ValidQuery};
use crate::web::forms::{choices, part_or_page};
use crate::web::page::Answer;
use crate::web::secrets::index::environments_choices;
use crate::web::views::parts::{Badge, Empty, Pager, Tab, When};
use crate::web::views::rotations::{IndexPage, RotationFilters, RotationRow};

pub async fn index(user: CurrentUser, ValidQuery(query): ValidQuery<ListInput>) -> Answer {
    let places = user.places().await?;
    let filter = query.filter(places)?;
    let page = rotations::list(&user.app, &filter).await?;
    let rows = rows(&user, &page.items, places).await?;
    let of_secret = filter.secret.map(|id| format!("&secret={id}")).unwrap_or_default();
    let link = |cursor: &str, key: &String| {
        format!(
            "/rotations?environment={}&status={}{of_secret}&{cursor}={key}",
            query.environment, query.status
        )
    };
    let filtered = !query.environment.is_empty() || !query.status.is_empty() || !of_secret.is_empty();
    let tab = |label, status: &str| Tab {
        label,
        href: format!("/rotations?status={status}"),
        current: query.status == status,
        count: None,
    };
    let view = IndexPage {
        shell: user.shell("rotations", "Rotations").await?,
        sub: "Each change of a value, and what became of it.".into(),
        tabs: vec![
            tab("All", ""),
            tab("Awaiting approval", "awaiting_approval"),
            tab("Running", "running"),
            tab("Failed", "failed"),
        ],
        filters: RotationFilters {
            environment: environments_choices(places, &query.environment),
            status: choices(
                RotationStatus::ALL,
                RotationStatus::as_str,
                RotationStatus::label,
                &query.status,
            ),
        },
        pager: Pager {
            note: format!("{} on this page", rows.len()),
            previous: page.previous.as_ref().map(|key| link("before", key)),
            next: page.next.as_ref().map(|key| link("after", key)),
        },
        empty: Empty {
            title: "No rotation here".into(),
            text: "A rotation begins on a secret’s page: Rotate.".into(),
            filtered,
        },
        rows,
    };
    part_or_page(&user, &view, &view.as_results())
}

/// Those that wait for a decision of this person, oldest first.
pub async fn waiting(user: &CurrentUser, places: &[Place], most: i64) -> Result<Vec<RotationRow>> {
    let may = |place: &&Place| place.demand_decider(&user.actor, None, SecrecyLevel::Internal).is_ok();
    let mine: Vec<Place> = places.iter().filter(may).cloned().collect();
    if mine.is_empty() {
        return Ok(Vec::new());
    }
    rows(user, &rotations::waiting_for(&user.app, &user.actor, &mine, most).await?, places).await
}

async fn rows(user: &CurrentUser, rotations: &[Rotation], places: &[Place]) -> Result<Vec<RotationRow>> {
    let ids: Vec<i64> = rotations.iter().map(|rotation| rotation.secret_id).collect();
    let secrets = secrets::among(&user.app, places, &ids).await?;
    let row = |rotation: &Rotation| {
        let place = places.iter().find(|place| place.environment.id == rotation.environment_id)?;
        let secret = secrets.iter().find(|secret| secret.id == rotation.secret_id)?;
        Some(RotationRow {
            id: rotation.id,
            secret: secret.name.clone(),
            secret_id: rotation.secret_id,
            env: (&place.environment).into(),
            status: Badge::of(rotation.status.as_str()),
            what: what(rotation),
            asked_by: rotation.actor_name.clone(),
            reason: rotation.reason.clone(),
            when: When::relative(rotation.created_at, user.app.now()),
        })
    };
    Ok(rotations.iter().filter_map(row).collect())
}

/// "version 3 to 4, generated"
pub fn what(rotation: &Rotation) -> String {
    if rotation.mode == Mode::Plan.as_str() {
        return "how it is rotated".to_owned();
    }
    match rotation.to_version {
        Some(to) => format!("version {} to {to}, {}", rotation.from_version, rotation.mode),
        None => format!("from version {}", rotation.from_version),
    }
}
