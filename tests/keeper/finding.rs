//! Finding secrets: totals, pages both ways, and search, against what a plain reading of all rows gives.
use crate::support::{House, three};
use keeper::domain::enums::{Backend, SyncStatus};
use keeper::domain::error::Result;
use keeper::kit::page::Cursor;
use keeper::secrets::{self, Filter};
use keeper::{sql, tx};
use std::collections::BTreeMap;

mod dates;
mod moved;
mod plans;
mod refiled;
mod search;
mod statements;
mod totals;
