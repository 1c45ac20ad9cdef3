//! A new value: given by somebody, or made by a policy. Whoever stores one comes through here first.
use super::input::CreateSecret;
use crate::app::App;
use crate::crypto::generate::{Generated, Policy};
use crate::domain::enums::SecretType;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;

pub enum NewValue {
    Typed(Plaintext),
    /// By this policy, or by the secret's own.
    Generated(Option<Policy>),
}

impl NewValue {
    /// None: it is still to be made.
    pub fn typed(&self) -> Option<&Plaintext> {
        match self {
            Self::Typed(value) => Some(value),
            Self::Generated(_) => None,
        }
    }
}

impl CreateSecret {
    /// Whether making its value keeps a core busy for a second or more.
    pub fn is_slow(&self) -> bool {
        match &self.value {
            NewValue::Typed(_) => false,
            NewValue::Generated(asked) => {
                let own = self.fields.policy.clone();
                policy(asked.clone(), own, self.fields.secret_type).is_ok_and(|policy| policy.is_slow())
            }
        }
    }
}

/// `own` is the policy that the secret keeps.
pub async fn make(app: &App, value: NewValue, own: Option<Policy>, kind: SecretType) -> Result<Generated> {
    match value {
        NewValue::Typed(value) => Ok(Generated { value, public: None }),
        NewValue::Generated(asked) => policy(asked, own, kind)?.make_aside(&app.chance).await,
    }
}

/// What a value that Keeper makes would be made of.
pub fn policy(asked: Option<Policy>, own: Option<Policy>, kind: SecretType) -> Result<Policy> {
    let asked = asked.or(own).or_else(|| Policy::fitting(kind));
    Policy::can_generate(kind).map_err(|why| Error::invalid("mode", &why.to_string()))?;
    let policy = asked.ok_or_else(|| Error::broken("a type without a policy of its own"))?;
    policy.fits(kind).map_err(|why| Error::invalid("policy", &why.to_string()))?;
    Ok(policy)
}
