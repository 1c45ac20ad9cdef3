//! Who could read a secret's value, and why: each account is put before the very door that decides (`environments/door.rs`).
use super::find::Found;
use crate::app::App;
use crate::domain::actor::{Actor, Trace};
use crate::domain::error::Result;
use crate::environments::{self, Act, Place};
use crate::kit::page::{Cursor, Page};
use crate::people::{self, User};

/// Accounts that are looked at in one step, and for one page: who has ten thousand of them goes on from there.
const BATCH: u32 = 200;
const MOST: usize = 2000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The value.
    Value,
    /// That it is there, its metadata and its digests.
    Metadata,
    /// Not even that.
    Nothing,
}

pub struct Reader {
    pub user: User,
    pub reach: Reach,
    pub why: &'static str,
}

/// By user name. Those whom the value is open to, or `everybody`.
pub async fn readers(
    app: &App,
    found: &Found,
    everybody: bool,
    after: Option<String>,
    limit: usize,
) -> Result<Page<Reader>> {
    let mut cursor = after.map_or(Cursor::First, Cursor::After);
    let (mut readers, mut seen) = (Vec::new(), 0);
    while seen < MOST {
        let page = people::list(app, &cursor, BATCH).await?;
        let ids: Vec<i64> = page.items.iter().map(|user| user.id).collect();
        let members = environments::members_among(app, found.secret.environment_id, &ids).await?;
        seen += ids.len();
        for user in page.items {
            cursor = Cursor::After(user.username.clone());
            let place = Place::of(found.place.environment.clone(), members.contains(&user.id));
            let reader = stand(app, found, &place, user);
            if !everybody && reader.reach != Reach::Value {
                continue;
            }
            readers.push(reader);
            if readers.len() == limit {
                return Ok(page_of(readers, &cursor, false));
            }
        }
        if page.next.is_none() {
            return Ok(page_of(readers, &Cursor::First, false));
        }
    }
    Ok(page_of(readers, &cursor, true))
}

fn page_of(items: Vec<Reader>, end: &Cursor, is_cut: bool) -> Page<Reader> {
    Page { items, previous: None, next: end.key().map(str::to_owned), is_cut }
}

fn stand(app: &App, found: &Found, place: &Place, user: User) -> Reader {
    let actor = Actor::Person(user.person(app.now(), Trace::default()));
    let judged = place.judge(&actor, Act::Reveal, found.secret.secrecy_level);
    let (reach, why) = if !user.is_active {
        (Reach::Nothing, "the account is switched off")
    } else if !place.is_visible_to(&actor) {
        (Reach::Nothing, "the door is closed: not a member")
    } else if judged.is_allowed {
        (Reach::Value, judged.why)
    } else {
        (Reach::Metadata, judged.why)
    };
    Reader { user, reach, why }
}
