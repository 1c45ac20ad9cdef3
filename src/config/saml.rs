//! `KEEPER_SAML_…`: the identity provider that people arrive through, and what its groups mean here.
use super::ConfigError;
use super::sources::Sources;
use crate::domain::enums::Role;
use std::path::PathBuf;
use time::Duration;
use url::Url;

#[derive(Debug, Clone)]
pub struct Saml {
    /// `None`: nobody signs in this way.
    pub metadata: Option<MetadataSource>,
    /// Keeper's own name in the protocol; by default the address of its metadata.
    pub entity_id: Option<String>,
    pub groups_attribute: String,
    pub email_attribute: String,
    pub group_map: Vec<(String, Role)>,
    /// Accounts are made at the first sign-in.
    pub jit: bool,
    /// How far the two clocks may be apart.
    pub clock_skew: Duration,
}

/// Where the identity provider's metadata comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetadataSource {
    File(PathBuf),
    Url(Url),
}

const GROUP_MAP: &str = "keeper-users=user,keeper-managers=manager,keeper-admins=admin";

impl Saml {
    pub(super) fn read(from: &Sources) -> Result<Self, ConfigError> {
        let usual_map = group_map(GROUP_MAP).map_err(|e| from.refuse("saml_group_map", e))?;
        let named = |key, usual: &str| {
            from.read(key, |text| Ok(text.trim().to_owned())).map(|name| name.unwrap_or(usual.to_owned()))
        };
        Ok(Self {
            metadata: from.read("saml_idp_metadata", metadata)?,
            entity_id: from.read("saml_entity_id", entity_id)?,
            groups_attribute: named("saml_groups_attribute", "groups")?,
            email_attribute: named("saml_email_attribute", "email")?,
            group_map: from.read("saml_group_map", group_map)?.unwrap_or(usual_map),
            jit: from.read("saml_jit", super::settings::yes)?.unwrap_or(true),
            clock_skew: from.read("saml_clock_skew", skew)?.unwrap_or(Duration::seconds(120)),
        })
    }
}

fn metadata(text: &str) -> Result<MetadataSource, String> {
    if !text.starts_with("https://") && !text.starts_with("http://") {
        return Ok(MetadataSource::File(PathBuf::from(text)));
    }
    Url::parse(text).map(MetadataSource::Url).map_err(|e| {
        format!("{text:?} is neither a file nor an address such as https://idp.example.com/metadata: {e}")
    })
}

/// SAML core 8.3.6: a URI of at most 1024 characters.
fn entity_id(text: &str) -> Result<String, String> {
    let fits = text.len() <= 1024 && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    match Url::parse(text) {
        Ok(_) if fits => Ok(text.to_owned()),
        _ => Err(format!("{text:?} is not a URI such as https://keeper.example.com/saml/metadata")),
    }
}

/// `group=role,group=role`. A comma in a group's name is written `\,`; the last `=` divides.
fn group_map(text: &str) -> Result<Vec<(String, Role)>, String> {
    let mut map = Vec::new();
    for item in text.replace("\\,", "\0").split(',').map(str::trim).filter(|item| !item.is_empty()) {
        let item = item.replace('\0', ",");
        let (group, role) = item
            .rsplit_once('=')
            .filter(|(group, _)| !group.trim().is_empty())
            .ok_or_else(|| format!("{item:?} is not of the form group=role"))?;
        let role = role.trim().parse::<Role>().map_err(|e| format!("the role of group {group:?} {e}"))?;
        map.push((group.trim().to_owned(), role));
    }
    if map.is_empty() { Err("names no group: nobody could sign in".to_owned()) } else { Ok(map) }
}

fn skew(text: &str) -> Result<Duration, String> {
    let seconds =
        text.trim().trim_end_matches('s').parse().ok().filter(|seconds| (0..=300).contains(seconds));
    seconds.map(Duration::seconds).ok_or_else(|| format!("{text:?} is not 0s to 300s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_that_cannot_be_read_is_told() {
        for (text, word) in
            [("a", "group=role"), ("=user", "group=role"), ("a=boss", "admin"), (" , ", "no group")]
        {
            let error = group_map(text).unwrap_err();
            assert!(error.contains(word), "{text}: {error}");
        }
    }

    #[test]
    fn the_clocks_are_at_most_five_minutes_apart() {
        assert_eq!(skew("120s"), Ok(Duration::seconds(120)));
        assert_eq!(skew("0"), Ok(Duration::ZERO));
        for text in ["301s", "-1", "2m", ""] {
            assert!(skew(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_in_the_protocol_is_a_uri() {
        assert!(
            entity_id("urn:example:keeper").is_ok() && entity_id("https://k.example/saml/metadata").is_ok()
        );
        for text in ["keeper", "https://a b", &format!("urn:{}", "x".repeat(1025))] {
            assert!(entity_id(text).is_err(), "{text}");
        }
    }
}
