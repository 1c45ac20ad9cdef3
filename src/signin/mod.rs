//! Who is there: passwords, second factors, demo personas, sessions, step-up.
mod bearer;
mod current;
mod password;
mod persona;
pub mod saml;
mod second;
mod store;

pub use bearer::{bearer, begin_bearer};
pub use current::{
    Current, Session, current, end_session, end_session_of, end_sessions_of, forget, keep, sessions_of,
    sign_out, sweep, token_hash,
};
pub use password::{Proved, SignIn, change_password, prove, sign_in, tell_of_slowed};
pub use persona::{Persona, personas, sign_in_as};
pub use second::{Second, half_way, sign_in_by_code};
pub use store::{Store, keys, store_error};

use crate::app::App;
use std::sync::atomic::Ordering;
use time::Duration;

/// What is said of a password, whichever door it came through, and whatever was not right about it.
pub const WRONG: &str =
    "the user name or the password is not right, or the account does not sign in this way";
/// The same of a code.
pub const WRONG_CODE: &str = "the code is not right, or was used already";

/// What a door's limits say; how long to wait where they turn somebody away, which is counted.
fn within_limits(app: &App, take: impl FnOnce() -> Result<(), Duration>) -> Result<(), Duration> {
    if !app.settings.limits {
        return Ok(());
    }
    take().inspect_err(|_| {
        app.tries_slowed.fetch_add(1, Ordering::Relaxed);
    })
}
