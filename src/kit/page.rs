//! Keyset paging: a page of rows, and where the next and the previous one begin.

/// Rows of one page. A cursor is the key of the row that the other page lies behind.
#[derive(Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// From one row more than `limit`: the extra row tells that there is a next page.
    pub fn of(mut rows: Vec<T>, limit: usize, key: impl Fn(&T) -> String) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(key) } else { None };
        Self { items: rows, next }
    }
}

/// What a list takes as `limit`: 50 unless told, at most 200.
pub fn limit(asked: Option<u32>) -> u32 {
    asked.unwrap_or(50).clamp(1, 200)
}
