//! What a list was filtered by, in words: for people who are about to send it away, and for the audit log.
use super::filter::{Due, Filter};
use crate::domain::enums::{SecrecyLevel, SecretType, SyncStatus};
use crate::environments::Place;

impl Filter {
    /// `open`: every place that is open to the reader. All of them are no filter.
    pub fn told(&self, open: &[Place]) -> Vec<String> {
        let all = open.iter().filter(|place| self.is_open(place.environment.id));
        let mut places: Vec<String> = all.map(|place| place.environment.name.clone()).collect();
        if places.len() == open.len() {
            places.clear();
        } else if places.is_empty() {
            places.push("no environment".to_owned());
        }
        let spelled = |word: Option<&str>| word.unwrap_or_default().replace('_', " ");
        let own = [
            self.q.clone(),
            spelled(self.secret_type.map(SecretType::as_str)),
            spelled(self.level.map(SecrecyLevel::as_str)),
            spelled(self.status.map(SyncStatus::as_str)),
            self.tag.clone(),
            self.due.map(Due::phrase).unwrap_or_default().to_lowercase(),
            (if self.is_active() { "" } else { "switched off" }).to_owned(),
        ];
        places.into_iter().chain(own.into_iter().filter(|word| !word.is_empty())).collect()
    }
}
