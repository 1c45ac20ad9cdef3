//! What an import would do, row by row: new, changed, the same, in conflict, invalid. Made for the preview, and made again
//! inside the unit that stores it: where the two differ, nothing is stored.
use super::read::Checked;
use super::tree::{LeftOut, Origin};
use crate::crypto::digest::Digest;
use crate::db::{BATCH, Conn, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::spelled;
use crate::domain::error::Result;
use crate::domain::fields::FieldErrors;
use crate::environments::{Act, Place, Verdict as May, Way};
use crate::kit::table::At;
use crate::secrets::{self, Secret};
use crate::sql;
use sha2::Digest as _;
use std::collections::HashMap;

spelled!(Verdict { New = "new", Changed = "changed", Same = "same", Conflict = "conflict", Invalid = "invalid" });

pub struct Planned {
    /// Its place among the rows that were checked.
    pub(super) index: usize,
    pub at: At,
    /// Empty where the row has no name that could be one.
    pub name: String,
    pub verdict: Verdict,
    /// What is wrong with the row, field by field.
    pub why: String,
    pub digest: Option<Digest>,
    pub length: usize,
    /// The secret that exists already.
    pub secret: Option<Secret>,
    /// The digest of its current value.
    pub stored: Option<Digest>,
    pub origin: Option<Origin>,
}

pub struct Plan {
    pub rows: Vec<Planned>,
    /// Of a tree in a backend: what is in conflict. Nobody can mend it there as one mends a file, so it holds up no other.
    pub left_out: Vec<LeftOut>,
}

impl Plan {
    pub fn count(&self, verdict: Verdict) -> usize {
        self.rows.iter().filter(|row| row.verdict == verdict).count()
    }

    /// All or nothing: one row that cannot be imported holds up the others.
    pub fn is_possible(&self) -> bool {
        self.count(Verdict::Conflict) + self.count(Verdict::Invalid) == 0
            && self.count(Verdict::New) + self.count(Verdict::Changed) > 0
    }

    /// Tells two plans apart: the same rows, with the same verdicts, over the same versions of the same secrets.
    pub fn fingerprint(&self) -> String {
        let mut hash = sha2::Sha256::new();
        for row in &self.rows {
            let over = row.secret.as_ref().filter(|_| row.verdict == Verdict::Changed);
            let over = over.map(|secret| (secret.id, secret.row_version, secret.current_version));
            hash.update(format!("{} {} {} {over:?}\n", row.at, row.name, row.verdict.as_str()));
        }
        hex::encode(hash.finalize())
    }
}

/// `lock` holds the secrets that exist until the unit ends, in the order of their names.
pub(super) async fn plan(
    conn: &mut Conn,
    actor: &Actor,
    place: &Place,
    checked: &[Checked],
    lock: bool,
) -> Result<Plan> {
    let environment = &place.environment;
    let mut names: Vec<&str> =
        checked.iter().map(|row| row.name.as_str()).filter(|n| !n.is_empty()).collect();
    names.sort_unstable();
    let twice = twice(checked);
    names.dedup();
    let mut stored: HashMap<String, (Secret, Option<Digest>)> = HashMap::new();
    for batch in names.chunks(BATCH) {
        let secrets = secrets::named(conn, environment.id, batch, lock).await?;
        let digests = current_digests(conn, &secrets).await?;
        let with_digest = |secret: Secret| {
            let digest = digests.get(&secret.id).and_then(|bytes| Digest::from_slice(bytes));
            (secret.name.clone(), (secret, digest))
        };
        stored.extend(secrets.into_iter().map(with_digest));
    }
    let new = checked.iter().filter(|row| !stored.contains_key(&row.name));
    let wanted: Vec<_> = new
        .filter(|row| row.problems.is_empty())
        .map(|row| (row.service.as_str(), row.name.as_str()))
        .collect();
    let paths = secrets::taken_paths(conn, environment, &wanted).await?;
    let planned = |(index, row): (usize, &Checked)| {
        let known = stored.remove(&row.name);
        let beside = Beside { known: known.as_ref(), twice: twice.get(row.name.as_str()), paths: &paths };
        let (verdict, why) = judge(actor, place, row, &beside);
        let (secret, stored) = known.map_or((None, None), |(secret, digest)| (Some(secret), digest));
        Planned {
            index,
            at: row.at.clone(),
            name: row.name.clone(),
            verdict,
            why,
            digest: row.digest,
            length: row.length,
            secret,
            stored,
            origin: row.origin.clone(),
        }
    };
    let rows: Vec<Planned> = checked.iter().enumerate().map(planned).collect();
    let holds_up = |row: &Planned| row.origin.is_none() || row.verdict != Verdict::Conflict;
    let (rows, odd): (Vec<Planned>, Vec<Planned>) = rows.into_iter().partition(holds_up);
    let left_out = odd.into_iter().map(|row| LeftOut { path: row.at.to_string(), why: row.why });
    Ok(Plan { rows, left_out: left_out.collect() })
}

/// What stands beside a row: the secret of its name, the other rows of its name, the paths that are taken.
struct Beside<'a> {
    known: Option<&'a (Secret, Option<Digest>)>,
    twice: Option<&'a String>,
    paths: &'a HashMap<String, String>,
}

fn judge(actor: &Actor, place: &Place, row: &Checked, beside: &Beside<'_>) -> (Verdict, String) {
    if let Some(odd) = odd(row, beside.twice) {
        return odd;
    }
    let is_file = row.origin.is_none();
    let may = |act, level| match place.may(actor, act, level) {
        May::Yes => None,
        May::No(why) => Some((Verdict::Conflict, why.to_owned())),
    };
    let Some((secret, stored)) = beside.known else {
        let path = beside.paths.get(&row.name).map(|why| (Verdict::Conflict, why.clone()));
        let refused = may(Act::Change, row.level).or(path);
        return refused.unwrap_or((Verdict::New, String::new()));
    };
    if !secret.is_active {
        let name = &place.environment.display_name;
        return (
            Verdict::Conflict,
            if is_file {
                switched_off(name)
            } else {
                format!("{} is switched off in {name}: switch it on first", row.name)
            },
        );
    }
    if row.is_made {
        return (Verdict::Same, STAYS.to_owned());
    }
    if *stored == row.digest {
        return (Verdict::Same, String::new());
    }
    match place.way(actor, secret.secrecy_level) {
        Way::Direct => (Verdict::Changed, String::new()),
        Way::No(why) => (Verdict::Conflict, why.to_owned()),
        Way::Ask(why) => {
            let how = if is_file { "take the row out, and ask" } else { "ask" };
            (Verdict::Conflict, format!("{why}: {how} for it on the secret’s page"))
        }
    }
}

/// What is wrong with a row by itself, whatever is stored.
pub(super) fn odd(row: &Checked, twice: Option<&String>) -> Option<(Verdict, String)> {
    if !row.problems.is_empty() {
        return Some((Verdict::Invalid, words(&row.problems)));
    }
    let places = twice?;
    let why = if row.origin.is_none() {
        format!("stands in the file more than once, {places}: keep one")
    } else {
        format!("{} would be the name of several: {places}", row.name)
    };
    Some((Verdict::Conflict, why))
}

/// Of a row without a value, whose secret is there.
pub(super) const STAYS: &str = "is there already: its value stays, and so does the rest";

pub(super) fn switched_off(environment: &str) -> String {
    format!("is switched off in {environment}: switch it on first, or take the row out")
}

/// Names that the file holds several times, with where.
pub(super) fn twice(checked: &[Checked]) -> HashMap<&str, String> {
    let mut places: HashMap<&str, Vec<String>> = HashMap::new();
    for row in checked.iter().filter(|row| !row.name.is_empty()) {
        places.entry(&row.name).or_default().push(row.at.to_string());
    }
    places.retain(|_, places| places.len() > 1);
    places.into_iter().map(|(name, places)| (name, places[..places.len().min(5)].join(" and "))).collect()
}

pub(super) fn words(problems: &FieldErrors) -> String {
    let one =
        |(field, messages): (&str, &[String])| format!("{field} {}", messages.join(", ")).trim().to_owned();
    problems.iter().map(one).collect::<Vec<_>>().join("; ")
}

async fn current_digests(conn: &mut Conn, secrets: &[Secret]) -> Result<HashMap<i64, Vec<u8>>> {
    let mut query = sql!("SELECT secret_id, digest FROM secret_versions WHERE state = 'current'");
    query.push_list(" AND secret_id IN ", secrets.iter().map(|secret| Value::from(secret.id)));
    Ok(conn.all::<(i64, Vec<u8>)>(query).await?.into_iter().collect())
}
