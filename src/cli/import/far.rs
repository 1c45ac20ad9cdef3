//! A table of secrets for another Keeper: what is new there is sent a thousand at a time, and each thousand is stored whole or not at all.
use super::{Line, after};
use crate::cli::exit::{Exit, Stop};
use crate::cli::progress::Progress;
use crate::cli::source::{Home, Source};
use crate::domain::schedule::WindowInput;
use crate::imports::{Judged, LeftOut, TableInput, read_table_for_another};
use crate::kit::clock::Clock;
use crate::remote::keeper::{Batch, Keeper, NewSecret, Said, Trouble};
use crate::secrets::{CreateSecret, MOST_AT_ONCE, NewValue};
use std::collections::BTreeMap;

pub struct Far {
    source: Source,
    rows: Vec<Judged>,
    left_out: Vec<LeftOut>,
}

pub async fn read_far(keeper: Box<Keeper>, home: &Home, input: &TableInput) -> Result<Far, Stop> {
    let table = read_table_for_another(input, Clock::System.now())?;
    let source = Source::Far(keeper);
    let known = source.named(home, &table.names()).await?.into_iter();
    let known: BTreeMap<String, bool> = known.map(|secret| (secret.name, secret.is_active)).collect();
    let left_out = table.left_out().to_vec();
    Ok(Far { source, rows: table.judge(&home.display_name, &known), left_out })
}

impl Far {
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    pub fn lines(&self) -> impl Iterator<Item = Line> {
        self.rows.iter().map(|row| Line {
            at: row.at.clone(),
            name: row.name.clone(),
            verdict: row.verdict.as_str(),
            why: row.why.clone(),
        })
    }

    /// Ends at the first thousand that is refused; those before it stay.
    pub async fn take(self, lines: &mut [Line], why: &str) -> Result<usize, Stop> {
        let Source::Far(keeper) = self.source else { return Ok(0) };
        let new = self.rows.into_iter().enumerate();
        let (places, new): (Vec<usize>, Vec<NewSecret>) =
            new.filter_map(|(place, row)| Some((place, sent(row.new?, why)))).unzip();
        let mut progress = Progress::new("Imported");
        let mut done = 0;
        while done < new.len() {
            let batch = Batch::of(&new[done..], MOST_AT_ONCE)
                .map_err(|e| after(done, Stop(Exit::Finding, e.to_string())))?;
            let places = &places[done..done + batch.rows];
            match keeper.create_secrets(batch).await {
                Ok(made) => done += made,
                Err(Trouble::Said(said)) if is_told(&said, places, lines) => break,
                // It may have been stored before the answer was lost.
                Err(Trouble::Away(why)) => {
                    let at = |place: Option<&usize>| {
                        place.and_then(|place| lines.get(*place)).map_or("", |line| &line.at)
                    };
                    let (first, last) = (at(places.first()), at(places.last()));
                    let why = format!(
                        "{why}. Whether what stands from {first} to {last} was stored is not known: look with --dry-run"
                    );
                    return Err(after(done, Stop(Exit::Away, why)));
                }
                Err(trouble) => return Err(after(done, refused(trouble))),
            }
            progress.counted(done, new.len());
        }
        Ok(done)
    }
}

/// What is wrong with rows is told at the lines of the file where they stand. False: it is not about rows, or about all of them.
fn is_told(said: &Said, places: &[usize], lines: &mut [Line]) -> bool {
    let mut told: Vec<(usize, String)> = Vec::new();
    for (field, messages) in &said.fields {
        let Some((row, field)) = row_of(field).filter(|(_, field)| *field != "reason") else { return false };
        let Some(place) = places.get(row) else { return false };
        let messages: Vec<&str> = messages.iter().map(|message| bare(message)).collect();
        told.push((*place, format!("{field} {}", messages.join("; ")).trim().to_owned()));
    }
    for (place, why) in &told {
        if let Some(line) = lines.get_mut(*place) {
            line.verdict = "invalid";
            let former = std::mem::take(&mut line.why);
            line.why = if former.is_empty() { why.clone() } else { format!("{former}; {why}") };
        }
    }
    !told.is_empty()
}

/// A reason is missing in each row and is said once, as `--reason`.
fn refused(trouble: Trouble) -> Stop {
    if let Trouble::Said(said) = &trouble {
        let reason =
            said.fields.iter().find(|(field, _)| row_of(field).is_some_and(|(_, name)| name == "reason"));
        if let Some(message) = reason.and_then(|(_, messages)| messages.first()) {
            return Stop(Exit::Usage, format!("reason {}", bare(message)));
        }
    }
    trouble.into()
}

/// `items[3].name`
fn row_of(field: &str) -> Option<(usize, &str)> {
    let (row, name) = field.strip_prefix("items[")?.split_once(']')?;
    Some((row.parse().ok()?, name.trim_start_matches('.')))
}

/// `row 4: is taken`: the row is told by its line in the file.
fn bare(message: &str) -> &str {
    match message.split_once(": ") {
        Some((row, rest)) if row.starts_with("row ") => rest,
        _ => message,
    }
}

fn sent(new: CreateSecret, why: &str) -> NewSecret {
    let CreateSecret { environment_id, name, value, fields } = new;
    let window = fields.window.as_ref().map(WindowInput::from).unwrap_or_default();
    NewSecret {
        environment_id,
        name: name.as_str().to_owned(),
        display_name: fields.display_name,
        description: fields.description,
        secret_type: fields.secret_type.as_str(),
        secrecy_level: fields.secrecy_level.as_str(),
        service_name: fields.service_name,
        expires_at: fields.expires_at.map(|at| at.to_string()),
        auto_rotate: fields.auto_rotate,
        rotation_interval_days: fields.rotation_interval_days,
        policy: fields.policy.map(|policy| policy.to_string()),
        window_days: window.window_days,
        window_from: window.window_from,
        window_to: window.window_to,
        window_zone: window.window_zone,
        tags: fields.tags,
        reason: why.to_owned(),
        value: match value {
            NewValue::Typed(value) => Some(value),
            NewValue::Generated(_) => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: &str) -> Line {
        Line { at: at.into(), name: "x".into(), verdict: "new", why: String::new() }
    }

    fn said(fields: &[(&str, &str)]) -> Said {
        let fields = fields.iter().map(|(field, why)| ((*field).to_owned(), vec![(*why).to_owned()]));
        Said { status: 422, code: "invalid".into(), message: "not valid".into(), fields: fields.collect() }
    }

    #[test] // S86: a second thousand counts from its own beginning, and the file does not.
    fn a_row_is_told_by_its_line_in_the_file() {
        let mut lines = [line("line 2"), line("line 3"), line("line 4")];
        let refused = said(&[("items[1].name", "row 2: is taken"), ("items[1].tags", "row 2: are too many")]);
        assert!(is_told(&refused, &[0, 2], &mut lines));
        assert_eq!((lines[1].verdict, lines[2].verdict), ("new", "invalid"));
        assert_eq!(lines[2].why, "name is taken; tags are too many");
        for other in [said(&[]), said(&[("items", "holds no row")]), said(&[("items[7].name", "row 8: x")])] {
            assert!(!is_told(&other, &[0, 2], &mut lines));
        }
    }

    #[test]
    fn a_reason_that_is_missing_in_all_rows_is_said_once() {
        let refusal =
            said(&[("items[0].reason", "row 1: is required"), ("items[1].reason", "row 2: is required")]);
        assert!(!is_told(&refusal, &[0, 1], &mut [line("line 2"), line("line 3")]));
        let stop = refused(Trouble::Said(refusal));
        assert_eq!((stop.0, stop.1.as_str()), (Exit::Usage, "reason is required"));
    }
}
