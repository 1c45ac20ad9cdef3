//! What there is to bring into the present form. A new one is a line here, in each of these functions, and in the release's notes.
use crate::db::{Db, Tx};
use crate::domain::enums::spelled;
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::verify;

spelled!(/// In the order in which they are done. A name stays: it is how the database remembers what is done.
DataMigration { VerificationsPlaced = "verifications_placed" });

impl DataMigration {
    /// As a person names it.
    pub fn words(self) -> &'static str {
        match self {
            Self::VerificationsPlaced => "what was verified, by environment",
        }
    }

    /// The version of the schema that its rows need.
    pub fn since(self) -> i64 {
        match self {
            Self::VerificationsPlaced => 91,
        }
    }

    /// How many rows it goes through, for whoever looks on.
    pub(super) async fn count(self, db: &Db) -> Result<i64> {
        match self {
            Self::VerificationsPlaced => verify::count_findings(db).await,
        }
    }

    /// The next rows behind `after`, up to `most`: how many these were, and the last one's id. `None`: there are no more. It may be run
    /// over the same rows again.
    pub(super) async fn step(
        self,
        tx: &mut Tx,
        now: Utc,
        after: i64,
        most: i64,
    ) -> Result<Option<(i64, i64)>> {
        match self {
            Self::VerificationsPlaced => verify::place_former(tx, now, after, most).await,
        }
    }
}
