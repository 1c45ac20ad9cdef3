//! Looking at the rows of secrets themselves, where no shelf tells: what has a slip, and lists in another order than by name.
use super::card::{self, Card, Source};
use super::dates::{Dated, Mark};
use super::lead::Lead;
use super::walk::Hit;
use crate::db::{Conn, Query, Value};
use crate::domain::error::Result;
use std::collections::{HashMap, HashSet};

/// So many rows are named in one statement.
const MOST: usize = 1000;

/// Those of `ids` that fit; `restrict` adds what rows tell by themselves.
pub(in crate::secrets) async fn fitting(
    conn: &mut Conn,
    lead: &Lead,
    ids: impl IntoIterator<Item = i64>,
    restrict: impl Fn(&mut Query),
) -> Result<HashSet<i64>> {
    let cards = cards(conn, lead, ids, restrict).await?;
    Ok(cards.into_iter().map(|card| card.id).collect())
}

/// Those with a slip that fit, with their names.
pub(super) async fn named(conn: &mut Conn, lead: &Lead) -> Result<Vec<Hit>> {
    let cards = cards(conn, lead, lead.slips.iter().copied(), |_| ()).await?;
    Ok(cards.into_iter().map(|card| (card.name().to_owned(), card.id)).collect())
}

/// Their places in an order of dates, of those that have the date.
pub(super) async fn dated(conn: &mut Conn, lead: &Lead, order: Dated) -> Result<Vec<Mark>> {
    let cards = cards(conn, lead, lead.slips.iter().copied(), |_| ()).await?;
    Ok(cards.iter().filter_map(|card| card.mark(order)).collect())
}

async fn cards(
    conn: &mut Conn,
    lead: &Lead,
    ids: impl IntoIterator<Item = i64>,
    restrict: impl Fn(&mut Query),
) -> Result<Vec<Card>> {
    let asked = &lead.asked;
    let ids: Vec<i64> = ids.into_iter().collect();
    let mut found = Vec::new();
    for some in ids.chunks(MOST) {
        let mut query = card::sources();
        query.push_list(" AND id IN ", some.iter().copied().map(Value::from));
        restrict(&mut query);
        let mut sources: Vec<Source> = conn.all(query).await?;
        // The environments are compared here: SQLite would walk an environment's index instead of going to the rows that are named.
        sources.retain(|source| asked.environments().contains(&source.environment_id));
        let mut left = Vec::new();
        for source in sources {
            let card = source.card(&[]);
            if asked.fits_card(source.environment_id, &card) {
                found.push(card);
            } else if asked.may_fit_paths(source.environment_id, &card) {
                left.push(source);
            }
        }
        // Copies are asked for where the secret's own texts do not do.
        let paths = if left.is_empty() { HashMap::new() } else { card::paths(conn, &left).await? };
        for source in left {
            let card = source.card(paths.get(&source.id).map_or(&[], Vec::as_slice));
            if asked.fits_card(source.environment_id, &card) {
                found.push(card);
            }
        }
    }
    Ok(found)
}
