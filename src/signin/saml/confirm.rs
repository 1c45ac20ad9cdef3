//! Somebody arrived at a browser that still has another person's session: the person there says which is meant.
use super::receive::Welcome;
use super::requests::{self, Request};
use crate::app::App;
use crate::domain::error::{Error, Result};
use crate::people::{self, User};
use crate::signin::token_hash;

/// Who has arrived and waits.
pub async fn waiting(app: &App, browser_key: Option<&str>) -> Result<Option<User>> {
    match find(app, browser_key).await? {
        Some(request) => arrived(app, &request).await,
        None => Ok(None),
    }
}

/// Lets the new person in; the session of the other one ends with it. Only once.
/// `here`: the session that this browser has now.
pub async fn confirm(app: &App, browser_key: Option<&str>, here: Option<&str>) -> Result<Welcome> {
    let request = find(app, browser_key).await?.ok_or(Error::NotFound)?;
    let user = arrived(app, &request).await?.ok_or(Error::NotFound)?;
    if !requests::release(app, &request).await? {
        return Err(Error::NotFound);
    }
    Ok(Welcome {
        user,
        next: request.next,
        session_index: request.session_index,
        name_id: request.name_id.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
        session_ends: request.session_ends_at,
        is_proof: false,
        replaces: here.map(str::to_owned).or(request.session_hash),
    })
}

async fn find(app: &App, browser_key: Option<&str>) -> Result<Option<Request>> {
    match browser_key {
        Some(key) => requests::held(app, &token_hash(key)).await,
        None => Ok(None),
    }
}

/// Nobody, if anything has ended the person's sessions since: what ends those ends the waiting.
async fn arrived(app: &App, request: &Request) -> Result<Option<User>> {
    let id = request.arrived_user_id.unwrap_or_default();
    let user = people::by_id(&mut app.db.read().await?, id).await?;
    Ok(user.filter(|user| user.is_active && request.arrived_epoch == Some(user.auth_epoch)))
}
