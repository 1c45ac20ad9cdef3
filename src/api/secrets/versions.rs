//! GET /secrets/{id}/versions, newest first.
use crate::api::body::ValidQuery;
use crate::api::caller::{ApiCaller, Id};
use crate::api::list::{Answer, list};
use crate::api::words;
use crate::domain::enums::VersionState;
use crate::kit::clock::Utc;
use crate::kit::page::PageInput;
use crate::secrets;
use serde::Serialize;
use utoipa::ToSchema;

/// One value of a secret, without the value.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "number": 3, "state": "current", "length": 32, "digest": "9f86d081884c7d65", "public_half": null, "author_name": "ada",
    "reason": "left the company", "created_at": "2026-01-31T10:00:00.000000Z"
}))]
pub struct Version {
    /// Its number among the secret’s versions, from 1.
    pub number: i64,
    #[schema(schema_with = words::version_state)]
    pub state: VersionState,
    /// How many bytes the value has.
    pub length: i64,
    /// The beginning of its keyed digest: equal values have equal ones.
    pub digest: Option<String>,
    /// The public half of a key pair that Keeper made.
    pub public_half: Option<String>,
    /// Whose it is.
    pub author_name: String,
    /// Why it was made; empty where nobody said.
    pub reason: String,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Utc,
}

pub async fn versions(caller: ApiCaller, Id(id): Id, ValidQuery(query): ValidQuery<PageInput>) -> Answer {
    secrets::find(&caller.app, &caller.actor, id).await?;
    let page = secrets::history(&caller.app, id, &query.cursor(), query.limit()).await?;
    list(page, |version| Version {
        number: version.number,
        state: version.state,
        length: version.length,
        digest: version.digest().map(|digest| digest.hex()),
        public_half: version.public_half,
        author_name: version.author_name,
        reason: version.reason,
        created_at: version.created_at,
    })
}
