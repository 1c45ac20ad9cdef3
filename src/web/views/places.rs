//! The environments that a form offers.
use super::parts::EnvRef;
use crate::environments::Place;

/// An environment in the form's select: its weight tells the script whether it asks for a reason.
pub struct PlaceChoice {
    pub id: i64,
    pub label: String,
    pub weight: &'static str,
    pub on: bool,
}

impl PlaceChoice {
    pub fn of(place: &Place, on: bool) -> Self {
        let environment = EnvRef::from(&place.environment);
        Self {
            id: environment.id,
            label: format!("{} ({})", environment.name, environment.stage_words()),
            weight: environment.weight(),
            on,
        }
    }
}
