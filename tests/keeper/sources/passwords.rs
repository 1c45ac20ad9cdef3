//! What a change does, and what it leaves alone.
use super::both;
use super::place::{Place, account, fresh, nobody, value, words};
use keeper::domain::plaintext::Plaintext;
use keeper::remote::sources::{Accepts, Account, Changed};

both! {
    async fn a_user_whose_password_was_changed_signs_in_with_the_new_one_and_no_longer_with_the_old(place: Place) {
        let (name, source) = (fresh("app"), place.source());
        let user = place.add(&name, "the old one").await;
        assert!(place.opens(&name, "the old one").await);
        assert!(!place.opens(&name, "the new one").await);
        assert_eq!(source.change(&user, &value("the new one")).await, Ok(Changed::Yes));
        assert!(place.opens(&name, "the new one").await);
        assert!(!place.opens(&name, "the old one").await);
        // Said twice it is no mistake.
        assert_eq!(source.change(&user, &value("the new one")).await, Ok(Changed::Yes));
        assert!(place.opens(&name, "the new one").await);
    }
}

/// Names and values that would end a quote, begin a comment, or be taken for something else.
const NASTY: [&str; 14] = [
    "'",
    "\"",
    "\\",
    "\\'",
    "\\\"",
    "''; --",
    "\"; DROP ROLE x; --",
    "%s%n_%",
    "a b",
    "ünïcödé 密码",
    "`x`",
    "/*",
    "x'@'%",
    "$$$1",
];

both! {
    async fn any_name_and_any_value_are_changed_as_they_are_and_nothing_beside_them(place: Place) {
        let (source, beside) = (place.source(), fresh("beside"));
        place.add(&beside, "untouched").await;
        let tag = fresh("n");
        for (index, odd) in NASTY.iter().enumerate() {
            let name = format!("{tag}{index}{odd}");
            let user = place.add(&name, "old").await;
            let new = format!("{odd}new{odd}");
            assert_eq!(source.change(&user, &value(&new)).await, Ok(Changed::Yes), "{name}");
            assert!(place.opens(&name, &new).await, "{name}");
            assert!(!place.opens(&name, "old").await, "{name}");
        }
        assert_eq!(place.users(&tag).await.len(), NASTY.len());
        assert!(place.opens(&beside, "untouched").await);
    }
}

both! {
    async fn a_value_that_cannot_be_a_password_is_refused_before_anybody_is_called(place: Place) {
        let (source, user) = (place.source_at(nobody().await), account("app"));
        let mut refused = vec![vec![], b"a\0b".to_vec(), vec![b'a', 0xff], vec![b'x'; 1001]];
        if place.is_postgres() {
            refused.extend([b"line\n".to_vec(), "🔑".as_bytes().to_vec()]);
        }
        for bytes in refused {
            let told = words(source.change(&user, &Plaintext::new(bytes.clone())).await);
            assert!(told.contains("cannot have this value as a password"), "{bytes:?}: {told}");
        }
    }
}

both! {
    async fn a_name_that_the_server_would_cut_off_or_misread_is_refused_before_anybody_is_called(place: Place) {
        let source = place.source_at(nobody().await);
        let named = |name: &str, host: Option<&str>| Account { name: name.into(), host: host.map(str::to_owned) };
        let mut refused = vec![named("", None), named("a\0b", None), named(&"x".repeat(81), None)];
        refused.push(if place.is_postgres() { named("app", Some("%")) } else { named("app", Some("")) });
        for user in refused {
            let told = words(source.change(&user, &value("new")).await);
            assert!(told.contains("has a name of 1 to"), "{user:?}: {told}");
        }
    }
}

#[tokio::test]
async fn the_log_of_a_postgres_that_logs_all_statements_never_holds_a_new_value() {
    let Some(place) = Place::postgres().await else { return };
    let Some(log) = crate::support::env_or_skip("KEEPER_TEST_POSTGRES_LOG") else { return };
    place.does(&format!("ALTER ROLE {} SET log_statement = 'all'", place.admin)).await;
    let (user, new) = (place.add(&fresh("logged"), "old").await, fresh("never-to-be-seen"));
    assert_eq!(place.source().change(&user, &value(&new)).await, Ok(Changed::Yes));
    assert!(place.source().change(&account("nobody-of-this-name"), &value(&new)).await.is_err());
    let text = String::from_utf8_lossy(&std::fs::read(log).unwrap()).into_owned();
    assert!(text.contains(&format!("ALTER ROLE \"{}\"", user.name)), "the server logs statements");
    assert!(!text.contains(&new));
}

#[tokio::test]
async fn the_log_of_a_mariadb_that_logs_all_statements_never_holds_a_new_value() {
    let Some(place) = Place::mysql().await else { return };
    place.does("SET GLOBAL log_output = 'TABLE'").await;
    place.does("SET GLOBAL general_log = ON").await;
    let (user, new) = (place.add(&fresh("logged"), "old").await, fresh("never-to-be-seen"));
    assert_eq!(place.source().change(&user, &value(&new)).await, Ok(Changed::Yes));
    place.does("SET GLOBAL general_log = OFF").await;
    let said = |word: &str| {
        format!(
            "SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log \
             WHERE argument LIKE 'ALTER USER%' AND LOCATE('{word}', argument) > 0"
        )
    };
    assert_eq!(place.asks(&said(&user.name)).await.len(), 1, "the server logs statements");
    assert_eq!(place.asks(&said(&new)).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_account_for_other_machines_is_changed_but_not_said_to_be_refused() {
    let Some(place) = Place::mysql().await else { return };
    let name = fresh("far");
    let far = Account { name: name.clone(), host: Some("10.9.8.7".into()) };
    place.does(&format!("CREATE USER {name}@'10.9.8.7' IDENTIFIED BY 'old'")).await;
    assert_eq!(place.source().change(&far, &value("new")).await, Ok(Changed::Yes));
    for password in ["old", "new"] {
        let said = place.source().accepts(&far, &value(password)).await;
        assert!(
            matches!(&said, Accepts::Unknown(why) if why.to_string().contains("other machines")),
            "{said:?}"
        );
    }
    // Somebody of the same name who is let in is somebody else.
    place.add(&name, "near").await;
    let said = place.source().accepts(&far, &value("near")).await;
    assert!(matches!(said, Accepts::Unknown(_)), "{said:?}");
    assert_eq!(place.source().accepts(&account(&name), &value("near")).await, Accepts::Yes);
}

#[tokio::test]
async fn a_server_that_keeps_its_own_way_of_quoting_is_told_nothing() {
    use super::proxy::{Spoil, at_word};
    let Some(place) = Place::mysql().await else { return };
    let user = place.add(&fresh("app"), "old").await;
    for other in ["'ANSI_QUOTES'      ", "'PIPES_AS_CONCAT'  "] {
        let port = at_word("'STRICT_ALL_TABLES'", Spoil::Replace(other), place.port).await;
        let told = words(place.source_at(port).change(&user, &value("new")).await);
        assert!(told.contains("way of quoting"), "{told}");
    }
    assert!(place.opens(&user.name, "old").await);
}
