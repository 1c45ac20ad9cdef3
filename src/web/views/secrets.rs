//! /secrets and everything below it.
use super::audit::EventDay;
use super::making::{PolicyChoices, WindowFacts};
use super::parts::{
    Badge, Chip, Choice, Conflict, Digest, Empty, EnvRef, Form, Link, Note, Pager, Shell, SortHead, Tab, When,
};
use super::places::PlaceChoice;
use super::rotate::{Approval, BrokenGlass};
use super::sources::Used;
use super::words::Exact;
use askama::Template;

#[derive(Template)]
#[template(path = "secrets/index.html", blocks = ["results"])]
pub struct IndexPage {
    pub shell: Shell,
    pub sub: String,
    /// Where a new secret is made; `None`: nowhere.
    pub new_href: Option<String>,
    /// htmx gets the tabs beside the results: they hold the filters too.
    pub is_part: bool,
    pub export_href: String,
    /// The filters, for what is done to all that match.
    pub pairs: Vec<(String, String)>,
    pub tabs: Vec<Tab>,
    pub filters: Filters,
    pub chips: Vec<Chip>,
    pub rows: Vec<SecretRow>,
    pub heads: Heads,
    pub pager: Pager,
    pub empty: Empty,
}

#[derive(Template)]
#[template(path = "secrets/export.html")]
pub struct ExportPage {
    pub shell: Shell,
    pub form: Form,
    /// Empty: everything.
    pub filters: Vec<String>,
    pub action: String,
    pub cancel: String,
    pub formats: Vec<Choice>,
    pub columns: Vec<&'static str>,
}

/// What the search box shows below itself.
#[derive(Template)]
#[template(path = "secrets/_found.html")]
pub struct FoundPart {
    pub q: String,
    pub all_href: String,
    pub is_more: bool,
    pub hits: Vec<Hit>,
}

pub struct Hit {
    pub id: i64,
    pub name: String,
    pub env: EnvRef,
    /// Display name and service, where they say more.
    pub about: String,
}

#[derive(Default)]
pub struct Filters {
    pub q: String,
    pub tag: String,
    pub active: String,
    pub sort: String,
    pub limit: String,
    pub environment: Vec<Choice>,
    /// The parameter `type`.
    pub kind: Vec<Choice>,
    pub level: Vec<Choice>,
    pub status: Vec<Choice>,
    pub due: Vec<Choice>,
}

pub struct Heads {
    pub name: SortHead,
    pub due: SortHead,
    pub changed: SortHead,
}

pub struct SecretRow {
    pub id: i64,
    pub name: String,
    pub display_name: String,
    pub type_label: &'static str,
    /// "key=value", at most two; the rest is on the secret's page.
    pub tags: Vec<String>,
    pub env: EnvRef,
    pub service: String,
    pub level: &'static str,
    pub sync: Badge,
    /// "AWS, Vault", "AWS; Vault is fine"
    pub sync_note: String,
    pub due: Due,
    pub expires: Option<Badge>,
    pub changed: When,
    pub is_active: bool,
}

/// When it is due: a badge when that is soon or past, else plain text ("in 26 d", "No rotation").
pub struct Due {
    pub badge: Option<Badge>,
    pub text: String,
}

#[derive(Template)]
#[template(path = "secrets/new.html")]
pub struct NewPage {
    pub shell: Shell,
    pub form: Form,
    pub types: Vec<Choice>,
    pub levels: Vec<Choice>,
    pub environments: Vec<PlaceChoice>,
    /// Where a fresh proof is asked before the form opens.
    pub locked: Vec<Link>,
    pub policies: PolicyChoices,
    pub days: Vec<Choice>,
    pub zones: &'static [String],
    /// Known before an environment is chosen only while editing.
    pub asks_reason: bool,
    pub stage: &'static str,
}

#[derive(Template)]
#[template(path = "secrets/edit.html")]
pub struct EditPage {
    pub shell: Shell,
    pub id: i64,
    pub name: String,
    pub env: EnvRef,
    pub form: Form,
    pub types: Vec<Choice>,
    pub levels: Vec<Choice>,
    /// Not used while editing: a secret stays in its environment. `_form.html` wants the names.
    pub environments: Vec<PlaceChoice>,
    pub locked: Vec<Link>,
    pub policies: PolicyChoices,
    pub days: Vec<Choice>,
    pub zones: &'static [String],
    pub asks_reason: bool,
    pub conflict: Option<Conflict>,
    /// Where a change of how it is rotated waits for another person.
    pub approval: Option<Approval>,
}

/// The top of each page about one secret.
pub struct SecretHead {
    pub id: i64,
    pub name: String,
    pub display_name: String,
    pub env: EnvRef,
    pub level: &'static str,
    /// What is wrong with it, if anything: overdue, out of sync, expired.
    pub states: Vec<Badge>,
    pub is_active: bool,
    pub may_change: bool,
    pub may_rotate: bool,
    /// A change waits for another person: it is asked for.
    pub asks: bool,
    pub may_switch: bool,
    pub may_push: bool,
    pub may_promote: bool,
    pub may_purge: bool,
    pub tabs: Vec<Tab>,
    pub glass: Vec<BrokenGlass>,
}

#[derive(Template)]
#[template(path = "secrets/show.html")]
pub struct ShowPage {
    pub shell: Shell,
    pub secret: SecretHead,
    pub value: ValueView,
    pub form: Form,
    pub copies: Copies,
    pub may_push: bool,
    pub verified: Option<Verified>,
    pub versions: Vec<VersionRow>,
    pub versions_total: i64,
    pub facts: SecretFacts,
    pub rotation: RotationFacts,
    pub used: Used,
    pub notes: Vec<Note>,
}

pub struct ValueView {
    pub version: i64,
    /// "107 bytes, one line"
    pub size: String,
    pub digest: Digest,
    pub reveal: Reveal,
    /// Of a key pair: what is installed elsewhere.
    pub public_half: Option<String>,
}

pub enum Reveal {
    /// One click.
    Now,
    /// A reason, asked here.
    Reason,
    /// A fresh proof of identity first: the reveal page asks for all of it.
    Proof,
    /// Not for this person; the text says why and who may.
    Never(String),
    /// The same; in an emergency an admin breaks the glass.
    Glass(String),
}

pub struct Copies {
    pub verdict: Badge,
    pub read_back: Option<When>,
    pub rows: Vec<CopyRow>,
}

pub struct CopyRow {
    pub is_keeper: bool,
    pub place: &'static str,
    pub path: String,
    pub digest: Option<Digest>,
    pub state: Badge,
    pub detail: String,
    /// Why it is not as it should be, and when it is tried again: a line of its own.
    pub problem: String,
}

/// What the last verification found, as far as it still says something.
pub struct Verified {
    pub rows: Vec<VerifiedRow>,
    pub may_verify: bool,
}

pub struct VerifiedRow {
    pub place: &'static str,
    pub finding: Badge,
    pub when: When,
    pub detail: String,
    /// What to do about it; empty where all is well.
    pub remedy: String,
    pub link: Option<Link>,
    /// A push would put it right.
    pub pushes: bool,
}

pub struct VersionRow {
    pub number: i64,
    pub state: Badge,
    /// Absent once destroyed.
    pub digest: Option<Digest>,
    pub size: String,
    pub author: String,
    pub reason: String,
    pub rotation: Option<i64>,
    pub when: When,
}

pub struct SecretFacts {
    pub service: String,
    pub type_label: &'static str,
    pub expires: Option<When>,
    pub expires_badge: Option<Badge>,
    pub creator: String,
    pub created: When,
    pub tags: Vec<String>,
    pub description: String,
}

pub struct RotationFacts {
    pub every: String,
    /// "32 letters and digits, 190 bits"
    pub made_of: String,
    pub last: Option<When>,
    pub next: Option<When>,
    /// When it is overdue: stands in place of the date.
    pub next_badge: Option<Badge>,
    pub window: Option<WindowFacts>,
    pub by_itself: String,
    pub last_attempt: Option<Link>,
}

#[derive(Template)]
#[template(path = "secrets/reveal.html")]
pub struct RevealPage {
    pub shell: Shell,
    pub id: i64,
    pub name: String,
    pub env: EnvRef,
    pub level: &'static str,
    pub form: Form,
    pub size: String,
    pub digest: Digest,
    /// The reader is no member.
    pub by_glass: bool,
}

/// Holds a value: render it at once into the answer, keep it nowhere.
#[derive(Template)]
#[template(path = "secrets/revealed.html")]
pub struct RevealedPage<'a> {
    pub shell: Shell,
    pub secret: SecretHead,
    pub version: i64,
    pub size: String,
    pub digest: Digest,
    pub is_current: bool,
    pub value: Exact<'a>,
    pub is_binary: bool,
}

#[derive(Template)]
#[template(path = "secrets/activity.html", blocks = ["results"])]
pub struct ActivityPage {
    pub shell: Shell,
    pub secret: SecretHead,
    pub days: Vec<EventDay>,
    pub pager: Pager,
}
