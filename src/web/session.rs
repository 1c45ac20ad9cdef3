//! A new session with a new id, for whoever has just proved to be who they are. Each way of signing in ends here.
use super::extract::Visit;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::people::{Means, User};
use crate::remote::saml::NameId;
use crate::signin::{keys, store_error};
use axum::http::{HeaderMap, header};
use time::Duration;
use tower_sessions::{Expiry, Session};

/// However busy a session is, it ends then.
const ABSOLUTE: Duration = Duration::hours(12);

/// What a session begins with.
pub struct Beginning<'a> {
    pub user: &'a User,
    pub is_proof: bool,
    /// What was given beside the password.
    pub second: Option<Means>,
    /// The identity provider's name for its own session, and when that ends.
    pub index: Option<&'a str>,
    /// Who they are there, for its logout.
    pub name_id: Option<&'a NameId>,
    pub ends: Option<Utc>,
}

impl<'a> Beginning<'a> {
    pub fn of(user: &'a User) -> Self {
        Self { user, is_proof: false, second: None, index: None, name_id: None, ends: None }
    }

    pub fn proved(user: &'a User) -> Self {
        Self { is_proof: true, ..Self::of(user) }
    }
}

/// Its row and its audit event are stored together by the session store: here, where what goes wrong is told like anything else.
pub async fn begin(visit: &Visit, session: &Session, headers: &HeaderMap, it: Beginning<'_>) -> Result<()> {
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let agent: String = agent.chars().take(255).collect();
    let ends = visit.app.now().plus(ABSOLUTE);
    let ends = it.ends.map_or(ends, |theirs| theirs.min(ends));
    session.clear().await;
    session.cycle_id().await.map_err(store_error)?;
    session.set_expiry(Some(Expiry::AtDateTime(ends.get())));
    let texts = [
        (keys::METHOD, it.user.auth_method.as_str()),
        (keys::CLIENT, &visit.trace.client),
        (keys::AGENT, &agent),
        (keys::REQUEST, &visit.trace.request_id),
        (keys::EVENT, if it.is_proof { "session.proved" } else { "session.started" }),
    ];
    for (key, text) in texts {
        session.insert(key, text).await.map_err(store_error)?;
    }
    if let Some(second) = it.second {
        session.insert(keys::SECOND, second.as_str()).await.map_err(store_error)?;
    }
    if let Some(index) = it.index {
        session.insert(keys::SESSION_INDEX, index).await.map_err(store_error)?;
    }
    if let Some(name_id) = it.name_id {
        let text = serde_json::to_string(name_id).map_err(Error::broken)?;
        session.insert(keys::NAME_ID, text).await.map_err(store_error)?;
    }
    session.insert(keys::EPOCH, it.user.auth_epoch).await.map_err(store_error)?;
    session.insert(keys::USER, it.user.id).await.map_err(store_error)?;
    session.save().await.map_err(store_error)
}
