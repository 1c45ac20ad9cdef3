//! The report that an administrator reads: each check with its verdict, and what was said where signatures cover it.
use super::desk::{ACS, AUDIENCE, DESK, Desk};
use crate::support::idp::Document;
use keeper::remote::saml::{Check, Finding, Part, Report, Verdict};

async fn judged(document: &Document) -> Verdict {
    DESK.verify(Desk::read(&document.text()).unwrap(), &[], Desk::expected()).await
}

fn failed(report: &Report) -> Vec<Check> {
    let is_failed = |finding: &Finding| matches!(finding, Finding::Failed(_));
    report.checks.iter().filter(|one| is_failed(&one.verdict)).map(|one| one.check).collect()
}

#[tokio::test] // S04
async fn a_good_answer_passes_every_check_and_shows_what_it_said() {
    let verdict = judged(&Desk::document().sign_as("both", &DESK.idp)).await;
    let report = verdict.report;
    assert!(report.has_passed() && verdict.identity.is_ok(), "{report:?}");
    let text = serde_json::to_string(&report).unwrap();
    assert!(text.contains(r#"{"check":"document","verdict":"passed"}"#), "{text}");
    assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    let seen = report.seen.unwrap();
    assert_eq!(seen.name_id.as_deref(), Some("ada@idp.example"));
    assert_eq!((seen.destination.as_deref(), seen.audiences), (Some(ACS), vec![AUDIENCE.to_owned()]));
    assert_eq!(
        (seen.attributes[0].name.as_str(), &*seen.attributes[0].values),
        ("groups", &["keeper-users".to_owned()][..])
    );
    assert_eq!(seen.not_on_or_after.as_deref(), Some("2026-11-30T12:05:00Z"));
    assert_eq!((seen.session_index.as_deref(), seen.seal), (Some("_s1"), None));
    let used = DESK.provider.fingerprints()[1].to_owned();
    for (signature, part) in seen.signatures.iter().zip([Part::Response, Part::Assertion]) {
        assert_eq!((signature.part, signature.fingerprint.as_ref()), (part, Some(&used)));
        assert!(signature.algorithm.ends_with("#rsa-sha256"));
    }
}

#[tokio::test] // S04
async fn all_that_is_wrong_is_told_at_once_and_the_first_is_the_fault() {
    let document = Desk::document()
        .with(&[
            ("destination", r#" Destination="http://canary""#),
            ("recipient", r#" Recipient="http://canary""#),
            ("audience", "<saml:AudienceRestriction><saml:Audience>http://canary</saml:Audience></saml:AudienceRestriction>"),
            ("name-id.format", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"),
        ])
        .sign_as("response", &DESK.idp);
    let Verdict { identity, report } = judged(&document).await;
    assert_eq!(failed(&report), [Check::Destination, Check::Recipient, Check::Audience, Check::NameId]);
    let fault = identity.unwrap_err();
    assert_eq!(fault.to_string(), "Destination is not this installation's address");
    assert_eq!(fault.check(), Check::Destination);
    assert_eq!(report.seen.unwrap().audiences, ["http://canary"]);
    assert!(report.checks.iter().all(|one| one.verdict != Finding::NotReached));
}

#[tokio::test] // S04
async fn nothing_is_shown_of_what_no_signature_covers() {
    let forged = Desk::document().sign_as("response", &DESK.idp).set("group", "canary");
    let Verdict { identity, report } = judged(&forged).await;
    assert_eq!((failed(&report), identity.unwrap_err().check()), (vec![Check::Signature], Check::Signature));
    assert_eq!(report.seen, None);
    let after = report.checks.iter().skip_while(|one| one.check != Check::Signature).skip(1);
    assert!(after.into_iter().all(|one| one.verdict == Finding::NotReached));
    // Of an assertion that is signed alone, nothing of what stands around it.
    let around = Desk::document().sign_as("assertion", &DESK.idp);
    assert_eq!(judged(&around).await.report.seen.unwrap().destination, None);
}

#[tokio::test] // S04
async fn what_is_shown_is_bounded() {
    let value = format!("<saml:AttributeValue>{}</saml:AttributeValue>", "x".repeat(300));
    let attribute = format!(r#"<saml:Attribute Name="n">{}</saml:Attribute>"#, value.repeat(21));
    let attributes = format!(
        "<saml:AttributeStatement>{attribute}{}</saml:AttributeStatement>",
        r#"<saml:Attribute Name="y"></saml:Attribute>"#.repeat(60)
    );
    let document = Desk::document().set("attributes", attributes).sign_as("both", &DESK.idp);
    let verdict = judged(&document).await;
    let seen = verdict.report.seen.unwrap();
    assert_eq!((seen.attributes.len(), seen.attributes[0].values.len()), (50, 20));
    assert_eq!(seen.attributes[0].values[0].len(), 200);
    assert_eq!(verdict.identity.unwrap().attributes["n"].len(), 21, "what counts is not cut");
}

#[test] // S04
fn what_the_gate_turned_away_has_a_report_too() {
    let of = |document: Document| Report::of_unreadable(&Desk::read(&document.text()).err().unwrap());
    let document = Desk::document().sign_as("both", &DESK.idp);
    assert_eq!(failed(&of(document.clone().set("assertions", ""))), [Check::Document]);
    assert_eq!(failed(&of(document.set("status.code", "x"))), [Check::Status]);
    assert_eq!(failed(&of(Desk::document())), [Check::Signature]);
    let sealed = Desk::document().set("wrap.uri", "x").encrypt(&DESK.public);
    assert_eq!(failed(&of(sealed)), [Check::Encryption]);
}

#[tokio::test] // S04
async fn a_second_confirmation_that_holds_is_enough_and_parts_of_two_are_not() {
    let confirmation = |recipient: &str, request: &str| {
        format!(
            r#"<saml:SubjectConfirmation Method="{{method.bearer}}"><saml:SubjectConfirmationData InResponseTo="{request}" NotOnOrAfter="{{soon}}" Recipient="{recipient}"></saml:SubjectConfirmationData></saml:SubjectConfirmation>"#
        )
    };
    let (good, elsewhere, other) = (
        confirmation("{acs}", "{request}"),
        confirmation("http://canary", "{request}"),
        confirmation("{acs}", "_canary"),
    );
    for (both, told) in [
        (format!("{elsewhere}{good}"), vec![]),
        (format!("{good}{elsewhere}"), vec![]),
        (format!("{other}{elsewhere}"), vec![Check::Recipient]),
        (format!("{elsewhere}{other}"), vec![Check::ConfirmationInResponseTo]),
    ] {
        let verdict = judged(&Desk::document().set("confirmation", both).sign_as("both", &DESK.idp)).await;
        assert_eq!((failed(&verdict.report), verdict.identity.is_ok()), (told.clone(), told.is_empty()));
    }
}
