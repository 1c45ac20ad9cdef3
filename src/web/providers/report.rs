//! GET /settings/saml/reports/{reference}: what arrived with a sign-in, each check with its verdict, and what to change.
use super::HOME;
use super::index::{page as index_page, test_href};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::providers;
use crate::remote::saml::{Finding, Part, Seen};
use crate::signin::saml::{self, Kept, Line, Told};
use crate::web::extract::{CurrentUser, RequireAdmin, ValidQuery};
use crate::web::page::{Answer, html, see_other, with_status};
use crate::web::views::parts::{Badge, Form, When};
use crate::web::views::providers::{CheckRow, ReportPage, ReportRow};
use crate::web::views::words::sentence;
use axum::extract::Path;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct FindQuery {
    reference: String,
}

/// The reference that a refused person was shown.
pub async fn find(RequireAdmin(user): RequireAdmin, ValidQuery(query): ValidQuery<FindQuery>) -> Answer {
    let reference = query.reference.trim().to_owned();
    let why = match saml::report(&user.app, &user.actor, &reference).await {
        Ok(_) => return see_other(&format!("{HOME}/reports/{reference}")),
        Err(Error::NotFound) => Error::invalid(
            "reference",
            "belongs to no sign-in of the last seven days: look for it in the audit log, too",
        ),
        Err(e) => return Err(e.into()),
    };
    let typed = Form { refusal: "Not found", ..Form::default() }.with("reference", reference);
    let (status, form) = typed.refused(why, &[("reference", "The reference")], HOME)?;
    with_status(status, &index_page(&user, form).await?)
}

pub async fn show(RequireAdmin(user): RequireAdmin, Path(reference): Path<String>) -> Answer {
    let kept = saml::report(&user.app, &user.actor, &reference).await?;
    let told = kept.told()?;
    let again = match again(&user, &kept).await {
        Ok(again) => Some(again),
        Err(Error::NotFound) => None,
        Err(e) => return Err(e.into()),
    };
    let title = if kept.is_test { "A sign-in that was tested" } else { "A sign-in that was refused" };
    html(&ReportPage {
        shell: user.shell("saml", title).await?,
        title: title.to_owned(),
        verdict: verdict(&told),
        facts: facts(&kept, &told, user.app.now()),
        checks: told.lines.iter().map(check_row).collect(),
        seen: told.seen.as_ref().map(seen).unwrap_or_default(),
        attributes: told
            .seen
            .map(|seen| seen.attributes.into_iter().map(|one| (one.name, one.values)).collect())
            .unwrap_or_default(),
        again,
    })
}

async fn again(user: &CurrentUser, kept: &Kept) -> Result<String> {
    let name = match kept.provider_id {
        Some(id) => providers::find(&user.app, &user.actor, id).await?.name,
        None if user.app.settings.saml.metadata.is_some() => providers::CONFIGURED.to_owned(),
        None => return Err(Error::NotFound),
    };
    Ok(test_href(&name))
}

pub(super) fn row(kept: &Kept, now: Utc) -> Result<ReportRow> {
    let told = kept.told()?;
    Ok(ReportRow {
        href: format!("{HOME}/reports/{}", kept.reference),
        subject: if kept.subject.is_empty() {
            "somebody not verified".to_owned()
        } else {
            kept.subject.clone()
        },
        verdict: verdict(&told),
        when: When::relative(kept.created_at, now),
    })
}

fn verdict(told: &Told) -> Badge {
    if told.lines.iter().any(|line| matches!(line.verdict, Finding::Failed(_))) {
        Badge::of("refused")
    } else {
        Badge::of("succeeded").saying("Would be let in")
    }
}

fn facts(kept: &Kept, told: &Told, now: Utc) -> Vec<(&'static str, String)> {
    let mut facts =
        vec![("When", When::relative(kept.created_at, now).text), ("Reference", kept.reference.clone())];
    if !kept.subject.is_empty() {
        facts.push(("NameID", kept.subject.clone()));
    }
    if let Some(would) = &told.would {
        facts.push(("It would be", would.clone()));
    }
    facts
}

fn check_row(line: &Line) -> CheckRow {
    let (state, why) = match &line.verdict {
        Finding::Passed => (Badge::of("succeeded").saying("Passed"), String::new()),
        Finding::Failed(why) => (Badge::of("failed"), sentence(why)),
        Finding::NotReached => (Badge::of("unknown").saying("Not reached"), String::new()),
    };
    CheckRow {
        title: line.title.clone(),
        source: line.source.clone(),
        state,
        why,
        remedy: line.remedy.clone(),
    }
}

fn seen(seen: &Seen) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for one in &seen.signatures {
        let part = match one.part {
            Part::Response => "Response signed",
            Part::Assertion => "Assertion signed",
        };
        let algorithm = one.algorithm.rsplit('#').next().unwrap_or_default();
        let by = one
            .fingerprint
            .as_ref()
            .map(|hex| format!(", with the key of certificate {hex}"))
            .unwrap_or_default();
        all.push((part.to_owned(), format!("{algorithm}{by}")));
    }
    if let Some(seal) = &seen.seal {
        all.push(("Encrypted".to_owned(), format!("{}, its key by {}", seal.data, seal.key)));
    }
    let single = [
        ("NameID", &seen.name_id),
        ("Its format", &seen.name_id_format),
        ("Issued", &seen.issue_instant),
        ("Not before", &seen.not_before),
        ("Not on or after", &seen.not_on_or_after),
        ("Proved at", &seen.authn_instant),
        ("Session", &seen.session_index),
        ("Destination", &seen.destination),
    ];
    all.extend(single.into_iter().filter_map(|(label, text)| Some((label.to_owned(), text.clone()?))));
    if !seen.audiences.is_empty() {
        all.push(("Audience".to_owned(), seen.audiences.join(", ")));
    }
    all
}
