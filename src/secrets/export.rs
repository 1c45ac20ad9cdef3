//! Metadata of secrets as CSV or JSON, in pages by keyset, so that a million of them need no memory. Never a value.
//! The door that asked sends on what `next` gives, until there is no more.
use super::list::{Filter, Sort, list};
use super::row::Secret;
use crate::app::Shared;
use crate::audit::{self, Event};
use crate::domain::actor::Actor;
use crate::domain::enums::{Role, Scope, spelled};
use crate::domain::error::{Error, Result};
use crate::environments;
use crate::kit::clock::Utc;
use crate::kit::page::Cursor;
use crate::people::services;
use crate::tx;
use csv::Writer;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use time::Duration;

const PAGE: u32 = 500;
/// A reader that stands still does not hold a right open for ever.
const LONGEST: Duration = Duration::hours(1);

/// The columns, in their order; the first names are those of the table.
pub const COLUMNS: [&str; 29] = [
    "id",
    "name",
    "display_name",
    "description",
    "secret_type",
    "secrecy_level",
    "service_name",
    "environment_id",
    "creator_id",
    "aws_sync_status",
    "vault_sync_status",
    "aws_secret_arn",
    "vault_path",
    "expires_at",
    "auto_rotate",
    "rotation_interval_days",
    "last_rotated_at",
    "policy",
    "window_days",
    "window_from",
    "window_to",
    "window_zone",
    "tags",
    "is_active",
    "created_at",
    "updated_at",
    "environment",
    "sync_status",
    "current_version",
];

spelled!(ExportFormat { Csv = "csv", Json = "json" });

impl ExportFormat {
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// An export on its way.
pub struct Export {
    app: Shared,
    actor: Actor,
    filter: Filter,
    text: Text,
    until: Utc,
    is_ended: bool,
}

/// A secret's cells, in the order of the columns.
type Row = [Value; COLUMNS.len()];

/// The text, piece by piece.
struct Text {
    format: ExportFormat,
    is_begun: bool,
    rows: usize,
}

impl Text {
    fn piece(&mut self, rows: Vec<Row>, is_last: bool) -> Result<Vec<u8>> {
        let count = rows.len();
        let mut text = match self.format {
            ExportFormat::Csv => csv_text(&rows, !self.is_begun)?,
            ExportFormat::Json => json_text(rows, self.rows == 0)?,
        };
        self.is_begun = true;
        self.rows += count;
        if is_last && self.format == ExportFormat::Json {
            text.extend_from_slice(if self.rows == 0 { b"[]\n" } else { b"\n]\n" });
        }
        Ok(text)
    }
}

impl Export {
    /// The event, with the filters in words, is stored before the first row leaves.
    pub async fn begin(app: Shared, actor: Actor, mut filter: Filter, format: ExportFormat) -> Result<Self> {
        demand(&actor)?;
        filter.environments.sort_unstable();
        filter.environments.dedup();
        let what = filter.told(&environments::visible(&app, &actor).await?).join(", ");
        (filter.sort, filter.cursor, filter.limit) = (Sort::Name, Cursor::default(), PAGE);
        let done: Result<()> = tx!(app.db, |tx| {
            let event = Event::new("secret.exported", "secrets")
                .with("format", format.as_str())
                .with("filter", what.as_str())
                .with("environments", filter.environments.clone());
            audit::record(&app, tx, &actor, event).await?;
            Ok(())
        });
        done?;
        let text = Text { format, is_begun: false, rows: 0 };
        let until = app.now().plus(LONGEST);
        Ok(Self { app, actor, filter, text, until, is_ended: false })
    }

    /// Whoever asked may have been demoted or disabled since; whether a token or a session lives still is not asked, so there is an end.
    async fn reader(&self) -> Result<Actor> {
        let now = self.app.now();
        if now > self.until {
            return Err(Error::Conflict("the export took longer than an hour: filter it into parts".into()));
        }
        let Some(id) = self.actor.id() else { return Ok(self.actor.clone()) };
        let reader = services::as_now(&self.app, (id, &self.actor.name()), now).await?;
        let reader = reader.ok_or_else(|| Error::Forbidden("your account was disabled meanwhile".into()))?;
        demand(&reader).map(|()| reader)
    }

    pub fn format(&self) -> ExportFormat {
        self.text.format
    }

    /// `keeper-secrets-2026-01-31.csv`
    pub fn file_name(&self) -> String {
        format!("keeper-secrets-{}.{}", &self.app.now().to_input()[..10], self.text.format.as_str())
    }

    /// The next piece of the text, for the reader as they are now: a door that closes meanwhile ends its part, and a right that goes the whole.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        if self.is_ended {
            return Ok(None);
        }
        let places = environments::visible(&self.app, &self.reader().await?).await?;
        let open: BTreeMap<i64, String> =
            places.into_iter().map(|place| (place.environment.id, place.environment.name)).collect();
        self.filter.environments.retain(|id| open.contains_key(id));
        let page = list(&self.app, &self.filter).await?;
        let rows = page.items.iter().map(|secret| row(secret, &open)).collect();
        match page.next {
            Some(next) => self.filter.cursor = Cursor::After(next),
            None => self.is_ended = true,
        }
        self.text.piece(rows, self.is_ended).map(Some)
    }
}

fn demand(reader: &Actor) -> Result<()> {
    reader.demand_with(Scope::SecretsRead, Role::Manager, "exporting")
}

fn row(secret: &Secret, open: &BTreeMap<i64, String>) -> Row {
    [
        json!(secret.id),
        json!(secret.name),
        json!(secret.display_name),
        json!(secret.description),
        json!(secret.secret_type),
        json!(secret.secrecy_level),
        json!(secret.service_name),
        json!(secret.environment_id),
        json!(secret.creator_id),
        json!(secret.aws_sync_status),
        json!(secret.vault_sync_status),
        json!(secret.aws_secret_arn),
        json!(secret.vault_path),
        json!(secret.expires_at),
        json!(secret.auto_rotate),
        json!(secret.rotation_interval_days),
        json!(secret.last_rotated_at),
        json!(secret.policy),
        json!(secret.window_days),
        json!(secret.window_from),
        json!(secret.window_to),
        json!(secret.window_zone),
        json!(secret.tag_map()),
        json!(secret.is_active),
        json!(secret.created_at),
        json!(secret.updated_at),
        json!(open.get(&secret.environment_id)),
        json!(secret.sync_status()),
        json!(secret.current_version),
    ]
}

fn json_text(rows: Vec<Row>, is_first: bool) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    for (i, row) in rows.into_iter().enumerate() {
        text.extend_from_slice(if is_first && i == 0 { b"[\n" } else { b",\n" });
        let fields: serde_json::Map<String, Value> =
            COLUMNS.into_iter().map(str::to_owned).zip(row).collect();
        serde_json::to_writer(&mut text, &fields).map_err(Error::broken)?;
    }
    Ok(text)
}

fn csv_text(rows: &[Row], with_head: bool) -> Result<Vec<u8>> {
    let mut writer = Writer::from_writer(Vec::new());
    if with_head {
        writer.write_record(COLUMNS).map_err(Error::broken)?;
    }
    for row in rows {
        writer.write_record(row.iter().map(cell)).map_err(Error::broken)?;
    }
    writer.into_inner().map_err(|e| Error::broken(e.to_string()))
}

/// A spreadsheet takes what begins so for a formula, and would run it: an apostrophe before it makes it a text again.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // S68
    fn a_cell_is_never_a_formula() {
        for text in ["=1+1", "+1", "-1", "@sum", "\tx", "\rx"] {
            assert_eq!(cell(&json!(text)), format!("'{text}"));
        }
        assert_eq!(cell(&json!("a=1")), "a=1");
        assert_eq!(cell(&json!(7)), "7");
        assert_eq!(cell(&json!({"team": "pay"})), "{\"team\":\"pay\"}");
    }
}
