//! What the list of secrets draws around its rows: views, filters, what is set of them, and the words above and below.
use super::query::ListQuery;
use crate::domain::enums::{SecrecyLevel, SecretType, SyncStatus};
use crate::environments::{Act, Place, Verdict};
use crate::secrets::Due;
use crate::web::convert::type_label;
use crate::web::extract::CurrentUser;
use crate::web::forms::choices;
use crate::web::views::parts::{Chip, Choice, SortHead, Tab};
use crate::web::views::secrets::{Filters, Heads};

/// Takes one filter off.
type Without = fn(&mut ListQuery);

impl ListQuery {
    pub(super) fn sub(&self) -> String {
        if self.q.is_empty() {
            "In every environment whose door is open to you.".to_owned()
        } else {
            format!("Matching “{}”.", self.q)
        }
    }

    pub(super) fn tabs(&self) -> Vec<Tab> {
        let tab = |label, due: &str, active: &str| Tab {
            label,
            href: self.with(|q| (q.due, q.active) = (due.to_owned(), active.to_owned())),
            current: self.due == due && self.active == active,
            count: None,
        };
        vec![
            tab("All", "", ""),
            tab("Overdue", "overdue", ""),
            tab("Expiring", "expiring", ""),
            tab("Switched off", "", "false"),
        ]
    }

    pub(super) fn heads(&self) -> Heads {
        let usual = match self.due.as_str() {
            "" => "name",
            "expiring" => "expires",
            _ => "due",
        };
        let now = if self.sort.is_empty() { usual } else { &self.sort };
        let head = |label, sort: &str, order| SortHead {
            label,
            href: self.with(|q| sort.clone_into(&mut q.sort)),
            order: if now == sort { order } else { "" },
        };
        Heads {
            name: head("Name", "name", "ascending"),
            due: head("Rotation", "due", "ascending"),
            changed: head("Changed", "updated", "descending"),
        }
    }

    pub(super) fn choices(&self, places: &[Place]) -> Filters {
        Filters {
            q: self.q.clone(),
            tag: self.tag.clone(),
            active: self.active.clone(),
            sort: self.sort.clone(),
            limit: self.limit.map(|limit| limit.to_string()).unwrap_or_default(),
            environment: environments_choices(places, &self.environment),
            kind: choices(SecretType::ALL, SecretType::as_str, |t| type_label(t).to_owned(), &self.kind),
            level: choices(SecrecyLevel::ALL, SecrecyLevel::as_str, SecrecyLevel::label, &self.level),
            status: choices(SyncStatus::ALL, SyncStatus::as_str, SyncStatus::label, &self.status),
            due: choices(Due::ALL, Due::as_str, |due| due.phrase().to_owned(), &self.due),
        }
    }

    pub(super) fn chips(&self, places: &[Place]) -> Vec<Chip> {
        let environment = places.iter().find(|p| p.environment.id.to_string() == self.environment);
        let environment = environment.map_or(self.environment.clone(), |p| p.environment.name.clone());
        // The tabs name the other two views.
        let due =
            if self.due == Due::Soon.as_str() { Due::Soon.phrase().to_lowercase() } else { String::new() };
        let all: [(String, Without); 7] = [
            (self.q.clone(), |q| q.q.clear()),
            (environment, |q| q.environment.clear()),
            (self.kind.replace('_', " "), |q| q.kind.clear()),
            (self.level.clone(), |q| q.level.clear()),
            (self.status.replace('_', " "), |q| q.status.clear()),
            (self.tag.clone(), |q| q.tag.clear()),
            (due, |q| q.due.clear()),
        ];
        all.into_iter()
            .filter(|(label, _)| !label.is_empty())
            .map(|(label, without)| Chip { href: self.with(without), label })
            .collect()
    }

    /// The foot of the list. `is_cut`: only a part was looked at, and the next page goes on.
    pub(super) fn note(&self, rows: usize, total: Option<i64>, is_cut: bool) -> String {
        let secrets = if rows == 1 { "secret" } else { "secrets" };
        let left_out = match self.sort.as_str() {
            "due" => "; without a rotation date they are left out",
            "expires" => "; without an expiry they are left out",
            _ => "",
        };
        let cut = if is_cut { "; more may follow, a part of the list was looked at" } else { "" };
        match total {
            Some(total) => format!("{rows} of {} {secrets}{left_out}{cut}", grouped(total)),
            None => format!("{rows} {secrets} on this page{left_out}{cut}"),
        }
    }

    /// Where a new secret is made: in the environment that is looked at, if that is allowed. `None`: nowhere.
    pub(super) fn new_href(&self, user: &CurrentUser, places: &[Place]) -> Option<String> {
        let may = |p: &&Place| p.may(&user.actor, Act::Change, SecrecyLevel::Internal) == Verdict::Yes;
        let mut open = places.iter().filter(may).peekable();
        open.peek()?;
        let here = open.find(|p| p.environment.id.to_string() == self.environment);
        Some(
            here.map_or("/secrets/new".to_owned(), |p| {
                format!("/secrets/new?environment={}", p.environment.id)
            }),
        )
    }
}

pub fn environments_choices(places: &[Place], on: &str) -> Vec<Choice> {
    let choice = |p: &Place| {
        let value = p.environment.id.to_string();
        Choice { on: value == on, value, label: p.environment.name.clone(), help: String::new() }
    };
    places.iter().map(choice).collect()
}

/// 1234567 as "1,234,567".
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn large_numbers_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }
}
