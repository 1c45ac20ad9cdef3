//! What Keeper keeps, and what it works with: the log, the search index, backends, identity providers, accounts.
use super::line::Lines;
use crate::app::{App, MANY};
use crate::cli::open;
use crate::domain::enums::Backend;
use crate::domain::error::Result;
use crate::environments::{self, Environment};
use crate::providers::{self, Unusable};
use crate::remote::Verdict;
use crate::secrets::{self, Refiling};
use crate::{audit, people, sync};

pub async fn look(app: &App, lines: &mut Lines) {
    audit_log(app, lines).await;
    if let Err(e) = search(app, lines).await {
        lines.failed("search", e);
    }
    if let Err(e) = backends(app, lines).await {
        lines.failed("backends", e);
    }
    if let Err(e) = queue(app, lines).await {
        lines.failed("queue", e);
    }
    if let Err(e) = single_sign_on(app, lines).await {
        lines.failed("single sign-on", e);
    }
    if let Err(e) = sign_in(app, lines).await {
        lines.failed("sign-in", e);
    }
}

async fn audit_log(app: &App, lines: &mut Lines) {
    let glance = match audit::glance(app).await {
        Ok(glance) => glance,
        Err(e) => return lines.failed("audit log", e),
    };
    for finding in &glance.findings {
        lines.problem(
            "audit log",
            finding.clone(),
            "keeper audit verify says where; do not write to this database before somebody knows why",
        );
    }
    if !glance.findings.is_empty() {
        return;
    }
    match glance.anchored {
        Some(at) => lines.ok(
            "audit log",
            format!("{} events, the newest checkpoint at {at}; keeper audit verify checks all", glance.head),
        ),
        None if glance.head == 0 => lines.ok("audit log", "empty"),
        None => lines.warn(
            "audit log",
            format!(
                "{} events, and no checkpoint outside the database: a cut end would not be seen",
                glance.head
            ),
            "keeper serve writes audit-head.log within a minute",
        ),
    }
}

/// A few shelves of each environment, others each time.
async fn search(app: &App, lines: &mut Lines) -> Result<()> {
    let check = "search";
    let (mut is_well, mut seen, mut shelves, mut waiting) = (true, 0, 0, 0);
    for place in environments::visible(app, &open::operator()).await? {
        let name = &place.environment.name;
        let remedy = format!("keeper search refile --environment {name}");
        let glance = secrets::glance(app, &open::operator(), place.environment.id).await?;
        (seen, shelves, waiting) = (seen + glance.seen, shelves + glance.shelves, waiting + glance.waiting);
        if let Some(one) = glance.wrong.first() {
            is_well = false;
            let text = format!(
                "environment {name}: {} of the {} secrets that were looked at are not filed as they are, such as {one}: they may not be found",
                glance.wrong.len(),
                glance.secrets.max(glance.wrong.len())
            );
            lines.problem(check, text, &remedy);
        } else if glance.refiling == Refiling::BrokenOff {
            is_well = false;
            let text = format!(
                "environment {name}: making its index anew was broken off: what it left behind is cleared by keeper search refile"
            );
            lines.warn(check, text, &remedy);
        }
    }
    if is_well {
        let waiting = if waiting > MANY { format!("more than {MANY}") } else { waiting.to_string() };
        let text = format!(
            "{seen} of {shelves} shelves were held against their secrets; {waiting} changes wait to be filed"
        );
        lines.ok(check, text);
    }
    Ok(())
}

async fn backends(app: &App, lines: &mut Lines) -> Result<()> {
    let places = environments::visible(app, &open::operator()).await?;
    let active = places.iter().map(|place| &place.environment).filter(|environment| environment.is_active);
    let all: Vec<(&Environment, Backend)> = active
        .flat_map(|environment| environment.backends().map(move |backend| (environment, backend)))
        .collect();
    if all.is_empty() {
        lines.ok("backends", "no environment keeps copies elsewhere");
    }
    for (environment, backend) in all {
        let name = format!("{} {}", environment.name, backend.as_str());
        let probes = sync::probe(app, &open::operator(), environment.id, backend).await?;
        let failed = probes.iter().find_map(|probe| match &probe.verdict {
            Verdict::Failed(why) => Some(why),
            _ => None,
        });
        match failed {
            None => lines.ok(name, format!("{} answers, and lets Keeper in", backend.title())),
            Some(why) => lines.problem(
                name,
                why.clone(),
                &format!(
                    "copies wait until it works; /settings/backends/{}/{} tests it step by step",
                    environment.id,
                    backend.as_str()
                ),
            ),
        }
    }
    Ok(())
}

async fn queue(app: &App, lines: &mut Lines) -> Result<()> {
    let troubles = sync::troubles(app).await?;
    if troubles.is_empty() {
        lines.ok("queue", "no copy waits after a failure");
    }
    for trouble in troubles {
        let text = format!(
            "environment {}, {}: {} waiting after a failure: {}",
            trouble.environment_id,
            trouble.backend.as_str(),
            trouble.waiting,
            trouble.last_error
        );
        lines.warn("queue", text, "it is tried again by itself; /queue shows each");
    }
    Ok(())
}

async fn single_sign_on(app: &App, lines: &mut Lines) -> Result<()> {
    let check = "single sign-on";
    let mut told: Vec<String> = Vec::new();
    if let Err(unusable) = providers::open(app).await {
        let (why, remedy) = match unusable {
            Unusable::Wrong(why) => {
                (why, "give the provider's present metadata: keeper serve does not start with these")
            }
            Unusable::Away(why) => {
                (why, "nobody can sign in through it until it answers: start it, or name a file")
            }
        };
        lines.problem(check, format!("KEEPER_SAML_IDP_METADATA: {why}"), remedy);
        told = providers::configured_troubles(app);
    }
    let troubles = providers::all_troubles(app, &open::operator()).await?;
    let is_well = told.is_empty() && troubles.is_empty();
    for trouble in troubles.into_iter().filter(|one| !told.iter().any(|text| one.ends_with(text))) {
        lines.warn(check, trouble, "see /settings/saml");
    }
    match providers::service_keys(app).await {
        Err(e) => lines.failed("SAML keys", e),
        Ok(_) if !is_well => {}
        Ok(_) => {
            let text = match providers::shown(app).await?.len() {
                0 => "no identity provider is set up".to_owned(),
                1 => "one identity provider, its metadata and certificates are good".to_owned(),
                n => format!("{n} identity providers, their metadata and certificates are good"),
            };
            lines.ok(check, text);
        }
    }
    Ok(())
}

async fn sign_in(app: &App, lines: &mut Lines) -> Result<()> {
    let check = "sign-in";
    if people::count(app).await? == 0 {
        lines.warn(check, "nobody has an account yet", "keeper user add NAME --role admin");
        return Ok(());
    }
    let is_sso_only = people::is_sso_only(&mut app.db.read().await?).await?;
    let able = people::able_to_break_glass(app, &open::operator()).await?;
    match (is_sso_only, able.is_empty()) {
        (true, true) => lines.problem(
            check,
            "only single sign-on is open, and no admin has a break-glass account: nobody comes in while the provider is away",
            "keeper user set-break-glass NAME on, or keeper user sso-only off",
        ),
        (true, false) => lines.ok(check, format!("single sign-on only, with {} break-glass account(s)", able.len())),
        (false, _) => lines.ok(check, "by password, and through identity providers where there are any"),
    }
    Ok(())
}
