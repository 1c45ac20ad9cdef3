//! Who is there, read once every check holds.
use super::subject;
use super::{Scene, statement};
use crate::kit::clock::Utc;
use crate::remote::saml::{Fault, NameId};
use std::collections::BTreeMap;

/// Who the provider says is there.
#[derive(Debug)]
pub struct Identity {
    /// A request to sign out repeats it to the letter.
    pub name_id: NameId,
    pub session_index: Option<String>,
    /// When the person last proved to the provider who they are.
    pub authenticated_at: Utc,
    pub session_ends: Option<Utc>,
    pub attributes: BTreeMap<String, Vec<String>>,
    pub assertion_id: String,
    /// Until then the assertion could be shown again.
    pub assertion_ends: Utc,
}

impl Identity {
    /// Who they are, together with the provider, for ever.
    pub fn subject(&self) -> &str {
        &self.name_id.name
    }

    pub fn all<'a>(&'a self, attribute: &str) -> impl Iterator<Item = &'a str> {
        self.attributes.get(attribute).into_iter().flatten().map(String::as_str)
    }

    pub(super) fn of(scene: &Scene<'_>, assertion_id: &str) -> Result<Self, Fault> {
        Ok(Self {
            name_id: subject::name_id(scene)?,
            session_index: statement::session_index(scene)?,
            authenticated_at: statement::authenticated_at(scene)?,
            session_ends: statement::session_ends(scene)?,
            attributes: statement::attributes(scene)?,
            assertion_id: assertion_id.to_owned(),
            assertion_ends: subject::confirmed_until(scene)?.plus(scene.expected.skew),
        })
    }
}
