//! The leak scan: values, credentials and passwords go in at every door of a running `keeper serve` that logs as loud as it can,
//! and are looked for afterwards, in every spelling, wherever they could have stayed.
mod backends;
mod doors;
mod gathered;
pub mod hunt;
mod imported;
mod pages;
mod person;
mod sources;
mod spellings;
pub mod stored;

use crate::kms::TransitKey;
use crate::support::house::fresh_database;
use crate::support::place::Place;
use crate::support::served::{Served, keeper};
use backends::Backends;
use doors::{CONTROL, Doors};
use gathered::Gathered;
use hunt::{Hunt, Marks};
use keeper::db::Engine;
use person::{Kept, Person};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

/// An account, made by the command line; what that said is kept.
fn add_user(data: &Path, settings: &[(&str, &str)], role: &str, password: &str, kept: &Kept) {
    let mut add = keeper(data)
        .args(["user", "add", role, "--role", role, "--password-stdin"])
        .envs(settings.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    add.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
    let said = add.wait_with_output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let said = [said.stdout, said.stderr].concat();
    kept.lock().unwrap().push((format!("keeper user add {role}"), said));
}

/// The address with a password that the server takes, and the password. PostgreSQL trusts this machine, so that any will do.
fn with_password(engine: Engine, url: String, marks: &Marks) -> (String, Option<String>) {
    let mut address = url::Url::parse(&url).unwrap();
    match engine {
        Engine::Sqlite => (url, None),
        Engine::Postgres => {
            let password = marks.letters("database");
            address.set_password(Some(&password)).unwrap();
            (address.into(), Some(password))
        }
        Engine::Mysql => {
            let password = address.password().map(str::to_owned);
            (url, password)
        }
    }
}

async fn scan(engine: Engine) {
    let Some(backends) = Backends::there() else { return };
    let data = tempfile::tempdir().unwrap();
    let Some(url) = fresh_database(engine, &data).await else { return };
    let marks = Marks::new();
    let (url, database_password) = with_password(engine, url, &marks);
    let Some(transit) = TransitKey::there().await else { return };
    // The one wraps every key; the other is named, as where somebody is about to switch.
    let (chosen, aws_secret) = (transit.chosen(), marks.letters("kms"));
    let mut settings = vec![
        ("KEEPER_DATABASE_URL", &*url),
        ("KEEPER_LOG", "trace"),
        ("KEEPER_LIMITS", "off"),
        ("KEEPER_KMS_AWS_KEY", "alias/keeper"),
        ("KEEPER_KMS_AWS_REGION", "us-east-1"),
        ("KEEPER_KMS_AWS_ENDPOINT", &*backends.aws),
        ("KEEPER_KMS_AWS_ACCESS_KEY_ID", "test"),
        ("KEEPER_KMS_AWS_SECRET_ACCESS_KEY", &*aws_secret),
    ];
    settings.extend(chosen.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let kept = Kept::default();
    let roles = ["admin", "manager", "user"];
    for role in roles {
        add_user(data.path(), &settings, role, &marks.value(role), &kept);
    }
    let mut served = Served::start(data.path(), &settings).await;
    let people = roles.map(|role| Person::arrives(role, &served.url, &kept));
    let [admin, manager, _] = &people;
    for (person, role) in people.iter().zip(roles) {
        doors::sign_in(person, &marks, &marks.value(role)).await;
    }

    let run = format!("{}-{}", served.url.rsplit(':').next().unwrap(), engine.name().to_lowercase());
    let (here, there) = (format!("leaks-{run}-dev"), format!("leaks-{run}-staging"));
    let token = format!("{}<&\"'+/\\", marks.letters("token"));
    backends.accept_token(&token).await;
    let real = (&*backends.vault, &*token, &*backends.aws);
    let environment = doors::environment(admin, &marks, real, &here, "development").await;
    let other = doors::environment(admin, &marks, real, &there, "staging").await;
    let bad = backends::taken_over().await;
    let hostile = (&*bad, &*token, &*bad);
    let hostile =
        doors::environment(admin, &marks, hostile, &format!("leaks-{run}-bad"), "development").await;
    let doors = Doors { person: manager, marks: &marks, environment };
    let secret = doors.made("planted").await;
    backends.hold(&format!("{here}/leaks/planted"), &marks.value("created")).await;
    let (generated, rotation) = doors.rotated(secret).await;
    backends.hold(&format!("{here}/leaks/planted"), &generated).await;
    doors.restored(secret).await;
    doors.promoted(secret, other).await;
    let (mut imported, held) = doors.imported().await;
    let tree = Gathered { admin, marks: &marks, environment };
    imported.push(("from_tree", tree.taken(&here, hostile).await));
    let bulk = doors.tagged(secret).await;
    doors.made_in_vain(hostile).await;
    for place in [&here, &there] {
        backends.hold(&format!("{place}/leaks/planted"), &marks.value("created")).await;
    }
    for (name, value) in &imported {
        backends.hold(&format!("{here}/leaks/{name}"), value).await;
    }

    tree.compared(&here).await;

    let sources::Made { source, used, is_used } = sources::made(admin, &marks, environment, &run).await;
    let place = Place {
        name: "planted".to_owned(),
        environment,
        secret,
        rotation,
        held,
        bulk,
        source,
        used,
        is_used,
        person: 1,
        ..Place::nowhere()
    };
    for (person, least) in people.iter().zip([38, 30, 20]) {
        let shown = pages::walk(person, &place, other).await;
        assert!(shown >= least, "{shown} pages");
    }

    let [plain, awkward] = marks.words();
    let mut hunt = Hunt::new(CONTROL)
        .for_word("a marked text", plain)
        .for_word("a marked text's odd letters", awkward)
        .for_word("the generated value", &generated)
        .for_word("the key service's token", &transit.token);
    if let Some(password) = &database_password {
        hunt = hunt.for_word("the database's password", password);
    }
    for (place, answer) in kept.lock().unwrap().iter() {
        hunt.look(place, answer);
    }
    // What browsers hold is in their own heads and forms, and nowhere else.
    for person in &people {
        hunt = hunt.for_word("a session", &person.session());
    }
    stored::files(&mut hunt, "while it serves", data.path());
    stored::tables(&mut hunt, &url).await;
    served.stop();
    stored::files(&mut hunt, "afterwards", data.path());

    assert!(hunt.leaks.is_empty(), "{:#?}", hunt.leaks);
    got_everywhere(&hunt, engine, &format!("/secrets/{secret}"), &served.log());
}

/// A search that looks past a place finds nothing there either: it must have met the words that people may read.
fn got_everywhere(hunt: &Hunt, engine: Engine, secret: &str, log: &str) {
    let mut places = vec![
        "secrets.description".to_owned(),
        "rotations.reason".to_owned(),
        "audit_events.payload".to_owned(),
        format!("GET {secret} as user: 200"),
        format!("GET {secret}/versions as manager: 200"),
        "POST /secrets/export as manager: 200".to_owned(),
        "POST /secrets as manager: 422".to_owned(),
    ];
    if engine == Engine::Sqlite {
        places.extend(["while it serves, keeper.db-wal".to_owned(), "afterwards, keeper.db".to_owned()]);
    }
    for place in places {
        assert!(hunt.reached.contains(&place), "the search has not got to {place}: {:#?}", hunt.reached);
    }
    assert!(log.contains(&format!("\"path\":\"{secret}/reveal\"")), "{log}");
}

// S12 S48 S78 S87 S98 S110: real processes, real backends, each engine.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_entrusted_to_it_is_readable_on_sqlite() {
    scan(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_entrusted_to_it_is_readable_on_postgres() {
    scan(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_entrusted_to_it_is_readable_on_mysql() {
    scan(Engine::Mysql).await;
}
