//! Secrets whose passwords are changed at their source: sources and who may have them, and credentials that are adopted.
mod adopting;
mod helping;
mod keeping;
#[cfg(feature = "faults")]
mod killed;
mod pages;
mod people;
pub mod rotating;
mod trying;

use crate::leaks::hunt::Hunt;
use crate::leaks::stored;
use crate::sources::place::{ADMIN_PASSWORD, Place, value};
use crate::support::House;
use keeper::domain::error::{Error, Result};
use keeper::secrets;
use keeper::sources::{self, SourceInput, StrategyInput};
use keeper::{sql, tx};

/// Both servers, where they are there.
async fn places() -> Vec<Place> {
    [Place::postgres().await, Place::mysql().await].into_iter().flatten().collect()
}

/// A source that nobody calls.
pub fn far(name: &str, password: &str) -> SourceInput {
    SourceInput {
        name: name.into(),
        engine: "postgresql".into(),
        host: "db.example.com".into(),
        tls: "machine".into(),
        user_name: "keeper".into(),
        password: Some(value(password)),
        reason: "a test".into(),
        ..SourceInput::default()
    }
}

pub fn near(place: &Place) -> SourceInput {
    SourceInput {
        engine: if place.is_postgres() { "postgresql" } else { "mysql" }.into(),
        host: "127.0.0.1".into(),
        port: place.port.to_string(),
        database_name: if place.is_postgres() { "keeper_sources" } else { "" }.into(),
        tls: "off".into(),
        user_name: place.admin.clone(),
        ..far("main", ADMIN_PASSWORD)
    }
}

async fn add(house: &House, environment: i64, input: SourceInput) -> i64 {
    let new = input.parse(&house.app).unwrap();
    sources::create(&house.app, &house.operator(), environment, new).await.unwrap()
}

pub async fn wish(house: &House, secret: i64, source: i64, name: &str) -> StrategyInput {
    StrategyInput {
        source_id: source.to_string(),
        account_name: name.into(),
        shape: "password".into(),
        reason: "a test".into(),
        row_version: house.secret(secret).await.row_version.to_string(),
        ..StrategyInput::default()
    }
}

async fn adopt(house: &House, secret: i64, wish: StrategyInput) -> Result<Vec<String>> {
    let told = house.set_strategy(&house.operator(), secret, wish).await?;
    Ok(told.iter().map(ToString::to_string).collect())
}

async fn count(house: &House, action: &str) -> i64 {
    let query = sql!("SELECT COUNT(*) FROM audit_events WHERE action = ?", action);
    house.app.db.read().await.unwrap().number(query).await.unwrap()
}

async fn strategies(house: &House) -> i64 {
    house.app.db.read().await.unwrap().number(sql!("SELECT COUNT(*) FROM secret_sources")).await.unwrap()
}

async fn current(house: &House, secret: i64) -> String {
    let secret = house.secret(secret).await;
    let value = secrets::open_version(&house.app, &secret, secret.current_version).await.unwrap();
    String::from_utf8(value.expose().to_vec()).unwrap()
}

fn fields<T>(answer: Result<T>) -> Vec<(String, String)> {
    match answer.err().expect("an error") {
        Error::Invalid(fields) => {
            fields.iter().map(|(field, messages)| (field.to_owned(), messages.join("; "))).collect()
        }
        other => panic!("not a field's error: {other:?}"),
    }
}

fn field<T>(answer: Result<T>) -> String {
    fields(answer).into_iter().map(|(field, _)| field).collect::<Vec<_>>().join(" ")
}

/// No cell of any table holds one of these, in any spelling.
pub async fn nowhere(house: &House, words: &[&str]) {
    let mut hunt = Hunt::new("a test");
    for word in words {
        hunt = hunt.for_word(word, word);
    }
    stored::tables(&mut hunt, house.app.settings.database_url.expose()).await;
    assert!(hunt.leaks.is_empty(), "{:#?}", hunt.leaks);
    assert!(hunt.reached.contains("audit_events.payload"), "{:?}", hunt.reached);
}
