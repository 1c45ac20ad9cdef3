//! A table of secrets that was looked at, on its way into this machine's database or to another Keeper.
use super::far::{Far, read_far};
use super::{Line, is_amiss};
use crate::app::Shared;
use crate::cli::exit::Stop;
use crate::cli::open;
use crate::cli::source::{Home, Source};
use crate::imports::{self, LeftOut, Plan, TableInput};

pub enum Sheet {
    Here(Box<Here>),
    Far(Box<Far>),
}

pub struct Here {
    app: Shared,
    sheet: imports::Sheet,
    plan: Plan,
}

impl Sheet {
    /// What would become of each row.
    pub async fn look(source: Source, home: &Home, input: TableInput) -> Result<Self, Stop> {
        match source {
            Source::Here(app) => {
                let operator = open::operator();
                let sheet = imports::read_table(&app, &operator, input).await?;
                let plan = sheet.plan(&app, &operator).await?;
                Ok(Self::Here(Box::new(Here { app, sheet, plan })))
            }
            Source::Far(keeper) => Ok(Self::Far(Box::new(read_far(keeper, home, &input).await?))),
        }
    }

    pub fn is_far(&self) -> bool {
        matches!(self, Self::Far(_))
    }

    pub fn lines(&self) -> Vec<Line> {
        match self {
            Self::Here(here) => {
                let rows = here.plan.rows.iter().map(|row| Line {
                    at: row.at.to_string(),
                    name: row.name.clone(),
                    verdict: row.verdict.as_str(),
                    why: row.why.clone(),
                });
                rows.chain(left_out(here.sheet.left_out())).collect()
            }
            Self::Far(far) => far.lines().chain(left_out(far.left_out())).collect(),
        }
    }

    /// Stores what can be stored, and gives how much it was. `lines` are those that were shown: a Keeper that is far may still find
    /// something wrong with one.
    pub async fn take(self, lines: &mut [Line], why: &str) -> Result<usize, Stop> {
        if lines.iter().any(is_amiss) {
            return Ok(0);
        }
        match self {
            Self::Here(here) if here.plan.is_possible() => {
                let Here { app, sheet, plan } = *here;
                let done = imports::take(&app, &open::operator(), sheet, &plan.fingerprint(), why).await?;
                Ok(done.created.len() + done.changed.len())
            }
            Self::Here(_) => Ok(0),
            Self::Far(far) => far.take(lines, why).await,
        }
    }
}

fn left_out(rows: &[LeftOut]) -> impl Iterator<Item = Line> {
    rows.iter().map(|left| Line {
        at: left.path.clone(),
        name: String::new(),
        verdict: "left out",
        why: left.why.clone(),
    })
}
