//! GET /settings/service-accounts: every service account, and whose tokens end soon.
use super::{HOME, state};
use crate::kit::page::PageInput;
use crate::people::services::{self, Account, Token};
use crate::web::extract::{CurrentUser, RequireAdmin, ValidQuery};
use crate::web::forms::part_or_page;
use crate::web::page::{Answer, role_label};
use crate::web::views::parts::{Link, Note, Pager, When};
use crate::web::views::services::{IndexPage, ServiceRow};

pub async fn index(RequireAdmin(user): RequireAdmin, ValidQuery(query): ValidQuery<PageInput>) -> Answer {
    let page = services::list(&user.app, &user.actor, &query.cursor(), query.limit()).await?;
    let ids: Vec<i64> = page.items.iter().map(|account| account.id).collect();
    let tokens = services::live_tokens(&user.app, &user.actor, &ids).await?;
    let view = IndexPage {
        shell: user.shell("services", "Service accounts").await?,
        ending: ending(&user, &page.items, &tokens),
        rows: page.items.iter().map(|account| row(&user, account, &tokens)).collect(),
        pager: Pager::of(HOME, &query, &page),
    };
    part_or_page(&user, &view, &view.as_results())
}

fn row(user: &CurrentUser, account: &Account, tokens: &[Token]) -> ServiceRow {
    let now = user.app.now();
    let own: Vec<&Token> = tokens.iter().filter(|token| token.service_account_id == account.id).collect();
    ServiceRow {
        id: account.id,
        name: account.name.clone(),
        description: account.description.clone(),
        owner_id: account.owner_id,
        owner: account.owner_name.clone(),
        role_label: role_label(account.role_now()),
        state: state(account),
        tokens: own.len(),
        ends: own.iter().map(|token| token.expires_at).max().map(|at| When::relative(at, now)),
        last_used: own.iter().filter_map(|token| token.last_used_at).max().map(|at| When::relative(at, now)),
    }
}

/// An account with a newer token that lives on needs nobody's care.
fn ending(user: &CurrentUser, accounts: &[Account], tokens: &[Token]) -> Vec<Note> {
    let now = user.app.now();
    let lasts = |id: i64| tokens.iter().filter(move |token| token.service_account_id == id);
    let is_ending = |account: &&Account| {
        account.is_live()
            && lasts(account.id).max_by_key(|token| token.expires_at).is_some_and(|last| last.ends_soon(now))
    };
    let note = |account: &Account| {
        let last = lasts(account.id).map(|token| token.expires_at).max().unwrap_or(now);
        Note {
            tone: "warn",
            icon: "clock-exclamation",
            title: account.name.clone(),
            text: format!("Its last token ends {}.", When::relative(last, now).text),
            link: Some(Link {
                href: format!("{HOME}/{}", account.id),
                label: "Make the next one".to_owned(),
            }),
        }
    };
    accounts.iter().filter(is_ending).map(note).collect()
}
