//! What a form says of an identity provider, and what it becomes when it is valid.
use super::configured;
use super::grants::{self, GroupWish};
use super::terms::Terms;
use crate::app::App;
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::names::Slug;
use crate::domain::rules::{self, Problem, Text};
use crate::remote::saml;
use url::Url;

/// SAML's metadata are a few KiB; a federation's list is larger, and none that a sign-in needs.
pub(super) const LARGEST: usize = 1024 * 1024;
const LONGEST_SKEW: i64 = 300;

#[derive(Default)]
pub struct ProviderInput {
    pub name: String,
    pub display_name: String,
    pub metadata_url: String,
    /// Pasted, or a file's content.
    pub metadata: Option<String>,
    pub groups_attribute: String,
    pub email_attribute: String,
    pub name_attribute: String,
    pub groups: String,
    pub makes_accounts: bool,
    pub signs_requests: bool,
    pub asks_again: bool,
    pub allows_unasked: bool,
    pub wants_encrypted: bool,
    pub clock_skew: String,
    pub row_version: String,
}

/// Where the metadata come from.
pub enum Wanted {
    Url(Url),
    Text(String),
    /// The text that is stored.
    Kept,
}

pub struct SaveProvider {
    pub name: Slug,
    /// Empty: as its metadata name it.
    pub display_name: String,
    pub metadata: Wanted,
    pub terms: Terms,
    pub groups: Vec<GroupWish>,
    pub row_version: i64,
}

impl ProviderInput {
    pub fn parse(self, app: &App) -> Result<SaveProvider> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", name(&self.name));
        let display_name = errors.take("display_name", Text::optional(&self.display_name, 60));
        let metadata = self.wanted(app, &mut errors);
        let groups_attribute = errors.take("groups_attribute", Text::required(&self.groups_attribute, 255));
        let email_attribute = errors.take("email_attribute", Text::optional(&self.email_attribute, 255));
        let name_attribute = errors.take("name_attribute", Text::optional(&self.name_attribute, 255));
        let groups = errors.take("groups", groups(&self.groups));
        let skew = errors.take("clock_skew", rules::whole(&self.clock_skew, 0, LONGEST_SKEW));
        let (Some(name), Some(display_name), Some(metadata), Some(groups), Some(clock_skew)) =
            (name, display_name, metadata, groups, skew)
        else {
            return Err(Error::Invalid(errors));
        };
        let (Some(groups_attribute), Some(email_attribute), Some(name_attribute)) =
            (groups_attribute, email_attribute, name_attribute)
        else {
            return Err(Error::Invalid(errors));
        };
        let terms = Terms {
            groups_attribute,
            email_attribute,
            name_attribute,
            makes_accounts: self.makes_accounts,
            signs_requests: self.signs_requests,
            asks_again: self.asks_again,
            allows_unasked: self.allows_unasked,
            wants_encrypted: self.wants_encrypted,
            clock_skew: clock_skew.unwrap_or(120),
        };
        let row_version = self.row_version.parse().unwrap_or(0);
        Ok(SaveProvider { name, display_name, metadata, terms, groups, row_version })
    }

    /// An address or a text, not both; neither, where there is a text already.
    fn wanted(&self, app: &App, errors: &mut FieldErrors) -> Option<Wanted> {
        let text = self.metadata.as_deref().map(str::trim).filter(|text| !text.is_empty());
        match (self.metadata_url.trim(), text) {
            ("", Some(text)) if text.len() > LARGEST => {
                errors.add("metadata", "must have at most 1 MiB");
                None
            }
            ("", Some(text)) => Some(Wanted::Text(text.to_owned())),
            ("", None) => Some(Wanted::Kept),
            (_, Some(_)) => {
                errors.add("metadata_url", "is given beside a document: keep one of the two");
                None
            }
            (url, None) => errors.take("metadata_url", address(url, app)).map(Wanted::Url),
        }
    }
}

fn name(raw: &str) -> std::result::Result<Slug, Problem> {
    let name = Slug::parse(raw)?;
    if name.as_str() == configured::NAME {
        return Err(Problem::new("is the name of the provider in Keeper’s configuration: choose another"));
    }
    Ok(name)
}

fn address(raw: &str, app: &App) -> std::result::Result<Url, Problem> {
    let raw = Text::required(raw, 2048)?;
    saml::metadata_address(&raw, &app.rules()).map_err(Problem::new)
}

/// Without one nobody could sign in.
fn groups(raw: &str) -> std::result::Result<Vec<GroupWish>, Problem> {
    let wishes = grants::parse(raw)?;
    if wishes.iter().any(|wish| wish.role.is_some()) {
        Ok(wishes)
    } else {
        Err(Problem::new("give no role: nobody could sign in. Write a line such as keeper-admins = admin"))
    }
}
