//! Reading along the stretches in the order of a date: of each environment the next few, then those after them.
use super::card::{self, Line};
use super::dates::{Dated, Mark};
use super::lead::Lead;
use super::rows;
use crate::db::{Conn, Query};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::sql;

/// So many stretches are read, and one of each environment.
const MOST: usize = 24;
/// Of each environment at once.
const WIDEST: usize = 8;
/// Of all at first: enough for a word that one secret in twenty has, so that most pages are full after one statement.
const FIRST: usize = 9;

/// A list in the order of a date: `want` of it from a place on, later ones first when it goes `down`, and none later than `until`.
pub(in crate::secrets) struct Span {
    pub order: Dated,
    pub from: Option<Mark>,
    pub down: bool,
    pub until: Option<Utc>,
    pub want: usize,
}

pub(in crate::secrets) struct Timeline<'a> {
    lead: &'a Lead,
    span: Span,
    lanes: Vec<Lane>,
    /// Found, and perhaps not yet all that stands before them.
    waiting: Vec<Mark>,
    /// So many stretches of each environment are read next, and so many of all were read.
    width: usize,
    read: usize,
    /// So many were handed out.
    given: usize,
}

/// One environment.
struct Lane {
    environment: i64,
    edition: i64,
    /// The stretch that was read last.
    low: Option<String>,
    /// All that stands before this place was read. `None`: nothing yet.
    known: Option<Mark>,
    is_done: bool,
}

impl<'a> Timeline<'a> {
    pub async fn new(conn: &mut Conn, lead: &'a Lead, span: Span) -> Result<Self> {
        let lane = |environment: &i64| {
            let edition = lead.directories.get(environment)?.edition;
            Some(Lane { environment: *environment, edition, low: None, known: None, is_done: false })
        };
        let lanes: Vec<Lane> = lead.environments.iter().filter_map(lane).collect();
        let width = (FIRST / lanes.len().max(1)).clamp(1, WIDEST);
        let mut timeline = Self { lead, span, lanes, waiting: Vec::new(), width, read: 0, given: 0 };
        // Secrets with a slip stand on no stretch as they are now: they are read themselves.
        let loose = rows::dated(conn, lead, timeline.span.order).await?;
        timeline.waiting.extend(loose.into_iter().filter(|mark| timeline.span.holds(mark)));
        Ok(timeline)
    }

    /// The next ones in the order of the list; perhaps none. `is_over` says whether to go on.
    pub async fn more(&mut self, conn: &mut Conn) -> Result<Vec<Mark>> {
        if self.lanes.iter().any(|lane| !lane.is_done) {
            let rows: Vec<(i64, String, Vec<u8>)> = conn.all(self.query()).await?;
            self.read += rows.len();
            for lane in self.lanes.iter_mut().filter(|lane| !lane.is_done) {
                let mut read: Vec<&(i64, String, Vec<u8>)> =
                    rows.iter().filter(|row| row.0 == lane.environment).collect();
                read.sort_unstable_by(|a, b| if self.span.down { b.1.cmp(&a.1) } else { a.1.cmp(&b.1) });
                for (environment, _, cards) in &read {
                    let hits = card::each(cards).filter(|line| self.lead.shows(*environment, line));
                    let marks = hits.filter_map(|line| self.span.mark(&line));
                    self.waiting.extend(marks.filter(|mark| self.span.holds(mark)));
                }
                lane.pass(&read, &self.span, lane.most(&self.span, self.width));
            }
            self.widen();
        }
        Ok(self.certain())
    }

    /// As many as will do, by what was found so far, and one more of each environment.
    fn widen(&mut self) {
        let open = self.lanes.iter().filter(|lane| !lane.is_done).count().max(1);
        let found = self.given + self.waiting.len();
        let missing = self.span.want.saturating_sub(found);
        let wanted = (missing * self.read).div_ceil(found.max(1)).div_ceil(open) + 1;
        self.width = wanted.min(WIDEST).min(self.left() / open).max(1);
    }

    fn left(&self) -> usize {
        (MOST + self.lanes.len()).saturating_sub(self.read)
    }

    /// Nothing more is to come, or it must do; then where it goes on.
    pub fn is_over(&self) -> bool {
        self.left() == 0 || self.lanes.iter().all(|lane| lane.is_done)
    }

    /// Up to where everything is known. `None`: there is nothing left.
    pub fn border(&self) -> Option<Mark> {
        let known = self.lanes.iter().filter(|lane| !lane.is_done).map(|lane| lane.known);
        if self.span.down { known.max() } else { known.min() }.flatten()
    }

    fn certain(&mut self) -> Vec<Mark> {
        let unread = self.lanes.iter().any(|lane| !lane.is_done && lane.known.is_none());
        let border = self.border();
        let down = self.span.down;
        let is_certain = |mark: &Mark| match border {
            _ if unread => false,
            Some(border) if down => *mark >= border,
            Some(border) => *mark <= border,
            None => true,
        };
        let (mut certain, waiting): (Vec<Mark>, Vec<Mark>) = self.waiting.drain(..).partition(is_certain);
        self.waiting = waiting;
        certain.sort_unstable();
        if down {
            certain.reverse();
        }
        self.given += certain.len();
        certain
    }

    /// The next stretches of each environment. Keys first, then cards, which MariaDB would else carry through a table on disk.
    fn query(&self) -> Query {
        let mut query = sql!("SELECT environment_id, low, cards FROM search_stretches WHERE id = 0");
        let (down, width) = (self.span.down, self.width);
        let from = self.span.from.map(|mark| mark.to_string());
        for lane in self.lanes.iter().filter(|lane| !lane.is_done) {
            let most = lane.most(&self.span, width);
            let (text, low, down) = match (&lane.low, &from) {
                (Some(low), _) if down => (" AND low < ?", low.as_str(), true),
                (Some(low), _) => (" AND low > ?", low.as_str(), false),
                (None, Some(from)) => (" AND low <= ?", from.as_str(), true),
                (None, None) => (" AND low >= ?", "", down),
            };
            self.part(&mut query, lane, text, low, down, most);
        }
        query
    }

    fn part(&self, query: &mut Query, lane: &Lane, text: &'static str, low: &str, down: bool, most: usize) {
        query.push(
            " UNION ALL SELECT part.environment_id, part.low, (SELECT s.cards FROM search_stretches s WHERE s.id = part.id)
              FROM (SELECT id, environment_id, low FROM search_stretches WHERE environment_id = ? AND edition = ? AND dates = ?",
            [lane.environment.into(), lane.edition.into(), self.span.order.number().into()],
        );
        query.push(text, [low.into()]);
        let order = if down { " ORDER BY low DESC LIMIT " } else { " ORDER BY low LIMIT " };
        query.push_number(order, most).push(") AS part", []);
    }
}

impl Span {
    fn mark(&self, line: &Line<'_>) -> Option<Mark> {
        Some(Mark { at: line.dates.of(self.order)?, id: line.id })
    }

    fn holds(&self, mark: &Mark) -> bool {
        self.from.is_none_or(|from| if self.down { *mark < from } else { *mark > from })
            && self.until.is_none_or(|until| mark.at <= until)
    }
}

impl Lane {
    /// So many stretches are asked for. The one that a place lies on is looked for backwards, and so alone when the way goes forwards.
    fn most(&self, span: &Span, width: usize) -> usize {
        if self.low.is_none() && span.from.is_some() && !span.down { 1 } else { width }
    }

    /// After `read` was read, in the order of reading, of which `width` were asked for.
    fn pass(&mut self, read: &[&(i64, String, Vec<u8>)], span: &Span, width: usize) {
        let Some((_, low, cards)) = read.last() else {
            self.is_done = true;
            return;
        };
        self.low = Some(low.clone());
        if span.down {
            // The first stretch begins with nothing.
            self.is_done = low.is_empty();
            self.known = Mark::parse(low);
        } else {
            let last = card::each(cards).filter_map(|line| span.mark(&line)).max();
            self.known = last.or_else(|| Mark::parse(low)).max(self.known);
            self.is_done = read.len() < width;
        }
        self.is_done |=
            span.until.zip(self.known).is_some_and(|(until, known)| !span.down && known.at > until);
    }
}
