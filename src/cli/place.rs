//! The environment that a command names.
use super::exit::{Exit, Stop};
use crate::app::App;
use crate::domain::actor::Actor;
use crate::environments::{self, Place};

pub async fn named(app: &App, actor: &Actor, name: &str) -> Result<Place, Stop> {
    let name = name.trim().to_ascii_lowercase();
    let places = environments::visible(app, actor).await?;
    let names: Vec<String> = places.iter().map(|place| place.environment.name.clone()).collect();
    places.into_iter().find(|place| place.environment.name == name).ok_or_else(|| {
        let known = if names.is_empty() {
            "there is none yet".to_owned()
        } else {
            format!("there are {}", names.join(", "))
        };
        Stop(Exit::Usage, format!("--environment: there is no environment {name:?}; {known}"))
    })
}
