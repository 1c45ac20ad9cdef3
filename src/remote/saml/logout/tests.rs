//! Both ends played: what Keeper says is verified by OpenSSL, by xmlsec, and by Keeper itself in the provider's place.
use super::super::proof::ALGORITHMS;
use super::*;
use crate::domain::plaintext::Plaintext;
use crate::kit::clock::Utc;
use crate::remote::saml::{
    IdentityProvider, Own, POST_BINDING, REDIRECT_BINDING, Sent, ServiceKey, SignInRequest,
    service_provider_metadata, sign_in_request,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::hash::MessageDigest;
use openssl::sign::Verifier;
use samael::crypto::{CertificateDer, Crypto, CryptoProvider, ReduceMode};
use std::io::Read;
use std::sync::LazyLock;
use time::Duration;

const KEEPER: &str = "https://keeper.example/saml/metadata";
const IDP_SLO: &str = "https://login.example/slo?tenant=a&x=%2F";

static KEY: LazyLock<ServiceKey> = LazyLock::new(|| key("keeper.example"));

fn key(name: &str) -> ServiceKey {
    let new = ServiceKey::generate(name, now()).unwrap();
    ServiceKey::open(&Plaintext::new(new.private.expose().to_vec()), &new.certificate).unwrap()
}

fn now() -> Utc {
    Utc::parse("2026-11-30T12:00:00Z").unwrap()
}

/// A provider whose key is Keeper's and whose name is Keeper's: it believes what Keeper says.
fn provider(binding: &str, key: &ServiceKey) -> IdentityProvider {
    let certificate = key.certificate().unwrap();
    let slo = IDP_SLO.replace('&', "&amp;");
    let text = format!(
        r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{KEEPER}"><md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleLogoutService Binding="{binding}" Location="{slo}"/><md:SingleSignOnService Binding="{binding}" Location="{slo}"/></md:IDPSSODescriptor></md:EntityDescriptor>"#
    );
    IdentityProvider::parse(&text, now(), false).ok().unwrap()
}

fn expected() -> LogoutExpected {
    LogoutExpected { slo_url: IDP_SLO.to_owned(), now: now(), skew: Duration::minutes(2) }
}

fn awkward() -> NameId {
    NameId {
        name: "Zoë <zoe&co@example.com> \"q\" 'p'".to_owned(),
        format: Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".to_owned()),
        name_qualifier: Some("https://login.example/?a=1&b=\"2\"\n<".to_owned()),
        sp_name_qualifier: Some(KEEPER.to_owned()),
    }
}

/// A request, a response and a request for sign-in, said to this provider.
fn said(provider: &IdentityProvider, relay_state: Option<&str>) -> [Sent; 3] {
    let name_id = awkward();
    let request = LogoutRequest {
        provider,
        entity_id: KEEPER,
        id: "k1",
        now: now(),
        name_id: &name_id,
        session_index: Some("_s&1"),
        relay_state,
        key: &KEY,
    };
    let response = LogoutResponse {
        provider,
        entity_id: KEEPER,
        id: "k2",
        now: now(),
        in_response_to: "_theirs",
        outcome: LogoutOutcome::Partial,
        relay_state,
        key: &KEY,
    };
    let sign_in = SignInRequest {
        provider,
        entity_id: KEEPER,
        acs_url: "https://keeper.example/saml/acs?a=1&b=2",
        request_id: "k3",
        now: now(),
        force: true,
        relay_state,
        key: Some(&KEY),
    };
    [
        logout_request(&request).unwrap(),
        logout_response(&response).unwrap(),
        sign_in_request(&sign_in).unwrap(),
    ]
}

fn read(sent: &Sent) -> Result<LogoutMessage, super::super::Fault> {
    match sent {
        Sent::Redirect(url) => {
            LogoutMessage::read_query(url.query().unwrap().strip_prefix("tenant=a&x=%2F&").unwrap())
        }
        Sent::Post { field, message, relay_state, .. } => {
            let kind = if *field == "SAMLRequest" { LogoutKind::Request } else { LogoutKind::Response };
            LogoutMessage::read_form(kind, message, relay_state.as_deref())
        }
    }
}

#[test] // S41: both bindings, the roles swapped
fn keeper_believes_what_keeper_says() {
    for binding in [REDIRECT_BINDING, POST_BINDING] {
        let provider = provider(binding, &KEY);
        for relay_state in [None, Some("ab +/=&ü")] {
            let [request, response, _] = said(&provider, relay_state);
            let message = read(&request).unwrap();
            assert_eq!((message.issuer(), message.kind()), (KEEPER, LogoutKind::Request));
            assert_eq!((message.relay_state(), message.in_response_to()), (relay_state, None));
            let request = message.verify(&provider, &expected()).unwrap();
            assert_eq!(
                request,
                Logout::Request {
                    id: "k1".to_owned(),
                    name_id: awkward().name,
                    format: awkward().format,
                    session_indexes: vec!["_s&1".to_owned()],
                }
            );
            let message = read(&response).unwrap();
            assert_eq!((message.relay_state(), message.in_response_to()), (relay_state, Some("_theirs")));
            let response = message.verify(&provider, &expected()).unwrap();
            let partial = LogoutOutcome::Partial;
            assert_eq!(response, Logout::Response { in_response_to: "_theirs".to_owned(), outcome: partial });
        }
    }
}

#[test] // S41
fn a_key_that_is_not_in_the_metadata_is_believed_by_no_binding() {
    let foreign = key("elsewhere.example");
    for binding in [REDIRECT_BINDING, POST_BINDING] {
        for sent in &said(&provider(binding, &KEY), None)[..2] {
            let refused = read(sent).unwrap().verify(&provider(binding, &foreign), &expected());
            assert!(refused.unwrap_err().to_string().starts_with("a signature is not valid"));
        }
    }
}

#[test] // S04 S41: bindings 3.4.4.1, by OpenSSL alone
fn the_signature_of_a_query_covers_its_octets_in_the_order_of_the_standard() {
    let provider = provider(REDIRECT_BINDING, &KEY);
    for relay_state in [None, Some("a b&c")] {
        for sent in said(&provider, relay_state) {
            let Sent::Redirect(url) = sent else { panic!("not by redirect") };
            let query = url.query().unwrap().strip_prefix("tenant=a&x=%2F&").unwrap();
            let names: Vec<&str> = query.split('&').map(|part| part.split_once('=').unwrap().0).collect();
            let message = if names[0] == "SAMLResponse" { "SAMLResponse" } else { "SAMLRequest" };
            let order = match relay_state {
                Some(_) => vec![message, "RelayState", "SigAlg", "Signature"],
                None => vec![message, "SigAlg", "Signature"],
            };
            assert_eq!(names, order);
            assert!(
                query.contains("&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256&")
            );
            let (octets, _) = query.split_once("&Signature=").unwrap();
            let (_, signature) = url.query_pairs().find(|(name, _)| name == "Signature").unwrap();
            let signature = STANDARD.decode(signature.as_bytes()).unwrap();
            let public = KEY.certificate.public_key().unwrap();
            let mut verifier = Verifier::new(MessageDigest::sha256(), &public).unwrap();
            assert!(verifier.verify_oneshot(&signature, octets.as_bytes()).unwrap());
            let (_, packed) = url.query_pairs().nth(2).unwrap();
            let mut document = String::new();
            let packed = STANDARD.decode(packed.as_bytes()).unwrap();
            flate2::read::DeflateDecoder::new(packed.as_slice()).read_to_string(&mut document).unwrap();
            let parsed = roxmltree::Document::parse(&document).unwrap();
            assert_eq!(parsed.root_element().attribute("Destination"), Some(IDP_SLO));
            assert!(!document.contains("Signature"));
        }
    }
}

#[test] // S04 S41: what is written by hand as canonical is what xmlsec canonicalises
fn xmlsec_verifies_each_form() {
    let certificate = CertificateDer::from(KEY.certificate.to_der().unwrap());
    for sent in said(&provider(POST_BINDING, &KEY), None) {
        let Sent::Post { action, message, relay_state: None, .. } = sent else { panic!("not by form") };
        assert_eq!(action.as_str(), IDP_SLO);
        let document = String::from_utf8(STANDARD.decode(message).unwrap()).unwrap();
        let reduce = |text: &str| {
            Crypto::reduce_xml_to_signed_with_allowed_algorithms(
                text,
                std::slice::from_ref(&certificate),
                ReduceMode::ValidateAndMarkNoAncestors,
                Some(&ALGORITHMS),
            )
        };
        assert!(reduce(&document).unwrap().contains(IDP_SLO.split('&').next().unwrap()), "{document}");
        assert!(reduce(&document.replace("2026-11-30T12:00:00Z", "2026-11-30T12:00:01Z")).is_err());
        // Issuer, then the signature, as the schema has it.
        let parsed = roxmltree::Document::parse(&document).unwrap();
        let names: Vec<&str> =
            parsed.root_element().children().map(|child| child.tag_name().name()).take(2).collect();
        assert_eq!(names, ["Issuer", "Signature"]);
    }
}

#[test] // S04: without a key as ever
fn a_request_without_a_key_is_not_signed() {
    for binding in [REDIRECT_BINDING, POST_BINDING] {
        let provider = provider(binding, &KEY);
        assert!(provider.wants_signed_requests);
        let asked = SignInRequest {
            provider: &provider,
            entity_id: KEEPER,
            acs_url: "https://keeper.example/saml/acs",
            request_id: "k3",
            now: now(),
            force: false,
            relay_state: None,
            key: None,
        };
        match sign_in_request(&asked).unwrap() {
            Sent::Redirect(url) => assert!(!url.query().unwrap().contains("Sig")),
            Sent::Post { message, .. } => {
                let document = String::from_utf8(STANDARD.decode(message).unwrap()).unwrap();
                assert!(!document.contains("Signature") && !document.contains("ForceAuthn"));
            }
        }
    }
}

#[test] // S04: rule 9
fn keepers_metadata_tell_the_truth_in_the_order_of_the_schema() {
    let other = key("next.example");
    let own = |keys: &[&ServiceKey], signs| {
        let certificates: Vec<String> = keys.iter().map(|key| key.certificate().unwrap()).collect();
        let own = Own {
            entity_id: KEEPER,
            acs_url: "https://keeper.example/saml/acs",
            slo_url: "https://keeper.example/saml/slo",
            certificates: &certificates,
            signs,
        };
        service_provider_metadata(&own).unwrap()
    };
    let children = |text: &str| -> Vec<String> {
        let document = roxmltree::Document::parse(text).unwrap();
        let role = document.root_element().first_element_child().unwrap();
        role.children()
            .filter(roxmltree::Node::is_element)
            .map(|child| child.tag_name().name().to_owned())
            .collect()
    };
    let none = own(&[], true);
    assert!(none.contains(r#"AuthnRequestsSigned="false""#));
    assert_eq!(children(&none), ["NameIDFormat", "NameIDFormat", "NameIDFormat", "AssertionConsumerService"]);
    assert!(
        own(&[&KEY], false).contains(r#"AuthnRequestsSigned="false""#),
        "one provider is not to see signatures"
    );
    let two = own(&[&KEY, &other], true);
    assert!(two.contains(r#"AuthnRequestsSigned="true""#));
    let mut order = vec!["KeyDescriptor"; 4];
    order.extend(["SingleLogoutService"; 2]);
    order.extend(["NameIDFormat"; 3]);
    order.push("AssertionConsumerService");
    assert_eq!(children(&two), order);
    let document = roxmltree::Document::parse(&two).unwrap();
    let keys = document.descendants().filter(|node| node.tag_name().name() == "KeyDescriptor");
    let certificates = [KEY.certificate().unwrap(), other.certificate().unwrap()];
    for (at, descriptor) in keys.enumerate() {
        let text = descriptor.descendants().find(|node| node.tag_name().name() == "X509Certificate");
        assert_eq!(text.and_then(|node| node.text()), Some(certificates[at / 2].as_str()));
        let methods =
            descriptor.children().filter(|node| node.tag_name().name() == "EncryptionMethod").count();
        let (used, count) = if at % 2 == 0 { ("signing", 0) } else { ("encryption", 6) };
        assert_eq!((descriptor.attribute("use"), methods), (Some(used), count));
    }
}
