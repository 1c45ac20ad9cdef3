//! A table of secrets that another program wrote: with the columns that `secrets` has (S22), as `keeper export` writes them, or with
//! those of an import. What Keeper decides itself is passed over; a value may be missing, and may then be made.
use super::confirm::{Outcome, carry_out};
use super::format::{LONGEST, MOST_ROWS};
use super::plan::{self, Plan};
use super::preview::{self, Opened};
use super::read::{self, Defaults};
use super::row::{FIELDS, Row};
use super::tree::LeftOut;
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::enums::{Role, SecrecyLevel, SecretType};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::plaintext::Plaintext;
use crate::environments::{self, Act, Environment};
use crate::kit::cell::Cell;
use crate::kit::clock::Utc;
use crate::kit::table::{self, Record, flag, member};

/// What a table of secrets holds beside what an import may say. Of two of them a row's fate depends; the others are Keeper's own.
const DECIDED: [&str; 16] = [
    "id",
    "uid",
    "environment_id",
    "environment",
    "creator_id",
    "aws_sync_status",
    "vault_sync_status",
    "sync_status",
    "aws_secret_arn",
    "vault_path",
    "last_rotated_at",
    "is_active",
    "row_version",
    "current_version",
    "created_at",
    "updated_at",
];

/// What a command says of a table.
pub struct TableInput {
    pub environment_id: i64,
    /// Where a row says nothing.
    pub secret_type: String,
    pub secrecy_level: String,
    /// The rows whose `environment_id` is this one, where the table holds those of several environments.
    pub only: Option<i64>,
    /// A new secret without a value gets one that Keeper makes.
    pub makes_values: bool,
    pub content: Plaintext,
}

/// A table that was read, with every rule kept or told.
pub struct Sheet(Opened);

impl Sheet {
    pub fn environment(&self) -> &Environment {
        &self.0.place.environment
    }

    /// Rows that are passed over, and why.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.0.left_out
    }

    /// What an import would do at this moment.
    pub async fn plan(&self, app: &App, actor: &Actor) -> Result<Plan> {
        plan::plan(&mut app.db.read().await?, actor, &self.0.place, &self.0.checked, false).await
    }
}

/// Stores all of it or nothing. `seen` is the fingerprint of the plan that was shown.
pub async fn take(app: &App, actor: &Actor, sheet: Sheet, seen: &str, why: &str) -> Result<Outcome> {
    carry_out(app, actor, sheet.0, seen, why).await
}

/// Nothing is stored. A table that cannot be read at all is an error of the field `file`.
pub async fn read_table(app: &App, actor: &Actor, input: TableInput) -> Result<Sheet> {
    actor.demand(Role::Manager, "importing")?;
    let place = environments::enter(app, actor, input.environment_id).await?;
    place.demand(actor, Act::Change, SecrecyLevel::Internal)?;
    let (rows, left_out) = checked(&input, app.now())?;
    let (mut checked, wanted): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    preview::digest(app, &mut checked, &wanted)?;
    Ok(Sheet(Opened { import: None, from: None, place, checked, wanted, left_out }))
}

/// Each row by itself, whatever is stored; and what is passed over.
pub(super) fn checked(input: &TableInput, now: Utc) -> Result<(Vec<preview::Row>, Vec<LeftOut>)> {
    let defaults = defaults(input)?;
    let (rows, left_out) = rows(input)?;
    Ok((read::check(rows, input.environment_id, defaults, now), left_out))
}

fn defaults(input: &TableInput) -> Result<Defaults> {
    let mut errors = FieldErrors::default();
    let secret_type = errors.take("secret_type", member(&input.secret_type).parse::<SecretType>());
    let secrecy_level = errors.take("secrecy_level", member(&input.secrecy_level).parse::<SecrecyLevel>());
    match (secret_type, secrecy_level) {
        (Some(secret_type), Some(secrecy_level)) => Ok(Defaults { secret_type, secrecy_level }),
        _ => Err(Error::Invalid(errors)),
    }
}

fn rows(input: &TableInput) -> Result<(Vec<Row>, Vec<LeftOut>)> {
    let refused = |why: String| Error::invalid("file", &why);
    if input.content.len() > LONGEST {
        return Err(refused("is larger than 4 MiB: divide it".to_owned()));
    }
    let known = [FIELDS.as_slice(), DECIDED.as_slice()].concat();
    let text = read::text(&input.content)?;
    let records = table::read(text, &known, &["name"], MOST_ROWS).map_err(refused)?;
    if records.len() > MOST_ROWS {
        return Err(refused(format!("holds more than {MOST_ROWS} rows: divide it")));
    }
    let homes: Vec<Option<String>> = records.iter().map(|record| told(record, "environment_id")).collect();
    demand_one_home(input, &homes).map_err(refused)?;
    let (mut rows, mut left_out) = (Vec::new(), Vec::new());
    for (record, home) in records.into_iter().zip(homes) {
        match why_left_out(input, &record, home.as_deref()) {
            Some(why) => left_out.push(LeftOut { path: record.at.to_string(), why }),
            None => rows.push(row(record, input.makes_values)),
        }
    }
    if rows.is_empty() {
        return Err(refused("holds no row that could be imported".to_owned()));
    }
    Ok((rows, left_out))
}

/// Their ids mean nothing here, so nobody could tell by a row where it goes.
fn demand_one_home(input: &TableInput, homes: &[Option<String>]) -> std::result::Result<(), String> {
    let mut ids: Vec<&str> = homes.iter().flatten().map(String::as_str).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() > 1 && input.only.is_none() {
        let ids = ids[..ids.len().min(10)].join(", ");
        return Err(format!(
            "holds secrets of several environments ({ids} in its column environment_id): import each into its own, with --only-environment-id"
        ));
    }
    Ok(())
}

fn why_left_out(input: &TableInput, record: &Record, home: Option<&str>) -> Option<String> {
    if let Some(only) = input.only
        && home != Some(only.to_string().as_str())
    {
        return Some("belongs to another environment there".to_owned());
    }
    let is_active = told(record, "is_active").and_then(|text| flag(&text)).unwrap_or(true);
    (!is_active).then(|| "is switched off there".to_owned())
}

/// What one of Keeper's own columns says; it never holds a value.
fn told(record: &Record, column: &str) -> Option<String> {
    let cell = record.cells.iter().find(|(name, _)| name == column);
    cell.and_then(|(_, cell)| match cell {
        Cell::Text(text) | Cell::Number(text) => Some(text.trim().to_owned()),
        Cell::Flag(on) => Some(on.to_string()),
        _ => None,
    })
}

fn row(record: Record, makes_values: bool) -> Row {
    if let Some(problem) = record.problem {
        return Row::failing(record.at, "", &problem);
    }
    let mut row = Row::new(record.at);
    let cells = record.cells.into_iter().filter(|(column, _)| !DECIDED.contains(&column.as_str()));
    for (column, cell) in cells {
        let cell = understood(&column, cell);
        row.set(&column, cell);
    }
    if row.input.value.is_none() && row.problems.is_empty() {
        if makes_values {
            "generated".clone_into(&mut row.input.mode);
        } else {
            row.problems.add("value", "is missing: give a column value, or let Keeper make the values of new secrets with --generate");
        }
    }
    row
}

/// As another program may have written it. A value stays as it is.
fn understood(column: &str, cell: Cell) -> Cell {
    match (column, cell) {
        ("secret_type" | "secrecy_level", Cell::Text(text)) => Cell::Text(member(&text)),
        ("auto_rotate", Cell::Text(text) | Cell::Number(text)) => {
            flag(&text).map_or(Cell::Text(text), Cell::Flag)
        }
        ("expires_at", Cell::Text(text)) => Cell::Text(time(&text)),
        (_, cell) => cell,
    }
}

/// `2026-01-31 10:00:00.000000`, as databases write a time without a zone: Keeper reads it as UTC.
fn time(text: &str) -> String {
    let text = text.trim().replacen(' ', "T", 1);
    match text.split_once('.') {
        Some((seconds, rest)) if rest.bytes().all(|byte| byte.is_ascii_digit()) => seconds.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(text: &str, makes_values: bool, only: Option<i64>) -> TableInput {
        TableInput {
            environment_id: 1,
            secret_type: "GENERIC".into(),
            secrecy_level: "internal".into(),
            only,
            makes_values,
            content: Plaintext::from(text.to_owned()),
        }
    }

    #[test] // S22 S23 S24: the columns of the table, as the first Keeper's database has them.
    fn a_row_of_another_keeper_is_understood() {
        let text = "id,name,display_name,description,secret_type,secrecy_level,service_name,environment_id,creator_id,aws_sync_status,vault_sync_status,aws_secret_arn,vault_path,expires_at,auto_rotate,rotation_interval_days,last_rotated_at,tags,is_active,created_at,updated_at\n\
            7,DB-Pass,Database,,PASSWORD,SecrecyLevel.CONFIDENTIAL,shop,3,1,SYNCED,NOT_CONFIGURED,arn:aws:x,,2099-01-31 10:00:00.000000,True,30,,\"{\"\"team\"\": \"\"pay\"\"}\",1,2024-01-01,2024-01-01\n\
            8,gone,Gone,,TOKEN,INTERNAL,,3,1,,,,,,False,,,,0,,\n";
        let (rows, left_out) = rows(&input(text, true, None)).unwrap();
        assert_eq!((left_out.len(), left_out[0].path.as_str()), (1, "line 3"));
        let defaults = defaults(&input(text, true, None)).unwrap();
        let now = crate::kit::clock::Utc::from_unix(1_800_000_000).unwrap();
        let (checked, wanted) = read::check(rows, 1, defaults, now).pop().unwrap();
        assert!(checked.problems.is_empty() && checked.is_made, "{:?}", checked.problems);
        let fields = wanted.unwrap().fields;
        assert_eq!(
            (fields.secret_type, fields.secrecy_level),
            (SecretType::Password, SecrecyLevel::Confidential)
        );
        assert!(
            fields.auto_rotate && fields.rotation_interval_days == Some(30) && fields.tags["team"] == "pay"
        );
        assert_eq!(fields.expires_at.unwrap().to_input(), "2099-01-31T10:00");
    }

    #[test]
    fn secrets_of_several_environments_are_told_apart() {
        let text = "[{\"name\": \"a\", \"value\": \"x\", \"environment_id\": 1}, {\"name\": \"b\", \"value\": \"y\", \"environment_id\": 2}]";
        let Err(Error::Invalid(errors)) = rows(&input(text, false, None)) else { panic!("taken") };
        assert!(errors.of("file")[0].contains("(1, 2 in its column"), "{errors:?}");
        let (rows, left_out) = rows(&input(text, false, Some(2))).unwrap();
        assert_eq!((rows.len(), rows[0].input.name.as_str(), left_out[0].path.as_str()), (1, "b", "row 1"));
    }

    #[test]
    fn a_row_without_a_value_says_what_to_do() {
        let (rows, _) = rows(&input("name\na", false, None)).unwrap();
        assert!(rows[0].problems.of("value")[0].contains("--generate"));
    }
}
