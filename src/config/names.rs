//! The names of the keys, in one place. A key `listen` of the file is the variable `KEEPER_LISTEN`.

/// What Keeper reads. Each may also be given as `…_file`, the path of a file that holds the value.
pub const KEYS: &[&str] = &[
    "listen",
    "public_url",
    "mode",
    "data_dir",
    "database_url",
    "database_pool",
    "migrate",
    "demo",
    "kms",
    "kms_key_file",
    "kms_aws_key",
    "kms_aws_region",
    "kms_aws_endpoint",
    "kms_aws_access_key_id",
    "kms_aws_secret_access_key",
    "kms_vault_url",
    "kms_vault_mount",
    "kms_vault_key",
    "kms_vault_namespace",
    "kms_vault_token",
    "kms_vault_ca",
    "allow_key_beside_data",
    "trusted_proxies",
    "allowed_hosts",
    "limits",
    "purge_after_days",
    "log",
    "saml_idp_metadata",
    "saml_entity_id",
    "saml_groups_attribute",
    "saml_email_attribute",
    "saml_group_map",
    "saml_jit",
    "saml_clock_skew",
];

/// What the documentation promises and this version cannot do. To ignore these would be a lie.
const NOT_YET: &[(&str, &str)] = &[("tls_cert", USE_A_PROXY), ("tls_key", USE_A_PROXY)];
const USE_A_PROXY: &str = "is not supported yet, use a trusted proxy: let it end TLS and name its address in KEEPER_TRUSTED_PROXIES";

/// Variables that belong to somebody else: the command line, the scripts, the tests. `*` ends a prefix.
const LET_THROUGH: &[&str] = &[
    "KEEPER_CONFIG",
    "KEEPER_SERVER",
    "KEEPER_TOKEN",
    "KEEPER_TOKEN_FILE",
    "KEEPER_CA_FILE",
    "KEEPER_CACHE",
    "KEEPER_TEST_*",
    "KEEPER_BENCH_*",
    "KEEPER_FUZZ_*",
    "KEEPER_DEMO_VAULT_*",
    "KEEPER_DEMO_AWS_*",
];

/// What a name asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Named {
    Key(&'static str),
    /// The value is in the file that this names.
    FileOf(&'static str),
    NotYet(&'static str),
    Unknown,
}

pub fn named(name: &str) -> Named {
    let key = |name: &str| KEYS.iter().find(|key| **key == name).copied();
    let not_yet = |name: &str| NOT_YET.iter().find(|(key, _)| *key == name).map(|(_, why)| *why);
    // `kms_key_file` is a key of its own: whole names come first.
    let stem = name.strip_suffix("_file");
    if let Some(key) = key(name) {
        Named::Key(key)
    } else if let Some(key) = stem.and_then(key) {
        Named::FileOf(key)
    } else if let Some(why) = not_yet(name).or_else(|| stem.and_then(not_yet)) {
        Named::NotYet(why)
    } else {
        Named::Unknown
    }
}

/// `KEEPER_LISTEN` → `listen`; nothing for variables that are none of Keeper's business.
pub fn of_variable(variable: &str) -> Option<String> {
    let mine = variable.strip_prefix("KEEPER_")?;
    let others = LET_THROUGH.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(prefix) => variable.starts_with(prefix),
        None => variable == *pattern,
    });
    if others { None } else { Some(mine.to_ascii_lowercase()) }
}

pub fn variable(key: &str) -> String {
    format!("KEEPER_{}", key.to_ascii_uppercase())
}
