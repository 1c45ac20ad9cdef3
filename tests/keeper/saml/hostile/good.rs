//! Documents as honest providers send them are accepted: only then does a refusal mean something.
use super::court::{Court, Sent};
use crate::support::idp::{Document, Idp};
use keeper::db::Engine;
use samael::crypto::{CertificateDer, Crypto, CryptoProvider, ReduceMode};

/// The three ways in which honest providers sign.
pub const STYLES: [&str; 3] = ["assertion", "response", "both"];

impl Document {
    pub fn sign_as(self, style: &str, idp: &Idp) -> Self {
        match style {
            "both" => self.sign("assertion", &idp.rsa).sign("response", &idp.rsa),
            element => self.sign(element, &idp.rsa),
        }
    }
}

/// What the tests' provider signs by hand is what xmlsec verifies: the documents are no straw men.
#[test]
fn the_library_verifies_what_the_tests_sign() {
    let idp = Idp::new();
    let certificate = CertificateDer::from(idp.rsa.certificate.to_der().unwrap());
    let occasion =
        ["request", "acs", "sp", "now", "before", "soon", "name", "response.name", "assertion.name"];
    let occasion: Vec<(&str, &str)> = occasion.iter().map(|hole| (*hole, *hole)).collect();
    let document = Document::new(&occasion).set("response.name", "_r").set("assertion.name", "_a");
    for style in STYLES {
        let text = document.clone().sign_as(style, &idp).text();
        let verified =
            Crypto::reduce_xml_to_signed(&text, std::slice::from_ref(&certificate), ReduceMode::default());
        assert!(verified.unwrap().contains("keeper-users"), "{style}: {text}");
        let changed = text.replace("keeper-users", "keeper-admins");
        assert!(
            Crypto::reduce_xml_to_signed(&changed, std::slice::from_ref(&certificate), ReduceMode::default())
                .is_err()
        );
    }
}

type Honest = (&'static str, fn(&Idp, Document) -> Sent);

/// What differs between honest providers, and means nothing.
const HONEST: &[Honest] = &[
    ("the assertion is signed", |idp, d| d.sign_as("assertion", idp).into()),
    ("the response is signed", |idp, d| d.sign_as("response", idp).into()),
    ("both are signed", |idp, d| d.sign_as("both", idp).into()),
    ("an unsigned envelope without an issuer", |idp, d| {
        d.set("response.issuer", "").sign_as("assertion", idp).into()
    }),
    ("SHA-384", |idp, d| {
        d.set("method.uri", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384")
            .set("digest.uri", "http://www.w3.org/2001/04/xmldsig-more#sha384")
            .sign_as("both", idp)
            .into()
    }),
    ("SHA-512", |idp, d| {
        d.set("method.uri", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512")
            .set("digest.uri", "http://www.w3.org/2001/04/xmlenc#sha512")
            .sign_as("both", idp)
            .into()
    }),
    ("the certificate lies beside the signature", |idp, d| {
        let info = format!(
            "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>",
            idp.rsa.base64()
        );
        d.set("key-info", info).sign_as("both", idp).into()
    }),
    ("a list of prefixes", |idp, d| {
        let list = r#"<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="xs xsi"></ec:InclusiveNamespaces></ds:Transform>"#;
        d.set("exclusive", list).sign_as("response", idp).into()
    }),
    ("broken lines of base64", |idp, d| {
        let text = Sent::from(d.sign_as("both", idp)).parameter();
        let lines: Vec<&str> =
            text.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
        Sent::Parameter(lines.join("\r\n") + "\r\n")
    }),
    ("a byte order mark", |idp, d| Sent::Xml(format!("\u{feff}{}", d.sign_as("both", idp).text()))),
    ("a declaration and line ends", |idp, d| {
        Sent::Xml(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", d.sign_as("both", idp).text()))
    }),
    ("just 256 KiB", |idp, d| super::sizes::of_size(&d, idp, super::sizes::LARGEST).into()),
    ("clocks a minute apart", |idp, d| {
        d.set("conditions", r#"<saml:Conditions NotBefore="{in-a-minute}" NotOnOrAfter="{soon}">{audience}</saml:Conditions>"#)
            .set("assertion.issued", r#" IssueInstant="{in-a-minute}""#)
            .sign_as("both", idp)
            .into()
    }),
    ("a second audience", |idp, d| {
        d.set("audience", "<saml:AudienceRestriction><saml:Audience>http://other</saml:Audience><saml:Audience>{sp}</saml:Audience></saml:AudienceRestriction>")
            .sign_as("both", idp)
            .into()
    }),
    ("a second confirmation", |idp, d| {
        d.set("confirmation", r#"<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"></saml:SubjectConfirmation><saml:SubjectConfirmation Method="{method.bearer}">{confirmation.data}</saml:SubjectConfirmation>"#)
            .sign_as("both", idp)
            .into()
    }),
    ("line ends around the name", |idp, d| {
        let name = d.part("name");
        d.set("name", format!("\n  {name}\n")).sign_as("both", idp).into()
    }),
];

#[tokio::test(flavor = "multi_thread")] // S04 S40
async fn honest_documents_open_a_session_for_the_person_they_name() {
    let court = Court::open(Engine::Sqlite).await.unwrap();
    for (name, make) in HONEST {
        let asked = court.ask().await;
        let answer = court.post(&asked, make(&court.idp, asked.document.clone())).await;
        assert_eq!((answer.status, answer.location()), (303, "/account"), "{name}: {}", court.why().await);
        let account = asked.visitor.get("/account").await;
        assert_eq!(account.status, 200, "{name}");
        assert!(account.body.contains(&asked.document.part("name")), "{name}: somebody else");
    }
}
