//! /settings/sign-in: by password too, or by single sign-on alone, and who comes in when that is away.
use super::is_on;
use crate::domain::error::Result;
use crate::people;
use crate::web::extract::{CurrentUser, RequireAdmin};
use crate::web::page::{Answer, html, see_other_saying, with_status};
use crate::web::views::parts::Form;
use crate::web::views::users::PolicyPage;
use crate::web::views::words::sentence;
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PolicyForm {
    sso_only: String,
}

pub async fn policy(RequireAdmin(user): RequireAdmin) -> Answer {
    people::demand_to_open(&user.actor, user.app.now())?;
    html(&page(&user, Form::default()).await?)
}

pub async fn set_policy(RequireAdmin(user): RequireAdmin, Posted(posted): Posted<PolicyForm>) -> Answer {
    let done =
        async { people::set_sso_only(&user.app, &user.actor, is_on("sso_only", &posted.sso_only)?).await };
    let Err(why) = done.await else { return see_other_saying("/settings/sign-in", "saved") };
    let form = Form { refusal: "Not changed", ..Form::default() };
    let (status, form) = form.refused(why, &[("sso_only", "Single sign-on alone")], "/settings/sign-in")?;
    with_status(status, &page(&user, form).await?)
}

async fn page(user: &CurrentUser, form: Form) -> Result<PolicyPage> {
    let is_sso_only = people::is_sso_only(&mut user.app.db.read().await?).await?;
    let why_not = people::why_not_sso_only(&user.app, &user.actor).await?;
    Ok(PolicyPage {
        shell: user.shell("users", "Sign-in").await?,
        is_sso_only,
        able: people::able_to_break_glass(&user.app, &user.actor).await?,
        why_not: why_not.map(|why| sentence(&why)).unwrap_or_default(),
        form,
    })
}
