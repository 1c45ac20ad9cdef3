//! Rows of `rotation_requests`: what a waiting rotation asks for.
use crate::app::App;
use crate::crypto::digest::Digest;
use crate::crypto::generate::Policy;
use crate::db::{Conn, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::RotationStatus;
use crate::domain::error::{Error, Result};
use crate::environments::Place;
use crate::kit::clock::Utc;
use crate::rotations::row::{Rotation, read, select};
use crate::secrets::Secret;
use crate::sql;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Request {
    pub rotation_id: i64,
    pub(super) uid: String,
    seen_row_version: i64,
    /// What Keeper makes the value of, where it makes it.
    policy: Option<String>,
    /// The version that is to come back.
    pub former: Option<i64>,
    /// What is to change of how the secret is rotated, as `plans` keeps it, and the same in words, line by line.
    pub(super) wish: Option<String>,
    pub summary: String,
    digest: Option<Vec<u8>>,
    pub length: Option<i64>,
    pub(super) public_half: Option<String>,
    pub expires_at: Utc,
    pub decider_name: Option<String>,
    /// What whoever decided had to say.
    pub remark: String,
}

/// A rotation with what it asks for.
pub struct Waiting {
    pub rotation: Rotation,
    pub request: Request,
}

/// What can become of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// It can be approved.
    Open,
    /// The secret is not any more as it was when this was asked for.
    Void,
    /// Nobody decided in time.
    Expired,
    Decided,
}

impl Request {
    pub fn digest(&self) -> Option<Digest> {
        Digest::from_slice(self.digest.as_ref()?)
    }

    /// None where Keeper makes nothing: the value is there.
    pub fn policy(&self) -> Result<Option<Policy>> {
        let read = |text| Policy::asked_once(text).map_err(|problem| Error::broken(problem.to_string()));
        self.policy.as_deref().map(read).transpose()
    }
}

impl Waiting {
    pub fn outlook(&self, secret: &Secret, now: Utc) -> Outlook {
        match self.rotation.status {
            RotationStatus::AwaitingApproval if self.request.seen_row_version != secret.row_version => {
                Outlook::Void
            }
            RotationStatus::AwaitingApproval if self.request.expires_at <= now => Outlook::Expired,
            RotationStatus::AwaitingApproval => Outlook::Open,
            _ => Outlook::Decided,
        }
    }
}

/// What a rotation asked for; `None` where it never waited for anybody.
pub async fn request(app: &App, rotation: &Rotation) -> Result<Option<Waiting>> {
    let found = request_in(&mut app.db.read().await?, rotation.id).await?;
    Ok(found.map(|request| Waiting { rotation: rotation.clone(), request }))
}

async fn request_in(conn: &mut Conn, rotation: i64) -> Result<Option<Request>> {
    let query = sql!(
        "SELECT rotation_id, uid, seen_row_version, policy, former, wish, summary, digest, length, public_half, expires_at, decider_name, remark
         FROM rotation_requests WHERE rotation_id = ?",
        rotation
    );
    conn.maybe(query).await
}

/// Inside a unit: as it is stored now, its rotation held. The caller holds the secret.
pub(super) async fn held(conn: &mut Conn, rotation: i64) -> Result<Waiting> {
    let rotation = read(conn, rotation, " {lock}").await?;
    let request = request_in(conn, rotation.id).await?;
    Ok(Waiting { rotation, request: request.ok_or_else(waits_for_nobody)? })
}

pub(super) fn waits_for_nobody() -> Error {
    Error::Conflict("this rotation waits for nobody".into())
}

/// Those that wait for a decision of this person, oldest first.
pub async fn waiting_for(app: &App, actor: &Actor, places: &[Place], limit: i64) -> Result<Vec<Rotation>> {
    let mut query = select();
    query.push(
        " AND status = ? AND (actor_id IS NULL OR actor_id <> ?)",
        [RotationStatus::AwaitingApproval.into(), Value::from(actor.id().unwrap_or_default())],
    );
    let open = places.iter().filter(|place| place.environment.is_active);
    query.push_list(" AND environment_id IN ", open.map(|place| Value::from(place.environment.id)));
    query.push(" ORDER BY id LIMIT ?", [limit.into()]);
    app.db.read().await?.all(query).await
}
