//! A table of secrets that goes to another Keeper, through its API: read by the same rules, and compared with the names that are there.
//! What only the other Keeper knows, such as whether a value is the one that it has, is not guessed.
use super::plan::{self, Verdict};
use super::preview::Row;
use super::read::Checked;
use super::table::{self, TableInput};
use super::tree::LeftOut;
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::secrets::CreateSecret;
use std::collections::BTreeMap;

const UNSEEN: &str = "is there already, and whether its value is this one cannot be seen from here: take the row out, \
    or import on the machine of that Keeper";

pub struct Afar {
    rows: Vec<Row>,
    left_out: Vec<LeftOut>,
}

pub struct Judged {
    pub at: String,
    /// Empty where the row has no name that could be one.
    pub name: String,
    pub verdict: Verdict,
    pub why: String,
    /// What is to be made, where the verdict is `New`.
    pub new: Option<CreateSecret>,
}

/// A table that cannot be read at all is an error of the field `file`.
pub fn read_table_for_another(input: &TableInput, now: Utc) -> Result<Afar> {
    let (rows, left_out) = table::checked(input, now)?;
    Ok(Afar { rows, left_out })
}

impl Afar {
    /// Rows that are passed over, and why.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// Those of which it is to be known whether they are there.
    pub fn names(&self) -> Vec<String> {
        let good = self.rows.iter().filter(|(row, _)| row.problems.is_empty());
        good.map(|(row, _)| row.name.clone()).collect()
    }

    /// `known`: the secrets that are there, and whether they are switched on.
    pub fn judge(self, environment: &str, known: &BTreeMap<String, bool>) -> Vec<Judged> {
        let (checked, wanted): (Vec<Checked>, Vec<Option<CreateSecret>>) = self.rows.into_iter().unzip();
        let twice = plan::twice(&checked);
        let judged = checked.iter().zip(wanted).map(|(row, wanted)| {
            let is_there = || match known.get(&row.name)? {
                false => Some((Verdict::Conflict, plan::switched_off(environment))),
                true if row.is_made => Some((Verdict::Same, plan::STAYS.to_owned())),
                true => Some((Verdict::Conflict, UNSEEN.to_owned())),
            };
            let odd = plan::odd(row, twice.get(row.name.as_str())).or_else(is_there);
            let (verdict, why) = odd.unwrap_or((Verdict::New, String::new()));
            let new = wanted.filter(|_| verdict == Verdict::New);
            Judged { at: row.at.to_string(), name: row.name.clone(), verdict, why, new }
        });
        judged.collect()
    }
}
