//! What a person says of a tree in a backend that shall be taken over, and what it becomes when it is valid.
use super::naming::Naming;
use super::read::Defaults;
use crate::domain::enums::{Backend, SecrecyLevel, SecretType, spelled};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::rules::{self, Text};
use serde::Deserialize;

spelled!(/// Of several fields at one path: one secret whose value is their JSON, or a secret for each field.
Fields { Together = "together", Apart = "apart" });
spelled!(/// What becomes of what is there: Keeper's copies, or nothing.
Then { Adopt = "adopt", Leave = "leave" });
spelled!(/// A secret of that name that Keeper has already: left as it is, or given the backend's value.
Known { Skip = "skip", Change = "change" });

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct GatherInput {
    pub environment_id: String,
    pub backend: String,
    pub folder: String,
    pub naming: String,
    pub fields: String,
    pub then: String,
    pub known: String,
    pub secret_type: String,
    pub secrecy_level: String,
}

/// Valid.
pub struct Gather {
    pub(super) environment_id: i64,
    pub(super) backend: Backend,
    pub(super) folder: String,
    pub(super) naming: Naming,
    pub(super) fields: Fields,
    pub(super) then: Then,
    pub(super) known: Known,
    pub(super) defaults: Defaults,
}

impl GatherInput {
    pub fn parse(&self) -> Result<Gather> {
        let mut errors = FieldErrors::default();
        let environment_id = errors.take("environment_id", rules::id(&self.environment_id));
        let backend = errors.take("backend", self.backend.parse());
        let folder = errors.take("folder", Text::optional(&self.folder, 512));
        let naming = errors.take("naming", self.naming.parse());
        let fields = errors.take("fields", self.fields.parse());
        let then = errors.take("then", self.then.parse());
        let known = errors.take("known", self.known.parse());
        let secret_type = errors.take("secret_type", self.secret_type.parse::<SecretType>());
        let secrecy_level = errors.take("secrecy_level", self.secrecy_level.parse::<SecrecyLevel>());
        let all = (|| {
            Some(Gather {
                environment_id: environment_id?,
                backend: backend?,
                folder: folder?.trim_matches('/').to_owned(),
                naming: naming?,
                fields: fields?,
                then: then?,
                known: known?,
                defaults: Defaults { secret_type: secret_type?, secrecy_level: secrecy_level? },
            })
        })();
        all.filter(|_| errors.is_empty()).ok_or(Error::Invalid(errors))
    }
}
