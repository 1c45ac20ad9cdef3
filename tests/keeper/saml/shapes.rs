//! Metadata in the shapes that identity providers publish (`shapes/*.xml`): each is read as it is meant, and what is no such
//! document, or no usable one, is refused with a reason that says which. Hosts are nobody's, keys are made anew.
use crate::support::idp::Pair;
use keeper::kit::clock::{Clock, Utc};
use keeper::remote::saml::IdentityProvider;
use openssl::hash::MessageDigest;
use time::Duration;

struct Shape {
    name: &'static str,
    text: &'static str,
    entity_id: &'static str,
    display_name: &'static str,
    sso_url: &'static str,
    slo_url: Option<&'static str>,
    wants_signed: bool,
    /// Of the two certificates that a document has room for, so many are believed: the first, or both.
    keys: usize,
    ends: bool,
}

const SHAPES: [Shape; 6] = [
    // Signed as a whole, with the roles of another protocol in front, which hold the same keys.
    Shape {
        name: "Microsoft Entra ID",
        text: include_str!("shapes/entra.xml"),
        entity_id: "https://sts.entra.example/00000000-0000-4000-8000-000000000001/",
        display_name: "login.entra.example",
        sso_url: "https://login.entra.example/00000000-0000-4000-8000-000000000001/saml2",
        slo_url: Some("https://login.entra.example/00000000-0000-4000-8000-000000000001/saml2"),
        wants_signed: false,
        keys: 2,
        ends: false,
    },
    // HTTP-POST stands before HTTP-Redirect.
    Shape {
        name: "Okta",
        text: include_str!("shapes/okta.xml"),
        entity_id: "http://www.okta.example/exk0example0000000000",
        display_name: "company.okta.example",
        sso_url: "https://company.okta.example/app/company_keeper_1/exk0example0000000000/sso/saml",
        slo_url: None,
        wants_signed: false,
        keys: 1,
        ends: false,
    },
    // Keys with names, and bindings that no browser speaks.
    Shape {
        name: "Keycloak",
        text: include_str!("shapes/keycloak.xml"),
        entity_id: "https://keycloak.example/realms/company",
        display_name: "keycloak.example",
        sso_url: "https://keycloak.example/realms/company/protocol/saml",
        slo_url: Some("https://keycloak.example/realms/company/protocol/saml"),
        wants_signed: true,
        keys: 2,
        ends: false,
    },
    // Three protocols in one role, a name in two languages, and a key whose use is not said, so that it signs as well.
    Shape {
        name: "Shibboleth",
        text: include_str!("shapes/shibboleth.xml"),
        entity_id: "https://idp.university.example/idp/shibboleth",
        display_name: "Example University",
        sso_url: "https://idp.university.example/idp/profile/SAML2/Redirect/SSO",
        slo_url: Some("https://idp.university.example/idp/profile/SAML2/Redirect/SLO"),
        wants_signed: false,
        keys: 2,
        ends: false,
    },
    Shape {
        name: "Google Workspace",
        text: include_str!("shapes/google.xml"),
        entity_id: "https://accounts.google.example/o/saml2?idpid=C00example",
        display_name: "accounts.google.example",
        sso_url: "https://accounts.google.example/o/saml2/idp?idpid=C00example",
        slo_url: None,
        wants_signed: false,
        keys: 1,
        ends: true,
    },
    // Four roles, a service provider's among them; the second key is for encryption alone.
    Shape {
        name: "AD FS",
        text: include_str!("shapes/adfs.xml"),
        entity_id: "http://adfs.example/adfs/services/trust",
        display_name: "Example Company Directory",
        sso_url: "https://adfs.example/adfs/ls/",
        slo_url: Some("https://adfs.example/adfs/ls/"),
        wants_signed: false,
        keys: 1,
        ends: false,
    },
];

fn now() -> Utc {
    Clock::System.now()
}

/// When the document that says so ends.
fn until(days: i64) -> String {
    now().plus(Duration::days(days)).to_seconds()
}

fn filled(text: &str, first: &str, second: &str, until: &str) -> String {
    text.replace("{certificate}", first).replace("{certificate2}", second).replace("{until}", until)
}

fn fingerprint(pair: &Pair) -> String {
    hex::encode(pair.certificate.digest(MessageDigest::sha256()).unwrap())
}

/// As in production: no http.
fn parse(text: &str) -> Result<IdentityProvider, String> {
    IdentityProvider::parse(text, now(), false).map_err(|fault| fault.to_string())
}

#[test] // S04: rule 2
fn what_providers_publish_is_read_as_it_is_meant() {
    let (first, second) = (Pair::rsa(2048), Pair::rsa(2048));
    let all = [fingerprint(&first), fingerprint(&second)];
    let ends = until(30);
    for shape in &SHAPES {
        let name = shape.name;
        let text = filled(shape.text, &first.base64(), &second.base64(), &ends);
        let provider = parse(&text).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(provider.entity_id, shape.entity_id, "{name}");
        assert_eq!(provider.display_name, shape.display_name, "{name}");
        assert_eq!(provider.sso_url.as_str(), shape.sso_url, "{name}");
        let slo_url = provider.single_logout.as_ref().map(|logout| logout.url.as_str());
        assert_eq!(slo_url, shape.slo_url, "{name}");
        assert_eq!(provider.wants_signed_requests, shape.wants_signed, "{name}");
        assert_eq!(provider.fingerprints(), all[..shape.keys], "{name}");
        assert_eq!(provider.valid_until, Utc::parse(&ends).filter(|_| shape.ends), "{name}");
        assert!(!provider.has_expired(now()), "{name}");
        // A mark of the byte order and blanks in front of nothing, as downloads have them.
        assert!(parse(&format!("\u{feff}{text}\n")).is_ok(), "{name}");
    }
}

#[test] // S04: rule 2
fn a_list_is_read_when_one_of_it_is_an_identity_provider() {
    let pair = Pair::rsa(2048).base64();
    for shape in &SHAPES {
        let text = filled(shape.text, &pair, &pair, &until(30));
        let provider = parse(&list(&[SERVICE, &text])).unwrap_or_else(|why| panic!("{}: {why}", shape.name));
        assert_eq!(provider.entity_id, shape.entity_id);
    }
}

#[test] // S04: rule 2
fn a_provider_without_tls_is_for_development_alone() {
    let pair = Pair::rsa(2048).base64();
    for shape in &SHAPES {
        let text = without_tls(&filled(shape.text, &pair, &pair, &until(30)));
        let provider = IdentityProvider::parse(&text, now(), true).ok().unwrap();
        assert_eq!(provider.sso_url.as_str(), shape.sso_url.replace("https://", "http://"));
    }
}

const SERVICE: &str = r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://keeper.example/saml/metadata"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://keeper.example/saml/acs" index="0"/></md:SPSSODescriptor></md:EntityDescriptor>"#;

/// What a browser saves when the address of the metadata asks for a sign-in first.
const LOGIN_PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sign in</title></head><body><form method=\"post\"><input name=\"user\" autofocus></form></body></html>\n";
const OLD_LOGIN_PAGE: &str = "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>Sign in</title></head><body><p>Sign in</p></body></html>";

/// A federation's list of these.
fn list(documents: &[&str]) -> String {
    let bare = |text: &&str| match text.strip_prefix("<?xml") {
        Some(rest) => rest.split_once("?>").unwrap().1.to_owned(),
        None => (*text).to_owned(),
    };
    let all: String = documents.iter().map(bare).collect();
    format!(
        r#"<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">{all}</md:EntitiesDescriptor>"#
    )
}

fn without_tls(text: &str) -> String {
    text.replace("Location=\"https://", "Location=\"http://")
}

fn with_doctype(text: &str) -> String {
    let name = text.find("EntityDescriptor").unwrap();
    let (head, root) = text.split_at(text[..name].rfind('<').unwrap());
    format!("{head}<!DOCTYPE x [<!ENTITY e \"canary\">]>{root}")
}

fn with_another_role(text: &str) -> String {
    let from = text.find("<md:IDPSSODescriptor").unwrap();
    let to = text.find("</md:EntityDescriptor>").unwrap();
    [&text[..to], &text[from..]].concat()
}

type Change = (&'static str, fn(&str) -> String, &'static str);

/// What is done to each of the shapes, and a word of the reason.
const CHANGES: [Change; 11] = [
    ("cut in the middle", |text| text[..text.len() / 2].to_owned(), "not well-formed"),
    ("no certificate", |text| text.replace("X509Certificate", "X509SKI"), "no usable signing certificate"),
    (
        "for encryption alone",
        |text| {
            let text = text.replace(" use=\"signing\"", " use=\"encryption\"");
            text.replace("<KeyDescriptor>", "<KeyDescriptor use=\"encryption\">")
        },
        "no usable signing certificate",
    ),
    (
        "no binding that a browser speaks",
        |text| {
            text.replace("bindings:HTTP-Redirect", "bindings:SOAP")
                .replace("bindings:HTTP-POST", "bindings:SOAP")
        },
        "SingleSignOnService",
    ),
    ("http", without_tls, "begins with http://"),
    (
        "a script",
        |text| text.replace("Location=\"https://", "Location=\"javascript:"),
        "not an https:// address",
    ),
    (
        "another protocol",
        |text| text.replace("SAML:2.0:protocol", "SAML:1.1:protocol"),
        "does not speak SAML 2.0",
    ),
    ("no name", |text| text.replace(" entityID=\"", " was=\""), "no entityID"),
    ("a DOCTYPE", with_doctype, "without a DTD"),
    ("a role of nobody's", |text| text.replace("SAML:2.0:metadata", "SAML:2.0:data"), "no IDPSSODescriptor"),
    ("too large", |text| text.to_owned() + &" ".repeat(1024 * 1024), "larger than 1 MiB"),
];

/// What stands where certificates should, and a word of the reason.
fn certificates() -> [(&'static str, String, &'static str); 5] {
    [
        ("garbage", "bm90IGEgY2VydGlmaWNhdGU=".to_owned(), "not an X.509 certificate"),
        ("no base64", "canary!".to_owned(), "not base64"),
        ("nothing", String::new(), "not an X.509 certificate"),
        ("an elliptic curve", Pair::ec().base64(), "not RSA"),
        ("a small key", Pair::rsa(1024).base64(), "less than 2048 bits"),
    ]
}

fn broken() -> Vec<(String, String, &'static str)> {
    let pair = Pair::rsa(2048).base64();
    let good = |shape: &Shape| filled(shape.text, &pair, &pair, &until(30));
    let mut rows = Vec::new();
    for shape in &SHAPES {
        for (name, change, word) in CHANGES {
            rows.push((format!("{}, {name}", shape.name), change(&good(shape)), word));
        }
        for (name, certificate, word) in certificates() {
            let text = filled(shape.text, &certificate, &certificate, &until(30));
            rows.push((format!("{}, {name}", shape.name), text, word));
        }
        if shape.ends {
            let text = filled(shape.text, &pair, &pair, &until(-1));
            rows.push((format!("{}, expired", shape.name), text, "have expired"));
        }
    }
    let (entra, okta) = (good(&SHAPES[0]), good(&SHAPES[1]));
    let okta_until = |time: &str| okta.replace(" entityID=", &format!(" validUntil=\"{time}\" entityID="));
    let others = [
        ("two providers", list(&[&entra, &okta]), "several identity providers"),
        ("two roles", with_another_role(&okta), "more than one IDPSSODescriptor"),
        ("a list of none", list(&[]), "no IDPSSODescriptor"),
        ("valid until no time", okta_until("canary"), "validUntil is not a date"),
        ("valid until long ago", okta_until("2020-01-01T00:00:00Z"), "have expired"),
        ("a service provider", SERVICE.to_owned(), "no IDPSSODescriptor"),
        ("a login page", LOGIN_PAGE.to_owned(), "not well-formed"),
        ("an old login page", OLD_LOGIN_PAGE.to_owned(), "no IDPSSODescriptor"),
        ("an address", "https://idp.example/metadata".to_owned(), "not well-formed"),
        ("JSON", "{\"issuer\": \"https://idp.example\"}".to_owned(), "not well-formed"),
        ("a certificate", format!("-----BEGIN CERTIFICATE-----\n{pair}\n"), "not well-formed"),
        ("nothing", String::new(), "not well-formed"),
        ("blanks", " \n".to_owned(), "not well-formed"),
    ];
    rows.extend(others.map(|(name, text, word)| (name.to_owned(), text, word)));
    rows
}

#[test] // S04: rule 2
fn what_nobody_may_be_believed_by_is_refused_with_the_reason() {
    let mut wrong = Vec::new();
    for (name, text, word) in broken() {
        match parse(&text) {
            Ok(_) => wrong.push(format!("{name}: accepted")),
            Err(why) if !why.contains(word) => wrong.push(format!("{name}: {why}")),
            // The page that shows it is an admin's own, and still: nothing of a document that nobody vouches for.
            Err(why) if why.contains("canary") => wrong.push(format!("{name} is repeated: {why}")),
            Err(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
