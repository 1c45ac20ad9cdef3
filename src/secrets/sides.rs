//! Two environments side by side: which names both have, and whether the values are equal, by keyed digest. No value is opened.
use super::compare::Likeness;
use crate::app::App;
use crate::crypto::digest::Digest;
use crate::db::Conn;
use crate::domain::actor::Actor;
use crate::domain::enums::SecrecyLevel;
use crate::domain::error::{Error, Result};
use crate::environments::{self, Place};
use crate::kit::page::{Cursor, Page};
use crate::sql;

/// Names that are read in one step, and for one page: where few match, a page ends early and the next one goes on.
const BATCH: usize = 500;
const MOST: usize = 3000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Show {
    #[default]
    All,
    /// In both, with different values.
    Differs,
    /// In one of the two.
    Missing,
    Equal,
}

pub struct Asked {
    pub left: i64,
    pub right: i64,
    pub show: Show,
    pub after: String,
    pub limit: usize,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Side {
    pub id: i64,
    pub name: String,
    #[sqlx(try_from = "String")]
    pub level: SecrecyLevel,
    pub version: i64,
    pub length: i64,
    digest: Vec<u8>,
}

impl Side {
    pub fn digest(&self) -> Option<Digest> {
        Digest::from_slice(&self.digest)
    }
}

pub struct Pair {
    pub name: String,
    pub left: Option<Side>,
    pub right: Option<Side>,
}

impl Pair {
    /// `None`: only one side has it.
    pub fn likeness(&self) -> Option<Likeness> {
        Some(Likeness::of(self.left.as_ref()?.digest(), self.right.as_ref()?.digest()))
    }

    fn is(&self, show: Show) -> bool {
        match show {
            Show::All => true,
            Show::Differs => self.likeness().is_some_and(|likeness| likeness != Likeness::Equal),
            Show::Missing => self.likeness().is_none(),
            Show::Equal => self.likeness() == Some(Likeness::Equal),
        }
    }
}

pub struct Sides {
    pub left: Place,
    pub right: Place,
    pub page: Page<Pair>,
}

/// Both doors must be open to the actor: otherwise it is as if one of the two did not exist.
pub async fn side_by_side(app: &App, actor: &Actor, asked: &Asked) -> Result<Sides> {
    let mut conn = app.db.read().await?;
    let left = environments::enter_in(&mut conn, actor, asked.left).await?;
    let right = environments::enter_in(&mut conn, actor, asked.right).await?;
    let page = pairs(&mut conn, asked).await?;
    Ok(Sides { left, right, page })
}

async fn pairs(conn: &mut Conn, asked: &Asked) -> Result<Page<Pair>> {
    let (mut items, mut seen, mut after) = (Vec::new(), 0, asked.after.clone());
    loop {
        let left = names(conn, asked.left, &after).await?;
        let right = names(conn, asked.right, &after).await?;
        // Beyond the end of a full batch nothing is known of that side yet.
        let ends = [&left, &right].map(|side| side.get(BATCH - 1).map(|last| last.name.clone()));
        let end = ends.into_iter().flatten().min();
        for pair in merge(left, right).take_while(|pair| end.as_ref().is_none_or(|end| pair.name <= *end)) {
            seen += 1;
            pair.name.clone_into(&mut after);
            if pair.is(asked.show) {
                items.push(pair);
            }
            if items.len() > asked.limit {
                return Ok(Page::of(items, asked.limit, &Cursor::First, |pair| pair.name.clone()));
            }
        }
        if end.is_none() {
            return Ok(Page { items, previous: None, next: None, is_cut: false });
        }
        if seen >= MOST {
            return Ok(Page { items, previous: None, next: Some(after), is_cut: true });
        }
    }
}

async fn names(conn: &mut Conn, environment_id: i64, after: &str) -> Result<Vec<Side>> {
    let limit = i64::try_from(BATCH).map_err(Error::broken)?;
    conn.all(sql!(
        "SELECT s.id, s.name, s.secrecy_level AS level, s.current_version AS version, v.length, v.digest FROM secrets s
         JOIN secret_versions v ON v.secret_id = s.id AND v.number = s.current_version
         WHERE s.environment_id = ? AND s.is_active = ? AND s.name > ? ORDER BY s.name LIMIT ?",
        environment_id, true, after, limit
    ))
    .await
}

/// Two lists in the order of names become one of pairs.
fn merge(left: Vec<Side>, right: Vec<Side>) -> impl Iterator<Item = Pair> {
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    std::iter::from_fn(move || {
        let name = match (left.peek(), right.peek()) {
            (None, None) => return None,
            (Some(one), None) | (None, Some(one)) => one.name.clone(),
            (Some(a), Some(b)) => a.name.clone().min(b.name.clone()),
        };
        let (left, right) = (left.next_if(|side| side.name == name), right.next_if(|side| side.name == name));
        Some(Pair { name, left, right })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(name: &str, digest: u8) -> Side {
        let level = SecrecyLevel::Internal;
        Side { id: 1, name: name.into(), level, version: 1, length: 1, digest: vec![digest; 32] }
    }

    #[test]
    fn two_lists_become_pairs_in_the_order_of_names() {
        let left = vec![side("a", 1), side("c", 1), side("d", 1)];
        let right = vec![side("b", 1), side("c", 1), side("d", 2)];
        let told: Vec<(String, Option<Likeness>)> =
            merge(left, right).map(|pair| (pair.name.clone(), pair.likeness())).collect();
        let expected =
            [("a", None), ("b", None), ("c", Some(Likeness::Equal)), ("d", Some(Likeness::Differs))];
        assert_eq!(told, expected.map(|(name, likeness)| (name.to_owned(), likeness)));
    }
}
