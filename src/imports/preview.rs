//! A held file, opened and compared with what is stored at this moment.
use super::hold::{self, Held};
use super::plan::{self, Plan};
use super::read::{self, Checked, Defaults};
use super::tree::{self, Fate, LeftOut};
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::enums::{Backend, Role, SecrecyLevel};
use crate::domain::error::Result;
use crate::environments::{self, Act, Place};
use crate::secrets::CreateSecret;

pub struct Preview {
    pub held: Held,
    pub place: Place,
    pub plan: Plan,
    /// What a backend holds as well, and what is not imported.
    pub left_out: Vec<LeftOut>,
}

/// What a file says, before it is compared.
pub(super) struct Opened {
    /// The row that it is held in, if it waits for its confirmation there.
    pub import: Option<i64>,
    /// The backend that it was read from, if it is no file.
    pub from: Option<Backend>,
    pub place: Place,
    pub checked: Vec<Checked>,
    /// Beside each of them, what it asks for.
    pub wanted: Vec<Option<CreateSecret>>,
    pub left_out: Vec<LeftOut>,
}

/// A row that was checked, and what it asks for.
pub(super) type Row = (Checked, Option<CreateSecret>);

pub async fn preview(app: &App, actor: &Actor, id: i64) -> Result<Preview> {
    let (held, opened) = open(app, actor, id).await?;
    let mut conn = app.db.read().await?;
    let mut plan = plan::plan(&mut conn, actor, &opened.place, &opened.checked, false).await?;
    let left_out = [opened.left_out, std::mem::take(&mut plan.left_out)].concat();
    Ok(Preview { held, place: opened.place, plan, left_out })
}

pub(super) async fn open(app: &App, actor: &Actor, id: i64) -> Result<(Held, Opened)> {
    let held = hold::find(app, actor, id).await?;
    let place = environments::enter(app, actor, held.environment_id).await?;
    place.demand(actor, Act::Change, SecrecyLevel::Internal)?;
    if held.origin().is_some() {
        // Whoever was an admin when it was read may be none by now.
        actor.demand(Role::Admin, "importing from a backend")?;
    }
    let file = hold::open(app, &held).await?;
    let defaults = Defaults { secret_type: held.secret_type, secrecy_level: held.secrecy_level };
    let text = read::text(&file)?;
    let (rows, mut left_out) = match held.origin() {
        None => (read::rows(held.format, text)?, Vec::new()),
        Some(_) => tree::read(text)?,
    };
    let mut rows = read::check(rows, held.environment_id, defaults, app.now());
    if held.origin().is_some() {
        rows = without_odd(rows, &mut left_out);
    }
    let (mut checked, wanted): (Vec<Checked>, Vec<Option<CreateSecret>>) = rows.into_iter().unzip();
    for row in &mut checked {
        if let (Some(origin), Some(backend)) = (&mut row.origin, held.origin())
            && origin.fate == Fate::Adopted
            && place.environment.path(backend, &row.service, &row.name) != origin.path
        {
            // The template has changed since it was read.
            origin.fate = Fate::Beside;
        }
    }
    digest(app, &mut checked, &wanted)?;
    let opened = Opened { import: Some(held.id), from: held.origin(), place, checked, wanted, left_out };
    Ok((held, opened))
}

/// What tells a row's value from the one that is stored.
pub(super) fn digest(app: &App, checked: &mut [Checked], wanted: &[Option<CreateSecret>]) -> Result<()> {
    let keys = app.keys()?;
    for (row, wanted) in checked.iter_mut().zip(wanted) {
        row.digest = wanted.as_ref().and_then(|secret| secret.value.typed()).map(|value| keys.digest(value));
    }
    Ok(())
}

/// Nobody can mend what lies in a backend as they mend a file: what breaks a rule holds up no other.
fn without_odd(rows: Vec<Row>, left_out: &mut Vec<LeftOut>) -> Vec<Row> {
    let (odd, fine): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|(row, _)| !row.problems.is_empty());
    left_out.extend(
        odd.iter().map(|(row, _)| LeftOut { path: row.at.to_string(), why: plan::words(&row.problems) }),
    );
    fine
}
