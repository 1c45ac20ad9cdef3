//! An admin tries a sign-in, and reads why somebody was refused.
use super::hall::Hall;
use crate::support::{House, three};

/// The reference on the page of somebody who was refused.
fn reference(page: &str) -> String {
    page.split("<dt>Reference</dt><dd class=\"mono\">")
        .nth(1)
        .unwrap_or_else(|| panic!("{page}"))
        .split('<')
        .next()
        .unwrap()
        .to_owned()
}

three! {
    // S04: what arrived, each check with its verdict, and what to change; nobody is let in by it.
    async fn an_admin_tries_a_sign_in_and_sees_what_arrives(house: House) {
        let payments = house.add_environment("payments", "staging", "members", &[]).await;
        let (hall, id) = Hall::furnished(house, &[("groups", "staff = user in payments")]).await;
        let ask = async || hall.court.ask_at(hall.court.site.signed_in("ada", crate::support::house::PASSWORD).await, "/saml/login?idp=main&test=1").await;
        let asked = ask().await;
        let document = asked.document.clone().set("name", "uma@idp.example").set("group", "staff").sign("assertion", &hall.court.idp.rsa);
        let (ada, answer) = hall.answer(asked, document).await;
        assert!(answer.status == 303 && answer.location().starts_with("/settings/saml/reports/"), "{} {}", answer.status, answer.body);
        let page = ada.get(answer.location()).await.body;
        for told in ["Would be let in", "a new account, uma@idp.example, role user, member of payments by groups", "staff", "rsa-sha256", "Passed"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        assert!(!page.contains("Failed") && !page.contains("Not reached"), "{page}");
        assert!(ada.get("/account").await.body.contains(">ada<"), "ada is still who she was");
        let people = hall.ada.get("/users").await.body;
        assert!(!people.contains("uma@idp.example"), "nobody was made");
        let _ = payments;

        let asked = ask().await;
        let document = asked.document.clone().set("group", "strangers").set("audience", "<saml:AudienceRestriction><saml:Audience>http://other</saml:Audience></saml:AudienceRestriction>").set("recipient", " Recipient=\"http://elsewhere\"");
        let (ada, answer) = hall.answer(asked, document.sign("assertion", &hall.court.idp.rsa)).await;
        let page = ada.get(answer.location()).await.body;
        assert!(page.contains("AudienceRestriction") && page.contains("Recipient is not this installation"), "all that is wrong: {page}");
        assert!(page.contains("strangers") && page.contains("Not reached") && page.contains("Refused"), "{page}");
        let home = hall.ada.get(&format!("/settings/saml/{id}")).await.body;
        assert_eq!(home.matches("/settings/saml/reports/").count(), 2, "{home}");
    }
}

three! {
    // S04: the reference that a refused person was shown leads an admin, and nobody else, to the reason.
    async fn the_reference_of_somebody_refused_leads_to_the_reason(house: House) {
        let (hall, _) = Hall::furnished(house, &[]).await;
        let (uma, answer) = hall.arrive("uma@idp.example", "strangers").await;
        let shown = reference(&answer.body);
        assert!(answer.status == 403 && !answer.body.contains("strangers"));
        let found = hall.ada.get(&format!("/settings/saml/reports?reference={shown}")).await;
        assert_eq!((found.status, found.location()), (303, format!("/settings/saml/reports/{shown}").as_str()));
        let page = hall.ada.get(found.location()).await.body;
        for told in ["No group gives a role in “Groups” in Keeper’s settings", "groups is strangers", "uma@idp.example", "Passed"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        let unknown = hall.ada.get("/settings/saml/reports?reference=0123456789abcdef").await;
        assert!(unknown.status == 422 && unknown.body.contains("belongs to no sign-in"), "{}", unknown.body);
        assert_eq!(uma.get(&format!("/settings/saml/reports/{shown}")).await.status, 303, "to the sign-in page");
        // What a gate turns away has a reference, too.
        let asked = hall.court.ask().await;
        let (_, answer) = hall.answer(asked, hall.court.document("_x").set("assertions", "")).await;
        let page = hall.ada.get(&format!("/settings/saml/reports/{}", reference(&answer.body))).await.body;
        assert!(page.contains("There is no assertion") && page.contains("Not reached"), "{page}");
        // It is kept for a week.
        hall.court.house.app.clock.advance(time::Duration::days(7));
        keeper::signin::sweep(&hall.court.house.app).await.unwrap();
        let ada = hall.court.site.signed_in("ada", crate::support::house::PASSWORD).await;
        assert_eq!(ada.get(&format!("/settings/saml/reports/{shown}")).await.status, 404);
    }
}
