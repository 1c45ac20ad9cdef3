//! What pages are made of: small values that templates/ui/*.html draw. Doors fill them, templates only read them.
use super::words::sentence;
use std::collections::BTreeMap;

/// The shell that every page sits in.
pub struct Shell {
    pub title: String,
    pub user: Option<Who>,
    pub csrf: String,
    /// The section that is current: dashboard, secrets, rotations, environments, queue, audit, users, settings, account.
    pub nav: &'static str,
    /// From the theme cookie; `None` follows the system.
    pub theme: Option<&'static str>,
    pub environments: Vec<NavEnv>,
    /// What stands in the search box.
    pub search: String,
    pub flash: Option<Note>,
    pub is_admin: bool,
    pub is_manager: bool,
}

impl Shell {
    #[expect(clippy::unused_self, reason = "templates reach it through the shell")]
    /// The address of a static file, with the hash of its content.
    pub fn asset(&self, path: &str) -> String {
        crate::door::assets::address(path)
    }

    pub fn at(&self, nav: &str) -> bool {
        self.nav == nav
    }
}

pub struct Who {
    pub name: String,
    /// "AA" for Ada Admin.
    pub initials: String,
    pub role_label: &'static str,
    pub method_label: String,
}

pub struct NavEnv {
    pub id: i64,
    pub name: String,
    pub weight: &'static str,
    pub failing: i64,
}

/// A sentence that must be seen: tone is "ok", "warn", "bad" or "".
#[derive(Clone)]
pub struct Note {
    pub tone: &'static str,
    pub icon: &'static str,
    pub title: String,
    pub text: String,
    pub link: Option<Link>,
}

#[derive(Clone)]
pub struct Link {
    pub href: String,
    pub label: String,
}

pub struct Tab {
    pub label: &'static str,
    pub href: String,
    pub current: bool,
    pub count: Option<i64>,
}

/// One option of a select, a radio or a check list.
#[derive(Clone, Default)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub help: String,
    pub on: bool,
}

pub struct Chip {
    pub label: String,
    pub href: String,
}

/// A column head that sorts. `order`: "", "ascending" or "descending".
pub struct SortHead {
    pub label: &'static str,
    pub href: String,
    pub order: &'static str,
}

/// Keyset paging: there are no page numbers.
pub struct Pager {
    pub note: String,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// Why a list is empty. `filtered`: because of a search or a filter.
pub struct Empty {
    pub title: String,
    pub text: String,
    pub filtered: bool,
}

impl Empty {
    pub fn icon(&self) -> &'static str {
        if self.filtered { "search" } else { "key" }
    }
}

/// A moment: `iso` for machines, `utc` on hover, `text` to read ("4 min ago", "in 6 d", "31 Mar 2027").
#[derive(Clone)]
pub struct When {
    pub iso: String,
    pub utc: String,
    pub text: String,
}

/// A state: word, shape and colour. `class` is the enum's member.
#[derive(Clone)]
pub struct Badge {
    pub class: &'static str,
    pub icon: &'static str,
    pub word: String,
}

impl Badge {
    /// From an enum's spelling: SyncStatus, RotationStatus, VersionState, and the few states that are computed.
    pub fn of(spelling: &str) -> Self {
        let (class, icon, word) = match spelling {
            "synced" => ("synced", "circle-check", "Synced"),
            "succeeded" => ("succeeded", "circle-check", "Succeeded"),
            "current" => ("current", "circle-check", "Current"),
            "equal" => ("equal", "equal", "Equal"),
            "differs" => ("differs", "equal-not", "Differs"),
            "pending" => ("pending", "clock", "Pending"),
            "scheduled" => ("scheduled", "calendar-event", "Scheduled"),
            "awaiting_approval" => ("awaiting_approval", "hourglass", "Awaiting approval"),
            "syncing" => ("syncing", "loader-2", "Syncing"),
            "running" => ("running", "loader-2", "Running"),
            "out_of_sync" => ("out_of_sync", "equal-not", "Out of sync"),
            "rolled_back" => ("rolled_back", "arrow-back-up", "Rolled back"),
            "failed" => ("failed", "alert-octagon", "Failed"),
            "overdue" => ("overdue", "clock-exclamation", "Overdue"),
            "due" => ("due", "clock-hour-4", "Due"),
            "expiring" => ("expiring", "calendar-x", "Expiring"),
            "expired" => ("expired", "calendar-x", "Expired"),
            "rejected" => ("rejected", "circle-x", "Rejected"),
            "refused" => ("refused", "ban", "Refused"),
            "allowed" => ("allowed", "check", "Done"),
            "withdrawn" => ("withdrawn", "circle-minus", "Withdrawn"),
            "cancelled" => ("cancelled", "circle-minus", "Cancelled"),
            "previous" => ("previous", "history", "Previous"),
            "retired" => ("retired", "archive", "Retired"),
            // What an import would do with a row.
            "new" => ("succeeded", "plus", "New"),
            "changed" => ("pending", "refresh", "Changed"),
            "same" => ("not_configured", "equal", "Same"),
            "conflict" => ("out_of_sync", "equal-not", "Conflict"),
            "invalid" => ("failed", "alert-octagon", "Invalid"),
            // What a verification found.
            "missing" => ("out_of_sync", "circle-x", "Missing"),
            "foreign" => ("out_of_sync", "ban", "Not Keeper’s"),
            "unknown" => ("not_configured", "circle-dashed", "Not known"),
            "destroyed" => ("destroyed", "trash", "Destroyed"),
            _ => ("not_configured", "circle-dashed", "Not configured"),
        };
        Self { class, icon, word: word.to_owned() }
    }

    /// The same state in other words: "9 d overdue", "AWS failed".
    pub fn saying(self, word: impl Into<String>) -> Self {
        Self { word: word.into(), ..self }
    }
}

/// An environment as it is named on other pages.
#[derive(Clone)]
pub struct EnvRef {
    pub id: i64,
    pub name: String,
    pub stage: &'static str,
    pub is_production: bool,
}

impl EnvRef {
    /// How loud it is drawn: production rules are loud whatever the stage is called.
    pub fn weight(&self) -> &'static str {
        if self.is_production { "production" } else { self.stage }
    }

    pub fn stage_words(&self) -> &'static str {
        match (self.stage, self.is_production) {
            ("production", _) => "Production",
            ("staging", true) => "Staging, production rules",
            ("staging", false) => "Staging",
            (_, true) => "Development, production rules",
            _ => "Development",
        }
    }
}

/// The first sixteen hex digits of a keyed digest, as digits and as a picture.
#[derive(Clone)]
pub struct Digest {
    pub hex: String,
    pub differs: bool,
}

impl Digest {
    /// Sixteen bars in a 66 × 16 box, one for each digit, as the `d` of one path.
    pub fn strip(&self) -> String {
        let bar = |(i, c): (usize, char)| {
            let height = (45 + 13 * c.to_digit(16).unwrap_or(0) + 7) / 15;
            format!("M{} {}h3V16h-3z", 1 + 4 * i, 16 - height)
        };
        self.hex.chars().take(16).enumerate().map(bar).collect()
    }

    /// "37dc 5c4c f10f a38a"
    pub fn grouped(&self) -> String {
        let group = |(i, c): (usize, char)| if i > 0 && i % 4 == 0 { format!(" {c}") } else { c.to_string() };
        self.hex.chars().take(16).enumerate().map(group).collect()
    }
}

/// A form as it was typed, and what is wrong with it. Values of secrets and credentials are never put into it.
#[derive(Default)]
pub struct Form {
    pub values: BTreeMap<&'static str, String>,
    pub errors: Vec<FieldError>,
    /// What did not happen: "Not shown". Empty means "Not saved".
    pub refusal: &'static str,
    /// Where a fresh proof of identity is given, when it was missing.
    pub prove: String,
}

/// `name` is empty for a rule that spans fields.
pub struct FieldError {
    pub name: &'static str,
    pub label: &'static str,
    pub message: String,
}

impl FieldError {
    /// "Display name is required"; a message that is a sentence of its own stays one.
    pub fn sentence(&self) -> String {
        if self.label.is_empty() || self.message.starts_with(char::is_uppercase) {
            sentence(&self.message)
        } else {
            format!("{} {}", self.label, self.message)
        }
    }
}

impl Form {
    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    pub fn is(&self, name: &str, value: &str) -> bool {
        self.get(name) == value
    }

    /// One of several that were ticked, which are held with commas between them.
    pub fn ticks(&self, name: &str, value: &str) -> bool {
        self.get(name).split(',').any(|one| one == value)
    }

    pub fn is_invalid(&self) -> bool {
        !self.errors.is_empty()
    }

    pub fn has_error(&self, name: &str) -> bool {
        self.errors.iter().any(|e| e.name == name)
    }

    pub fn error(&self, name: &str) -> String {
        self.errors.iter().find(|e| e.name == name).map_or_else(String::new, FieldError::sentence)
    }

    pub fn summary(&self) -> String {
        let refusal = if self.refusal.is_empty() { "Not saved" } else { self.refusal };
        match self.errors.len() {
            1 => format!("{refusal}: one thing to mend."),
            n => format!("{refusal}: {n} things to mend."),
        }
    }
}

/// Somebody else was first. No rows: nothing that the form holds was touched.
pub struct Conflict {
    /// Where the form is opened anew, from what is stored now.
    pub anew: String,
    pub rows: Vec<ConflictRow>,
}

pub struct ConflictRow {
    pub label: &'static str,
    pub theirs: String,
    pub yours: String,
}

/// A step of a plan, of a run, of a result. `state`: "", done, running, failed, undone, waiting.
#[derive(Clone, Default)]
pub struct Step {
    pub state: &'static str,
    pub title: String,
    pub end: String,
    pub when: Option<When>,
    pub text: String,
    pub path: Option<String>,
    pub digest: Option<Digest>,
    pub todo: Option<String>,
}

impl Step {
    pub fn icon(&self) -> &'static str {
        match self.state {
            "done" => "check",
            "running" => "loader-2",
            "failed" => "x",
            "undone" => "arrow-back-up",
            _ => "",
        }
    }

    pub fn has_text(&self) -> bool {
        !self.text.is_empty() || self.path.is_some() || self.digest.is_some() || self.todo.is_some()
    }
}

/// One event in a short list: what somebody did, and below it to what.
pub struct EventLine {
    pub icon: &'static str,
    pub text: String,
    pub on: String,
    pub href: Option<String>,
    pub when: When,
    pub is_loud: bool,
}
