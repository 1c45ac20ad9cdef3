//! What a list is asked for.
use crate::db::Query;
use crate::domain::enums::{SecrecyLevel, SecretType, SyncStatus, spelled};
use crate::kit::clock::Utc;
use crate::kit::page::Cursor;
use crate::secrets::search::{Asked, Dated};
use time::Duration;

spelled!(/// Updated: last changed first, what people change; that a copy was pushed is no change. Due: next due first, and expires: first to
/// expire first; those without a date are left out.
Sort { Name = "name", Updated = "updated", Due = "due", Expires = "expires" });

spelled!(/// Soon: within 14 days, or overdue. Expiring: expires within 30 days, or has expired.
Due { Overdue = "overdue", Soon = "soon", Expiring = "expiring" });

impl Default for Sort {
    fn default() -> Self {
        Self::ALL[0]
    }
}

impl Sort {
    pub(super) fn dated(self) -> Option<Dated> {
        match self {
            Self::Name => None,
            Self::Updated => Some(Dated::Updated),
            Self::Due => Some(Dated::Due),
            Self::Expires => Some(Dated::Expires),
        }
    }
}

impl Due {
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Overdue => "Overdue",
            Self::Soon => "Due in 14 days",
            Self::Expiring => "Expiring in 30 days",
        }
    }

    /// The order that goes by the same date.
    pub fn sort(self) -> Sort {
        match self {
            Self::Overdue | Self::Soon => Sort::Due,
            Self::Expiring => Sort::Expires,
        }
    }

    pub(super) fn until(self, now: Utc) -> Utc {
        let days = match self {
            Self::Overdue => 0,
            Self::Soon => 14,
            Self::Expiring => 30,
        };
        now.plus(Duration::days(days))
    }
}

#[derive(Debug, Default, Clone)]
pub struct Filter {
    /// The environments that are open to the reader, or the one of them that was asked for.
    pub environments: Vec<i64>,
    pub q: String,
    pub secret_type: Option<SecretType>,
    pub level: Option<SecrecyLevel>,
    pub status: Option<SyncStatus>,
    pub tag: String,
    pub due: Option<Due>,
    /// `None`: active ones alone. `Some(false)`: inactive ones alone.
    pub active: Option<bool>,
    pub sort: Sort,
    pub cursor: Cursor,
    pub limit: u32,
}

impl Filter {
    pub(super) fn is_active(&self) -> bool {
        self.active.unwrap_or(true)
    }

    pub(super) fn is_open(&self, environment_id: i64) -> bool {
        self.environments.contains(&environment_id)
    }

    pub(super) fn asked(&self) -> Asked {
        let active = Some(self.is_active());
        Asked::new(&self.environments, &self.q, &self.tag, self.secret_type, self.level, active)
    }

    /// What the row itself tells. The words and the tag are the search's; the environments are left to `is_open`, because SQLite would
    /// walk an environment's index instead of going to the few rows whose ids are named.
    pub(super) fn restrict(&self, query: &mut Query, now: Utc) {
        query.push(" AND is_active = ?", [self.is_active().into()]);
        if let Some(kind) = self.secret_type {
            query.push(" AND secret_type = ?", [kind.into()]);
        }
        if let Some(level) = self.level {
            query.push(" AND secrecy_level = ?", [level.into()]);
        }
        if let Some(status) = self.status {
            query.push(" AND sync_status = ?", [status.into()]);
        }
        if let Some(due) = self.due {
            let text = match due.sort() {
                Sort::Expires => " AND expires_at <= ?",
                _ => " AND next_rotation_at <= ?",
            };
            query.push(text, [due.until(now).into()]);
        }
    }
}
