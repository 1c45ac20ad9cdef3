//! Where wrapped keys lie: each feature's table, in the order in which they are walked.
use crate::app::{App, Holder, SYSTEM_KEYS, Wrapping};
use crate::db::Db;
use crate::domain::enums::spelled;
use crate::domain::error::Result;
use crate::{environments, imports, people, providers, rotations, secrets, sources};

spelled!(Place {
    System = "system_keys",
    Credentials = "backend_credentials",
    Sources = "sources",
    ServiceKeys = "saml_keys",
    SecondFactors = "second_factors",
    Requests = "rotation_requests",
    Imports = "imports",
    Versions = "secret_versions",
});

/// The small ones first: a mistake shows early.
pub const PLACES: [Place; 8] = [
    Place::System,
    Place::Credentials,
    Place::Sources,
    Place::ServiceKeys,
    Place::SecondFactors,
    Place::Requests,
    Place::Imports,
    Place::Versions,
];

impl Place {
    pub fn holder(self) -> &'static Holder {
        match self {
            Self::System => &SYSTEM_KEYS,
            Self::Credentials => &environments::CREDENTIAL_KEYS,
            Self::Sources => &sources::SOURCE_KEYS,
            Self::ServiceKeys => &providers::SERVICE_KEYS,
            Self::SecondFactors => &people::SECOND_FACTOR_KEYS,
            Self::Requests => &rotations::REQUEST_KEYS,
            Self::Imports => &imports::IMPORT_KEYS,
            Self::Versions => &secrets::VERSION_KEYS,
        }
    }

    /// As a person names it.
    pub fn words(self) -> &'static str {
        match self {
            Self::System => "Keeper’s own keys",
            Self::Credentials => "credentials of backends",
            Self::Sources => "passwords of sources",
            Self::ServiceKeys => "Keeper’s keys for SAML",
            Self::SecondFactors => "second factors of accounts",
            Self::Requests => "values that wait for approval",
            Self::Imports => "files to import",
            Self::Versions => "versions of secrets",
        }
    }

    pub(super) fn after(self) -> Option<Self> {
        let here = PLACES.iter().position(|place| *place == self)?;
        PLACES.get(here + 1).copied()
    }

    pub(super) async fn wrapped(
        self,
        app: &App,
        key_id: &str,
        after: i64,
        most: i64,
    ) -> Result<Vec<Wrapping>> {
        match self {
            Self::System => app.wrapped_system_keys(key_id, after, most).await,
            Self::Credentials => environments::wrapped_credential_keys(app, key_id, after, most).await,
            Self::Sources => sources::wrapped_source_keys(app, key_id, after, most).await,
            Self::ServiceKeys => providers::wrapped_service_keys(app, key_id, after, most).await,
            Self::SecondFactors => people::wrapped_second_factor_keys(app, key_id, after, most).await,
            Self::Requests => rotations::wrapped_request_keys(app, key_id, after, most).await,
            Self::Imports => imports::wrapped_import_keys(app, key_id, after, most).await,
            Self::Versions => secrets::wrapped_version_keys(app, key_id, after, most).await,
        }
    }
}

/// Whether anything is still wrapped by this provider (`local`, `aws`, `transit`): then its settings are needed.
pub async fn still_needed(db: &Db, provider: &str) -> Result<bool> {
    for place in PLACES {
        if place.holder().has_any(db, provider).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
