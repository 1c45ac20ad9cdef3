//! Which environments write to the same place, and whether their templates keep them apart there.
use super::input::SaveEnvironment;
use super::paths::{PathWords, fill};
use super::preview::Naming;
use super::row::Environment;
use crate::db::Conn;
use crate::domain::enums::Backend;
use crate::domain::error::Result;
use crate::sql;
use url::Url;

/// Where the copies of one backend lie. Two environments with the same shelf must not put two secrets at one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    backend: Backend,
    /// Address, mount and namespace of a Vault; region and endpoint of AWS.
    parts: [String; 3],
    /// AWS: an account of its own may be behind stored keys, and nobody can tell.
    pub has_own_keys: bool,
}

impl Shelf {
    pub fn vault(url: &str, mount: &str, namespace: &str) -> Self {
        let url = Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.to_string());
        let parts = [url.trim_end_matches('/'), mount, namespace].map(str::to_owned);
        Self { backend: Backend::Vault, parts, has_own_keys: false }
    }

    pub fn aws(region: &str, endpoint: &str, has_own_keys: bool) -> Self {
        let parts = [region, endpoint.trim_end_matches('/'), ""].map(str::to_owned);
        Self { backend: Backend::Aws, parts, has_own_keys }
    }

    pub(super) fn of(environment: &Environment, backend: Backend, has_own_keys: bool) -> Self {
        let e = environment;
        match backend {
            Backend::Vault => Self::vault(&e.vault_url, &e.vault_mount, &e.vault_namespace),
            Backend::Aws => Self::aws(&e.aws_region, &e.aws_endpoint, has_own_keys),
        }
    }

    pub fn is_beside(&self, other: &Self) -> bool {
        self.backend == other.backend && self.parts == other.parts
    }

    /// Beside each other for certain: two sets of AWS keys may belong to two accounts.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.is_beside(other) && !self.has_own_keys && !other.has_own_keys
    }
}

/// A backend as somebody is about to set it.
pub struct Draft<'a> {
    pub backend: Backend,
    pub shelf: Shelf,
    pub template: &'a str,
}

impl Draft<'_> {
    /// The path of a secret that does not exist.
    pub fn example(&self, naming: Naming<'_>) -> String {
        let words = PathWords {
            environment: naming.name,
            stage: naming.stage.as_str(),
            service: "checkout",
            name: "db-password",
        };
        fill(self.template, words)
    }
}

impl SaveEnvironment {
    /// `stored_keys`: AWS keys that are kept although none were typed.
    pub(super) fn drafts(&self, stored_keys: bool) -> Vec<Draft<'_>> {
        let aws = self.aws.as_ref().map(|aws| Draft {
            backend: Backend::Aws,
            shelf: Shelf::aws(&aws.region, &aws.endpoint, self.aws_keys.is_some() || stored_keys),
            template: aws.path_template.as_str(),
        });
        let vault = self.vault.as_ref().map(|vault| Draft {
            backend: Backend::Vault,
            shelf: Shelf::vault(&vault.url, &vault.mount, &vault.namespace),
            template: vault.path_template.as_str(),
        });
        aws.into_iter().chain(vault).collect()
    }
}

/// Would a secret of the same name get the same path in both, whether it has a service or not?
pub fn are_alike(template: &str, words: PathWords<'_>, other: &Environment, backend: Backend) -> bool {
    let paths = |service| {
        let mine = fill(template, PathWords { service, name: "name", ..words });
        mine == other.path(backend, service, "name")
    };
    other.has(backend) && (paths("service") || paths(""))
}

pub(super) async fn has_keys(conn: &mut Conn, environment_id: i64) -> Result<bool> {
    let query = sql!(
        "SELECT id FROM backend_credentials WHERE environment_id = ? AND backend = ?",
        environment_id,
        Backend::Aws
    );
    Ok(conn.maybe::<(i64,)>(query).await?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_vault_is_one_shelf_however_its_address_is_written() {
        let shelf = |url: &str, mount: &str| Shelf::vault(url, mount, "");
        assert!(shelf("https://Vault.example:443/", "kv").is_same_as(&shelf("https://vault.example", "kv")));
        assert!(!shelf("https://vault.example", "kv").is_beside(&shelf("https://vault.example", "other")));
        let aws = |keys| Shelf::aws("eu-central-1", "", keys);
        assert!(aws(false).is_same_as(&aws(false)));
        assert!(aws(true).is_beside(&aws(true)) && !aws(true).is_same_as(&aws(true)));
    }
}
