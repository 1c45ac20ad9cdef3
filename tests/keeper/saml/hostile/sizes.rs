//! Rule 1: what is too large, too deep or too crowded, and what is small but costs a reader more than it should.
use super::court::Sent;
use super::rows::{Row, row};
use crate::support::idp::{Document, Idp};
use std::fmt::Write as _;

const SIZE: &str = "size";
const COST: &str = "cost";
pub const LARGEST: usize = 256 * 1024;

/// Signed, and filled up with blanks nobody reads to this very size.
pub fn of_size(d: &Document, idp: &Idp, size: usize) -> Document {
    let filled = |blanks: usize| {
        let filler = format!(
            r#"<saml:Attribute Name="x"><saml:AttributeValue>{}</saml:AttributeValue></saml:Attribute>"#,
            "x".repeat(blanks)
        );
        d.clone()
            .set(
                "attributes",
                format!("<saml:AttributeStatement>{{attribute}}{filler}</saml:AttributeStatement>"),
            )
            .sign("response", &idp.rsa)
    };
    let rest = size - filled(0).text().len();
    filled(rest)
}

fn numbered(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, n| {
        text += &one(n);
        text
    })
}

/// Something in the assertion, behind its statements, signed with the rest.
fn inside(class: &'static str, name: &str, make: impl Fn() -> String + Send + Sync + 'static) -> Row {
    row(class, name, move |idp, d| d.set("attributes", make()).sign("assertion", &idp.rsa))
}

pub fn rows() -> Vec<Row> {
    let mut rows = vec![
        row(SIZE, "256 KiB and one byte", |idp, d| of_size(&d, idp, LARGEST + 1)),
        row(SIZE, "256 KiB of blanks", |_, _| Sent::Bytes(vec![b' '; LARGEST])),
        row(SIZE, "256 KiB of <", |_, _| Sent::Bytes(vec![b'<'; LARGEST])),
        row(SIZE, "256 KiB of &", |_, _| Sent::Bytes(vec![b'&'; LARGEST])),
        inside(SIZE, "depth 10,000", || "<a>".repeat(10_000) + &"</a>".repeat(10_000)),
        inside(SIZE, "depth 40", || "<a>".repeat(40) + &"</a>".repeat(40)),
        row(SIZE, "depth 20,000, never closed", |_, _| Sent::Xml("<a>".repeat(20_000))),
        inside(SIZE, "10,000 attributes", || {
            format!("<a{}></a>", numbered(10_000, |n| format!(" a{n}=\"\"")))
        }),
        inside(SIZE, "10,000 namespaces", || {
            format!("<a{}></a>", numbered(10_000, |n| format!(" xmlns:a{n}=\"u\"")))
        }),
        inside(SIZE, "60,000 elements", || "<a/>".repeat(60_000)),
        inside(SIZE, "an element's name of 200 KB", || format!("<{0}></{0}>", "a".repeat(100_000))),
        inside(SIZE, "an attribute's name of 200 KB", || format!("<a {}=\"\"></a>", "a".repeat(200_000))),
        inside(SIZE, "an attribute of 200 KB", || format!("<a a=\"{}\"></a>", "a".repeat(200_000))),
        inside(SIZE, "a prefix of 100 KB", || format!("<{0}:a xmlns:{0}=\"u\"></{0}:a>", "a".repeat(60_000))),
        row(SIZE, "a request's name of 200 KB", |idp, d| {
            d.set("request", format!("_{}", "a".repeat(100_000))).sign("response", &idp.rsa)
        }),
        row(SIZE, "an ID of 100 KB", |idp, d| {
            d.set("assertion.name", "a".repeat(100_000)).sign("assertion", &idp.rsa)
        }),
        row(SIZE, "a session's name of 100 KB", |idp, d| {
            let authn = d.part("authn").replace("_s1", &"a".repeat(100_000));
            d.set("authn", authn).sign("assertion", &idp.rsa)
        }),
        row(SIZE, "300 signatures", |idp, d| {
            let d = d.sign("assertion", &idp.rsa);
            let many = d.part("assertion.signature").repeat(200);
            d.set("assertion.signature", many)
        }),
        row(SIZE, "a signature value of 150 KB", |idp, d| {
            let d = d.sign("assertion", &idp.rsa).set("value", "A".repeat(150_000));
            let signature = d.part("signature");
            d.set("assertion.signature", signature)
        }),
    ];
    rows.extend(costs());
    rows
}

/// Within every limit that a reader may think of, and slow for somebody. The signatures are foreign: whoever is not
/// known must not cost much.
fn costs() -> Vec<Row> {
    let foreign = |name: &str, make: fn() -> String| {
        row(COST, name, move |idp, d| d.set("attributes", make()).sign("assertion", &idp.foreign))
    };
    vec![
        foreign("namespaces on many elements", || {
            numbered(60, |m| format!("<a{}></a>", numbered(120, |n| format!(" xmlns:n{m}x{n}=\"urn:{n}\""))))
        }),
        foreign("namespaces on a path, and elements below it", || {
            let declared = numbered(110, |n| format!(" xmlns:n{n}=\"urn:{n}\""));
            format!("<b{declared}>{}{}{}</b>", "<b>".repeat(20), "<a></a>".repeat(4_800), "</b>".repeat(20))
        }),
        foreign("attributes in order", || {
            numbered(500, |_| format!("<a{}></a>", numbered(20, |n| format!(" a{}=\"\"", 99 - n))))
        }),
        foreign("references in a text", || "&amp;".repeat(40_000)),
        foreign("one long text", || "a".repeat(200_000)),
        foreign("pieces of text", || "a<b></b>".repeat(4_800)),
        foreign("elements with IDs", || numbered(4_800, |n| format!("<a ID=\"i{n}\"></a>"))),
        prefixes("a list of prefixes", 3_000, || "<a></a>".repeat(15_000)),
        prefixes("sixteen prefixes under namespaces", 16, || {
            let declared = numbered(100, |n| format!(" xmlns:n{n}=\"urn:{n}\""));
            format!("<b{declared}>{}{}{}</b>", "<b>".repeat(20), "<a></a>".repeat(4_700), "</b>".repeat(20))
        }),
        prefixes("a list of prefixes under namespaces", 3_000, || {
            let declared = numbered(100, |n| format!(" xmlns:n{n}=\"urn:{n}\""));
            format!("<b{declared}>{}{}{}</b>", "<b>".repeat(20), "<a></a>".repeat(15_000), "</b>".repeat(20))
        }),
    ]
}

fn prefixes(name: &str, count: usize, make: fn() -> String) -> Row {
    row(COST, name, move |idp, d| {
        let mut list = String::new();
        for n in 0..count {
            write!(list, "p{n:x} ").unwrap();
        }
        let transform = format!(
            r#"<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="{}"></ec:InclusiveNamespaces></ds:Transform>"#,
            list.trim()
        );
        d.set("exclusive", transform).set("attributes", make()).sign("assertion", &idp.foreign)
    })
}
