//! The one error of the features. Each door dresses it; causes go to the log, once.
use super::fields::FieldErrors;

pub type Cause = Box<dyn std::error::Error + Send + Sync>;
pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is not there, or not for this person: the two look alike.
    #[error("not found")]
    NotFound,
    /// The person is known and may not; the text says why.
    #[error("{0}")]
    Forbidden(String),
    /// Allowed, but the last proof of identity is older than the act asks for.
    #[error("confirm that it is you")]
    ProofNeeded,
    /// Somebody else was faster; nothing was changed.
    #[error("{0}")]
    Conflict(String),
    /// Another row has what may be there only once. What that is knows the feature alone, which says it in its own words (`if_taken`).
    #[error("something with the same name already exists")]
    Taken,
    #[error("the input is not valid")]
    Invalid(FieldErrors),
    /// A part that Keeper needs is away; it may work later.
    #[error("{what}")]
    Unavailable { what: String, cause: Option<Cause> },
    /// A bug or damage. The page shows a request id and no more.
    #[error("internal error: {0}")]
    Broken(Cause),
}

impl Error {
    pub fn invalid(field: &str, message: &str) -> Self {
        Self::Invalid(FieldErrors::one(field, message))
    }

    pub fn unavailable(what: impl Into<String>) -> Self {
        Self::Unavailable { what: what.into(), cause: None }
    }

    /// The feature's own words for what another row has; every other error stays as it is.
    pub fn if_taken(self, told: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Taken => told(),
            e => e,
        }
    }

    pub fn broken(cause: impl Into<Cause>) -> Self {
        Self::Broken(cause.into())
    }
}

impl From<crate::kit::chance::NoChance> for Error {
    fn from(none: crate::kit::chance::NoChance) -> Self {
        Self::Broken(Box::new(none))
    }
}
