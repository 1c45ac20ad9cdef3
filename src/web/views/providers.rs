//! /settings/saml.
use super::parts::{Badge, Conflict, Form, Link, Note, Shell, When};
use askama::Template;

/// What an identity provider is told of Keeper.
pub struct Values {
    pub entity_id: String,
    pub acs_url: String,
    pub slo_url: String,
    pub metadata_url: String,
    pub certificate_url: String,
}

#[derive(Template)]
#[template(path = "identity_providers/index.html")]
pub struct IndexPage {
    pub shell: Shell,
    pub values: Values,
    pub rows: Vec<ProviderRow>,
    pub keys: Vec<KeyRow>,
    /// There is no next key yet, and no former one is left.
    pub may_make_key: bool,
    pub guides: Vec<Link>,
    pub form: Form,
}

pub struct ProviderRow {
    /// None: it is configured, and shown alone.
    pub href: Option<String>,
    pub display_name: String,
    pub entity_id: String,
    pub state: Badge,
    /// Where its metadata come from, and when they were read.
    pub source: String,
    pub troubles: Vec<String>,
    pub test: Option<String>,
}

pub struct KeyRow {
    pub id: i64,
    pub fingerprint: String,
    pub expires: When,
    pub state: Badge,
    pub about: &'static str,
    pub may_use: bool,
    pub may_remove: bool,
}

#[derive(Template)]
#[template(path = "identity_providers/show.html")]
pub struct ShowPage {
    pub shell: Shell,
    pub id: i64,
    pub display_name: String,
    pub state: Badge,
    pub is_active: bool,
    pub facts: Vec<(&'static str, String)>,
    pub troubles: Vec<Note>,
    pub certificates: Vec<CertificateRow>,
    pub grants: Vec<GrantRow>,
    pub may_refresh: bool,
    pub test: String,
    pub reports: Vec<ReportRow>,
    pub form: Form,
}

pub struct CertificateRow {
    pub fingerprint: String,
    pub subject: String,
    pub expires: When,
    pub state: Badge,
}

pub struct GrantRow {
    pub group: String,
    pub role: String,
    pub doors: Vec<Link>,
}

#[derive(Template)]
#[template(path = "identity_providers/form.html")]
pub struct FormPage {
    pub shell: Shell,
    /// None: a new one.
    pub home: Option<Link>,
    pub action: String,
    pub cancel: String,
    pub form: Form,
    /// It has metadata, which stay where none are given.
    pub has_metadata: bool,
    pub conflict: Option<Conflict>,
}

/// A sign-in that was tested or refused.
pub struct ReportRow {
    pub href: String,
    pub subject: String,
    pub verdict: Badge,
    pub when: When,
}

#[derive(Template)]
#[template(path = "identity_providers/report.html")]
pub struct ReportPage {
    pub shell: Shell,
    pub title: String,
    pub verdict: Badge,
    pub facts: Vec<(&'static str, String)>,
    pub checks: Vec<CheckRow>,
    pub seen: Vec<(String, String)>,
    pub attributes: Vec<(String, Vec<String>)>,
    pub again: Option<String>,
}

impl ReportPage {
    /// The first check that did not hold: what to mend.
    pub fn failed(&self) -> Option<&CheckRow> {
        self.checks.iter().find(|check| !check.why.is_empty())
    }
}

pub struct CheckRow {
    pub title: String,
    pub source: String,
    pub state: Badge,
    pub why: String,
    pub remedy: String,
}

#[derive(Template)]
#[template(path = "identity_providers/guide.html")]
pub struct GuidePage {
    pub shell: Shell,
    pub name: &'static str,
    pub title: &'static str,
    pub values: Values,
}
