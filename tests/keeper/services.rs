//! Service accounts: how they are managed, how their tokens live and end, and what they may do.
mod acting;
mod command;
mod pages;
mod tokens;

use crate::support::House;
use keeper::domain::actor::{Actor, Trace};
use keeper::domain::enums::Scope;
use keeper::domain::error::{Error, Result};
use keeper::people::services::{self, Made, NewToken, ServiceInput};
use keeper::sql;

pub fn every_scope() -> Vec<&'static str> {
    Scope::ALL.iter().map(|scope| scope.as_str()).collect()
}

/// An account of this owner for these scopes, of the owner's role at most; in all environments where none is named.
pub async fn account(
    house: &House,
    (name, owner): (&str, &str),
    role: &str,
    scopes: &[&str],
    environments: &[i64],
) -> i64 {
    let input = ServiceInput {
        name: name.into(),
        owner: owner.into(),
        role: role.into(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        all_environments: environments.is_empty().then(|| "true".into()),
        environments: environments.iter().map(i64::to_string).collect(),
        ..ServiceInput::default()
    };
    services::create(&house.app, &house.operator(), input.parse().unwrap()).await.unwrap()
}

pub async fn make(house: &House, account: i64, days: i64, former_ends_in: Option<i64>) -> Result<Made> {
    let new = NewToken { days, former_ends_in };
    services::make_token(&house.app, &house.operator(), account, &new).await
}

pub fn text(made: &Made) -> String {
    String::from_utf8(made.text.expose().to_vec()).unwrap()
}

/// Whom a token opens to.
async fn opened(house: &House, token: &str) -> Option<Actor> {
    let trace = Trace { client: "192.0.2.7".into(), request_id: "r".into(), ..Trace::default() };
    services::by_token(&house.app, token, trace).await.unwrap()
}

/// An account with a token, as who it acts.
async fn acting(
    house: &House,
    who: (&str, &str),
    role: &str,
    scopes: &[&str],
    environments: &[i64],
) -> Actor {
    let id = account(house, who, role, scopes, environments).await;
    let made = make(house, id, 30, None).await.unwrap();
    opened(house, &text(&made)).await.unwrap()
}

fn refused<T>(answer: Result<T>) -> String {
    match answer.err().expect("a refusal") {
        Error::Forbidden(why) | Error::Conflict(why) => why,
        other => panic!("not a refusal in words: {other:?}"),
    }
}

async fn told(house: &House) -> Vec<String> {
    let query = sql!(
        "SELECT action, actor_kind, actor_name, target FROM audit_events WHERE action LIKE 'service.%' ORDER BY seq"
    );
    let rows: Vec<(String, String, String, String)> =
        house.app.db.read().await.unwrap().all(query).await.unwrap();
    rows.into_iter().map(|(action, kind, who, what)| format!("{action} of {what} by {kind} {who}")).collect()
}
