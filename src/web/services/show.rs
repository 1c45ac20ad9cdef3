//! GET /settings/service-accounts/{id}: one service account, what it may, and its tokens.
use super::{state, token_state};
use crate::domain::actor::SERVICE;
use crate::domain::error::Result;
use crate::people::services::{self, Account, MOST, SOON, Token};
use crate::web::extract::{CurrentUser, Id, RequireAdmin};
use crate::web::page::{Answer, html, role_label};
use crate::web::views::parts::{Form, Link, When};
use crate::web::views::services::{ShowPage, TokenRow};

pub async fn show(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    html(&page(&user, id, Form::default().with("days", "90")).await?)
}

pub(super) async fn page(user: &CurrentUser, id: i64, form: Form) -> Result<ShowPage> {
    let account = services::find(&user.app, &user.actor, id).await?;
    let chosen = services::chosen(&user.app, &user.actor, &[id]).await?;
    let tokens = services::tokens(&user.app, &user.actor, id).await?;
    let now = user.app.now();
    let live: Vec<&Token> = tokens.iter().filter(|token| token.is_live(now)).collect();
    let last = live.iter().map(|token| token.expires_at).max();
    Ok(ShowPage {
        shell: user.shell("services", account.name.clone()).await?,
        id,
        name: account.name.clone(),
        description: account.description.clone(),
        state: state(&account),
        is_active: account.is_active,
        facts: facts(&account),
        ends: last.filter(|at| *at <= now.plus(SOON)).map(|at| When::relative(at, now)),
        scopes: account.scopes().iter().map(|scope| (scope.as_str(), scope.about())).collect(),
        all_environments: account.all_environments,
        environments: chosen
            .iter()
            .map(|one| Link {
                href: format!("/environments/{}", one.environment_id),
                label: one.name.clone(),
            })
            .collect(),
        has_live: !live.is_empty(),
        is_full: live.len() >= MOST,
        tokens: tokens.iter().map(|token| row(user, token)).collect(),
        form,
    })
}

fn facts(account: &Account) -> Vec<(&'static str, String)> {
    let role = if account.role_now() == account.role {
        role_label(account.role).to_owned()
    } else {
        let (now, most) = (role_label(account.role_now()), role_label(account.role));
        format!("{now}, as its owner; it may be a {most}")
    };
    vec![
        ("Owner", account.owner_name.clone()),
        ("Role", role),
        ("In the audit log", format!("{SERVICE}{}", account.name)),
        ("Made", format!("{}, by {}", When::day(account.created_at).text, account.created_by)),
        ("Changed", When::day(account.updated_at).text),
    ]
}

fn row(user: &CurrentUser, token: &Token) -> TokenRow {
    let now = user.app.now();
    TokenRow {
        id: token.id,
        hint: token.hint.clone(),
        state: token_state(token, now),
        made: When::relative(token.created_at, now),
        by: token.created_by.clone(),
        ends: When::relative(token.revoked_at.unwrap_or(token.expires_at), now),
        last_used: token.last_used_at.map(|at| When::relative(at, now)),
        from: token.last_used_addr.clone(),
        is_live: token.is_live(now),
    }
}
