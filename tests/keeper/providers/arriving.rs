//! Sign-ins that the provider starts, accounts that are made or not, and what is asked of an assertion.
use super::hall::Hall;
use crate::support::house::PASSWORD;
use crate::support::{House, three};
use keeper::db::Engine;

three! {
    // S04: rule 4; off unless it is switched on, and even then nobody is let in whom the person at the browser did not mean.
    async fn a_sign_in_that_the_provider_starts_asks_before_it_lets_in(house: House) {
        let (hall, id) = Hall::furnished(house, &[]).await;
        let unasked = async |name: &str, id: &str| {
            let document = hall.court.document("").with(&[("response.in-response-to", ""), ("in-response-to", ""), ("assertion.name", id)]);
            let document = document.set("name", name).set("group", "staff").sign("assertion", &hall.court.idp.rsa);
            let visitor = hall.court.site.visitor();
            let fields = [("SAMLResponse", openssl::base64::encode_block(document.text().as_bytes())), ("RelayState", "/secrets".to_owned())];
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
            let answer = visitor.post_bare("/saml/acs", &fields, &[("origin", "http://localhost:9")]).await;
            (visitor, answer)
        };
        let (visitor, answer) = unasked("uma@idp.example", "_one").await;
        assert!(answer.status == 403 && !hall.is_in(&visitor).await, "it is off");
        assert_eq!(hall.edit(id, &[("allows_unasked", "true")]).await.status, 303);
        let (uma, answer) = unasked("uma@idp.example", "_two").await;
        assert_eq!((answer.status, answer.location()), (303, "/saml/continue"), "{}", answer.body);
        assert!(!hall.is_in(&uma).await, "not before it is said");
        let page = uma.get("/saml/continue").await;
        assert!(page.status == 200 && page.body.contains("Continue as uma@idp.example"), "{}", page.body);
        let other = hall.court.site.visitor();
        assert_eq!((other.get("/saml/continue").await.status, other.post("/saml/continue", &[]).await.status), (303, 403), "another browser");
        let answer = uma.post("/saml/continue", &[]).await;
        assert_eq!((answer.status, answer.location()), (303, "/secrets"));
        assert!(hall.is_in(&uma).await);
        assert_eq!(uma.post("/saml/continue", &[]).await.status, 404, "once");
        let (_, again) = unasked("uma@idp.example", "_two").await;
        assert_eq!(again.status, 403, "the same assertion again");
    }
}

three! {
    // S04 S37: accounts are made at the first sign-in, or an admin makes them beforehand.
    async fn without_accounts_on_arrival_whoever_has_none_stays_outside(house: House) {
        let (hall, _) = Hall::furnished(house, &[("makes_accounts", "")]).await;
        let (uma, answer) = hall.arrive("uma@idp.example", "staff").await;
        assert!(answer.status == 403 && !hall.is_in(&uma).await);
        hall.court.house.add_user("uma", "user").await;
        let id = keeper::people::by_username(&mut hall.court.house.app.db.read().await.unwrap(), "uma").await.unwrap().unwrap().id;
        let form = [("method", "saml"), ("identity_provider", "http://localhost:9/idp"), ("name_id", "uma@idp.example")];
        assert_eq!(hall.ada.post(&format!("/users/{id}/method"), &form).await.status, 303);
        let (uma, answer) = hall.arrive("uma@idp.example", "leads").await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let account = uma.get("/account").await.body;
        assert!(account.contains(">uma<") && account.contains("Manager") && !hall.court.site.visitor().get("/login").await.body.is_empty());
        let by_password = hall.court.site.visitor();
        by_password.get("/login").await;
        assert_eq!(by_password.post("/login", &[("username", "uma"), ("password", PASSWORD)]).await.status, 401);
    }
}

#[tokio::test(flavor = "multi_thread")] // S04: rule 7, through the door
async fn an_encrypted_assertion_opens_and_a_clear_one_is_refused_where_it_must_be_encrypted() {
    let (hall, id) = Hall::furnished(House::new(Engine::Sqlite).await.unwrap(), &[]).await;
    let key = hall.keepers_keys().await.remove(0);
    for (style, encrypted) in [("assertion", true), ("response", true), ("assertion", false)] {
        let asked = hall.court.ask().await;
        let document = asked.document.clone().set("name", "uma@idp.example").set("group", "staff");
        let document =
            if style == "assertion" { document.sign("assertion", &hall.court.idp.rsa) } else { document };
        let document = if encrypted { document.encrypt(&key) } else { document };
        let document =
            if style == "response" { document.sign("response", &hall.court.idp.rsa) } else { document };
        let (visitor, answer) = hall.answer(asked, document).await;
        assert!(
            hall.is_in(&visitor).await,
            "{style} {encrypted}: {} {}",
            answer.status,
            hall.court.why().await
        );
    }
    assert_eq!(hall.edit(id, &[("wants_encrypted", "true")]).await.status, 303);
    let (visitor, answer) = hall.arrive("uma@idp.example", "staff").await;
    assert!(answer.status == 403 && !hall.is_in(&visitor).await);
    assert!(hall.court.why().await.contains("encrypted"), "{}", hall.court.why().await);
}
