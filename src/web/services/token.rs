//! POST /settings/service-accounts/{id}/tokens: a token, shown on the answer this once. POST …/{token}/revoke: its end.
use super::HOME;
use super::show::page;
use crate::domain::error::{Error, Result};
use crate::people::services::{self, Made, NewTokenInput};
use crate::web::extract::{CurrentUser, Id, RequireAdmin, TokenId};
use crate::web::page::{Answer, html, see_other_saying, with_status};
use crate::web::views::parts::{Form, When};
use crate::web::views::services::MadePage;
use crate::web::views::words::Exact;
use axum_extra::extract::Form as Posted;

const LABELS: [(&str, &str); 2] = [("days", "Days"), ("former_ends_in", "Hours")];

pub async fn make(
    RequireAdmin(user): RequireAdmin,
    Id(id): Id,
    Posted(input): Posted<NewTokenInput>,
) -> Answer {
    let made = match input.parse() {
        Ok(new) => services::make_token(&user.app, &user.actor, id, &new).await,
        Err(e) => Err(e),
    };
    match made {
        Ok(token) => html(&shown(&user, id, &token).await?),
        Err(e) => {
            let typed = Form { refusal: "No token was made", ..Form::default() }
                .with("days", input.days)
                .with("former_ends_in", input.former_ends_in);
            refused(&user, id, e, typed).await
        }
    }
}

pub async fn revoke(RequireAdmin(user): RequireAdmin, Id(id): Id, TokenId(token): TokenId) -> Answer {
    match services::revoke_token(&user.app, &user.actor, id, token).await {
        Ok(()) => see_other_saying(&format!("{HOME}/{id}"), "token-revoked"),
        Err(e) => {
            let typed = Form { refusal: "Not revoked", ..Form::default() }.with("days", "90");
            refused(&user, id, e, typed).await
        }
    }
}

async fn shown<'a>(user: &CurrentUser, id: i64, token: &'a Made) -> Result<MadePage<'a>> {
    let text = std::str::from_utf8(token.text.expose()).map_err(Error::broken)?;
    Ok(MadePage {
        shell: user.shell("services", format!("Token of {}", token.account)).await?,
        id,
        name: token.account.clone(),
        ends: When::day(token.expires_at),
        text: Exact(text),
    })
}

pub(super) async fn refused(user: &CurrentUser, id: i64, why: Error, typed: Form) -> Answer {
    let (status, form) = typed.refused(why, &LABELS, &format!("{HOME}/{id}"))?;
    with_status(status, &page(user, id, form).await?)
}
