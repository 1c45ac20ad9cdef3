//! Where a secret is used, in words: "Value only", or "PostgreSQL user app" at a source.
use crate::domain::error::Result;
use crate::remote::sources::Account;
use crate::sources::{self, Described};
use crate::web::convert::engine_label;
use crate::web::extract::CurrentUser;
use crate::web::views::parts::Link;
use crate::web::views::sources::Used;

pub async fn used(user: &CurrentUser, id: i64) -> Result<Used> {
    Ok(words(sources::described(&user.app, &user.actor, id).await?.as_ref()))
}

pub fn words(now: Option<&Described>) -> Used {
    let Some(Described { source, accounts, .. }) = now else {
        return Used { text: "Value only".to_owned(), source: None };
    };
    let engine = engine_label(source.address.engine);
    let text = match &accounts[..] {
        [one] => format!("{engine} user {one}"),
        many => {
            let names: Vec<String> = many.iter().map(Account::to_string).collect();
            format!("{engine} users {} in turn", names.join(" and "))
        }
    };
    let source = Link { href: format!("/sources/{}", source.id), label: source.name.clone() };
    Used { text, source: Some(source) }
}
