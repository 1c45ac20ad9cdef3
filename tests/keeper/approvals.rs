//! Four eyes: what waits for another person, who decides, how it ends without a change, and the glass that can be broken.
mod deciding;
mod glass;
mod others;
mod pages;
mod plans;

use crate::support::House;
use keeper::domain::enums::RotationStatus;
use keeper::domain::error::{Error, Result};
use keeper::environments::{self, EnvironmentInput};
use keeper::rotations;
use keeper::secrets;
use keeper::sql;

/// An environment in which every change of a value waits for another person; `stage` development: without production's rules.
pub async fn guarded(house: &House, name: &str, stage: &str) -> i64 {
    let input = EnvironmentInput {
        name: name.into(),
        display_name: name.into(),
        stage: stage.into(),
        access: "open".into(),
        needs_approval: Some("true".into()),
        ..EnvironmentInput::default()
    };
    environments::create(&house.app, &house.operator(), input.parse().unwrap()).await.unwrap()
}

/// uma is a user, max and mia are managers, ada is an admin.
async fn people(house: &House) {
    for (name, role) in [("uma", "user"), ("max", "manager"), ("mia", "manager"), ("ada", "admin")] {
        house.add_user(name, role).await;
    }
}

async fn status(house: &House, rotation: i64) -> RotationStatus {
    rotations::find(&house.app, &house.operator(), rotation).await.unwrap().status
}

async fn current(house: &House, secret: i64) -> String {
    let secret = house.secret(secret).await;
    let value = secrets::open_version(&house.app, &secret, secret.current_version).await.unwrap();
    String::from_utf8(value.expose().to_vec()).unwrap()
}

/// How many requests hold a sealed value.
async fn sealed(house: &House) -> i64 {
    let query = sql!(
        "SELECT COUNT(*) FROM rotation_requests WHERE ciphertext IS NOT NULL OR wrapped_key IS NOT NULL"
    );
    house.app.db.read().await.unwrap().number(query).await.unwrap()
}

async fn events(house: &House, secret: i64) -> Vec<String> {
    let query = sql!("SELECT action, actor_name FROM audit_events WHERE secret_id = ? ORDER BY seq", secret);
    let rows: Vec<(String, String)> = house.app.db.read().await.unwrap().all(query).await.unwrap();
    rows.into_iter().map(|(action, who)| format!("{action} by {who}")).collect()
}

fn why<T>(answer: Result<T>) -> String {
    match answer.err().expect("a refusal") {
        Error::Forbidden(why) | Error::Conflict(why) => why,
        other => panic!("not a refusal in words: {other:?}"),
    }
}
