//! The text of an export, piece by piece: made here, or of what another Keeper lists. Either way the same rows become the same bytes.
use super::{Home, Source};
use crate::cli::exit::{Exit, Stop};
use crate::cli::open;
use crate::remote::keeper::{Keeper, Listed, Row};
use crate::secrets::{COLUMNS, Export, ExportFormat, ExportRow, ExportText, Filter};
use serde_json::Value;
use std::collections::BTreeMap;

pub enum Pieces {
    Here(Box<Export>),
    Far(Box<Listing>),
}

/// A list that is read page by page.
pub struct Listing {
    keeper: Box<Keeper>,
    /// The environments that were asked for, by their ids.
    homes: BTreeMap<i64, String>,
    query: Vec<(&'static str, String)>,
    after: Option<String>,
    text: ExportText,
}

impl Pieces {
    /// `what` are the filters, in words, for the audit log of this machine.
    pub async fn begin(
        source: Source,
        homes: Vec<Home>,
        filter: Filter,
        format: ExportFormat,
        what: &str,
    ) -> Result<Self, Stop> {
        match source {
            Source::Here(app) => {
                let export = Export::begin(app, open::operator(), filter, format, what).await?;
                Ok(Self::Here(Box::new(export)))
            }
            Source::Far(keeper) => {
                let query = query(&filter);
                let homes = homes.into_iter().filter(|home| filter.environments.contains(&home.id));
                let homes = homes.map(|home| (home.id, home.name)).collect();
                let (after, text) = (Some(String::new()), ExportText::new(format));
                Ok(Self::Far(Box::new(Listing { keeper, homes, query, after, text })))
            }
        }
    }

    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Stop> {
        match self {
            Self::Here(export) => Ok(export.next().await?),
            Self::Far(listing) => listing.next().await,
        }
    }
}

/// As an address of the API says it. Of several environments all are listed, and those that were not asked for are passed over: the
/// order of names goes through all of them.
fn query(filter: &Filter) -> Vec<(&'static str, String)> {
    let spelled = [
        ("q", Some(filter.q.clone())),
        ("type", filter.secret_type.map(|kind| kind.to_string())),
        ("level", filter.level.map(|level| level.to_string())),
        ("status", filter.status.map(|status| status.to_string())),
        ("tag", Some(filter.tag.clone())),
        ("active", filter.active.map(|active| active.to_string())),
        ("sort", Some("name".to_owned())),
        (
            "environment",
            match filter.environments[..] {
                [one] => Some(one.to_string()),
                _ => None,
            },
        ),
    ];
    let given = spelled.into_iter().filter_map(|(name, text)| Some((name, text?)));
    given.filter(|(_, text)| !text.is_empty()).collect()
}

impl Listing {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Stop> {
        let Some(after) = self.after.take() else { return Ok(None) };
        let page = if self.homes.is_empty() {
            Listed { items: Vec::new(), next: None }
        } else {
            let query: Vec<(&str, &str)> = self.query.iter().map(|(name, text)| (*name, &**text)).collect();
            self.keeper.secrets::<Row>(&query, &after).await?
        };
        let mut rows = Vec::with_capacity(page.items.len());
        for item in page.items {
            let id =
                item.get("environment_id").and_then(Value::as_i64).ok_or_else(|| untold("environment_id"))?;
            if let Some(home) = self.homes.get(&id) {
                rows.push(row(item, home)?);
            }
        }
        self.after = page.next;
        Ok(Some(self.text.piece(rows, self.after.is_none())?))
    }
}

fn untold(column: &str) -> Stop {
    let why = format!("that Keeper does not tell {column} of its secrets: is it of another version?");
    Stop(Exit::Away, why)
}

/// The API's answer has the columns of the table, and besides what is computed.
fn row(mut item: Row, home: &str) -> Result<ExportRow, Stop> {
    let mut row: ExportRow = std::array::from_fn(|_| Value::Null);
    for (cell, column) in row.iter_mut().zip(COLUMNS) {
        let told = if column == "environment" { Some(Value::from(home)) } else { item.remove(column) };
        let told = told.ok_or_else(|| untold(column))?;
        *cell = match told {
            // A list there, and in a table a text.
            Value::Array(days) => days.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",").into(),
            told => told,
        };
    }
    Ok(row)
}
