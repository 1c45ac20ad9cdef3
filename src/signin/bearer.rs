//! Sessions of programs: a token that stands for a person for a quarter of an hour. It lies among the other sessions, by its hash, and
//! what ends them ends it. It is no cookie's and a cookie is none of these: every one begins with a mark that no cookie has, and the
//! hash is of all of it.
use super::current::{Current, current, token_hash};
use super::store::{Start, keys, start};
use crate::app::App;
use crate::domain::actor::Trace;
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::people::{Means, User};
use serde_json::json;
use time::Duration;

const MARK: &str = "kps_";
const LASTS: Duration = Duration::minutes(15);

/// For whoever has just signed in. The token is told once.
pub async fn begin_bearer(
    app: &App,
    (user, second): (&User, Option<Means>),
    agent: &str,
    trace: &Trace,
) -> Result<(String, Utc)> {
    let token = format!("{MARK}{}", hex::encode(app.chance.bytes::<32>()?));
    let expires_at = app.now().plus(LASTS);
    let method = user.auth_method.as_str();
    let data = json!({ keys::USER: user.id, keys::EPOCH: user.auth_epoch, keys::METHOD: method }).to_string();
    let it = Start {
        hash: token_hash(&token),
        user_id: user.id,
        data,
        expires_at,
        agent: agent.to_owned(),
        index: None,
        method: method.to_owned(),
        second: second.map(|means| means.as_str().to_owned()),
        action: "session.started",
        trace: trace.clone(),
    };
    start(app, &it).await?;
    Ok((token, expires_at))
}

/// The person behind a token, while it lasts.
pub async fn bearer(app: &App, token: &str) -> Result<Option<Current>> {
    if token.starts_with(MARK) { current(app, token).await } else { Ok(None) }
}
