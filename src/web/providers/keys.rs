//! POST /settings/saml/keys…: Keeper's own keys as a service provider are made, used and taken away.
use super::HOME;
use super::index::page;
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::providers::{self, Key, KeyState};
use crate::web::extract::{CurrentUser, Id, RequireAdmin};
use crate::web::page::{Answer, see_other_saying, with_status};
use crate::web::views::parts::{Badge, Form, When};
use crate::web::views::providers::KeyRow;

pub async fn make(RequireAdmin(user): RequireAdmin) -> Answer {
    let done = providers::make_key(&user.app, &user.actor).await;
    told(&user, done, "key-made").await
}

pub async fn use_next(RequireAdmin(user): RequireAdmin) -> Answer {
    let done = providers::use_next(&user.app, &user.actor).await;
    told(&user, done, "key-used").await
}

pub async fn remove(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let done = providers::remove_key(&user.app, &user.actor, id).await;
    told(&user, done, "key-removed").await
}

async fn told(user: &CurrentUser, done: Result<()>, word: &'static str) -> Answer {
    let Err(why) = done else { return see_other_saying(HOME, word) };
    let typed = Form { refusal: "Nothing was changed", ..Form::default() };
    let (status, form) = typed.refused(why, &[], HOME)?;
    with_status(status, &page(user, form).await?)
}

pub(super) fn key_row(key: &Key, now: Utc) -> KeyRow {
    let (state, about) = match key.state {
        KeyState::Active => (
            Badge::of("current").saying("Active"),
            "Keeper signs with it, and opens what is encrypted for it.",
        ),
        KeyState::Next => (
            Badge::of("pending").saying("Next"),
            "In the metadata already. Use it once every provider has read them anew.",
        ),
        KeyState::Former => (
            Badge::of("previous").saying("Former"),
            "Still opens what providers encrypt for it. Remove it once none does.",
        ),
    };
    let state = if key.expires_at <= now { Badge::of("expired") } else { state };
    KeyRow {
        id: key.id,
        fingerprint: key.fingerprint.clone(),
        expires: When::relative(key.expires_at, now),
        state,
        about,
        may_use: key.state == KeyState::Next,
        may_remove: key.state != KeyState::Active,
    }
}
