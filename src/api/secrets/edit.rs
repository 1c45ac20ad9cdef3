//! PATCH /secrets/{id}: metadata alone. Where a change of how it is rotated waits for another person, it is asked for.
use super::input::SecretUpdate;
use crate::api::body::ValidJson;
use crate::api::caller::{ApiCaller, Id};
use crate::api::done::{Changed, Done, Of};
use crate::api::matching::IfMatch;
use crate::environments::Act;
use crate::rotations::{Change, Planned, change_plan};
use crate::secrets;
use axum::http::StatusCode;

pub async fn edit(
    caller: ApiCaller,
    Id(id): Id,
    seen: IfMatch,
    ValidJson(asked): ValidJson<SecretUpdate>,
) -> Changed {
    let found = secrets::find(&caller.app, &caller.actor, id).await?;
    found.demand(&caller.actor, Act::Change)?;
    seen.demand(found.secret.row_version)?;
    let change = Change::Edit(Box::new(asked.over(&found.secret)?));
    match change_plan(&caller.app, &caller.actor, id, change, false).await? {
        Planned::Changed(_) => Ok(Done::one(StatusCode::OK, Of::Secret, id)),
        Planned::Asked(rotation) => Ok(Done::one(StatusCode::ACCEPTED, Of::Rotation, rotation)),
    }
}
