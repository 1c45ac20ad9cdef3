//! /: what needs somebody.
use super::charts::{BarChart, Share};
use super::parts::{Badge, EnvRef, EventLine, Shell, When};
use super::rotate::BrokenGlass;
use super::rotations::RotationRow;
use askama::Template;

#[derive(Template)]
#[template(path = "dashboard/index.html")]
pub struct DashboardPage {
    pub shell: Shell,
    pub sub: String,
    pub as_of: When,
    pub first_run: Option<FirstRun>,
    pub tiles: Vec<Tile>,
    pub glass: Vec<BrokenGlass>,
    /// What threatens single sign-on, for admins.
    pub sign_in: Vec<String>,
    /// Sign-ins of break-glass accounts in the last 24 hours.
    pub entered: Vec<Entered>,
    /// What waits for a decision of the reader.
    pub waiting: Vec<RotationRow>,
    pub due: Vec<DueRow>,
    pub due_total: String,
    pub trouble: Vec<TroubleRow>,
    pub expiring: Vec<ExpiringRow>,
    pub recent: Vec<EventLine>,
    pub may_audit: bool,
    pub activity: Option<BarChart>,
    pub health: Vec<HealthRow>,
}

pub struct Entered {
    pub who: String,
    pub when: When,
}

/// Nothing is here yet: what to do first.
pub struct FirstRun {
    pub has_environment: bool,
    pub may_create: bool,
}

pub struct Tile {
    pub href: &'static str,
    pub badge: Badge,
    pub number: String,
    pub note: String,
}

pub struct DueRow {
    pub id: i64,
    pub name: String,
    pub env: EnvRef,
    pub level: &'static str,
    pub badge: Badge,
    /// A reminder: nobody but a person rotates it.
    pub by_hand: bool,
}

pub struct TroubleRow {
    pub id: i64,
    pub name: String,
    pub env: EnvRef,
    pub badge: Badge,
    pub what: String,
    pub since: When,
}

pub struct ExpiringRow {
    pub id: i64,
    pub name: String,
    pub env: EnvRef,
    pub when: When,
}

pub struct HealthRow {
    pub env: EnvRef,
    pub parts: Vec<Share>,
    pub total: i64,
    pub synced: i64,
    pub pending: i64,
    pub out_of_sync: i64,
    pub failed: i64,
}
