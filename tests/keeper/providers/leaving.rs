//! Single logout, both ways: what a provider's signature ends, and nothing else does.
use super::hall::{Hall, form};
use crate::saml::hostile::court::Sent;
use crate::support::idp::{Idp, Query};
use crate::support::{House, three};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use std::io::Read;

/// The document of a message in an address.
fn read(url: &str, field: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    let packed =
        url.query_pairs().find(|(name, _)| name == field).unwrap_or_else(|| panic!("{url}")).1.into_owned();
    let mut text = String::new();
    DeflateDecoder::new(STANDARD.decode(packed).unwrap().as_slice()).read_to_string(&mut text).unwrap();
    text
}

three! {
    // S41: the provider ends the session that it names, or all of that person's, and nobody else's.
    async fn a_providers_logout_ends_what_it_names(house: House) {
        let (hall, _) = Hall::furnished(house, &[]).await;
        let arrive = async |name: &str, index: &str| {
            let asked = hall.court.ask().await;
            let authn = asked.document.part("authn").replace("_s1", index);
            let document = asked.document.clone().set("name", name).set("group", "staff").set("authn", authn);
            hall.answer(asked, document.sign("assertion", &hall.court.idp.rsa)).await.0
        };
        let (one, other) = (arrive("uma@idp.example", "_s1").await, arrive("uma@idp.example", "_s2").await);
        let max = arrive("max@idp.example", "_s1").await;
        let index = "<samlp:SessionIndex>_s1</samlp:SessionIndex>";
        let request = hall.logout("_l1", "uma@idp.example", index);
        let answer = hall.say("SAMLRequest", &request).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        assert!(answer.location().starts_with("http://localhost:9/idp/slo?SAMLResponse=") && answer.location().contains("&RelayState=r%20canary&SigAlg="), "{}", answer.location());
        let told = read(answer.location(), "SAMLResponse");
        assert!(told.contains("InResponseTo=\"_l1\"") && told.contains("status:Success"), "{told}");
        assert!(!hall.is_in(&one).await && hall.is_in(&other).await && hall.is_in(&max).await);
        assert_eq!(hall.say("SAMLRequest", &request).await.status, 403, "a second time");

        // By a form, of all of that person's sessions.
        let request = hall.logout("_l2", "uma@idp.example", "").sign("logout", &hall.court.idp.rsa);
        let text = Sent::Xml(request.text()).parameter();
        let answer = hall.court.site.visitor().post_bare("/saml/slo", &[("SAMLRequest", &text)], &[("origin", "http://localhost:9")]).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        assert!(!hall.is_in(&other).await && hall.is_in(&max).await);
        let events = hall.court.events_since(-1).await;
        assert!(events.iter().filter(|line| line.action == "session.ended").count() == 2);
        // Whoever is not known here has no session either.
        assert_eq!(hall.say("SAMLRequest", &hall.logout("_l3", "nobody@idp.example", "")).await.status, 303);
    }
}

three! {
    // S41: rule 8; unsigned, forged and foreign messages end nothing, and the log says why.
    async fn a_logout_that_is_not_proved_ends_nothing(house: House) {
        let (hall, id) = Hall::furnished(house, &[]).await;
        let (uma, _) = hall.arrive("uma@idp.example", "staff").await;
        let visitor = hall.court.site.visitor();
        let ours = &hall.court.idp;
        let request = |id: &str| hall.logout(id, "uma@idp.example", "");
        let signed = |id: &str, key: &crate::support::idp::Pair| Query::new("SAMLRequest", &request(id).text()).sign(&key.key).text();
        let unsigned = Query::new("SAMLRequest", &request("_h1").text()).octets().split("&SigAlg").next().unwrap().to_owned();
        let foreign_idp = Idp::new();
        let elsewhere = Query::new("SAMLRequest", &request("_h3").set("slo", "http://elsewhere/saml/slo").text()).sign(&ours.rsa.key).text();
        let unknown = Query::new("SAMLRequest", &request("_h4").set("idp", "http://evil").text()).sign(&foreign_idp.rsa.key).text();
        let moved = signed("_h5", &ours.rsa).replace("canary", "other");
        for (name, query) in [("unsigned", unsigned), ("foreign", signed("_h2", &foreign_idp.rsa)), ("elsewhere", elsewhere), ("unknown", unknown), ("moved", moved), ("nothing", String::new()), ("garbage", "SAMLRequest=%".to_owned())] {
            let answer = visitor.get(&format!("/saml/slo?{query}")).await;
            assert_eq!(answer.status, 403, "{name}: {}", answer.body);
            assert!(hall.is_in(&uma).await, "{name}");
            let last = hall.court.events_since(-1).await.remove(0);
            assert_eq!(last.action, "logout.refused", "{name}");
        }
        for (name, document) in [("unsigned", request("_f1")), ("foreign", request("_f2").sign("logout", &foreign_idp.rsa)), ("a response", hall.logged_out("_none").sign("logout", &ours.rsa))] {
            let field = if name == "a response" { "SAMLResponse" } else { "SAMLRequest" };
            let text = Sent::Xml(document.text()).parameter();
            let answer = visitor.post_bare("/saml/slo", &[(field, &text)], &[("origin", "http://localhost:9")]).await;
            assert_eq!(answer.status, 403, "{name}: {}", answer.body);
            assert!(hall.is_in(&uma).await, "{name}");
        }
        // A provider that is switched off ends nothing either; that it was switched off did.
        let (boss, _) = hall.arrive("max@idp.example", "staff").await;
        assert_eq!(hall.ada.post(&format!("/settings/saml/{id}/switch-off"), &[]).await.status, 303);
        assert!(!hall.is_in(&boss).await);
        assert_eq!(visitor.get(&format!("/saml/slo?{}", signed("_h6", &ours.rsa))).await.status, 403);
    }
}

three! {
    // S41: signing out of Keeper ends the session here at once and offers to end the provider's; its answer is told.
    async fn signing_out_here_leads_on_to_the_provider(house: House) {
        let (hall, id) = Hall::furnished(house, &[]).await;
        let (uma, _) = hall.arrive("uma@idp.example", "staff").await;
        uma.get("/account").await;
        let page = uma.post("/logout", &[]).await;
        assert!(page.status == 200 && page.body.contains("Sign out of The Company, too"), "{} {}", page.status, page.body);
        assert!(!hall.is_in(&uma).await, "here it has ended already");
        let href = page.body.split("href=\"http://localhost:9/idp/slo").nth(1).unwrap().split('"').next().unwrap();
        let href = format!("http://localhost:9/idp/slo{}", href.replace("&#38;", "&").replace("&amp;", "&"));
        let request = read(&href, "SAMLRequest");
        for told in ["uma@idp.example</saml:NameID>", "nameid-format:persistent", "<samlp:SessionIndex>_s1</samlp:SessionIndex>"] {
            assert!(request.contains(told), "{told}: {request}");
        }
        assert!(href.contains("&Signature="));
        let request_id = request.split(" ID=\"").nth(1).unwrap().split('"').next().unwrap();
        let answer = hall.say("SAMLResponse", &hall.logged_out(request_id)).await;
        assert!(answer.status == 200 && answer.body.contains("signed out of Keeper and of The Company"), "{}", answer.body);
        assert_eq!(hall.say("SAMLResponse", &hall.logged_out(request_id)).await.status, 403, "answered already");
        assert_eq!(hall.court.site.visitor().get("/login").await.status, 200);

        // A provider that takes forms alone gets one, and the page may send it there and nowhere else.
        let by_form = hall.court.idp.metadata().logout_by("HTTP-POST", "http://localhost:9/idp/slo").text();
        let version = hall.ada.get(&format!("/settings/saml/{id}/edit")).await.hidden("row_version").to_owned();
        let fields = [form(&[]), vec![("row_version", version.as_str())]].concat();
        assert_eq!(hall.ada.upload(&format!("/settings/saml/{id}/edit"), &fields, ("idp.xml", by_form.as_bytes())).await.status, 303);
        let (uma, _) = hall.arrive("uma@idp.example", "staff").await;
        uma.get("/account").await;
        let page = uma.post("/logout", &[]).await;
        assert!(page.body.contains("action=\"http://localhost:9/idp/slo\"") && page.body.contains("name=\"SAMLRequest\""), "{}", page.body);
        assert!(page.header("content-security-policy").contains("form-action 'self' http://localhost:9;"), "{}", page.header("content-security-policy"));
        assert!(!hall.court.site.visitor().get("/login").await.header("content-security-policy").contains("localhost:9"));
    }
}
