//! A page as an answer, and the shell it sits in.
use super::error::Failure;
use super::extract::CurrentUser;
use super::views::parts::{NavEnv, Note, Shell, Who};
use crate::domain::enums::{AuthMethod, Role};
use crate::domain::error::{Error, Result};
use crate::environments;
use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

pub type Answer = std::result::Result<Response, Failure>;

pub fn html(page: &impl Template) -> Answer {
    with_status(StatusCode::OK, page)
}

pub fn with_status(status: StatusCode, page: &impl Template) -> Answer {
    let text = page.render().map_err(Error::broken)?;
    Ok((status, Html(text)).into_response())
}

#[expect(clippy::unnecessary_wraps, reason = "a handler's last word, like the others")]
/// 303: the browser comes back with a GET, and a reload repeats nothing.
pub fn see_other(path: &str) -> Answer {
    Ok(Redirect::to(path).into_response())
}

#[expect(clippy::unnecessary_wraps, reason = "a handler's last word, like the others")]
/// 303 with one sentence that the next page shows once.
pub fn see_other_saying(path: &str, word: &'static str) -> Answer {
    let cookie = format!("keeper-said={word}; Path=/; Max-Age=20; SameSite=Lax; HttpOnly");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(path)).into_response())
}

impl CurrentUser {
    /// The shell of a page behind the sign-in. `nav` is the section that is current.
    pub async fn shell(&self, nav: &'static str, title: impl Into<String>) -> Result<Shell> {
        let user = &self.current.user;
        let (places, tallies) = tokio::try_join!(self.places(), self.tallies())?;
        let environments = places
            .iter()
            .map(|place| &place.environment)
            .filter(|environment| environment.is_active)
            .map(|environment| NavEnv {
                id: environment.id,
                weight: weight(environment),
                failing: tallies.failing(environment.id),
                name: environment.name.clone(),
            })
            .collect();
        Ok(Shell {
            title: title.into(),
            user: Some(Who {
                name: user.display_name.clone(),
                initials: initials(&user.display_name),
                role_label: role_label(user.role),
                method_label: method_label(user.auth_method).to_owned(),
            }),
            csrf: self.csrf.clone(),
            nav,
            theme: self.theme,
            environments,
            search: String::new(),
            flash: self.said.and_then(said),
            is_admin: user.role == Role::Admin,
            is_manager: user.role >= Role::Manager,
        })
    }
}

/// The shell of a page before the sign-in.
pub fn bare(title: &str, csrf: String, theme: Option<&'static str>) -> Shell {
    Shell {
        title: title.to_owned(),
        user: None,
        csrf,
        nav: "",
        theme,
        environments: Vec::new(),
        search: String::new(),
        flash: None,
        is_admin: false,
        is_manager: false,
    }
}

fn initials(name: &str) -> String {
    let first = name.split_whitespace().filter_map(|word| word.chars().next());
    first.take(2).flat_map(char::to_uppercase).collect()
}

/// How loud an environment is drawn: production rules are loud whatever the stage is called.
pub fn weight(environment: &environments::Environment) -> &'static str {
    if environment.is_production { "production" } else { environment.stage.as_str() }
}

pub fn role_label(role: Role) -> &'static str {
    match role {
        Role::User => "User",
        Role::Manager => "Manager",
        Role::Admin => "Admin",
    }
}

pub fn method_label(method: AuthMethod) -> &'static str {
    match method {
        AuthMethod::Saml => "Single sign-on",
        AuthMethod::Database => "Password",
        AuthMethod::Demo => "Demo persona",
    }
}

/// The sentences that a page may show once: by their word, which a cookie holds, a title and what follows.
const SAYINGS: [(&str, &str, &str); 43] = [
    ("created", "Created.", ""),
    ("saved", "Saved.", ""),
    ("deactivated", "Deactivated.", "It is kept, hidden from lists, and neither pushed nor rotated."),
    ("restored", "Restored.", "Its copies are being brought up to date."),
    ("verified", "Verified.", "What was found stands under Verification."),
    ("compared", "Compared.", "What is there now stands beside Keeper’s value."),
    ("comparing", "Comparing.", "A few at a time; this page shows how far it is."),
    ("let-be", "Left there.", "It is told no more; the audit log says by whom."),
    ("chosen", "Decided.", "It is carried out now; this page shows what becomes of it."),
    ("hurried", "Due now.", "It is tried at once; the queue shows what becomes of it."),
    ("queued", "Queued.", "The copies are pushed and read back now."),
    ("discarded", "Discarded.", "What was held and its key are gone. Nothing was imported."),
    ("promoted", "Promoted.", "The secret was made here; its copies are being brought up to date."),
    ("destroyed", "Destroyed.", "Nobody can open that version any more."),
    (
        "purged",
        "Purged.",
        "The secret and its versions are gone for good. Its history stays in the audit log, its copies stay in their backends.",
    ),
    ("rewrap", "Begun.", "Every data key is brought to the active key. This page shows how far it is."),
    ("acknowledged", "Acknowledged.", "The audit log says by whom."),
    (
        "adopted",
        "Adopted.",
        "Nothing was changed at the source: the next rotation is the first that changes the password there.",
    ),
    ("cleared", "Value only.", "From now on a rotation changes the value in Keeper alone."),
    ("deleted", "Deleted.", "Keeper has forgotten the source and its administrator’s password."),
    ("welcome", "Confirmed.", "Go on with what you were about to do."),
    ("provider-made", "Added.", "Test a sign-in before you tell people of it."),
    ("provider-off", "Switched off.", "Nobody signs in through it, and whoever did is signed out."),
    ("provider-on", "Switched on.", "People can sign in through it again."),
    ("provider-deleted", "Deleted.", "Accounts that came through it stay; nobody signs in with them."),
    ("service-made", "Made.", "It opens nothing yet: make its first token here."),
    ("service-off", "Switched off.", "Its tokens open nothing, from the very next request on."),
    ("service-on", "Switched on.", "Those of its tokens that have not ended open again."),
    ("token-revoked", "Revoked.", "It opens nothing any more. The audit log says by whom."),
    ("renewed", "Renewed.", "The metadata are as the provider publishes them now."),
    ("key-made", "Made.", "It is in Keeper’s metadata now: let every provider read them anew."),
    ("key-used", "In use.", "Keeper signs with it; the former one still opens what is encrypted for it."),
    ("key-removed", "Removed.", "Keeper’s metadata hold it no more."),
    ("disabled", "Disabled.", "Their sessions have ended, and nobody signs in with the account."),
    ("enabled", "Enabled.", "They can sign in again."),
    ("sessions-ended", "Ended.", "They are signed in nowhere any more."),
    ("session-ended", "Ended.", "That browser is signed out from its very next request on."),
    ("method-changed", "Changed.", "Their sessions have ended; from now on they sign in that way alone."),
    ("password-changed", "Changed.", "All your sessions have ended: sign in with the new password."),
    (
        "second-factor-removed",
        "Removed.",
        "From now on the password alone opens the account; its other sessions have ended.",
    ),
    (
        "recovery-code-used",
        "Signed in with a recovery code.",
        "It is used up. Your account’s page says how many are left, and makes new ones.",
    ),
    ("signed-out", "Signed out.", ""),
    (
        "signed-out-here",
        "Signed out of Keeper.",
        "Your identity provider may still know you: on a shared machine sign out there, too, or close the browser.",
    ),
];

/// The cookie's text is matched against the words and never shown.
pub fn known_word(word: &str) -> Option<&'static str> {
    SAYINGS.into_iter().map(|saying| saying.0).find(|known| *known == word)
}

pub fn said(word: &str) -> Option<Note> {
    let (_, title, text) = SAYINGS.into_iter().find(|saying| saying.0 == word)?;
    Some(Note {
        tone: "ok",
        icon: "circle-check",
        title: title.to_owned(),
        text: text.to_owned(),
        link: None,
    })
}

/// The answer after a panic: a status and no text of ours but this.
pub fn broken() -> Response {
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        "Keeper broke. The log has the cause, under the request id of this answer's x-request-id header.\n",
    )
        .into_response()
}
