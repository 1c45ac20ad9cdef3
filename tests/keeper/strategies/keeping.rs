//! How sources are kept: valid, whole, sealed for one server and one user.
use super::{add, count, far, field, fields, near, nowhere, strategies};
use crate::sources::place::{nobody, value};
use crate::support::{House, three};
use keeper::crypto::Integrity;
use keeper::domain::error::{Error, Result};
use keeper::sources::{self, SourceInput};
use keeper::{audit, sql, tx};

async fn link(house: &House, secret: i64, source: i64, second: Option<&str>, shape: &str) -> Result<i64> {
    let now = house.app.now();
    tx!(house.app.db, |tx| {
        tx.insert(sql!(
            "INSERT INTO secret_sources (secret_id, source_id, account_name, second_name, shape, row_version, created_at, updated_at) VALUES (?, ?, 'app', ?, ?, 1, ?, ?)",
            secret, source, second, shape, now, now
        ))
        .await
    })
}

three! {
    // A source is found again as it was given, by name, without its password, which is nowhere to be read.
    async fn a_source_is_kept_and_its_password_is_readable_nowhere(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        add(&house, dev, SourceInput { engine: "mysql".into(), ..far("second", "a-word-nobody-reads") }).await;
        let id = add(&house, dev, SourceInput { name: " First ".into(), port: "6432".into(), database_name: "app".into(), ..far("", "another-word-nobody-reads") }).await;
        let all = sources::list(&house.app, &house.operator(), dev).await.unwrap();
        let told: Vec<String> = all.iter().map(|s| format!("{} {} {}:{} {} {} {}", s.name, s.address.engine, s.address.host, s.address.port, s.database_name, s.address.tls, s.address.user_name)).collect();
        assert_eq!(told, ["first postgresql db.example.com:6432 app machine keeper", "second mysql db.example.com:3306  machine keeper"]);
        let found = sources::find(&house.app, &house.operator(), id).await.unwrap();
        assert_eq!((found.label().as_str(), found.source.row_version), ("dev/first", 1));
        assert_eq!(count(&house, "source.created").await, 2);
        nowhere(&house, &["a-word-nobody-reads", "another-word-nobody-reads"]).await;
    }
}

three! {
    // What is wrong is told by field, all of it at once, and a name is taken once in an environment.
    async fn what_is_wrong_with_a_source_is_told_by_field(house: House) {
        let app = &house.app;
        let bad = SourceInput { name: "a b".into(), engine: "oracle".into(), host: String::new(), port: "0".into(), tls: "perhaps".into(), database_name: "x".repeat(64), user_name: String::new(), ..far("", "x") };
        assert_eq!(field(bad.parse(app)), "database_name engine host name port tls user_name");
        for (input, wrong) in [
            (SourceInput { host: "169.254.169.254".into(), ..far("a", "x") }, "host"),
            (SourceInput { host: "/run/postgresql".into(), ..far("a", "x") }, "host"),
            (SourceInput { tls: "authority".into(), ..far("a", "x") }, "authority"),
            (SourceInput { tls: "authority".into(), authority: "/etc/ssl/ca.pem".into(), ..far("a", "x") }, "authority"),
            (SourceInput { user_name: "x".repeat(64), ..far("a", "x") }, "user_name"),
            (far("a", "line\nbreak"), "password"),
        ] {
            assert_eq!(field(input.parse(app)), wrong);
        }
        let (dev, other) = (house.add_environment("dev", "development", "open", &[]).await, house.add_environment("other", "development", "open", &[]).await);
        let none = SourceInput { password: None, ..far("a", "") }.parse(app).unwrap();
        assert_eq!(field(sources::create(app, &house.operator(), dev, none).await), "password");
        for environment in [dev, other] {
            add(&house, environment, far("a", "x")).await;
        }
        let twice = far("A", "x").parse(app).unwrap();
        assert_eq!(field(sources::create(app, &house.operator(), dev, twice).await), "name");
        assert_eq!(sources::list(app, &house.operator(), dev).await.unwrap().len(), 1);
    }
}

three! {
    // A blank password keeps the stored one, as long as it goes where it went: to another server, user or trust it is asked for anew.
    async fn a_password_is_kept_on_a_blank_update_and_asked_for_anew_when_it_would_go_elsewhere(house: House) {
        let app = &house.app;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = add(&house, dev, far("main", "first-word-nobody-reads")).await;
        let cells = || async {
            let query = sql!("SELECT ciphertext, nonce, wrapped_key FROM sources WHERE id = ?", id);
            app.db.read().await.unwrap().one::<(Vec<u8>, Vec<u8>, Vec<u8>)>(query).await.unwrap()
        };
        let kept = cells().await;
        let blank = || SourceInput { password: Some(value("")), row_version: "1".into(), ..far("renamed", "") };
        for moved in [
            SourceInput { host: "db.example.org".into(), ..blank() },
            SourceInput { port: "5433".into(), ..blank() },
            SourceInput { user_name: "keeper2".into(), ..blank() },
            SourceInput { engine: "mysql".into(), ..blank() },
            SourceInput { tls: "off".into(), ..blank() },
        ] {
            let told = fields(sources::update(app, &house.operator(), id, moved.parse(app).unwrap()).await);
            assert!(told[0].0 == "password" && told[0].1.contains("asked for anew"), "{told:?}");
        }
        assert_eq!(count(&house, "source.updated").await, 0);
        let named = SourceInput { database_name: "app".into(), ..blank() }.parse(app).unwrap();
        sources::update(app, &house.operator(), id, named).await.unwrap();
        assert_eq!(cells().await, kept, "the password is as it was");
        let late = blank().parse(app).unwrap();
        assert!(matches!(sources::update(app, &house.operator(), id, late).await, Err(Error::Conflict(_))));
        let given = SourceInput { host: "db.example.org".into(), row_version: "2".into(), ..far("renamed", "second-word-nobody-reads") };
        sources::update(app, &house.operator(), id, given.parse(app).unwrap()).await.unwrap();
        assert_ne!(cells().await, kept);
        let found = sources::find(app, &house.operator(), id).await.unwrap();
        assert_eq!((found.label().as_str(), found.source.address.host.as_str(), found.source.row_version), ("dev/renamed", "db.example.org", 3));
        let payloads: Vec<(String,)> = app.db.read().await.unwrap().all(sql!("SELECT payload FROM audit_events WHERE action = 'source.updated' ORDER BY seq")).await.unwrap();
        assert!(payloads[0].0.contains(r#""changed":["name","database_name"]"#), "{payloads:?}");
        assert!(payloads[1].0.contains(r#""changed":["host","database_name","password"]"#), "{payloads:?}");
        nowhere(&house, &["first-word-nobody-reads", "second-word-nobody-reads"]).await;
        assert_eq!(audit::verify(app).await.unwrap().findings.len(), 0);
    }
}

three! {
    // Whoever can write into the database cannot send the password to a server of their own either: it does not open there.
    async fn a_password_does_not_open_for_another_server_or_user(house: House) {
        let app = &house.app;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let port = i64::from(nobody().await);
        for (n, change) in [
            sql!("UPDATE sources SET host = 'localhost'"), sql!("UPDATE sources SET port = ?", port), sql!("UPDATE sources SET user_name = 'root'"),
            sql!("UPDATE sources SET tls = 'off'"), sql!("UPDATE sources SET engine = 'mysql'"), sql!("UPDATE sources SET tls = 'authority', authority = 'x'"),
        ].into_iter().enumerate() {
            let id = add(&house, dev, far(&format!("n{n}"), "x")).await;
            let done: Result<u64> = tx!(app.db, |tx| tx.exec(change.clone()).await);
            done.unwrap();
            let error = sources::check_source(app, &house.operator(), id).await.unwrap_err();
            assert!(Integrity::behind(&error).is_some(), "{n}: {error:?}");
            let gone: Result<u64> = tx!(app.db, |tx| tx.exec(sql!("DELETE FROM sources")).await);
            gone.unwrap();
        }
    }
}

three! {
    // A source that secrets are changed at stays, and says whose; without them it goes. A purged secret takes its strategy along.
    async fn a_used_source_stays(house: House) {
        let app = &house.app;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let (id, secret) = (add(&house, dev, far("main", "x")).await, house.add_secret(dev, "db", "v").await);
        assert!(link(&house, secret, id, Some("b"), "password").await.is_err(), "two users need a value that tells them apart");
        link(&house, secret, id, Some("b"), "json").await.unwrap();
        assert!(matches!(link(&house, secret, id, None, "json").await, Err(Error::Taken)), "one strategy a secret");
        let refused = sources::delete(app, &house.operator(), id, 1, "").await;
        assert!(matches!(&refused, Err(Error::Conflict(why)) if why.contains("such as db")), "{refused:?}");
        assert_eq!(sources::used_by(app, &house.operator(), id, 9).await.unwrap(), [(secret, "db".to_owned())]);
        let other = SourceInput { engine: "mysql".into(), row_version: "1".into(), ..far("main", "x") };
        assert_eq!(field(sources::update(app, &house.operator(), id, other.parse(app).unwrap()).await), "engine");
        let bypassed: Result<u64> = tx!(app.db, |tx| tx.exec(sql!("DELETE FROM sources WHERE id = ?", id)).await);
        assert!(matches!(bypassed, Err(Error::Conflict(_))), "{bypassed:?}");

        keeper::secrets::set_active(app, &house.operator(), secret, false, "a test", 1).await.unwrap();
        app.clock.advance(time::Duration::days(40));
        let sure = keeper::secrets::Sure { confirm: "db".into(), reason: "a test".into() };
        keeper::secrets::purge(app, &house.operator(), secret, 2, &sure).await.unwrap();
        assert_eq!(strategies(&house).await, 0);
        assert!(matches!(sources::delete(app, &house.operator(), id, 2, "").await, Err(Error::Conflict(_))), "an old form");
        sources::delete(app, &house.operator(), id, 1, "no longer").await.unwrap();
        assert!(matches!(sources::find(app, &house.operator(), id).await, Err(Error::NotFound)));
        assert_eq!(count(&house, "source.deleted").await, 1);
    }
}

#[tokio::test]
async fn off_development_a_source_has_tls_and_is_not_this_machine() {
    let Some(house) = House::with(keeper::db::Engine::Sqlite, &PRODUCTION).await else { return };
    for place in super::places().await {
        let bare = SourceInput { host: "db.example.com".into(), ..near(&place) };
        assert_eq!(field(bare.parse(&house.app)), "tls");
        let within = SourceInput { tls: "machine".into(), ..near(&place) };
        assert_eq!(field(within.parse(&house.app)), "host");
    }
}

const PRODUCTION: [(&str, &str); 4] = [
    ("KEEPER_PUBLIC_URL", "https://keeper.example.com"),
    ("KEEPER_MODE", "production"),
    ("KEEPER_LIMITS", "on"),
    ("KEEPER_ALLOW_KEY_BESIDE_DATA", "true"),
];
