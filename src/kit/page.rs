//! Keyset paging, both ways: a page of rows, and where the next and the previous one begin. Every list uses it.
use serde::Deserialize;

/// Where a page begins: at the first row, or beside the row with this key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Cursor {
    #[default]
    First,
    After(String),
    Before(String),
}

impl Cursor {
    /// As the address holds it: `after=…` or `before=…`; an empty text is none.
    pub fn read(after: &str, before: &str) -> Self {
        match (after, before) {
            ("", "") => Self::First,
            ("", before) => Self::Before(before.to_owned()),
            (after, _) => Self::After(after.to_owned()),
        }
    }

    /// True when rows are read backwards, from the key towards the first row.
    pub fn is_back(&self) -> bool {
        matches!(self, Self::Before(_))
    }

    pub fn key(&self) -> Option<&str> {
        match self {
            Self::First => None,
            Self::After(key) | Self::Before(key) => Some(key),
        }
    }

    /// The same place with the key read as a number; what is none is the list's beginning.
    pub fn number(&self) -> Option<i64> {
        self.key().and_then(|key| key.parse().ok())
    }
}

/// Which page of a list without filters, as an address says it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PageInput {
    pub after: String,
    pub before: String,
    pub limit: Option<u32>,
}

impl PageInput {
    pub fn cursor(&self) -> Cursor {
        Cursor::read(&self.after, &self.before)
    }

    pub fn limit(&self) -> u32 {
        limit(self.limit)
    }
}

/// Rows of one page, in the order of the list. `next` is the key that the next page lies after, `previous` the one that
/// the previous page lies before.
#[derive(Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub previous: Option<String>,
    pub next: Option<String>,
    /// Reading ended at its bound: there may be fewer rows than asked for, and more where it goes on.
    pub is_cut: bool,
}

impl<T> Page<T> {
    /// From rows in the order in which they were read, one more than `limit`: the extra row tells that the list goes on there.
    pub fn of(mut rows: Vec<T>, limit: usize, cursor: &Cursor, key: impl Fn(&T) -> String) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        // Behind the cursor lies at least the row that it names.
        let (before, after) = match cursor {
            Cursor::First => (false, more),
            Cursor::After(_) => (true, more),
            Cursor::Before(_) => {
                rows.reverse();
                (more, true)
            }
        };
        let previous = rows.first().filter(|_| before).map(&key);
        let next = rows.last().filter(|_| after).map(&key);
        Self { items: rows, previous, next, is_cut: false }
    }
}

pub const LONGEST: u32 = 200;

/// What a list takes as `limit`: 50 unless told, at most 200.
pub fn limit(asked: Option<u32>) -> u32 {
    asked.unwrap_or(50).clamp(1, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of 1 to 7, read as a database would.
    fn page(cursor: &Cursor) -> Page<i64> {
        let at = cursor.number();
        let rows: Vec<i64> = if cursor.is_back() {
            (1..=7).rev().filter(|n| at.is_none_or(|at| *n < at)).take(4).collect()
        } else {
            (1..=7).filter(|n| at.is_none_or(|at| *n > at)).take(4).collect()
        };
        Page::of(rows, 3, cursor, i64::to_string)
    }

    #[test] // S89
    fn a_list_is_walked_to_its_end_and_back_again() {
        let mut there = vec![page(&Cursor::First)];
        while let Some(next) = there[there.len() - 1].next.clone() {
            there.push(page(&Cursor::After(next)));
        }
        let items: Vec<Vec<i64>> = there.iter().map(|p| p.items.clone()).collect();
        assert_eq!(items, [vec![1, 2, 3], vec![4, 5, 6], vec![7]]);
        let mut back = vec![page(&Cursor::After("6".into()))];
        while let Some(previous) = back[back.len() - 1].previous.clone() {
            back.push(page(&Cursor::Before(previous)));
        }
        let items: Vec<Vec<i64>> = back.iter().map(|p| p.items.clone()).collect();
        assert_eq!(items, [vec![7], vec![4, 5, 6], vec![1, 2, 3]]);
        assert_eq!(back[2].next.as_deref(), Some("3"));
    }
}
