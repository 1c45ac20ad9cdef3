//! An import of a thousand rows: what its preview takes and what confirming it takes, from the file to the COMMIT. Half of the rows
//! are new secrets, half are new values of secrets that exist. They lie in an environment of their own, beside those that are listed.
use super::line;
use keeper::app::Shared;
use keeper::domain::actor::{Actor, Trace};
use keeper::domain::plaintext::Plaintext;
use keeper::environments::{self, EnvironmentInput};
use keeper::imports::{self, UploadInput};
use keeper::kit::chance::Chance;
use keeper::people;
use std::time::Instant;

const ROWS: usize = 1000;
const ROUNDS: usize = 15;

pub async fn measure(app: &Shared) {
    let admin = people::by_username(&mut app.db.read().await.unwrap(), "demo-admin").await.unwrap().unwrap();
    let admin = Actor::Person(admin.person(app.now(), Trace::default()));
    let name = format!("bench-{}", hex::encode(Chance::System.bytes::<4>().unwrap()));
    let place = EnvironmentInput {
        display_name: name.clone(),
        name,
        stage: "development".into(),
        access: "open".into(),
        ..EnvironmentInput::default()
    };
    let place = environments::create(app, &admin, place.parse().unwrap()).await.unwrap();
    let (mut previews, mut confirmations) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let first = round * ROWS / 2;
        let began = Instant::now();
        let id = imports::hold(app, &admin, upload(place, first).parse().unwrap()).await.unwrap();
        let plan = imports::preview(app, &admin, id).await.unwrap().plan;
        previews.push(began.elapsed());
        let began = Instant::now();
        imports::confirm(app, &admin, id, &plan.fingerprint(), "").await.unwrap();
        confirmations.push(began.elapsed());
    }
    line(&format!("import of {ROWS} rows, preview"), &previews, "");
    line(&format!("import of {ROWS} rows, confirmed"), &confirmations, "");
}

fn upload(environment: i64, first: usize) -> UploadInput {
    let rows = (first..first + ROWS).map(|n| format!("SVC_{n}_PASSWORD='value of {n} in {first}'\n"));
    UploadInput {
        environment_id: environment.to_string(),
        secret_type: "password".into(),
        secrecy_level: "internal".into(),
        content: Some(Plaintext::from(rows.collect::<String>())),
        ..UploadInput::default()
    }
}
