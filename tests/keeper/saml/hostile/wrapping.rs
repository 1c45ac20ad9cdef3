//! Rule 1: signature wrapping. Somebody takes their own good response and builds an admin around it.
use super::rows::{Row, row};
use crate::support::idp::{Document, Idp};

const WRAPPING: &str = "wrapping";
const CLOSED: &str = "</ds:Signature>";

/// The attacker's assertion beside the honest one: its own name, its own ID, an admin.
fn evil(d: &Document) -> Document {
    d.clone()
        .set("assertion.name", "_canary-evil")
        .set("response.name", "_canary-evil-response")
        .set("name", "canary-evil@idp.example")
        .set("group", "keeper-admins")
        .set("assertion.signature", "")
        .set("response.signature", "")
}

/// The honest assertion with its signature, the same without, and the signature alone.
struct Parts {
    d: Document,
    evil: String,
    honest: String,
    bare: String,
    signature: String,
}

impl Parts {
    fn of(element: &str, idp: &Idp, d: &Document) -> Self {
        let signed = d.clone().sign(element, &idp.rsa);
        Self {
            evil: evil(d).part(element),
            honest: signed.part(element),
            bare: d.part(element),
            signature: signed.part(&format!("{element}.signature")),
            d: d.clone(),
        }
    }

    /// The attacker's element with a signature that is not its own.
    fn evil_signed(&self, element: &str, signature: &str) -> String {
        evil(&self.d).set(&format!("{element}.signature"), signature).part(element)
    }

    /// The signature with something in it, behind its value.
    fn stuffed(&self, inside: &str) -> String {
        self.signature.replace(CLOSED, &format!("{inside}{CLOSED}"))
    }

    fn assertions(&self, text: String) -> Document {
        self.d.clone().set("assertions", text)
    }

    fn document(&self, text: String) -> Document {
        self.d.clone().set("document", text)
    }
}

fn assertion(name: &str, make: impl Fn(&Parts) -> Document + Send + Sync + 'static) -> Row {
    row(WRAPPING, name, move |idp, d| make(&Parts::of("assertion", idp, &d)))
}

fn response(name: &str, make: impl Fn(&Parts) -> Document + Send + Sync + 'static) -> Row {
    row(WRAPPING, name, move |idp, d| make(&Parts::of("response", idp, &d)))
}

fn within(parent: &str, child: &str) -> String {
    let (head, tail) = parent.rsplit_once("</").unwrap();
    format!("{head}{child}</{tail}")
}

pub fn rows() -> Vec<Row> {
    let mut rows = classic();
    rows.extend(places());
    rows.extend(names());
    rows
}

/// The eight that everybody tries.
fn classic() -> Vec<Row> {
    vec![
        response("XSW1", |p| p.document(p.evil_signed("response", &p.stuffed(&p.bare)))),
        response("XSW2", |p| p.document(p.evil_signed("response", &format!("{}{}", p.bare, p.signature)))),
        assertion("XSW3", |p| p.assertions(format!("{}{}", p.evil, p.honest))),
        assertion("XSW4", |p| p.assertions(within(&p.evil, &p.honest))),
        assertion("XSW5", |p| p.assertions(p.evil_signed("assertion", &p.signature) + &p.bare)),
        assertion("XSW6", |p| p.assertions(p.evil_signed("assertion", &p.stuffed(&p.bare)))),
        assertion("XSW7", |p| p.assertions(p.honest.clone()).set("extensions", extensions(&p.evil))),
        assertion("XSW8", |p| p.assertions(p.evil_signed("assertion", &p.stuffed(&object(&p.bare))))),
    ]
}

fn extensions(text: &str) -> String {
    format!("<samlp:Extensions>{text}</samlp:Extensions>")
}

fn object(text: &str) -> String {
    format!("<ds:Object>{text}</ds:Object>")
}

/// Others of the same kind: wherever one of the two can stand.
fn places() -> Vec<Row> {
    vec![
        assertion("the honest one first", |p| p.assertions(format!("{}{}", p.honest, p.evil))),
        assertion("the honest one inside, at its head", |p| {
            p.assertions(p.evil_signed("assertion", &p.honest))
        }),
        assertion("the evil one inside the honest one", |p| p.assertions(within(&p.honest, &p.evil))),
        assertion("the evil one in the signature", |p| {
            p.assertions(p.honest.replace(CLOSED, &format!("{}{CLOSED}", p.evil)))
        }),
        assertion("the evil one in an object", |p| {
            p.assertions(p.honest.replace(CLOSED, &format!("{}{CLOSED}", object(&p.evil))))
        }),
        assertion("the evil one in key info", |p| {
            p.assertions(p.honest.replace(CLOSED, &format!("<ds:KeyInfo>{}</ds:KeyInfo>{CLOSED}", p.evil)))
        }),
        assertion("the honest one in extensions", |p| {
            p.assertions(p.evil.clone()).set("extensions", extensions(&p.honest))
        }),
        assertion("the honest one in the status", |p| {
            p.assertions(p.evil.clone()).set(
                "status",
                r#"<samlp:Status><samlp:StatusCode Value="{status.code}"></samlp:StatusCode><samlp:StatusDetail>"#.to_owned()
                    + &p.honest
                    + "</samlp:StatusDetail></samlp:Status>",
            )
        }),
        assertion("the honest one in advice", |p| {
            let advice = format!("<saml:Advice>{}</saml:Advice>", p.honest);
            p.assertions(evil(&p.d).set("authn", advice).part("assertion"))
        }),
        assertion("the honest one in the confirmation", |p| {
            let data = format!("<saml:SubjectConfirmationData>{}</saml:SubjectConfirmationData>", p.honest);
            p.assertions(evil(&p.d).set("confirmation.data", data).part("assertion"))
        }),
        assertion("the honest one in an attribute", |p| {
            let value = format!("<saml:AttributeValue>{}</saml:AttributeValue>", p.honest);
            p.assertions(
                evil(&p.d)
                    .set("attribute", format!(r#"<saml:Attribute Name="groups">{value}</saml:Attribute>"#))
                    .part("assertion"),
            )
        }),
        assertion("the honest one as the root, the response inside", |p| {
            p.document(within(&p.honest, &p.d.part("response")))
        }),
        assertion("only an assertion", |p| p.document(p.honest.clone())),
        assertion("a third one", |p| p.assertions(format!("{}{}{}", p.evil, p.honest, p.evil))),
        assertion("the same one twice", |p| p.assertions(p.honest.repeat(2))),
        response("a response in a response", |p| p.document(within(&p.evil, &p.honest))),
        response("a response in extensions", |p| {
            p.document(evil(&p.d).set("extensions", extensions(&p.honest)).part("response"))
        }),
        response("a response in an element that nobody knows", |p| {
            p.document(format!(r#"<x xmlns="urn:x">{}</x>"#, p.honest))
        }),
        response("in a SOAP envelope", |p| {
            p.document(format!(r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body></s:Envelope>"#, p.honest))
        }),
        response("two documents", |p| p.document(format!("{}{}", p.honest, p.evil))),
        response("the signature at the end", |p| {
            p.document(within(&evil(&p.d).part("response"), &p.stuffed(&p.bare)))
        }),
    ]
}

/// The same ID twice, or an attribute that only one of two readers takes for an ID.
fn names() -> Vec<Row> {
    let twin = |name: &str, id: &'static str| {
        assertion(name, move |p| {
            let honest = p.d.part("assertion.name");
            let twin = evil(&p.d).set("assertion.id", id.replace("{honest}", &honest)).part("assertion");
            p.assertions(twin + &p.honest)
        })
    };
    let attribute = |name: &str, id: &'static str| {
        row(WRAPPING, name, move |idp, d| d.set("assertion.id", id).sign("assertion", &idp.rsa))
    };
    vec![
        twin("a twin with the same ID", r#" ID="{honest}""#),
        twin("a twin whose ID is spelled Id", r#" Id="{honest}""#),
        twin("a twin whose ID is spelled id", r#" id="{honest}""#),
        twin("a twin whose ID is XML's", r#" ID="_canary-x" xml:id="{honest}""#),
        twin("a twin whose ID has a prefix", r#" samlp:ID="{honest}""#),
        twin("a twin without an ID", ""),
        attribute("an ID spelled Id", r#" Id="{assertion.name}""#),
        attribute("an ID spelled id", r#" id="{assertion.name}""#),
        attribute("XML's own ID alone", r#" xml:id="{assertion.name}""#),
        attribute("an ID with a prefix", r#" xmlns:p="urn:p" p:ID="{assertion.name}""#),
        attribute("an ID of SAML 1", r#" AssertionID="{assertion.name}""#),
        row(WRAPPING, "an empty ID", |idp, d| d.set("assertion.name", "").sign("assertion", &idp.rsa)),
        row(WRAPPING, "an ID that is no name", |idp, d| {
            d.set("assertion.name", "a b").sign("assertion", &idp.rsa)
        }),
        row(WRAPPING, "an ID that is an xpointer", |idp, d| {
            d.set("assertion.name", "xpointer(/)").sign("assertion", &idp.rsa)
        }),
        row(WRAPPING, "no ID and an empty reference", |idp, d| {
            d.set("assertion.id", "").set("uri", r#" URI="""#).sign("assertion", &idp.rsa)
        }),
        row(WRAPPING, "the status has the response's ID", |idp, d| {
            d.set("status", r#"<samlp:Status ID="{response.name}"><samlp:StatusCode Value="{status.code}"></samlp:StatusCode></samlp:Status>"#)
                .sign("response", &idp.rsa)
        }),
        row(WRAPPING, "response and assertion have the same ID", |idp, d| {
            let name = d.part("assertion.name");
            d.set("response.name", name).sign("assertion", &idp.rsa)
        }),
        row(WRAPPING, "the subject has the assertion's ID", |idp, d| {
            d.set("subject", r#"<saml:Subject ID="{assertion.name}">{name-id}{confirmation}</saml:Subject>"#)
                .sign("assertion", &idp.rsa)
        }),
    ]
}
