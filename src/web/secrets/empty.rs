//! Why a list of secrets is empty, and what to do next: each cause has its own words.
use super::query::ListQuery;
use crate::environments::Place;
use crate::web::views::parts::Empty;

impl ListQuery {
    /// `is_cut`: only a part was looked at.
    pub(super) fn empty(&self, places: &[Place], is_cut: bool) -> Empty {
        let (title, text) = if is_cut {
            let text = "What you ask for is rare among much that is common, and a part of the list was looked at. Go on, or add a word.";
            ("Nothing so far".to_owned(), text.to_owned())
        } else {
            self.reason(places)
        };
        let is_plain = self.with(|q| (q.sort, q.limit) = (String::new(), None)) == "/secrets";
        Empty { title, text, filtered: !is_plain }
    }

    fn reason(&self, places: &[Place]) -> (String, String) {
        let say = |title: &str, text: &str| (title.to_owned(), text.to_owned());
        if places.is_empty() {
            return say(
                "No environment is open to you",
                "An admin makes environments and opens their doors.",
            );
        }
        if self.is_inside() {
            return say("Nothing further", "The list ends before this page.");
        }
        let place = places.iter().find(|p| p.environment.id.to_string() == self.environment);
        if !self.environment.is_empty() && place.is_none() {
            return say("No such environment", "It does not exist, or its door is closed to you.");
        }
        let where_ =
            place.map_or("anywhere that is open to you".to_owned(), |p| format!("in {}", p.environment.name));
        if self.narrowed() {
            return say("Nothing matches", self.hint());
        }
        match (self.due.as_str(), self.active.as_str(), self.sort.as_str()) {
            ("overdue", ..) => (format!("Nothing is overdue {where_}"), "No rotation date has passed.".into()),
            ("soon", ..) => (format!("Nothing is due {where_}"), "No rotation date lies in the next 14 days.".into()),
            ("expiring", ..) => (format!("Nothing expires {where_}"), "No expiry lies in the next 30 days, or behind.".into()),
            (_, "false", _) => (format!("Nothing is switched off {where_}"), "A secret is switched off on its own page, and on again.".into()),
            (.., "due") => (format!("No rotation is planned {where_}"), "Sorted by rotation, the list leaves out what has no date. Sort by name to see everything.".into()),
            _ => (
                format!("No secrets {where_} yet"),
                "The first one you make is listed here. It becomes version 1 and is copied to its environment’s backends.".into(),
            ),
        }
    }

    /// Something else than the environment, the view and the order narrows the list.
    fn narrowed(&self) -> bool {
        let views = self.with(|q| {
            (q.environment, q.due, q.active, q.sort, q.limit) = Default::default();
        });
        views != "/secrets"
    }

    fn hint(&self) -> &'static str {
        if self.q.is_empty() {
            "Take a filter off to see more."
        } else {
            "Try fewer letters or take a filter off. Each word may stand anywhere in a name, service, tag, environment or path."
        }
    }
}
