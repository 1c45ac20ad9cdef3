//! The second step of a sign-in. Between the two nothing is stored: a text that Keeper signed goes through the page and says who
//! has given the right password. It holds for five minutes, for one visitor alone, and until anything ends the account's sessions.
use crate::app::App;
use crate::domain::actor::Trace;
use crate::domain::error::Result;
use crate::domain::plaintext::Plaintext;
use crate::kit::clock::Utc;
use crate::people::{self, Checked, Means, User};
use time::Duration;

const HOLDS: Duration = Duration::minutes(5);

pub enum Second {
    Welcome(User, Means),
    /// The code is not right; the page may ask again, with the same text.
    Refused(User),
    Slow(User, Duration),
    /// The text is too old, somebody else's, or made up: the password has to be given again.
    Over,
}

/// `visitor`: what this browser is known by before it has a session.
pub fn half_way(app: &App, user: &User, visitor: &str) -> Result<String> {
    let ends = app.now().plus(HOLDS).unix();
    let seal = app.keys()?.csrf_token(&holder(user, visitor, ends), &app.chance.bytes()?);
    Ok(format!("{}.{ends}.{seal}", user.id))
}

pub async fn sign_in_by_code(
    app: &App,
    (half, visitor): (&str, &str),
    code: &Plaintext,
    trace: &Trace,
) -> Result<Second> {
    let Some(user) = held_by(app, half, visitor).await? else { return Ok(Second::Over) };
    Ok(match people::check_second_factor(app, &user, code, trace).await? {
        Checked::Right(means) => Second::Welcome(user, means),
        Checked::Wrong => Second::Refused(user),
        Checked::Slow(wait) => Second::Slow(user, wait),
    })
}

async fn held_by(app: &App, half: &str, visitor: &str) -> Result<Option<User>> {
    let Some((id, ends, seal)) = parts(half) else { return Ok(None) };
    if visitor.is_empty() || Utc::from_unix(ends).is_none_or(|ends| ends <= app.now()) {
        return Ok(None);
    }
    let user = people::by_id(&mut app.db.read().await?, id).await?.filter(|user| user.is_active);
    let keys = app.keys()?;
    Ok(user.filter(|user| keys.is_csrf_token(&holder(user, visitor, ends), seal)))
}

fn parts(half: &str) -> Option<(i64, i64, &str)> {
    let (id, rest) = half.split_once('.')?;
    let (ends, seal) = rest.split_once('.')?;
    Some((id.parse().ok()?, ends.parse().ok()?, seal))
}

/// No session and no visitor is called so: a form's token is no half of a sign-in, nor the other way round.
fn holder(user: &User, visitor: &str, ends: i64) -> String {
    format!("half way\n{}\n{}\n{ends}\n{visitor}", user.id, user.auth_epoch)
}
