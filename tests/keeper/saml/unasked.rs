//! Sign-in that the provider begins: no request is answered, so none may be named, and the answer has to be fresh.
use super::desk::{DESK, Desk};
use crate::support::idp::Document;
use keeper::remote::saml::Identity;

fn unasked() -> Document {
    Desk::document().set("response.in-response-to", "").set("in-response-to", "")
}

async fn believe(document: Document, style: &str) -> Result<Identity, String> {
    let mut expected = Desk::expected();
    expected.request = None;
    let answer = Desk::read(&document.sign_as(style, &DESK.idp).text()).unwrap();
    DESK.verify(answer, &[], expected).await.identity.map_err(|fault| fault.to_string())
}

#[tokio::test] // S04: rule 4 of SAML in docs/security.md
async fn an_answer_to_no_request_is_believed_where_the_provider_may_begin() {
    for style in super::hostile::STYLES {
        let identity = believe(unasked(), style).await.unwrap();
        assert_eq!(identity.subject(), "ada@idp.example");
    }
}

#[tokio::test] // S04
async fn an_answer_to_a_request_is_none_that_the_provider_began() {
    for style in super::hostile::STYLES {
        for (hole, why) in [
            ("response.in-response-to", "the response answers another request"),
            ("in-response-to", "the assertion answers another request"),
        ] {
            for named in [r#" InResponseTo="_x""#, r#" InResponseTo="""#] {
                let told = believe(unasked().set(hole, named), style).await.unwrap_err();
                assert_eq!(told, why, "{style}: {named}");
            }
        }
    }
}

#[tokio::test] // S04
async fn what_nobody_asked_for_has_to_be_fresh() {
    for hole in ["response.issued", "assertion.issued"] {
        let old = unasked().set(hole, r#" IssueInstant="{some-minutes-ago}""#);
        let told = believe(old, "both").await.unwrap_err();
        assert!(told.starts_with("IssueInstant lies more than five minutes back"), "{hole}: {told}");
    }
}

#[tokio::test] // S04
async fn where_a_request_is_expected_none_is_no_answer_to_it() {
    let told = DESK.believe(&unasked().sign_as("both", &DESK.idp)).await.unwrap_err();
    assert_eq!(told, "the response answers another request");
}

#[test] // S04
fn an_answer_says_unproved_who_made_it() {
    let issuer =
        |document: Document| Desk::read(&document.sign_as("assertion", &DESK.idp).text()).unwrap().issuer;
    let own = Some(crate::support::idp::ENTITY_ID.to_owned());
    assert_eq!(issuer(unasked()), own);
    assert_eq!(issuer(unasked().set("response.issuer", "")), own, "the assertion says it");
    let spaced = r#"<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"> x </saml:Issuer>"#;
    assert_eq!(issuer(unasked().set("response.issuer", spaced)).as_deref(), Some("x"));
    let document = unasked().set("response.issuer", "").encrypt(&DESK.public);
    assert_eq!(Desk::read(&document.text()).unwrap().issuer, None);
}
