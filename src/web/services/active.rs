//! Switching a service account off, which asks first, and on.
use super::HOME;
use super::token::refused;
use crate::domain::error::Result;
use crate::people::services;
use crate::web::extract::{CurrentUser, Id, RequireAdmin};
use crate::web::page::{Answer, html, see_other_saying};
use crate::web::views::confirm::ConfirmPage;
use crate::web::views::parts::{Form, Link};

const OFF: &str = "Its tokens open nothing, from the very next request on: whatever uses them stops. They stay, and open again when it is switched on, until they end.";

pub async fn ask_off(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    services::demand_to_open(&user.actor, user.app.now())?;
    let account = services::find(&user.app, &user.actor, id).await?;
    let (home, title) = (format!("{HOME}/{id}"), format!("Switch off {}", account.name));
    html(&ConfirmPage {
        shell: user.shell("services", title.clone()).await?,
        stage: "",
        crumbs: vec![
            Link { href: HOME.to_owned(), label: "Service accounts".to_owned() },
            Link { href: home.clone(), label: account.name },
        ],
        title,
        text: OFF.to_owned(),
        items: Vec::new(),
        more: 0,
        action: format!("{home}/switch-off"),
        hidden: Vec::new(),
        type_name: None,
        form: Form::default(),
        wants_reason: false,
        button: "Switch off".to_owned(),
        cancel: home,
        is_danger: true,
    })
}

pub async fn off(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let done = services::set_active(&user.app, &user.actor, id, false).await;
    told(&user, id, done, "service-off").await
}

pub async fn on(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let done = services::set_active(&user.app, &user.actor, id, true).await;
    told(&user, id, done, "service-on").await
}

async fn told(user: &CurrentUser, id: i64, done: Result<()>, word: &'static str) -> Answer {
    let Err(why) = done else { return see_other_saying(&format!("{HOME}/{id}"), word) };
    let typed = Form { refusal: "Nothing was changed", ..Form::default() }.with("days", "90");
    refused(user, id, why, typed).await
}
