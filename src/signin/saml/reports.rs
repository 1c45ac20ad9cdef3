//! What arrived with a sign-in that was tested or refused, each check with its verdict, for admins: under the reference that the
//! person at the door was shown, for a week.
use super::requests::Purpose;
use crate::app::App;
use crate::domain::actor::{Actor, Trace};
use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::remote::saml::{Check, Checked, Finding, Report, Seen};
use crate::{sql, tx};
use serde::{Deserialize, Serialize};
use time::Duration;

const KEPT: Duration = Duration::days(7);
/// A flood of refusals leaves room for this many.
const MOST: i64 = 2_000;
const SHOWN: i64 = 10;

/// Checks that are Keeper's own, beside those of the protocol, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Document,
    Request,
    Believed,
    Once,
    Role,
    Account,
    Person,
    Done,
}

impl Step {
    /// Title, source and remedy of those that are lines of their own.
    const LINES: [(Self, &'static str, &'static str, &'static str); 5] = [
        (
            Self::Request,
            "It answers a sign-in that was begun here, in this browser",
            "SAML profiles 4.1.4.3",
            "Begin the sign-in at Keeper, end it in the same browser within ten minutes, and let the browser keep cookies. For sign-ins from the provider’s own page switch them on in its settings here.",
        ),
        (
            Self::Once,
            "It was not used before",
            "SAML profiles 4.1.4.5",
            "Begin a new sign-in. If it happens again, a proxy sends the browser’s form twice.",
        ),
        (
            Self::Role,
            "A group gives a role",
            "Keeper",
            "At the provider put the person into a group that Keeper knows, and let it send the groups; or here, in the provider’s settings, write the line for one of the groups that arrived, and the name of the attribute that carries them.",
        ),
        (
            Self::Account,
            "There is an account, or one may be made",
            "Keeper",
            "Enable the account under Users; or give one that has this name this provider and NameID (its page, “Way of signing in”); or switch on, in the provider’s settings here, that accounts are made at the first sign-in.",
        ),
        (
            Self::Person,
            "It is the person who was asked",
            "SAML core 3.4.1",
            "Prove who you are as the same person, and let the provider ask anew (ForceAuthn).",
        ),
    ];
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub title: String,
    pub source: String,
    pub verdict: Finding,
    pub remedy: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub lines: Vec<Line>,
    pub seen: Option<Seen>,
    /// What a sign-in would have done.
    pub would: Option<String>,
}

/// What is learned of an answer on its way through the checks.
pub(super) struct Learned {
    pub step: Step,
    pub provider_id: Option<i64>,
    /// What it answers; `None`: nothing, the provider began.
    pub purpose: Option<Purpose>,
    /// The admin who tests.
    pub tester: Option<i64>,
    pub subject: String,
    pub report: Option<Report>,
    pub would: Option<String>,
}

impl Default for Learned {
    fn default() -> Self {
        Self {
            step: Step::Document,
            provider_id: None,
            purpose: None,
            tester: None,
            subject: String::new(),
            report: None,
            would: None,
        }
    }
}

impl Learned {
    /// `why`: it was refused at the step that was reached.
    fn told(&self, why: Option<&str>) -> Told {
        let own = |&(step, title, source, remedy): &(Step, &str, &str, &str)| Line {
            title: title.to_owned(),
            source: source.to_owned(),
            verdict: match why {
                Some(why) if step == self.step => Finding::Failed(why.to_owned()),
                _ if step < self.step => Finding::Passed,
                _ => Finding::NotReached,
            },
            remedy: remedy.to_owned(),
        };
        let of_protocol = |checked: &Checked| {
            let check: Check = checked.check;
            Line {
                title: check.title().to_owned(),
                source: check.source().to_owned(),
                verdict: checked.verdict.clone(),
                remedy: check.remedy().to_owned(),
            }
        };
        // What was not asked has no verdict.
        let was_asked = |&&(step, ..): &&(Step, &str, &str, &str)| match step {
            Step::Request => self.purpose.is_some() || self.step <= Step::Request,
            Step::Person => self.purpose == Some(Purpose::Proof),
            _ => true,
        };
        let (before, after) = Step::LINES.split_at(1);
        let checks = self.report.iter().flat_map(|report| &report.checks);
        Told {
            lines: before
                .iter()
                .map(own)
                .chain(checks.map(of_protocol))
                .chain(after.iter().filter(was_asked).map(own))
                .collect(),
            seen: self.report.as_ref().and_then(|report| report.seen.clone()),
            would: self.would.clone(),
        }
    }
}

/// A report that is kept.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Kept {
    pub reference: String,
    #[sqlx(rename = "identity_provider_id")]
    pub provider_id: Option<i64>,
    pub is_test: bool,
    pub subject: String,
    report: String,
    pub created_at: Utc,
}

impl Kept {
    pub fn told(&self) -> Result<Told> {
        serde_json::from_str(&self.report).map_err(Error::broken)
    }
}

pub(super) async fn keep(app: &App, trace: &Trace, learned: &Learned, why: Option<&str>) -> Result<()> {
    let now = app.now();
    let report = serde_json::to_string(&learned.told(why)).map_err(Error::broken)?;
    let subject: String = learned.subject.chars().take(255).collect();
    tx!(app.db, |tx| {
        tx.insert(sql!(
            "INSERT INTO saml_reports (reference, identity_provider_id, is_test, user_id, subject, report, expires_at, created_at, updated_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            &trace.request_id, learned.provider_id, learned.tester.is_some(), learned.tester, &subject, &report, now.plus(KEPT), now, now
        ))
        .await
        .map(drop)
    })
}

/// By the reference that somebody was shown.
pub async fn report(app: &App, actor: &Actor, reference: &str) -> Result<Kept> {
    demand(actor)?;
    // PostgreSQL takes none in a text.
    if reference.contains('\0') {
        return Err(Error::NotFound);
    }
    let query = sql!(
        "SELECT reference, identity_provider_id, is_test, subject, report, created_at FROM saml_reports WHERE reference = ? AND expires_at > ?",
        reference.trim(),
        app.now()
    );
    app.db.read().await?.one(query).await
}

/// The newest of one provider that an admin manages.
pub async fn reports(app: &App, actor: &Actor, provider_id: i64) -> Result<Vec<Kept>> {
    demand(actor)?;
    let query = sql!(
        "SELECT reference, identity_provider_id, is_test, subject, report, created_at FROM saml_reports
         WHERE identity_provider_id = ? AND expires_at > ? ORDER BY id DESC LIMIT ?",
        provider_id,
        app.now(),
        SHOWN
    );
    app.db.read().await?.all(query).await
}

fn demand(actor: &Actor) -> Result<()> {
    actor.demand(Role::Admin, "looking at what arrived with a sign-in")
}

pub(super) async fn sweep(app: &App) -> Result<()> {
    let newest =
        app.db.read().await?.one::<(Option<i64>,)>(sql!("SELECT MAX(id) FROM saml_reports")).await?.0;
    tx!(app.db, |tx| {
        tx.exec(sql!("DELETE FROM saml_reports WHERE expires_at <= ?", app.now())).await?;
        tx.exec(sql!("DELETE FROM saml_reports WHERE id <= ?", newest.unwrap_or(0) - MOST)).await.map(drop)
    })
}
