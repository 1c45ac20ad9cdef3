//! Rule 1: what a signature points at, through which transforms, and what else hides in it. The provider itself signs
//! all of these, so that nothing but the gate can refuse most of them.
use super::rows::{Row, row};
use crate::support::idp::Document;

const REFERENCE: &str = "reference";
const TRANSFORM: &str = "transform";
const OBJECT: &str = "object";

pub fn rows() -> Vec<Row> {
    let mut rows = references();
    rows.extend(transforms());
    rows.extend(canonical());
    rows.extend(objects());
    rows
}

fn references() -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, uri) in [
        ("no URI", ""),
        ("an empty URI", r#" URI="""#),
        ("only a hash", r##" URI="#""##),
        ("http", r#" URI="http://{trap}/x""#),
        ("https", r#" URI="https://{trap}/x""#),
        ("ftp", r#" URI="ftp://{trap}/x""#),
        ("http with the right fragment", r#" URI="http://{trap}/x#{signed}""#),
        ("a file", r#" URI="file:///etc/hostname""#),
        ("a path", r#" URI="/etc/hostname""#),
        ("data", r#" URI="data:text/xml,x""#),
        ("the root by xpointer", r##" URI="#xpointer(/)""##),
        ("itself by xpointer", r##" URI="#xpointer(id('{signed}'))""##),
        ("everything by xpointer", r##" URI="#xpointer(//*)""##),
        ("a namespace by xmlns", r##" URI="#xmlns(a=b)xpointer(/)""##),
        ("an element by its place", r##" URI="#element(/1)""##),
        ("white space before", r#" URI=" #{signed}""#),
        ("white space behind", r##" URI="#{signed} ""##),
        ("escaped", r##" URI="#%5F{signed}""##),
        ("nobody", r##" URI="#_nobody""##),
        ("two URIs", r##" URI="#{signed}" xmlns:x="urn:x" x:URI="http://{trap}/x""##),
        ("the name of a manifest", r##" Type="http://www.w3.org/2000/09/xmldsig#Manifest" URI="#{signed}""##),
    ] {
        for element in ["assertion", "response"] {
            rows.push(row(REFERENCE, &format!("{name}, {element}"), move |idp, d| {
                d.set("uri", uri).sign(element, &idp.rsa)
            }));
        }
    }
    rows.extend([
        row(REFERENCE, "two, the same", |idp, d| d.set("references", "{reference}{reference}").sign("assertion", &idp.rsa)),
        row(REFERENCE, "two, the second over http", |idp, d| {
            d.set("references", r#"{reference}<ds:Reference URI="http://{trap}/x"><ds:DigestMethod Algorithm="{digest.uri}"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>"#)
                .sign("assertion", &idp.rsa)
        }),
        row(REFERENCE, "thirty", |idp, d| d.set("references", "{reference}".repeat(30)).sign("assertion", &idp.rsa)),
        row(REFERENCE, "the response's signature points at the assertion", |idp, d| {
            let inner = d.clone().sign("assertion", &idp.rsa).part("assertion.signature");
            d.set("response.signature", inner)
        }),
        row(REFERENCE, "the assertion's signature points at the response", |idp, d| {
            let outer = d.clone().sign("response", &idp.rsa).part("response.signature");
            d.set("assertion.signature", outer)
        }),
    ]);
    rows
}

fn transform(uri: &str, inside: &str) -> String {
    format!(r#"<ds:Transform Algorithm="{uri}">{inside}</ds:Transform>"#)
}

/// A sheet that turns for ever, and one that would make anything of the document.
const FOR_EVER: &str = r#"<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"><xsl:call-template name="a"/></xsl:template><xsl:template name="a"><xsl:for-each select="//. | //@* | //namespace::*"><xsl:for-each select="//. | //@* | //namespace::*"><xsl:for-each select="//. | //@* | //namespace::*"><xsl:for-each select="//. | //@*"><xsl:value-of select="count(//*[count(//*)>0])"/></xsl:for-each></xsl:for-each></xsl:for-each></xsl:for-each></xsl:template></xsl:stylesheet>"#;
const READS: &str = r#"<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"><xsl:copy-of select="document('http://{trap}/x')"/></xsl:template></xsl:stylesheet>"#;
const SLOW_PATH: &str =
    "count(//. | //@* | //namespace::*)[count(//.[count(//.[count(//.[count(//.) > 0]) > 0]) > 0]) > 0]";

fn transforms() -> Vec<Row> {
    let path = |text: &str| format!("<ds:XPath>{text}</ds:XPath>");
    let list: Vec<(&str, String)> = vec![
        ("XSLT that does not end", transform("http://www.w3.org/TR/1999/REC-xslt-19991116", FOR_EVER)),
        ("XSLT that reads over http", transform("http://www.w3.org/TR/1999/REC-xslt-19991116", READS)),
        ("a slow XPath", transform("http://www.w3.org/TR/1999/REC-xpath-19991116", &path(SLOW_PATH))),
        (
            "an XPath that chooses all",
            transform("http://www.w3.org/TR/1999/REC-xpath-19991116", &path("true()")),
        ),
        (
            "XPath filter 2",
            transform(
                "http://www.w3.org/2002/06/xmldsig-filter2",
                r#"<f:XPath xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" Filter="intersect">/</f:XPath>"#,
            ),
        ),
        (
            "xpointer",
            transform(
                "http://www.w3.org/2001/04/xmldsig-more/xptr",
                "<x:XPointer xmlns:x=\"http://www.w3.org/2001/04/xmldsig-more/xptr\">xpointer(/)</x:XPointer>",
            ),
        ),
        ("base64", transform("http://www.w3.org/2000/09/xmldsig#base64", "")),
        (
            "inclusive",
            "{enveloped}".to_owned() + &transform("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", ""),
        ),
        ("inclusive 1.1", "{enveloped}".to_owned() + &transform("http://www.w3.org/2006/12/xml-c14n11", "")),
        (
            "exclusive with comments",
            "{enveloped}".to_owned() + &transform("http://www.w3.org/2001/10/xml-exc-c14n#WithComments", ""),
        ),
        ("enveloped twice", "{enveloped}{enveloped}{exclusive}".to_owned()),
        ("exclusive twice", "{enveloped}{exclusive}{exclusive}".to_owned()),
        ("without the enveloped one", "{exclusive}".to_owned()),
        ("a thousand", "{enveloped}".to_owned() + &"{exclusive}".repeat(1000)),
        ("unknown", "{enveloped}".to_owned() + &transform("urn:none", "")),
        ("encryption's", transform("http://www.w3.org/2002/07/decrypt#XML", "")),
        ("one without a name", "{enveloped}<ds:Transform></ds:Transform>".to_owned()),
        (
            "XPath inside the enveloped one",
            transform("http://www.w3.org/2000/09/xmldsig#enveloped-signature", &path("true()")),
        ),
        (
            "a foreign child of exclusive",
            "{enveloped}".to_owned() + &transform("http://www.w3.org/2001/10/xml-exc-c14n#", &path("true()")),
        ),
        ("none in a list", String::new()),
    ];
    let mut rows = Vec::new();
    for (name, text) in list {
        for element in ["assertion", "response"] {
            let text = text.clone();
            rows.push(row(TRANSFORM, &format!("{name}, {element}"), move |idp, d| {
                d.set("transforms.list", text.as_str()).sign(element, &idp.rsa)
            }));
        }
    }
    rows.push(row(TRANSFORM, "no list", |idp, d| d.set("transforms", "").sign("assertion", &idp.rsa)));
    rows
}

fn canonical() -> Vec<Row> {
    let both = r#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol""#;
    let sign = move |d: Document, uri: &str| d.set("c14n.uri", uri).set("signed-info.ns", both);
    let mut rows: Vec<Row> = [
        ("inclusive signed info", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
        ("inclusive 1.1 signed info", "http://www.w3.org/2006/12/xml-c14n11"),
        ("signed info with comments", "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"),
        ("XSLT of the signed info", "http://www.w3.org/TR/1999/REC-xslt-19991116"),
        ("base64 of the signed info", "http://www.w3.org/2000/09/xmldsig#base64"),
        ("unknown for the signed info", "urn:none"),
    ]
    .into_iter()
    .map(|(name, uri)| row(TRANSFORM, name, move |idp, d| sign(d, uri).sign("response", &idp.rsa)))
    .collect();
    rows.push(row(TRANSFORM, "nothing for the signed info", |idp, d| {
        d.set("c14n", "").sign("response", &idp.rsa)
    }));
    rows
}

fn objects() -> Vec<Row> {
    let object = |name: &str, text: &'static str| {
        row(OBJECT, name, move |idp, d| d.set("objects", text).sign("assertion", &idp.rsa))
    };
    vec![
        object("an empty object", "<ds:Object></ds:Object>"),
        object("text", "<ds:Object>x</ds:Object>"),
        object(
            "a manifest",
            r#"<ds:Object><ds:Manifest Id="m"><ds:Reference URI="http://{trap}/x"><ds:DigestMethod Algorithm="{digest.uri}"></ds:DigestMethod><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:Manifest></ds:Object>"#,
        ),
        object(
            "properties",
            r##"<ds:Object><ds:SignatureProperties><ds:SignatureProperty Target="#x">x</ds:SignatureProperty></ds:SignatureProperties></ds:Object>"##,
        ),
        object("an assertion", r#"<ds:Object><saml:Assertion ID="_x"></saml:Assertion></ds:Object>"#),
        object("an element that nobody knows", r#"<x:x xmlns:x="urn:x"></x:x>"#),
        row(OBJECT, "two signatures in a row", |idp, d| {
            let d = d.sign("assertion", &idp.rsa);
            let one = d.part("assertion.signature");
            d.set("assertion.signature", one.repeat(2))
        }),
        row(OBJECT, "a signature in a signature", |idp, d| {
            let d = d.sign("assertion", &idp.rsa);
            let one = d.part("assertion.signature");
            d.set("assertion.signature", one.replace("</ds:Signature>", &format!("{one}</ds:Signature>")))
        }),
        row(OBJECT, "the good signature after a foreign one", |idp, d| {
            let foreign = d.clone().sign("assertion", &idp.foreign).part("assertion.signature");
            let good = d.clone().sign("assertion", &idp.rsa).part("assertion.signature");
            d.set("assertion.signature", foreign + &good)
        }),
        row(OBJECT, "the good signature before a foreign one", |idp, d| {
            let foreign = d.clone().sign("assertion", &idp.foreign).part("assertion.signature");
            let good = d.clone().sign("assertion", &idp.rsa).part("assertion.signature");
            d.set("assertion.signature", good + &foreign)
        }),
    ]
}
