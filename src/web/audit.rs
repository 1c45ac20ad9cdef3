//! GET /audit: who did what, newest first. POST /audit/verify: is the chain whole?
use super::convert;
use super::extract::{RequireAdmin, RequireManager, ValidQuery};
use super::forms::{choices, part_or_page};
use super::page::{Answer, html};
use super::secrets::index::environments_choices;
use super::views::audit::{AuditFilters, Chain, EventDay, EventRow, IndexPage};
use super::views::parts::{Chip, Choice, Pager, When};
use super::views::words::sentence;
use crate::audit::{self, Line, ListInput};
use crate::domain::enums::{Outcome, Role};
use crate::domain::error::Result;
use crate::environments::{self, Place};
use serde::{Deserialize, Serialize};
use std::ops::{Deref, DerefMut};

const ACTIONS: [&str; 104] = [
    "secret.created",
    "secret.updated",
    "secret.revealed",
    "secret.rotated",
    "secret.verified",
    "secret.deactivated",
    "secret.restored",
    "secret.promoted",
    "secret.purged",
    "secret.strategy_set",
    "secret.strategy_cleared",
    "secret.exported",
    "version.restored",
    "version.destroyed",
    "rotation.requested",
    "rotation.approved",
    "rotation.rejected",
    "rotation.withdrawn",
    "rotation.expired",
    "rotation.voided",
    "rotation.started",
    "rotation.succeeded",
    "rotation.failed",
    "rotation.cancelled",
    "rotation.retried",
    "rotation.taken_over",
    "glass.broken",
    "glass.acknowledged",
    "import.uploaded",
    "import.gathered",
    "import.confirmed",
    "import.discarded",
    "bulk.started",
    "bulk.finished",
    "copy.requested",
    "copy.pushed",
    "copy.failed",
    "copy.removed",
    "copy.replace_allowed",
    "copy.put_back",
    "copy.unlinked",
    "copy.linked",
    "copy.moved",
    "copy.old_left",
    "copy.removal_requested",
    "environment.created",
    "environment.updated",
    "environment.deactivated",
    "environment.restored",
    "environment.joined_oneself",
    "environment.compared",
    "environment.stray_left",
    "environment.comparison_requested",
    "environment.members_by_groups",
    "environment.search_refiled",
    "source.created",
    "source.updated",
    "source.deleted",
    "source.rehearsed",
    "session.started",
    "session.refused",
    "session.ended",
    "logout.refused",
    "identity_provider.created",
    "identity_provider.tested",
    "identity_provider.updated",
    "identity_provider.refreshed",
    "identity_provider.enabled",
    "identity_provider.disabled",
    "identity_provider.deleted",
    "saml_key.made",
    "saml_key.used",
    "saml_key.removed",
    "session.proved",
    "session.slowed",
    "session.half_way",
    "session.second_factor_refused",
    "session.break_glass",
    "keys.rotated",
    "keys.rewrap_started",
    "keys.rewrapped",
    "user.created",
    "user.role_changed",
    "user.disabled",
    "user.enabled",
    "user.password_set",
    "user.method_changed",
    "user.break_glass_on",
    "user.break_glass_off",
    "user.hash_upgraded",
    "service.created",
    "service.changed",
    "service.switched_off",
    "service.switched_on",
    "service.token_made",
    "service.token_revoked",
    "user.second_factor_begun",
    "user.second_factor_set",
    "user.second_factor_removed",
    "user.recovery_codes_made",
    "user.recovery_code_used",
    "access.refused",
    "access.sso_only_on",
    "access.sso_only_off",
];

/// Takes one filter off.
type Without = fn(&mut AuditQuery);

#[derive(Deserialize, Serialize, Default, Clone)]
#[serde(transparent)]
pub struct AuditQuery(ListInput);

impl Deref for AuditQuery {
    type Target = ListInput;
    fn deref(&self) -> &ListInput {
        &self.0
    }
}

impl DerefMut for AuditQuery {
    fn deref_mut(&mut self) -> &mut ListInput {
        &mut self.0
    }
}

pub async fn index(
    RequireManager(user): RequireManager,
    ValidQuery(query): ValidQuery<AuditQuery>,
) -> Answer {
    let view = page(&user, &query, None).await?;
    part_or_page(&user, &view, &view.as_results())
}

/// Walks the whole log and shows what it found above the newest events.
pub async fn verify(RequireAdmin(user): RequireAdmin) -> Answer {
    let report = audit::verify(&user.app).await?;
    let mut parts = vec![
        format!("{} events", report.events),
        format!("head {}", report.head),
        format!("{} signed checkpoints", report.checkpoints),
        "checked just now".into(),
    ];
    let is_whole = report.findings.is_empty();
    parts.extend(
        report.findings.iter().take(10).map(|finding| format!("event {}: {}", finding.seq, finding.what)),
    );
    let title = if is_whole { "The chain is whole" } else { "The chain is NOT whole" };
    let chain = Chain { is_whole, title: title.into(), parts };
    html(&page(&user, &AuditQuery::default(), Some(chain)).await?)
}

type User = super::extract::CurrentUser;

async fn page(user: &User, query: &AuditQuery, chain: Option<Chain>) -> Result<IndexPage> {
    let places = user.places().await?;
    let is_admin = user.current.user.role == Role::Admin;
    let within = environments::log_within(&user.actor, places);
    let page = audit::list(&user.app, &query.filter(within)?).await?;
    let checkable = Chain {
        is_whole: true,
        title: "Each event carries the hash of the one before it".into(),
        parts: vec!["keyed, and anchored outside the database".into()],
    };
    Ok(IndexPage {
        shell: user.shell("audit", "Audit log").await?,
        sub: if is_admin { "Everything that was done." } else { "What was done in your environments." }
            .into(),
        chain: chain.unwrap_or(checkable),
        may_check: is_admin,
        filters: query.choices(places),
        chips: query.chips(places),
        pager: Pager {
            note: format!("{} events on this page", page.items.len()),
            previous: page.previous.as_ref().map(|before| query.with(|q| q.before.clone_from(before))),
            next: page.next.as_ref().map(|after| query.with(|q| q.after.clone_from(after))),
        },
        days: days(&page.items, places),
    })
}

impl AuditQuery {
    fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut other = self.clone();
        (other.after, other.before) = Default::default();
        change(&mut other);
        format!("/audit?{}", serde_html_form::to_string(&other).unwrap_or_default())
    }

    fn choices(&self, places: &[Place]) -> AuditFilters {
        let action = |name: &&str| Choice {
            value: (*name).into(),
            label: (*name).into(),
            help: String::new(),
            on: self.action == *name,
        };
        AuditFilters {
            from: self.from.clone(),
            to: self.to.clone(),
            who: self.who.clone(),
            action: ACTIONS.iter().map(action).collect(),
            environment: environments_choices(places, &self.environment),
            result: choices(Outcome::ALL, Outcome::as_str, Outcome::label, &self.result),
        }
    }

    fn chips(&self, places: &[Place]) -> Vec<Chip> {
        let environment = places
            .iter()
            .find(|p| p.environment.id.to_string() == self.environment)
            .map_or(String::new(), |p| p.environment.name.clone());
        let all: [(String, Without); 6] = [
            (self.who.clone(), |q| q.who.clear()),
            (self.action.clone(), |q| q.action.clear()),
            (environment, |q| q.environment.clear()),
            (self.result.clone(), |q| q.result.clear()),
            (self.from.clone(), |q| q.from.clear()),
            (self.to.clone(), |q| q.to.clear()),
        ];
        all.into_iter()
            .filter(|(label, _)| !label.is_empty())
            .map(|(label, without)| Chip { href: self.with(without), label })
            .collect()
    }
}

/// A page of events under the days they happened on.
pub fn days(lines: &[Line], places: &[Place]) -> Vec<EventDay> {
    let mut days: Vec<EventDay> = Vec::new();
    for line in lines {
        let day = super::when::date(line.at);
        if days.last().is_none_or(|last| last.day != day) {
            days.push(EventDay { day, events: Vec::new() });
        }
        if let Some(last) = days.last_mut() {
            last.events.push(row(line, places));
        }
    }
    days
}

fn row(line: &Line, places: &[Place]) -> EventRow {
    let place = places.iter().find(|place| Some(place.environment.id) == line.environment_id);
    let on = place.and_then(|p| line.target.strip_prefix(&format!("{}/", p.environment.name)));
    EventRow {
        seq: line.seq,
        when: When::clock(line.at),
        who: line.actor_name.clone(),
        name: line.action.clone(),
        on: on.unwrap_or(&line.target).to_owned(),
        href: line.secret_id.map(|id| format!("/secrets/{id}")),
        env: place.map(|place| (&place.environment).into()),
        result: convert::outcome_badge(&line.outcome),
        note: note(line),
        link: line.chain.chars().take(8).collect(),
        is_loud: line.action == "environment.joined_oneself",
    }
}

/// What was said comes first and without its key; what is empty says nothing.
fn note(line: &Line) -> String {
    let mut parts = Vec::new();
    for (key, value) in line.details() {
        match key.as_str() {
            "reason" | "error" | "why" => parts.insert(0, sentence(&value)),
            _ if matches!(value.as_str(), "" | "[]" | "{}" | "null") => {}
            _ if value == "true" => parts.push(key),
            _ => parts.push(format!("{key}: {value}")),
        }
    }
    parts.join(" · ")
}
