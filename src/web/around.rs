//! What nearly every page and its shell ask for. A request looks once; whether something may be done is asked of the feature
//! anew, on what is stored then.
use super::extract::CurrentUser;
use crate::domain::error::Result;
use crate::environments::{self, Place};
use crate::secrets::{self, Tallies};
use tokio::sync::OnceCell;

#[derive(Default)]
pub struct Around {
    places: OnceCell<Vec<Place>>,
    tallies: OnceCell<Tallies>,
}

impl CurrentUser {
    /// The environments whose metadata the reader may see, by name.
    pub async fn places(&self) -> Result<&[Place]> {
        let look = || environments::visible(&self.app, &self.actor);
        self.around.places.get_or_try_init(look).await.map(Vec::as_slice)
    }

    /// How many secrets each environment has in which state.
    pub async fn tallies(&self) -> Result<&Tallies> {
        self.around.tallies.get_or_try_init(|| secrets::tallies(&self.app)).await
    }
}
