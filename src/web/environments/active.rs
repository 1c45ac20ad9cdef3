//! Switching an environment off and on again: a page that asks, then the act.
use crate::environments;
use crate::web::extract::{CurrentUser, Id, RequireAdmin};
use crate::web::page::{Answer, html, see_other_saying, weight};
use crate::web::views::confirm::ConfirmPage;
use crate::web::views::parts::{Form, Link};

pub async fn ask_off(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    ask(&user, id, false).await
}

pub async fn ask_on(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    ask(&user, id, true).await
}

pub async fn off(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    environments::set_active(&user.app, &user.actor, id, false).await?;
    see_other_saying(&format!("/environments/{id}"), "deactivated")
}

pub async fn on(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    environments::set_active(&user.app, &user.actor, id, true).await?;
    see_other_saying(&format!("/environments/{id}"), "saved")
}

async fn ask(user: &CurrentUser, id: i64, active: bool) -> Answer {
    let environment = environments::enter(&user.app, &user.actor, id).await?.environment;
    let (title, text) = if active {
        ("Switch on again", "Its secrets can be changed, pushed and rotated again.")
    } else {
        (
            "Switch off",
            "It becomes read only: no change, no push, no rotation. Nothing is lost, and copies stay where they are.",
        )
    };
    let home = format!("/environments/{id}");
    html(&ConfirmPage {
        shell: user.shell("environments", format!("{title} {}", environment.name)).await?,
        stage: weight(&environment),
        crumbs: vec![
            Link { href: "/environments".into(), label: "Environments".into() },
            Link { href: home.clone(), label: environment.name.clone() },
        ],
        title: title.into(),
        text: text.into(),
        items: vec![environment.name.clone()],
        more: 0,
        action: format!("{home}/{}", if active { "switch-on" } else { "switch-off" }),
        hidden: Vec::new(),
        type_name: None,
        form: Form::default(),
        wants_reason: false,
        button: title.into(),
        cancel: home,
        is_danger: !active,
    })
}
