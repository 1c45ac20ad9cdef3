//! Identity providers as an admin adds, changes and removes them.
use super::hall::{Hall, form};
use crate::support::idp::{Metadata, Pair};
use crate::support::{House, three};
use axum::Router;
use axum::routing::get;
use keeper::db::Engine;
use keeper::providers;
use std::sync::{Arc, Mutex};
use time::Duration;
use tokio::net::TcpListener;

three! {
    // S38 S42: groups give the role and the environments, anew at each sign-in; what an admin gave stays.
    async fn an_admin_adds_a_provider_and_its_groups_open_what_their_lines_say(house: House) {
        let payments = house.add_environment("payments", "staging", "members", &[]).await;
        let vault = house.add_environment("vault", "staging", "members", &[]).await;
        let lines = "staff = user\npay = manager in payments, vault\nauditors = in vault";
        let (hall, id) = Hall::furnished(house, &[("groups", lines)]).await;
        assert!(hall.court.site.visitor().get("/login").await.body.contains("Continue with The Company"));
        let page = hall.ada.get(&format!("/settings/saml/{id}")).await.body;
        assert!(page.contains("http://localhost:9/idp") && page.contains("auditors") && page.contains("href=\"/environments/"), "{page}");

        let opens = async |visitor: &crate::support::site::Visitor, id: i64| visitor.get(&format!("/environments/{id}")).await.status == 200;
        let (uma, answer) = hall.arrive("uma@idp.example", "pay").await;
        assert_eq!((answer.status, answer.location()), (303, "/account"), "{}", answer.body);
        assert!(uma.get("/account").await.body.contains("Manager"));
        // The tests' certificate ends within 30 days: an admin is warned in time, others have nothing to do with it.
        let warned = "The Company: signing certificate 1 expires on";
        assert!(hall.ada.get("/").await.body.contains(warned) && !uma.get("/").await.body.contains(warned));
        assert!(opens(&uma, payments).await && opens(&uma, vault).await);
        // Another group: fewer rights, felt in the session that was there before.
        let (again, _) = hall.arrive("uma@idp.example", "staff").await;
        assert!(!hall.is_in(&uma).await, "the role has changed");
        assert!(hall.is_in(&again).await && !opens(&again, payments).await && !opens(&again, vault).await);
        // A group without a role opens no door by itself.
        let (_, answer) = hall.arrive("eve@idp.example", "auditors").await;
        assert!(answer.status == 403 && !answer.body.contains("auditors"), "{}", answer.body);

        let id_of_uma = keeper::people::by_username(&mut hall.court.house.app.db.read().await.unwrap(), "uma@idp.example").await.unwrap().unwrap().id;
        let by_hand = [("name", "payments"), ("display_name", "P"), ("stage", "staging"), ("access", "members"), ("members", &id_of_uma.to_string()), ("row_version", "1")];
        let saved = hall.ada.post(&format!("/environments/{payments}/edit"), &by_hand).await;
        assert_eq!(saved.status, 303, "{}", saved.body);
        let (uma, _) = hall.arrive("uma@idp.example", "staff").await;
        assert!(opens(&uma, payments).await && !opens(&uma, vault).await, "what an admin gave stays");
    }
}

three! {
    // S38: what is wrong is told beside its field, and nothing of it is stored.
    async fn what_cannot_be_used_is_refused_with_the_reason(house: House) {
        let (hall, id) = Hall::furnished(house, &[]).await;
        let good = hall.metadata().text();
        let other = Metadata { attributes: " entityID=\"http://other\"".into(), ..hall.metadata() }.signing(&hall.court.idp.rsa).text();
        let bare = Metadata { attributes: " entityID=\"http://bare\"".into(), ..Metadata::default() }.text();
        for (changes, metadata, words) in [
            (&[("name", "main")][..], &other, "Name is taken"),
            (&[("name", "configured")], &other, "Keeper’s configuration"),
            (&[("name", "second")], &good, "is here already: main"),
            (&[("name", "second")], &bare, "no usable signing certificate"),
            (&[("name", "second")], &"<html>".to_owned(), "cannot be used"),
            (&[("name", "second"), ("groups", "staff = in nowhere\nx = user")], &other, "does not exist: nowhere"),
            (&[("name", "second"), ("groups", "staff = king")], &other, "line 1: the role"),
            (&[("name", "second"), ("groups", "staff = in a")], &other, "give no role"),
            (&[("name", "second"), ("clock_skew", "301")], &other, "0 to 300"),
            (&[("name", "second"), ("metadata_url", "http://169.254.169.254/x")], &String::new(), "link-local"),
            (&[("name", "second"), ("metadata_url", "ftp://a")], &String::new(), "such as https"),
            (&[("name", "second"), ("metadata_url", "http://127.0.0.1:9/x")], &String::new(), "cannot be read"),
            (&[("name", "second"), ("metadata_url", "http://127.0.0.1:9/x")], &other, "beside a document"),
            (&[("name", "second")], &String::new(), "is required"),
        ] {
            let answer = hall.add(changes, metadata).await;
            assert!(answer.status == 422 && answer.body.contains(words), "{words}: {} {}", answer.status, answer.body);
        }
        let list = hall.ada.get("/settings/saml").await.body;
        assert_eq!(list.matches("/settings/saml/").count(), list.matches(&format!("/settings/saml/{id}")).count() + list.matches("/settings/saml/new").count() + list.matches("/settings/saml/guides/").count() + list.matches("/settings/saml/keys").count() + list.matches("/settings/saml/reports").count());

        // Two admins at once: the second sees both sides.
        let stale = hall.ada.upload(&format!("/settings/saml/{id}/edit"), &[form(&[("groups", "late = user")]), vec![("row_version", "7")]].concat(), ("", b"")).await;
        assert!(stale.status == 409 && stale.body.contains("late = user") && stale.body.contains("leads = manager"), "{}", stale.body);
        let moved = hall.ada.upload(&format!("/settings/saml/{id}/edit"), &[form(&[]), vec![("row_version", "1")]].concat(), ("o.xml", other.as_bytes())).await;
        assert!(moved.status == 422 && moved.body.contains("another identity provider"), "{}", moved.body);
        assert_eq!(hall.edit(id, &[("groups", "late = user")]).await.status, 303);
        assert!(!hall.is_in(&hall.arrive("uma@idp.example", "staff").await.0).await, "the line is gone");
        assert!(hall.is_in(&hall.arrive("uma@idp.example", "late").await.0).await);
    }
}

three! {
    // S41: a provider that is believed no longer leaves nobody inside, and nobody cuts off their own branch.
    async fn switched_off_or_deleted_it_lets_nobody_in_and_signs_everybody_out(house: House) {
        let (hall, id) = Hall::furnished(house, &[]).await;
        let home = format!("/settings/saml/{id}");
        let (uma, _) = hall.arrive("uma@idp.example", "staff").await;
        let (boss, _) = hall.arrive("boss@idp.example", "keeper-admins").await;
        boss.get("/account").await;
        let own = boss.post(&format!("{home}/switch-off"), &[]).await;
        assert!(own.status == 409 && own.body.contains("You are signed in through this provider"), "{}", own.body);
        let waiting = hall.court.ask().await;
        assert_eq!(hall.ada.post(&format!("{home}/switch-off"), &[]).await.status, 303);
        assert!(!hall.is_in(&uma).await && !hall.is_in(&boss).await);
        assert!(!hall.court.site.visitor().get("/login").await.body.contains("The Company"));
        assert_eq!(hall.court.site.visitor().get("/saml/login").await.status, 404);
        let late = waiting.document.clone().set("group", "staff").sign("assertion", &hall.court.idp.rsa);
        assert_eq!(hall.answer(waiting, late).await.1.status, 403, "begun before it was switched off");
        assert_eq!(hall.ada.post(&format!("{home}/switch-on"), &[]).await.status, 303);
        let (uma, _) = hall.arrive("uma@idp.example", "staff").await;
        assert!(hall.is_in(&uma).await);

        let version = hall.ada.get(&format!("{home}/delete")).await.hidden("row_version").to_owned();
        let wrong = hall.ada.post(&format!("{home}/delete"), &[("row_version", &version), ("confirm", "maine")]).await;
        assert_eq!(wrong.status, 422);
        assert_eq!(hall.ada.post(&format!("{home}/delete"), &[("row_version", &version), ("confirm", "main")]).await.status, 303);
        assert!(!hall.is_in(&uma).await && hall.ada.get(&home).await.status == 404);
        // Added again, it finds its people: the account is the provider's and the subject's.
        assert_eq!(hall.add(&[("name", "again")], &hall.metadata().text()).await.status, 303);
        hall.arrive("uma@idp.example", "staff").await;
        let people = hall.ada.get("/users").await.body;
        assert_eq!(people.matches("uma@idp.example</a>").count(), 1, "{people}");
    }
}

#[tokio::test(flavor = "multi_thread")] // S38: acting as an admin asks for a fresh proof, and for an admin
async fn only_an_admin_who_lately_proved_it_changes_whom_keeper_believes() {
    let (hall, id) = Hall::furnished(House::new(Engine::Sqlite).await.unwrap(), &[]).await;
    hall.court.house.add_user("max", "manager").await;
    let max = hall.court.site.signed_in("max", crate::support::house::PASSWORD).await;
    assert_eq!(
        (max.get("/settings/saml").await.status, max.post("/settings/saml/keys", &[]).await.status),
        (403, 403)
    );
    hall.court.house.app.clock.advance(Duration::minutes(26));
    let home = format!("/settings/saml/{id}");
    let late = hall.ada.post(&format!("{home}/switch-off"), &[]).await;
    assert!(late.status == 403 && late.body.contains("/step-up?next="), "{}", late.body);
    assert!(hall.ada.get("/settings/saml/new").await.location().starts_with("/step-up"));
    assert_eq!(hall.ada.post("/settings/saml/keys", &[]).await.status, 403);
}

/// A provider that publishes its metadata on this machine.
struct Published {
    url: String,
    text: Arc<Mutex<String>>,
}

impl Published {
    async fn new(text: String) -> Self {
        let text = Arc::new(Mutex::new(text));
        let shown = text.clone();
        let router =
            Router::new().route("/metadata", get(move || async move { shown.lock().unwrap().clone() }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/metadata?app=keeper", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, text }
    }

    fn publish(&self, text: &str) {
        text.clone_into(&mut self.text.lock().unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")] // S04: rule 2; certificates roll over by themselves, and a bad copy replaces no good one
async fn metadata_are_read_again_and_the_last_good_copy_stays() {
    let hall = Hall::build(House::new(Engine::Sqlite).await.unwrap()).await;
    let published = Published::new(hall.metadata().text()).await;
    let answer = hall.add(&[("metadata_url", &published.url)], "").await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let id = answer.new_id();
    let second = Pair::rsa(2048);
    let arrive = async |pair: &Pair| {
        let asked = hall.court.ask().await;
        let document = asked.document.clone().set("group", "staff").sign("assertion", pair);
        hall.is_in(&hall.answer(asked, document).await.0).await
    };
    assert!(arrive(&hall.court.idp.rsa).await && !arrive(&second).await);

    // The provider shows its next key beside the present one; an hour later Keeper knows it.
    published.publish(&hall.metadata().signing(&second).text());
    providers::refresh(&hall.court.house.app).await.unwrap();
    assert!(!arrive(&second).await, "it is not asked all the time");
    hall.court.house.app.clock.advance(Duration::hours(1));
    providers::refresh(&hall.court.house.app).await.unwrap();
    assert!(arrive(&second).await && arrive(&hall.court.idp.rsa).await);
    assert!(
        hall.court.events_since(-1).await.iter().any(|line| line.action == "identity_provider.refreshed")
    );

    let foreign = Metadata { attributes: " entityID=\"http://evil\"".into(), ..Metadata::default() }
        .signing(&hall.court.idp.foreign);
    let ada = hall.court.site.signed_in("ada", crate::support::house::PASSWORD).await;
    for (text, word) in [
        ("<html>sign in</html>".to_owned(), "metadata of a SAML identity provider"),
        (foreign.text(), "another identity provider"),
        (Metadata::default().text(), "certificate"),
    ] {
        published.publish(&text);
        let asked = ada.post(&format!("/settings/saml/{id}/refresh"), &[]).await;
        assert!(
            asked.status == 409 && asked.body.contains("last good copy stays") && asked.body.contains(word),
            "{}",
            asked.body
        );
        assert!(arrive(&second).await && !arrive(&hall.court.idp.foreign).await);
        assert!(ada.get("/settings/saml").await.body.contains("could not be renewed"));
    }
    // The first key is gone there: then it is here, too.
    published.publish(&Metadata::default().signing(&second).text());
    assert_eq!(ada.post(&format!("/settings/saml/{id}/refresh"), &[]).await.status, 303);
    assert!(arrive(&second).await && !arrive(&hall.court.idp.rsa).await);
    assert!(!ada.get("/settings/saml").await.body.contains("could not be renewed"));
}

#[tokio::test(flavor = "multi_thread")] // S04: with several, an answer is held against the one that was asked
async fn of_two_providers_neither_answers_for_the_other() {
    let (hall, _) = Hall::furnished(House::new(Engine::Sqlite).await.unwrap(), &[]).await;
    let pair = Pair::rsa(2048);
    let second =
        Metadata { attributes: " entityID=\"http://localhost:9/second\"".into(), ..Metadata::default() }
            .signing(&pair);
    assert_eq!(hall.add(&[("name", "second"), ("display_name", "Second")], &second.text()).await.status, 303);
    let login = hall.court.site.visitor().get("/login").await.body;
    assert!(login.contains("idp=main") && login.contains("idp=second"), "{login}");
    let ask = async |name: &str| {
        hall.court.ask_at(hall.court.site.visitor(), &format!("/saml/login?idp={name}&next=/account")).await
    };
    for (name, issuer, key, is_in) in [
        ("second", "http://localhost:9/second", &pair, true),
        ("second", "http://localhost:9/idp", &hall.court.idp.rsa, false),
        ("second", "http://localhost:9/second", &hall.court.idp.rsa, false),
        ("main", "http://localhost:9/second", &pair, false),
        ("main", "http://localhost:9/idp", &hall.court.idp.rsa, true),
    ] {
        let asked = ask(name).await;
        let document = asked
            .document
            .clone()
            .set("idp", issuer)
            .set("name", format!("{}@idp.example", if is_in && name == "main" { "other" } else { "same" }))
            .set("group", "staff")
            .sign("assertion", key)
            .sign("response", key);
        let (visitor, answer) = hall.answer(asked, document).await;
        assert_eq!(hall.is_in(&visitor).await, is_in, "{name} {issuer}: {}", answer.status);
    }
    // The same subject of another provider is another person, and the name is taken here.
    let (visitor, answer) = hall.arrive_at("main", "same@idp.example", "staff").await;
    assert!(answer.status == 403 && !hall.is_in(&visitor).await);
    assert!(hall.court.why().await.contains("another account has this user name"));
    assert_eq!(hall.court.site.visitor().get("/saml/login?idp=third").await.status, 404);
}
