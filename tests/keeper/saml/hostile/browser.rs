//! Rules 4 and 6: what the browser brings beside the document, and where it is sent.
use super::court::{Court, Sent};
use keeper::db::Engine;

#[tokio::test(flavor = "multi_thread")] // S04: rule 6
async fn nobody_is_led_off_site() {
    let court = Court::open(Engine::Sqlite).await.unwrap();
    let evil = [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/x\r\nSet-Cookie: keeper=evil",
        "/%0d%0aSet-Cookie:keeper=evil",
        "\u{2028}//evil.example",
        "/\t/evil.example",
        &"/a".repeat(5_000),
        "",
    ];
    for relay in evil {
        let mut asked = court.ask().await;
        relay.clone_into(&mut asked.relay);
        let answer = court.post(&asked, Sent::from(asked.document.clone().sign_as("both", &court.idp))).await;
        // The relay state is not looked at: where a request came from stays on the server.
        assert_eq!((answer.status, answer.location()), (303, "/account"), "{relay:?}");
        let path: String = url::form_urlencoded::byte_serialize(relay.as_bytes()).collect();
        let visitor = court.site.visitor();
        let begun = visitor.get(&format!("/saml/login?next={path}")).await;
        assert!(
            begun.status == 303 || begun.status == 431 || begun.status == 414,
            "{relay:?}: {}",
            begun.status
        );
        if begun.status == 303 {
            assert!(begun.location().starts_with(crate::support::idp::SSO), "{}", begun.location());
            let asked = court.ask_at(visitor, &format!("/saml/login?next={path}")).await;
            let answer =
                court.post(&asked, Sent::from(asked.document.clone().sign_as("both", &court.idp))).await;
            assert_eq!(answer.status, 303, "{relay:?}");
            let to = answer.location();
            assert!(
                to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\"),
                "{relay:?} leads to {to}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")] // S04: rule 4
async fn a_cookie_that_is_not_ours_opens_nothing() {
    let court = Court::open(Engine::Sqlite).await.unwrap();
    for cookie in ["", "x", &"0".repeat(64), "%00", "' OR 1=1 --", &"a".repeat(5000)] {
        let asked = court.ask().await;
        let text = asked.document.clone().sign_as("both", &court.idp).text();
        let stranger = court.site.visitor();
        let fields = [("SAMLResponse", Sent::Xml(text).parameter())];
        let fields = fields.each_ref().map(|(name, text)| (*name, text.as_str()));
        let answer =
            stranger.post_bare("/saml/acs", &fields, &[("cookie", &format!("keeper-saml={cookie}"))]).await;
        assert_eq!(answer.status, 403, "{cookie:?}");
        assert!(!court.is_signed_in(&stranger).await);
    }
}

#[tokio::test(flavor = "multi_thread")] // S04: rules 1 and 6
async fn another_shape_of_request_is_refused() {
    let court = Court::open(Engine::Sqlite).await.unwrap();
    let asked = court.ask().await;
    let good = Sent::from(asked.document.clone().sign_as("both", &court.idp)).parameter();
    let encoded: String = url::form_urlencoded::byte_serialize(good.as_bytes()).collect();
    for path in
        ["/saml/acs".to_owned(), format!("/saml/acs?SAMLResponse={}", &encoded[..encoded.len().min(6000)])]
    {
        let answer = asked.visitor.get(&path).await;
        assert!((400..500).contains(&answer.status), "GET: {}", answer.status);
    }
    let forms: [&[(&str, &str)]; 6] = [
        &[],
        &[("RelayState", "x")],
        &[("samlresponse", &good)],
        &[("SAMLRequest", &good)],
        &[("SAMLart", &good)],
        &[("SAMLResponse", &good), ("SAMLResponse", "x")],
    ];
    for form in forms {
        let answer = asked.visitor.post_bare("/saml/acs", form, &[]).await;
        assert!((400..500).contains(&answer.status), "{:?}: {}", form.first(), answer.status);
    }
    for kind in ["application/json", "multipart/form-data; boundary=x", "text/xml", ""] {
        let answer =
            asked.visitor.post_bare("/saml/acs", &[("SAMLResponse", &good)], &[("content-type", kind)]).await;
        // A second header of the name: whichever the server reads, it must not be let in by the other.
        assert!((400..500).contains(&answer.status) || answer.status == 303, "{kind}: {}", answer.status);
    }
}
