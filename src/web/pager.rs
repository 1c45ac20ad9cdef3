//! The foot of a list without filters: where the pages beside this one are, with as many rows as were asked for.
use super::forms::encoded;
use super::views::parts::Pager;
use crate::kit::page::{Page, PageInput};

impl Pager {
    pub fn of<T>(path: &str, asked: &PageInput, page: &Page<T>) -> Self {
        let limit = asked.limit.map(|limit| format!("&limit={limit}")).unwrap_or_default();
        let beside = |name: &str, key: &String| format!("{path}?{name}={}{limit}", encoded(key));
        Self {
            note: format!("{} on this page", page.items.len()),
            previous: page.previous.as_ref().map(|key| beside("before", key)),
            next: page.next.as_ref().map(|key| beside("after", key)),
        }
    }
}
