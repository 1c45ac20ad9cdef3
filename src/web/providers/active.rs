//! Switching an identity provider off and on, and deleting it: a page that asks, then the act.
use super::HOME;
use super::show::page;
use crate::domain::error::{Error, Result};
use crate::providers::{self, Provider};
use crate::web::extract::{CurrentUser, Id, RequireAdmin};
use crate::web::page::{Answer, html, see_other_saying, with_status};
use crate::web::views::confirm::ConfirmPage;
use crate::web::views::parts::{Form, Link};
use axum::http::StatusCode;
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct DeleteForm {
    row_version: String,
    confirm: String,
}

const OFF: &str =
    "Nobody signs in through it any more, and whoever did is signed out. Its accounts and settings stay.";
const GONE: &str = "Its settings and its metadata go. Accounts that came through it stay, and nobody signs in with them; added again, the same provider finds them.";

pub async fn ask_off(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    providers::demand_to_open(&user.actor, user.app.now())?;
    let provider = providers::find(&user.app, &user.actor, id).await?;
    html(&ConfirmPage {
        text: OFF.to_owned(),
        action: format!("{HOME}/{id}/switch-off"),
        button: "Switch off".to_owned(),
        ..asking(&user, &provider, "Switch off").await?
    })
}

pub async fn off(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let done = providers::set_active(&user.app, &user.actor, id, false).await;
    told(&user, id, done, "provider-off").await
}

pub async fn on(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let done = providers::set_active(&user.app, &user.actor, id, true).await;
    told(&user, id, done, "provider-on").await
}

pub async fn ask_delete(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    providers::demand_to_open(&user.actor, user.app.now())?;
    let provider = providers::find(&user.app, &user.actor, id).await?;
    html(&deleting(&user, &provider, Form::default()).await?)
}

pub async fn delete(
    RequireAdmin(user): RequireAdmin,
    Id(id): Id,
    Posted(posted): Posted<DeleteForm>,
) -> Answer {
    let provider = providers::find(&user.app, &user.actor, id).await?;
    let typed = Form { refusal: "Not deleted", ..Form::default() }.with("confirm", posted.confirm.clone());
    if posted.confirm.trim() != provider.name {
        let e = Error::invalid("confirm", "is not the name");
        let (status, form) = typed.refused(e, &[("confirm", "What you typed")], HOME)?;
        return with_status(status, &deleting(&user, &provider, form).await?);
    }
    let version = posted.row_version.parse().unwrap_or(0);
    match providers::delete(&user.app, &user.actor, id, version).await {
        Ok(()) => see_other_saying(HOME, "provider-deleted"),
        Err(e) => {
            let (status, form) = typed.refused(e, &[], &format!("{HOME}/{id}/delete"))?;
            with_status(status, &deleting(&user, &provider, form).await?)
        }
    }
}

async fn deleting(user: &CurrentUser, provider: &Provider, form: Form) -> Result<ConfirmPage> {
    Ok(ConfirmPage {
        text: GONE.to_owned(),
        action: format!("{HOME}/{}/delete", provider.id),
        hidden: vec![("row_version", provider.row_version.to_string())],
        type_name: Some(provider.name.clone()),
        button: "Delete the identity provider".to_owned(),
        form,
        ..asking(user, provider, "Delete").await?
    })
}

async fn asking(user: &CurrentUser, provider: &Provider, title: &str) -> Result<ConfirmPage> {
    let home = format!("{HOME}/{}", provider.id);
    Ok(ConfirmPage {
        shell: user.shell("saml", format!("{title} {}", provider.display_name)).await?,
        stage: "",
        crumbs: vec![
            Link { href: HOME.to_owned(), label: "Identity providers".to_owned() },
            Link { href: home.clone(), label: provider.display_name.clone() },
        ],
        title: format!("{title} {}", provider.display_name),
        text: String::new(),
        items: Vec::new(),
        more: 0,
        action: String::new(),
        hidden: Vec::new(),
        type_name: None,
        form: Form::default(),
        wants_reason: false,
        button: title.to_owned(),
        cancel: home,
        is_danger: true,
    })
}

async fn told(user: &CurrentUser, id: i64, done: Result<()>, word: &'static str) -> Answer {
    let home = format!("{HOME}/{id}");
    let Err(why) = done else { return see_other_saying(&home, word) };
    let typed = Form { refusal: "Nothing was changed", ..Form::default() };
    let (status, form): (StatusCode, Form) = typed.refused(why, &[], &home)?;
    with_status(status, &page(user, id, form).await?)
}
