//! Rows of `secrets`, with what is computed from them. Never a value: that lives in a version, sealed.
use crate::crypto::generate::Policy;
use crate::db::Query;
use crate::domain::enums::{Backend, SecrecyLevel, SecretType, SyncStatus};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::schedule::{self, Window, WindowInput};
use crate::environments::Environment;
use crate::kit::clock::Utc;
use crate::sql;
use std::collections::BTreeMap;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Secret {
    pub id: i64,
    pub uid: String,
    pub name: String,
    pub display_name: String,
    pub description: String,
    #[sqlx(try_from = "String")]
    pub secret_type: SecretType,
    #[sqlx(try_from = "String")]
    pub secrecy_level: SecrecyLevel,
    pub service_name: String,
    pub environment_id: i64,
    pub creator_id: Option<i64>,
    #[sqlx(try_from = "String")]
    pub aws_sync_status: SyncStatus,
    #[sqlx(try_from = "String")]
    pub vault_sync_status: SyncStatus,
    pub aws_secret_arn: Option<String>,
    pub vault_path: Option<String>,
    /// Somebody decided that Keeper leaves alone what is there.
    pub aws_unlinked: bool,
    pub vault_unlinked: bool,
    pub expires_at: Option<Utc>,
    pub auto_rotate: bool,
    pub rotation_interval_days: Option<i64>,
    pub last_rotated_at: Option<Utc>,
    pub next_rotation_at: Option<Utc>,
    /// Empty: what fits the type.
    pub policy: String,
    /// `mon,tue`; all four are empty where any time will do.
    pub window_days: String,
    pub window_from: String,
    pub window_to: String,
    pub window_zone: String,
    pub tags: String,
    pub is_active: bool,
    /// Since when it is switched off.
    pub deactivated_at: Option<Utc>,
    pub current_version: i64,
    /// How many numbers above the current one are taken: by a version on its way, and by those that were given up.
    pub versions_ahead: i64,
    pub row_version: i64,
    pub created_at: Utc,
    pub updated_at: Utc,
}

impl Secret {
    /// The worst of the configured backends (S27).
    pub fn sync_status(&self) -> SyncStatus {
        SyncStatus::worst(&[self.aws_sync_status, self.vault_sync_status])
    }

    pub fn status_of(&self, backend: Backend) -> SyncStatus {
        match backend {
            Backend::Aws => self.aws_sync_status,
            Backend::Vault => self.vault_sync_status,
        }
    }

    /// The backends that it is kept out of.
    pub fn unlinked(&self) -> &'static [Backend] {
        match (self.aws_unlinked, self.vault_unlinked) {
            (false, false) => &[],
            (true, false) => &[Backend::Aws],
            (false, true) => &[Backend::Vault],
            (true, true) => Backend::ALL,
        }
    }

    /// Where its copies are, or go to.
    pub fn backends(&self, environment: &Environment) -> impl Iterator<Item = Backend> {
        environment.backends().filter(|backend| !self.unlinked().contains(backend))
    }

    pub fn goes_to(&self, environment: &Environment, backend: Backend) -> bool {
        self.backends(environment).any(|one| one == backend)
    }

    /// The highest number that a version of it has.
    pub fn last_version(&self) -> i64 {
        self.current_version + self.versions_ahead
    }

    /// From its moment on (S28): a secret that expires now is expired.
    pub fn is_expired(&self, now: Utc) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    /// Due now or earlier (S29); an inactive secret needs nothing.
    pub fn needs_rotation(&self, now: Utc) -> bool {
        self.is_active && self.next_rotation_at.is_some_and(|at| at <= now)
    }

    /// None: what fits the type.
    pub fn kept_policy(&self) -> Result<Option<Policy>> {
        if self.policy.is_empty() {
            return Ok(None);
        }
        let unread =
            |why| Error::broken(format!("the policy of secret {} cannot be read: it {why}", self.id));
        self.policy.parse().map(Some).map_err(unread)
    }

    /// What its values are made of. None: somebody else makes them.
    pub fn made_of(&self) -> Result<Option<Policy>> {
        Ok(self.kept_policy()?.or_else(|| Policy::fitting(self.secret_type)))
    }

    /// In which hours Keeper may rotate it by itself; None: in all.
    pub fn window(&self) -> Result<Option<Window>> {
        let columns = WindowInput {
            window_from: self.window_from.clone(),
            window_to: self.window_to.clone(),
            window_zone: self.window_zone.clone(),
            ..WindowInput::default()
        };
        let read = columns.with_days(&self.window_days).parse(&mut FieldErrors::default());
        read.ok_or_else(|| Error::broken(format!("the window of secret {} cannot be read", self.id)))
    }

    /// The due date after a rotation at this moment.
    pub fn due_after(&self, last: Utc) -> Result<Option<Utc>> {
        Ok(next_rotation(last, self.rotation_interval_days, self.window()?.as_ref()))
    }

    /// When what is due may begin, seen from now: a window that was missed is followed by the next.
    pub fn begins(&self, now: Utc) -> Result<Option<Utc>> {
        let window = self.window()?;
        Ok(self.next_rotation_at.map(|due| schedule::start(due, now, window.as_ref())))
    }

    pub fn tag_map(&self) -> BTreeMap<String, String> {
        serde_json::from_str(&self.tags).unwrap_or_default()
    }

    /// One `key=value` a line, as the form holds it.
    pub fn tag_lines(&self) -> String {
        self.tag_map().iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("\n")
    }
}

/// The due date that follows from an interval and the last rotation, or the creation if there was none: within the window.
pub(super) fn next_rotation(last: Utc, interval_days: Option<i64>, window: Option<&Window>) -> Option<Utc> {
    interval_days.map(|days| schedule::after(last, days, window))
}

pub(super) fn select() -> Query {
    sql!(
        "SELECT id, uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id,
           aws_sync_status, vault_sync_status, aws_secret_arn, vault_path, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days,
           last_rotated_at, next_rotation_at, policy, window_days, window_from, window_to, window_zone,
           tags, is_active, deactivated_at, current_version, versions_ahead, row_version, created_at, updated_at
         FROM secrets s WHERE 1 = 1"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;

    fn secret(now: Utc) -> Secret {
        Secret {
            id: 1,
            uid: String::new(),
            name: "db".into(),
            display_name: "DB".into(),
            description: String::new(),
            secret_type: SecretType::Password,
            secrecy_level: SecrecyLevel::Internal,
            service_name: String::new(),
            environment_id: 1,
            creator_id: None,
            aws_sync_status: SyncStatus::NotConfigured,
            vault_sync_status: SyncStatus::NotConfigured,
            aws_secret_arn: None,
            vault_path: None,
            aws_unlinked: false,
            vault_unlinked: false,
            expires_at: None,
            auto_rotate: false,
            rotation_interval_days: None,
            last_rotated_at: None,
            next_rotation_at: None,
            policy: String::new(),
            window_days: String::new(),
            window_from: String::new(),
            window_to: String::new(),
            window_zone: String::new(),
            tags: "{}".into(),
            is_active: true,
            deactivated_at: None,
            current_version: 1,
            versions_ahead: 0,
            row_version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    #[test] // S28
    fn a_secret_expires_at_its_very_moment() {
        let now = Utc::from_unix(1_800_000_000).unwrap();
        let second = Duration::seconds(1);
        for (at, expired) in [
            (None, false),
            (Some(now), true),
            (Some(now.minus(second)), true),
            (Some(now.plus(second)), false),
        ] {
            assert_eq!(Secret { expires_at: at, ..secret(now) }.is_expired(now), expired);
        }
    }

    #[test] // S29 S60
    fn a_rotation_is_due_from_the_day_that_the_interval_gives() {
        let now = Utc::from_unix(1_800_000_000).unwrap();
        let due = next_rotation(now.minus(Duration::days(30)), Some(30), None);
        assert_eq!(due, Some(now));
        assert!(Secret { next_rotation_at: due, ..secret(now) }.needs_rotation(now));
        assert!(
            !Secret { next_rotation_at: due, ..secret(now) }.needs_rotation(now.minus(Duration::seconds(1)))
        );
        assert!(!Secret { next_rotation_at: due, is_active: false, ..secret(now) }.needs_rotation(now));
        assert!(!secret(now).needs_rotation(now));
    }
}
