//! Rule 3: what a provider that signs well still must not say, whichever part it signs.
use super::rows::{Row, all_changed, row};

const ISSUER: &str = "issuer";
const ADDRESSEE: &str = "addressee";
const REQUEST: &str = "request";
const STATUS: &str = "status";
const TIME: &str = "time";
const STATEMENT: &str = "statement";
const SUBJECT: &str = "subject";

type Table = &'static [(&'static str, &'static [(&'static str, &'static str)])];

pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (class, table) in [
        (ISSUER, ISSUERS),
        (ADDRESSEE, ADDRESSEES),
        (REQUEST, REQUESTS),
        (STATUS, STATUSES),
        (TIME, TIMES),
        (STATEMENT, STATEMENTS),
        (SUBJECT, SUBJECTS),
    ] {
        rows.extend(all_changed(class, table));
    }
    // An unsigned envelope need not name its issuer; a signed one must.
    rows.push(row(ISSUER, "no issuer of a signed response", |idp, d| {
        d.set("response.issuer", "").sign("response", &idp.rsa)
    }));
    for (name, length) in [("256 letters", 256), ("64 KiB", 65_536)] {
        rows.push(row(SUBJECT, &format!("a name of {name}"), move |idp, d| {
            d.set("name", "canary".repeat(length / 6 + 1)[..length].to_owned()).sign("response", &idp.rsa)
        }));
    }
    rows
}

const ISSUERS: Table = &[
    (
        "of the response: another",
        &[(
            "response.issuer",
            r#"<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">http://canary</saml:Issuer>"#,
        )],
    ),
    (
        "of the response: empty",
        &[(
            "response.issuer",
            r#"<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"></saml:Issuer>"#,
        )],
    ),
    ("of the response: two", &[("response.issuer", "{issuer.there}{issuer.there}")]),
    ("of the assertion: another", &[("assertion.issuer", "<saml:Issuer>http://canary</saml:Issuer>")]),
    ("of the assertion: a longer one", &[("assertion.issuer", "<saml:Issuer>{idp}/canary</saml:Issuer>")]),
    (
        "of the assertion: in capitals",
        &[("assertion.issuer", "<saml:Issuer>HTTP://LOCALHOST:9/IDP</saml:Issuer>")],
    ),
    ("of the assertion: empty", &[("assertion.issuer", "<saml:Issuer></saml:Issuer>")]),
    ("of the assertion: missing", &[("assertion.issuer", "")]),
    (
        "of the assertion: two",
        &[("assertion.issuer", "<saml:Issuer>{idp}</saml:Issuer><saml:Issuer>http://canary</saml:Issuer>")],
    ),
    ("of both: another", &[("idp", "http://canary")]),
];

const ADDRESSEES: Table = &[
    ("destination: another", &[("destination", r#" Destination="http://canary/saml/acs""#)]),
    ("destination: a longer one", &[("destination", r#" Destination="{acs}/canary""#)]),
    ("destination: empty", &[("destination", r#" Destination="""#)]),
    ("destination: missing", &[("destination", "")]),
    ("recipient: another", &[("recipient", r#" Recipient="http://canary/saml/acs""#)]),
    ("recipient: empty", &[("recipient", r#" Recipient="""#)]),
    ("recipient: missing", &[("recipient", "")]),
    (
        "audience: another",
        &[(
            "audience",
            "<saml:AudienceRestriction><saml:Audience>http://canary</saml:Audience></saml:AudienceRestriction>",
        )],
    ),
    (
        "audience: a longer one",
        &[(
            "audience",
            "<saml:AudienceRestriction><saml:Audience>{sp}/canary</saml:Audience></saml:AudienceRestriction>",
        )],
    ),
    (
        "audience: empty",
        &[(
            "audience",
            "<saml:AudienceRestriction><saml:Audience></saml:Audience></saml:AudienceRestriction>",
        )],
    ),
    (
        "audience: a restriction to nobody",
        &[("audience", "<saml:AudienceRestriction></saml:AudienceRestriction>")],
    ),
    ("audience: missing", &[("audience", "")]),
    (
        "audience: two restrictions, the second to another",
        &[(
            "audience",
            "<saml:AudienceRestriction><saml:Audience>{sp}</saml:Audience></saml:AudienceRestriction><saml:AudienceRestriction><saml:Audience>http://canary</saml:Audience></saml:AudienceRestriction>",
        )],
    ),
    (
        "audience: two restrictions, the first to another",
        &[(
            "audience",
            "<saml:AudienceRestriction><saml:Audience>http://canary</saml:Audience></saml:AudienceRestriction><saml:AudienceRestriction><saml:Audience>{sp}</saml:Audience></saml:AudienceRestriction>",
        )],
    ),
];

const REQUESTS: Table = &[
    ("the response answers another", &[("response.in-response-to", r#" InResponseTo="_canary""#)]),
    ("the response answers none", &[("response.in-response-to", "")]),
    ("the response answers nothing", &[("response.in-response-to", r#" InResponseTo="""#)]),
    ("the assertion answers another", &[("in-response-to", r#" InResponseTo="_canary""#)]),
    ("the assertion answers none", &[("in-response-to", "")]),
    ("both answer another", &[("request", "_canary")]),
    ("both answer none", &[("response.in-response-to", ""), ("in-response-to", "")]),
    ("both answer a query", &[("request", "_x' OR '1'='1")]),
    ("both answer a pattern", &[("request", "%")]),
    ("both answer with zero width", &[("request", "_x\u{200b}")]),
];

const STATUSES: Table = &[
    ("requester", &[("status.code", "urn:oasis:names:tc:SAML:2.0:status:Requester")]),
    ("responder", &[("status.code", "urn:oasis:names:tc:SAML:2.0:status:Responder")]),
    ("a longer success", &[("status.code", "urn:oasis:names:tc:SAML:2.0:status:Success:canary")]),
    ("success in small letters", &[("status.code", "urn:oasis:names:tc:saml:2.0:status:success")]),
    ("empty", &[("status.code", "")]),
    ("no value", &[("status", "<samlp:Status><samlp:StatusCode></samlp:StatusCode></samlp:Status>")]),
    ("no code", &[("status", "<samlp:Status></samlp:Status>")]),
    ("missing", &[("status", "")]),
    (
        "success inside a failure",
        &[(
            "status",
            r#"<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:StatusCode></samlp:Status>"#,
        )],
    ),
    (
        "two",
        &[(
            "status",
            r#"<samlp:Status><samlp:StatusCode Value="{status.code}"></samlp:StatusCode></samlp:Status><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"></samlp:StatusCode></samlp:Status>"#,
        )],
    ),
    (
        "two codes",
        &[(
            "status",
            r#"<samlp:Status><samlp:StatusCode Value="{status.code}"></samlp:StatusCode><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"></samlp:StatusCode></samlp:Status>"#,
        )],
    ),
];

const TIMES: Table = &[
    ("conditions have ended", &[("not-on-or-after", r#" NotOnOrAfter="{just-ended}""#)]),
    ("conditions ended yesterday", &[("not-on-or-after", r#" NotOnOrAfter="{long-ago}""#)]),
    ("conditions begin tomorrow", &[("not-before", r#" NotBefore="{tomorrow}""#)]),
    (
        "conditions end before they begin",
        &[("not-before", r#" NotBefore="{tomorrow}""#), ("not-on-or-after", r#" NotOnOrAfter="{long-ago}""#)],
    ),
    ("conditions end at no time", &[("not-on-or-after", r#" NotOnOrAfter="canary""#)]),
    ("conditions end at nothing", &[("not-on-or-after", r#" NotOnOrAfter="""#)]),
    (
        "conditions end in a year that is too long",
        &[("not-on-or-after", r#" NotOnOrAfter="99999999999-01-01T00:00:00Z""#)],
    ),
    ("conditions begin before time", &[("not-before", r#" NotBefore="-0001-01-01T00:00:00Z""#)]),
    ("the confirmation has ended", &[("confirmation.until", r#" NotOnOrAfter="{just-ended}""#)]),
    ("the confirmation does not end", &[("confirmation.until", "")]),
    ("the confirmation begins tomorrow", &[("confirmation.before", r#" NotBefore="{tomorrow}""#)]),
    ("the confirmation ends at no time", &[("confirmation.until", r#" NotOnOrAfter="canary""#)]),
    ("the provider's session has ended", &[("session.until", r#" SessionNotOnOrAfter="{long-ago}""#)]),
    ("the provider's session ends at no time", &[("session.until", r#" SessionNotOnOrAfter="canary""#)]),
    ("the response is issued tomorrow", &[("response.issued", r#" IssueInstant="{tomorrow}""#)]),
    ("the response was issued yesterday", &[("response.issued", r#" IssueInstant="{long-ago}""#)]),
    ("the response was issued at no time", &[("response.issued", r#" IssueInstant="canary""#)]),
    ("the response was not issued", &[("response.issued", "")]),
    ("the assertion is issued tomorrow", &[("assertion.issued", r#" IssueInstant="{tomorrow}""#)]),
    ("the assertion was issued yesterday", &[("assertion.issued", r#" IssueInstant="{long-ago}""#)]),
    ("the assertion was issued at no time", &[("assertion.issued", r#" IssueInstant="canary""#)]),
    ("the assertion was not issued", &[("assertion.issued", "")]),
    (
        "the person proves who they are tomorrow",
        &[("authn", r#"<saml:AuthnStatement AuthnInstant="{tomorrow}"></saml:AuthnStatement>"#)],
    ),
    ("the person never proved who they are", &[("authn", "<saml:AuthnStatement></saml:AuthnStatement>")]),
];

const STATEMENTS: Table = &[
    ("no conditions", &[("conditions", "")]),
    (
        "two conditions",
        &[(
            "conditions",
            r#"<saml:Conditions>{audience}</saml:Conditions><saml:Conditions NotOnOrAfter="{long-ago}">{audience}</saml:Conditions>"#,
        )],
    ),
    (
        "a condition that nobody knows",
        &[(
            "audience",
            r#"<saml:AudienceRestriction><saml:Audience>{sp}</saml:Audience></saml:AudienceRestriction><x xmlns="urn:canary"></x>"#,
        )],
    ),
    ("no statement of a sign-in", &[("authn", "")]),
    ("no groups", &[("attributes", "")]),
    ("a group that gives no role", &[("group", "canary")]),
    ("a group in capitals", &[("group", "KEEPER-ADMINS")]),
    ("a group with a tail", &[("group", "keeper-admins canary")]),
    ("several groups in one value", &[("group", "canary,keeper-admins")]),
    (
        "the group under another name",
        &[(
            "attribute",
            r#"<saml:Attribute Name="Groups"><saml:AttributeValue>keeper-admins</saml:AttributeValue></saml:Attribute>"#,
        )],
    ),
    (
        "the group as a friendly name",
        &[(
            "attribute",
            r#"<saml:Attribute FriendlyName="groups" Name="canary"><saml:AttributeValue>keeper-admins</saml:AttributeValue></saml:Attribute>"#,
        )],
    ),
    (
        "the group in another namespace",
        &[(
            "attribute",
            r#"<x:Attribute xmlns:x="urn:x" Name="groups"><x:AttributeValue>keeper-admins</x:AttributeValue></x:Attribute>"#,
        )],
    ),
    (
        "the group in an element",
        &[(
            "attribute",
            r#"<saml:Attribute Name="groups"><saml:AttributeValue><x xmlns="urn:x">keeper-admins</x></saml:AttributeValue></saml:Attribute>"#,
        )],
    ),
    ("version 1.1 of the response", &[("response.version", r#" Version="1.1""#)]),
    ("no version of the response", &[("response.version", "")]),
    ("version 1.1 of the assertion", &[("assertion.version", r#" Version="1.1""#)]),
    ("version 2.00 of the assertion", &[("assertion.version", r#" Version="2.00""#)]),
    ("no version of the assertion", &[("assertion.version", "")]),
    ("no assertion", &[("assertions", "")]),
    (
        "an encrypted assertion",
        &[(
            "assertions",
            r#"<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"><xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"><xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml:EncryptedAssertion>"#,
        )],
    ),
    (
        "an encrypted assertion beside it",
        &[(
            "assertions",
            r#"{assertion}<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"><xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"></xenc:EncryptedData></saml:EncryptedAssertion>"#,
        )],
    ),
    (
        "an address where to get the assertion",
        &[(
            "assertions",
            r#"<saml:AssertionURIRef xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">http://{trap}/x</saml:AssertionURIRef>"#,
        )],
    ),
];

const SUBJECTS: Table = &[
    ("none", &[("subject", "")]),
    (
        "two",
        &[(
            "subject",
            "<saml:Subject>{name-id}{confirmation}</saml:Subject><saml:Subject>{name-id}{confirmation}</saml:Subject>",
        )],
    ),
    ("no name", &[("name-id", "")]),
    ("two names", &[("name-id", "<saml:NameID>{name}</saml:NameID><saml:NameID>canary-evil</saml:NameID>")]),
    ("an empty name", &[("name", "")]),
    ("a blank name", &[("name", "   ")]),
    (
        "a name that moves on each time",
        &[("name-id.format", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient")],
    ),
    ("a name with a tab", &[("name", "canary\tx")]),
    ("a name with a line end", &[("name", "canary\nx")]),
    ("a name with a carriage return", &[("name", "canary&#xD;x")]),
    ("a name with a delete", &[("name", "canary\u{7f}x")]),
    ("a name with a C1 control", &[("name", "canary\u{85}x")]),
    ("a name with a bell", &[("name", "canary&#7;x")]),
    ("a name that turns the text around", &[("name", "canary\u{202e}nimda")]),
    ("a name in another namespace", &[("name-id", r#"<x:NameID xmlns:x="urn:x">{name}</x:NameID>"#)]),
    ("an encrypted name", &[("name-id", "<saml:EncryptedID></saml:EncryptedID>")]),
    ("a base name", &[("name-id", "<saml:BaseID>{name}</saml:BaseID>")]),
    ("a name inside a name", &[("name-id", "<saml:NameID><saml:NameID>{name}</saml:NameID></saml:NameID>")]),
    ("a name beside the subject", &[("subject", "{name-id}<saml:Subject>{confirmation}</saml:Subject>")]),
    ("no confirmation", &[("confirmation", "")]),
    ("a confirmation without data", &[("confirmation.data", "")]),
    ("holder of key alone", &[("method.bearer", "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key")]),
    ("sender vouches", &[("method.bearer", "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches")]),
    (
        "no method",
        &[("confirmation", "<saml:SubjectConfirmation>{confirmation.data}</saml:SubjectConfirmation>")],
    ),
    ("a bearer of SAML 1", &[("method.bearer", "urn:oasis:names:tc:SAML:1.0:cm:bearer")]),
    (
        "the data of one confirmation, the method of another",
        &[(
            "confirmation",
            r#"<saml:SubjectConfirmation Method="{method.bearer}"></saml:SubjectConfirmation><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches">{confirmation.data}</saml:SubjectConfirmation>"#,
        )],
    ),
];
