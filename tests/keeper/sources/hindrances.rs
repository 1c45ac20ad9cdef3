//! What may come between, and that each is told apart: what to do about it differs.
use super::both;
use super::place::{Place, account, development, fresh, nobody, value, words};
use super::proxy::{Spoil, at_word};
use keeper::kit::chance::Chance;
use keeper::remote::sources::{Accepts, Changed, Tls};
use keeper::remote::{Refused, RemoteError, Rules, Server, Source};
use std::time::{Duration, Instant};

both! {
    async fn an_administrator_with_a_wrong_password_is_told_so(place: Place) {
        let user = place.add(&fresh("app"), "old").await;
        let source = place.source_but(|settings| settings.password = value("wrong"));
        let told = words(source.change(&user, &value("new")).await);
        assert!(told.contains("does not let Keeper's administrator in"), "{told}");
        assert_eq!(words(source.look(&user).await), told);
        assert!(!source.rehearse().await.passed());
        assert!(place.opens(&user.name, "old").await);
    }
}

both! {
    async fn an_unknown_user_is_an_error_that_trying_again_does_not_help(place: Place) {
        let missing = account(&fresh("nobody"));
        let error = place.source().change(&missing, &value("new")).await.unwrap_err();
        assert!(error.to_string().contains("no such user"), "{error}");
        assert!(!error.may_pass());
        assert_eq!(place.source().accepts(&missing, &value("any")).await, Accepts::No);
    }
}

both! {
    async fn a_server_that_is_down_is_unknown_and_may_come_back(place: Place) {
        let source = place.source_at(nobody().await);
        let error = source.change(&account("app"), &value("new")).await.unwrap_err();
        assert!(error.to_string().contains("refused the connection") && error.may_pass(), "{error}");
        assert_eq!(source.accepts(&account("app"), &value("any")).await, Accepts::Unknown(error));
    }
}

both! {
    async fn a_server_that_never_answers_costs_ten_seconds_and_no_more(place: Place) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let source = place.source_at(listener.local_addr().unwrap().port());
        let (began, user, any) = (Instant::now(), account("app"), value("any"));
        let (said, error) = tokio::join!(source.accepts(&user, &any), source.change(&user, &any));
        let error = error.unwrap_err();
        assert!(error.to_string().contains("within 10 seconds") && error.may_pass(), "{error}");
        assert_eq!(said, Accepts::Unknown(error));
        assert!(began.elapsed() < Duration::from_secs(12));
    }
}

both! {
    async fn an_answer_that_was_never_heard_is_neither_a_yes_nor_a_no(place: Place) {
        let word = if place.is_postgres() { "ALTER ROLE" } else { "ALTER USER" };
        for (spoil, done) in [(Spoil::Swallow, true), (Spoil::Cut, false), (Spoil::Hang, false)] {
            let user = place.add(&fresh("app"), "old").await;
            let source = place.source_at(at_word(word, spoil, place.port).await);
            let said = source.change(&user, &value("new")).await;
            assert!(matches!(&said, Ok(Changed::Perhaps(why)) if why.may_pass()), "{said:?}");
            assert_eq!(place.opens(&user.name, "new").await, done);
            assert_eq!(place.opens(&user.name, "old").await, !done);
        }
    }
}

both! {
    async fn a_missing_right_is_named(place: Place) {
        let user = place.add(&fresh("app"), "old").await;
        let clerk = fresh("clerk");
        place.add(&clerk, "clerk").await;
        if !place.is_postgres() {
            place.does(&format!("GRANT SELECT ON mysql.* TO {clerk}@'%'")).await;
        }
        let source = place.source_but(|settings| {
            settings.user.clone_from(&clerk);
            settings.password = value("clerk");
        });
        let error = source.change(&user, &value("new")).await.unwrap_err();
        let right = if place.is_postgres() { "CREATEROLE" } else { "CREATE USER on *.*" };
        assert!(error.to_string().contains(right) && !error.may_pass(), "{error}");
        assert!(place.opens(&user.name, "old").await);
        let look = source.look(&user).await.unwrap();
        assert!(!look.may_change && look.remarks.iter().any(|r| r.to_string().contains(right)), "{look:?}");
        let played = source.rehearse().await;
        assert!(!played.passed(), "{played:?}");
    }
}

both! {
    async fn a_user_with_no_connection_left_is_unknown_not_refused(place: Place) {
        let user = place.add(&fresh("app"), "old").await;
        if place.is_postgres() {
            place.does(&format!("ALTER ROLE {} CONNECTION LIMIT 0", user.name)).await;
        } else {
            place.does(&format!("ALTER USER {}@'%' WITH MAX_CONNECTIONS_PER_HOUR 1", user.name)).await;
            assert!(place.opens(&user.name, "old").await);
        }
        let said = place.source().accepts(&user, &value("old")).await;
        assert!(
            matches!(&said, Accepts::Unknown(why) if why.may_pass() && why.to_string().contains("no connection left")),
            "{said:?}"
        );
        assert_eq!(place.source().accepts(&user, &value("wrong")).await, Accepts::No);
    }
}

#[tokio::test]
async fn a_password_is_right_though_the_database_is_not_there_and_unknown_where_its_user_may_not_sign_in() {
    let Some(place) = Place::mysql().await else { return };
    let user = place.add(&fresh("app"), "old").await;
    let source = place.source_but(|settings| settings.database = Some("nowhere".into()));
    assert_eq!(source.accepts(&user, &value("old")).await, Accepts::Yes);
    assert_eq!(source.accepts(&user, &value("wrong")).await, Accepts::No);
    place.does(&format!("ALTER USER {}@'%' ACCOUNT LOCK", user.name)).await;
    let said = place.source().accepts(&user, &value("old")).await;
    assert!(matches!(&said, Accepts::Unknown(why) if why.to_string().contains("locked")), "{said:?}");
    let Some(place) = Place::postgres().await else { return };
    let user = place.add(&fresh("app"), "old").await;
    place.does(&format!("ALTER ROLE {} NOLOGIN", user.name)).await;
    let said = place.source().accepts(&user, &value("old")).await;
    assert!(
        matches!(&said, Accepts::Unknown(why) if why.to_string().contains("may not sign in")),
        "{said:?}"
    );
}

both! {
    async fn only_development_calls_this_machine_or_does_without_tls(place: Place) {
        assert_eq!(Server::parse("127.0.0.1", place.port, &Rules::default()).err(), Some(Refused::Loopback));
        let refused = |host: &str, rules: &Rules| {
            let mut settings = place.settings();
            settings.server = Server::parse(host, place.port, rules).unwrap();
            Source::new(settings, Chance::System)
        };
        let told = refused("db.example.com", &Rules::default()).err().unwrap();
        assert!(told.to_string().contains("without TLS"), "{told}");
        // In development too only to this machine. The address is one of the documentation's: nobody is called.
        let source = refused("192.0.2.1", &development()).ok().unwrap();
        assert_eq!(source.change(&account("app"), &value("new")).await.unwrap_err(), told);
        // A name that leads to this machine is seen for what it is when it is called.
        let source = place.source_but(|settings| {
            settings.server = Server::parse("localhost", place.port, &Rules::default()).unwrap();
            settings.tls = Tls::Machine;
        });
        let error = source.change(&account("app"), &value("new")).await.unwrap_err();
        assert!(matches!(&error, RemoteError::Final { why } if why.contains("this machine itself")), "{error}");
    }
}
