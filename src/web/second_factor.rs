//! /account/second-factor: one's own app and recovery codes.
use super::extract::CurrentUser;
use super::page::{Answer, html, see_other, see_other_saying, with_status};
use super::views::parts::{Form, Shell, When};
use super::views::second_factor::{CodesPage, NewPage, Picture, ShowPage};
use super::views::words::Exact;
use crate::crypto::totp::Totp;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::people::{self, State};
use crate::signin;
use axum_extra::extract::Form as Posted;
use serde::Deserialize;
use zeroize::Zeroizing;

const HOME: &str = "/account/second-factor";
const NEW: &str = "/account/second-factor/new";

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct CodeForm {
    code: String,
}

pub async fn show(user: CurrentUser) -> Answer {
    let state = people::second_factor_to_open(&user.app, &user.actor, &user.current.user).await?;
    html(&page(&user, state, Form::default()).await?)
}

async fn page(user: &CurrentUser, state: Option<State>, form: Form) -> Result<ShowPage> {
    let now = user.app.now();
    Ok(ShowPage {
        shell: user.shell("account", "Second factor").await?,
        since: state.as_ref().map(|state| When::relative(state.since, now)),
        codes_left: state.map_or(0, |state| state.codes_left),
        form,
    })
}

/// Makes the app's secret, and goes on to the page that shows it.
pub async fn begin(user: CurrentUser) -> Answer {
    match people::begin_second_factor(&user.app, &user.actor, &user.current.user).await {
        Ok(_) => see_other(NEW),
        Err(why) => refused(&user, why).await,
    }
}

pub async fn ask(user: CurrentUser) -> Answer {
    match people::begun_second_factor(&user.app, &user.actor, &user.current.user).await {
        Ok(totp) => set(&user, &totp, Form::default(), None).await,
        Err(Error::Conflict(_)) => see_other(HOME),
        Err(e) => Err(e.into()),
    }
}

pub async fn confirm(user: CurrentUser, Posted(form): Posted<CodeForm>) -> Answer {
    let person = &user.current.user;
    // All that may fail comes first: once there are codes, they are shown.
    let shell = codes_shell(&user).await?;
    match people::confirm_second_factor(&user.app, &user.actor, person, &form.code).await {
        Ok(confirmed) => {
            stay(&user, confirmed.epoch).await;
            codes(shell, &confirmed.codes, true)
        }
        Err(why @ Error::Invalid(_)) => {
            let totp = people::begun_second_factor(&user.app, &user.actor, person).await?;
            set(&user, &totp, Form { refusal: "Not set up", ..Form::default() }, Some(why)).await
        }
        Err(why) => refused(&user, why).await,
    }
}

/// The picture for the app, and what it is typed in as.
async fn set(user: &CurrentUser, totp: &Totp, form: Form, why: Option<Error>) -> Answer {
    let (address, typed) = (totp.address()?, totp.typed());
    let (status, form) = match why {
        Some(why) => form.refused(why, &[("code", "The code")], NEW)?,
        None => (axum::http::StatusCode::OK, form),
    };
    let text = |value: &Plaintext| {
        Ok::<_, Error>(Zeroizing::new(String::from_utf8(value.expose().to_vec()).map_err(Error::broken)?))
    };
    let (address, typed) = (text(&address)?, text(&typed)?);
    let shell = user.shell("account", "Set up an app").await?;
    with_status(status, &NewPage { shell, picture: Picture::of(&address)?, typed: Exact(&typed), form })
}

pub async fn new_codes(user: CurrentUser) -> Answer {
    let shell = codes_shell(&user).await?;
    match people::make_recovery_codes(&user.app, &user.actor, &user.current.user).await {
        Ok(made) => codes(shell, &made, false),
        Err(why) => refused(&user, why).await,
    }
}

pub async fn remove(user: CurrentUser) -> Answer {
    match people::remove_own_second_factor(&user.app, &user.actor, &user.current.user).await {
        Ok(epoch) => {
            stay(&user, epoch).await;
            see_other_saying("/account", "second-factor-removed")
        }
        Err(why) => refused(&user, why).await,
    }
}

/// What is done is done: where the session cannot be kept, the person signs in anew.
async fn stay(user: &CurrentUser, epoch: i64) {
    if let Err(error) = signin::keep(&user.app, &user.current, epoch).await {
        tracing::warn!(%error, "a session could not be kept: its person has to sign in anew");
    }
}

async fn codes_shell(user: &CurrentUser) -> Result<Shell> {
    user.shell("account", "Recovery codes").await
}

/// Recovery codes, this once.
fn codes(shell: Shell, made: &[Plaintext], is_new: bool) -> Answer {
    let mut text = Zeroizing::new(Vec::new());
    for code in made {
        text.extend_from_slice(code.expose());
        text.push(b'\n');
    }
    let text = std::str::from_utf8(&text).map_err(Error::broken)?;
    html(&CodesPage { shell, codes: Exact(text.trim_end()), is_new })
}

async fn refused(user: &CurrentUser, why: Error) -> Answer {
    let form = Form { refusal: "Nothing was changed", ..Form::default() };
    let (status, form) = form.refused(why, &[], HOME)?;
    let state = people::second_factor(&user.app, &user.current.user).await?;
    with_status(status, &page(user, state, form).await?)
}
