//! GET /settings/saml/{id}: one identity provider, with its certificates and what its groups give.
use super::HOME;
use super::index::{sentences, source, state, test_href};
use super::report::row;
use crate::domain::enums::Role;
use crate::domain::error::Result;
use crate::providers::{self, Grant, Provider};
use crate::remote::saml::{Certificate, EXPIRING};
use crate::signin::saml;
use crate::web::extract::{CurrentUser, Id, RequireAdmin};
use crate::web::page::{Answer, html, role_label, see_other_saying, with_status};
use crate::web::views::parts::{Badge, Form, Link, Note, When};
use crate::web::views::providers::{CertificateRow, GrantRow, ShowPage};

pub async fn show(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    html(&page(&user, id, Form::default()).await?)
}

/// POST /settings/saml/{id}/refresh.
pub async fn refresh(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let why = match providers::refresh_now(&user.app, &user.actor, id).await {
        Ok(()) => return see_other_saying(&format!("{HOME}/{id}"), "renewed"),
        Err(why) => why,
    };
    let typed = Form { refusal: "Not renewed", ..Form::default() };
    let (status, form) = typed.refused(why, &[], &format!("{HOME}/{id}"))?;
    with_status(status, &page(&user, id, form).await?)
}

pub(super) async fn page(user: &CurrentUser, id: i64, form: Form) -> Result<ShowPage> {
    let provider = providers::find(&user.app, &user.actor, id).await?;
    let grants = providers::grants_of(&user.app, id).await?;
    let reports = saml::reports(&user.app, &user.actor, id).await?;
    let note = |text: String| Note {
        tone: "warn",
        icon: "clock-exclamation",
        title: String::new(),
        text,
        link: None,
    };
    Ok(ShowPage {
        shell: user.shell("saml", provider.display_name.clone()).await?,
        id,
        display_name: provider.display_name.clone(),
        state: state(&provider),
        is_active: provider.is_active,
        facts: facts(user, &provider),
        troubles: sentences(&providers::troubles(&user.app, &provider)).into_iter().map(note).collect(),
        certificates: certificates(user, &provider),
        grants: grants.iter().map(grant_row).collect(),
        may_refresh: !provider.metadata_url.is_empty(),
        test: test_href(&provider.name),
        reports: reports.iter().map(|kept| row(kept, user.app.now())).collect::<Result<Vec<_>>>()?,
        form,
    })
}

fn facts(user: &CurrentUser, provider: &Provider) -> Vec<(&'static str, String)> {
    let yes = |on: bool, yes: &str, no: &str| if on { yes.to_owned() } else { no.to_owned() };
    let or_none = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
    let mut facts = vec![
        ("Name", provider.name.clone()),
        ("Entity ID", provider.entity_id.clone()),
        ("Metadata", source(provider, user.app.now())),
    ];
    if let Ok(idp) = providers::metadata_of(&user.app, provider) {
        facts.push(("Sign-in address", idp.sso_url.to_string()));
    }
    facts.extend([
        ("Groups attribute", provider.terms.groups_attribute.clone()),
        ("E-mail attribute", or_none(&provider.terms.email_attribute)),
        ("Name attribute", or_none(&provider.terms.name_attribute)),
        (
            "Accounts",
            yes(provider.terms.makes_accounts, "made at the first sign-in", "made by an admin beforehand"),
        ),
        ("Requests", yes(provider.terms.signs_requests, "signed", "not signed")),
        ("Assertions", yes(provider.terms.wants_encrypted, "must be encrypted", "may be encrypted")),
        (
            "At each sign-in",
            yes(
                provider.terms.asks_again,
                "the provider asks anew (ForceAuthn)",
                "the provider decides whether it asks",
            ),
        ),
        ("Sign-ins that the provider starts", yes(provider.terms.allows_unasked, "allowed", "refused")),
        ("Clocks may differ by", format!("{} s", provider.terms.clock_skew)),
    ]);
    facts
}

fn certificates(user: &CurrentUser, provider: &Provider) -> Vec<CertificateRow> {
    let now = user.app.now();
    let Ok(idp) = providers::metadata_of(&user.app, provider) else { return Vec::new() };
    let row = |certificate: &Certificate| CertificateRow {
        fingerprint: certificate.fingerprint.clone(),
        subject: certificate.subject.clone(),
        expires: When::relative(certificate.expires_at, now),
        state: match certificate.expires_at.since(now) {
            left if left.is_negative() => Badge::of("expired"),
            left if left < EXPIRING => Badge::of("expiring"),
            _ => Badge::of("current").saying("Valid"),
        },
    };
    idp.certificates().iter().map(row).collect()
}

fn grant_row(grant: &Grant) -> GrantRow {
    GrantRow {
        group: grant.group.clone(),
        role: grant.role.map_or("", role_label as fn(Role) -> &'static str).to_owned(),
        doors: grant
            .doors
            .iter()
            .map(|door| Link {
                href: format!("/environments/{}", door.environment_id),
                label: door.name.clone(),
            })
            .collect(),
    }
}
