//! What Keeper starts with, and what it refuses in one line. Nothing here touches the process's environment.
use super::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn env(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn load(pairs: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    Settings::load(&Overrides::default(), &env(pairs))
}

fn refusal(pairs: &[(&str, &str)]) -> String {
    load(pairs).err().unwrap_or_else(|| panic!("{pairs:?} should be refused")).to_string()
}

/// A production configuration that starts, with some variables changed; the empty text takes one away.
fn production(changes: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    let mut all = env(&[
        ("KEEPER_MODE", "production"),
        ("KEEPER_LISTEN", "0.0.0.0:8443"),
        ("KEEPER_PUBLIC_URL", "https://keeper.example.com"),
        ("KEEPER_TRUSTED_PROXIES", "10.0.0.0/8"),
        ("KEEPER_DATA_DIR", "/var/lib/keeper"),
        ("KEEPER_KMS_KEY_FILE", "/etc/keeper/keeper.key"),
    ]);
    all.extend(env(changes));
    all.retain(|_, value| !value.is_empty());
    Settings::load(&Overrides::default(), &all)
}

fn in_file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keeper.toml");
    fs::write(&path, text).unwrap();
    (dir, path)
}

#[test] // S08
fn without_any_configuration_it_is_development_on_loopback_with_the_embedded_database() {
    let it = load(&[("PATH", "/bin"), ("HOME", "/root")]).unwrap();
    assert_eq!((it.mode, it.migrate, it.kms), (Mode::Development, Migrate::Auto, Kms::Local));
    assert_eq!(
        (it.listen.to_string().as_str(), it.public_url.as_str()),
        ("127.0.0.1:8080", "http://127.0.0.1:8080/")
    );
    assert_eq!((it.database_url.expose(), it.database_pool), ("sqlite://./data/keeper_dev.db", 10));
    assert_eq!(
        (it.data_dir.as_path(), it.key_file.as_path()),
        (Path::new("./data"), Path::new("./data/keeper.key"))
    );
    assert_eq!((it.demo, it.limits, it.log.as_str()), (false, true, "info"));
}

#[test]
fn the_command_line_goes_before_variables_and_variables_before_the_file() {
    let (_dir, path) =
        in_file("listen = \"127.0.0.1:1111\"\ndata_dir = \"/file\"\ndatabase_pool = 7\ndemo = true\n");
    let cli = Overrides { config: Some(path), data_dir: Some("/cli".into()), ..Overrides::default() };
    let it = Settings::load(&cli, &env(&[("KEEPER_LISTEN", "127.0.0.1:2222"), ("KEEPER_DATA_DIR", "/env")]))
        .unwrap();
    assert_eq!((it.listen.port(), it.data_dir.as_path()), (2222, Path::new("/cli")));
    assert_eq!((it.database_pool, it.demo), (7, true));
    assert_eq!(it.database_url.expose(), "sqlite:///cli/keeper_dev.db");
}

#[test]
fn the_file_is_named_by_a_variable_too_and_takes_a_list() {
    let (_dir, path) = in_file("trusted_proxies = [\"10.0.0.1\", \"fd00::/8\"]\n");
    let it = load(&[("KEEPER_CONFIG", path.to_str().unwrap())]).unwrap();
    assert_eq!(it.trusted_proxies.len(), 2);
}

#[test]
fn a_value_can_stand_in_a_file_and_its_last_line_break_does_not_count() {
    let dir = tempfile::tempdir().unwrap();
    let secret = dir.path().join("url");
    fs::write(&secret, "postgres://joe:canary@db/keeper\n").unwrap();
    let secret = secret.to_str().unwrap();
    let it = load(&[("KEEPER_DATABASE_URL_FILE", secret)]).unwrap();
    assert_eq!(it.database_url.expose(), "postgres://joe:canary@db/keeper");

    let twice = refusal(&[("KEEPER_DATABASE_URL_FILE", secret), ("KEEPER_DATABASE_URL", "sqlite://x")]);
    assert!(twice.contains("KEEPER_DATABASE_URL_FILE") && twice.contains("second time"), "{twice}");
    fs::write(secret, "canary").unwrap();
    let wrong = refusal(&[("KEEPER_DATABASE_URL_FILE", secret)]);
    assert!(
        wrong.contains("KEEPER_DATABASE_URL_FILE") && wrong.contains(secret) && !wrong.contains("canary"),
        "{wrong}"
    );
    let missing = refusal(&[("KEEPER_DATABASE_URL_FILE", "/nowhere/url")]);
    assert!(missing.contains("KEEPER_DATABASE_URL_FILE") && missing.contains("/nowhere/url"), "{missing}");
}

#[test]
fn settings_can_be_shown_without_the_databases_password() {
    let it = load(&[("KEEPER_DATABASE_URL", "postgres://joe:canary@db/keeper?password=canary")]).unwrap();
    assert!(!format!("{it:?}").contains("canary"));
}

#[test]
fn an_impossible_value_is_one_line_that_names_its_variable() {
    let table = [
        ("KEEPER_LISTEN", "8080", "127.0.0.1:8080"),
        ("KEEPER_LISTEN", "localhost:8080", "IP address"),
        ("KEEPER_PUBLIC_URL", "keeper", "https://keeper.example.com"),
        ("KEEPER_PUBLIC_URL", "ftp://keeper", "http"),
        ("KEEPER_PUBLIC_URL", "https://keeper/below", "nothing behind it"),
        ("KEEPER_MODE", "prod", "development, production"),
        ("KEEPER_DATABASE_URL", "oracle://db/x", "sqlite:, postgres: or mysql:"),
        ("KEEPER_DATABASE_POOL", "0", "1 to 1000"),
        ("KEEPER_MIGRATE", "yes", "auto, check"),
        ("KEEPER_DEMO", "1", "true, false"),
        ("KEEPER_KMS", "gcp", "local"),
        ("KEEPER_KMS_AWS_KEY", "my-key", "alias/NAME"),
        ("KEEPER_KMS_AWS_ENDPOINT", "aws", "an address such as"),
        ("KEEPER_KMS_VAULT_URL", "https://joe:canary@vault", "without a user name"),
        ("KEEPER_KMS_VAULT_KEY", "a/b", "without its mount"),
        ("KEEPER_KMS_VAULT_MOUNT", "a b", "no others"),
        ("KEEPER_KMS_VAULT_TOKEN", "tok en", "cannot be sent"),
        ("KEEPER_LIMITS", "false", "on, off"),
        ("KEEPER_TRUSTED_PROXIES", "proxy.local", "10.0.0.0/8"),
        ("KEEPER_LOG", "info,keeper=\nloud", "log filter"),
        ("KEEPER_DATA_DIR", "", "is empty"),
        ("KEEPER_TLS_CERT", "/etc/tls.pem", "not supported yet, use a trusted proxy"),
        ("KEEPER_TLS_KEY", "/etc/tls.key", "not supported yet, use a trusted proxy"),
        ("KEEPER_SAML_IDP_METADATA", "https://", "neither a file nor an address"),
        ("KEEPER_SAML_JIT", "1", "true, false"),
        ("KEEPER_SAML_CLOCK_SKEW", "10m", "0s to 300s"),
        ("KEEPER_CONFIG", "/nowhere/keeper.toml", "cannot be read"),
    ];
    for (name, value, hint) in table {
        let line = refusal(&[(name, value)]);
        let place = if name == "KEEPER_CONFIG" { value } else { name };
        assert!(line.starts_with(place) && line.contains(hint) && !line.contains('\n'), "{line}");
    }
}

#[test]
fn an_unknown_key_is_refused_and_named_with_its_file() {
    for name in ["KEEPER_LISTN", "KEEPER_PORT", "KEEPER_TESTS", "KEEPER_"] {
        let line = refusal(&[(name, "x")]);
        assert!(line.starts_with(name) && line.contains("not a setting"), "{line}");
    }
    for (text, key) in
        [("listn = \"x\"", "listn"), ("[saml]\nidp = 1", "saml"), ("KEEPER_LISTEN = \"x\"", "KEEPER_LISTEN")]
    {
        let (_dir, path) = in_file(text);
        let line = refusal(&[("KEEPER_CONFIG", path.to_str().unwrap())]);
        assert!(line.contains(key) && line.contains("keeper.toml") && line.contains("not a"), "{line}");
    }
}

#[test]
fn variables_of_scripts_and_tests_are_let_through() {
    let names = [
        "KEEPER_TEST_POSTGRES",
        "KEEPER_CACHE",
        "KEEPER_DEMO_VAULT_ADDR",
        "KEEPER_DEMO_AWS_URL",
        "KEEPER_SERVER",
        "KEEPER_TOKEN",
        "KEEPER_TOKEN_FILE",
        "KEEPER_CA_FILE",
        "KEEPER_BENCH_N",
        "KEEPER_FUZZ_RUNS",
    ];
    let it = load(&names.map(|name| (name, "x"))).unwrap();
    assert!(!it.demo);
}

#[test]
fn a_mistake_in_the_file_is_one_line_that_names_the_file() {
    let table = [
        ("demo = true\nlisten = ", "keeper.toml, line 2"),
        ("demo = true\ndemo = true\n", "keeper.toml, line 2"),
        ("listen = 8080\n", "listen in "),
        ("demo = 1.5\n", "demo in "),
        ("trusted_proxies = [1]\n", "trusted_proxies in "),
        ("tls_cert = \"x\"\n", "tls_cert in "),
        ("data_dir_file = \"/nowhere/x\"\n", "data_dir_file in "),
    ];
    for (text, place) in table {
        let (_dir, path) = in_file(text);
        let line = refusal(&[("KEEPER_CONFIG", path.to_str().unwrap())]);
        assert!(line.contains(place) && line.contains("keeper.toml") && !line.contains('\n'), "{line}");
    }
}

#[test]
fn development_listens_on_loopback_alone() {
    for listen in ["0.0.0.0:8080", "192.168.1.2:8080", "[::]:8080"] {
        for more in [("KEEPER_DEMO", "true"), ("KEEPER_LIMITS", "off"), ("KEEPER_LOG", "info")] {
            let line = refusal(&[("KEEPER_LISTEN", listen), more]);
            assert!(line.starts_with("KEEPER_LISTEN") && line.contains("KEEPER_MODE=production"), "{line}");
        }
    }
    for listen in ["127.0.0.1:0", "127.8.8.8:80", "[::1]:8080", "[::ffff:127.0.0.1]:8080"] {
        assert!(
            load(&[("KEEPER_LISTEN", listen), ("KEEPER_DEMO", "true"), ("KEEPER_LIMITS", "off")]).is_ok(),
            "{listen}"
        );
    }
}

#[test] // S06
fn production_refuses_what_would_be_unsafe_and_says_what_to_do() {
    let table = [
        ("KEEPER_DEMO", "true", "demo sign-in"),
        ("KEEPER_LIMITS", "off", "rate limits"),
        ("KEEPER_PUBLIC_URL", "http://keeper.example.com", "https://"),
        ("KEEPER_PUBLIC_URL", "", "https://"),
        ("KEEPER_TRUSTED_PROXIES", "", "trusted proxy"),
        ("KEEPER_DATABASE_URL", "postgres://keeper@db.example.com/keeper", "sslmode=verify-full"),
        ("KEEPER_DATABASE_URL", "mysql://keeper@db.example.com/keeper", "ssl-mode=VERIFY_IDENTITY"),
        ("KEEPER_KMS_KEY_FILE", "", "KEEPER_ALLOW_KEY_BESIDE_DATA=true"),
        ("KEEPER_KMS_KEY_FILE", "/var/lib/keeper/keys/../keeper.key", "outside the data directory"),
        ("KEEPER_TLS_CERT", "/etc/tls.pem", "not supported yet, use a trusted proxy"),
    ];
    assert!(production(&[]).is_ok());
    for (name, value, hint) in table {
        let line = production(&[(name, value)]).err().unwrap_or_else(|| panic!("{name}={value}")).to_string();
        assert!(line.starts_with(name) && line.contains(hint), "{line}");
    }
}

#[test]
fn production_accepts_what_is_safe() {
    let tables: [&[(&str, &str)]; 5] = [
        &[("KEEPER_LISTEN", "127.0.0.1:8080"), ("KEEPER_TRUSTED_PROXIES", "")],
        &[("KEEPER_DATABASE_URL", "postgres://keeper@db.example.com/keeper?sslmode=require")],
        &[("KEEPER_DATABASE_URL", "mysql://keeper@127.0.0.1/keeper")],
        &[("KEEPER_KMS_KEY_FILE", ""), ("KEEPER_ALLOW_KEY_BESIDE_DATA", "true")],
        &[("KEEPER_KMS_KEY_FILE", "/var/lib/keeper-keys/keeper.key")],
    ];
    for changes in tables {
        assert!(production(changes).is_ok(), "{changes:?}: {:?}", production(changes));
    }
}

#[test]
fn a_link_into_the_data_directory_does_not_hide_the_key() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    fs::create_dir(&data).unwrap();
    std::os::unix::fs::symlink(&data, dir.path().join("elsewhere")).unwrap();
    let key = dir.path().join("elsewhere/keeper.key");
    let changes =
        [("KEEPER_DATA_DIR", data.to_str().unwrap()), ("KEEPER_KMS_KEY_FILE", key.to_str().unwrap())];
    assert!(production(&changes).is_err());
}

#[test]
fn a_shared_database_in_production_is_migrated_on_demand_only() {
    let table = [
        (vec![], Migrate::Auto),
        (vec![("KEEPER_DATABASE_URL", "postgres://keeper@localhost/keeper")], Migrate::Check),
        (
            vec![("KEEPER_DATABASE_URL", "postgres://keeper@localhost/keeper"), ("KEEPER_MIGRATE", "auto")],
            Migrate::Auto,
        ),
        (vec![("KEEPER_MIGRATE", "check")], Migrate::Check),
    ];
    for (changes, migrate) in table {
        assert_eq!(production(&changes).unwrap().migrate, migrate, "{changes:?}");
    }
    let development = load(&[("KEEPER_DATABASE_URL", "postgres://keeper@db/keeper")]).unwrap();
    assert_eq!(development.migrate, Migrate::Auto);
}

#[test]
fn a_free_port_becomes_part_of_the_address() {
    let mut it = load(&[("KEEPER_LISTEN", "127.0.0.1:0")]).unwrap();
    it.bound_to("127.0.0.1:43210".parse().unwrap());
    assert_eq!(it.public_url.as_str(), "http://127.0.0.1:43210/");
}

/// A key service that is named, with some variables changed; the empty text takes one away.
fn vault(changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all = env(&[
        ("KEEPER_KMS", "vault-transit"),
        ("KEEPER_KMS_VAULT_URL", "https://vault.example.com"),
        ("KEEPER_KMS_VAULT_KEY", "keeper"),
        ("KEEPER_KMS_VAULT_TOKEN", "s.canary"),
    ]);
    all.extend(env(changes));
    all.retain(|_, value| !value.is_empty());
    all.into_iter().collect()
}

#[test] // S07
fn a_key_service_is_whole_or_the_start_says_what_is_missing() {
    let given = |pairs: &[(String, String)]| {
        load(&pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>())
    };
    let it = given(&vault(&[("KEEPER_KMS_VAULT_KEY", "new,old")])).unwrap();
    let named = it.kms_vault.as_ref().unwrap();
    assert_eq!((it.kms, named.mount.as_str(), named.keys.len()), (Kms::VaultTransit, "transit", 2));
    assert!(!format!("{it:?}").contains("canary"));
    for missing in ["KEEPER_KMS_VAULT_URL", "KEEPER_KMS_VAULT_KEY", "KEEPER_KMS_VAULT_TOKEN"] {
        let line = given(&vault(&[(missing, "")])).err().unwrap().to_string();
        assert!(
            line.starts_with(missing) && line.contains("is needed") && !line.contains("canary"),
            "{line}"
        );
    }
    // One that is not chosen still opens what it wrapped; half of one would not.
    assert!(given(&vault(&[("KEEPER_KMS", "local")])).unwrap().kms_vault.is_some());
    assert!(given(&vault(&[("KEEPER_KMS", "local"), ("KEEPER_KMS_VAULT_KEY", "")])).is_err());
    let line = refusal(&[("KEEPER_KMS", "aws")]);
    assert!(line.starts_with("KEEPER_KMS_AWS_KEY (not set)"), "{line}");
    let half = [
        ("KEEPER_KMS_AWS_KEY", "alias/k"),
        ("KEEPER_KMS_AWS_REGION", "r"),
        ("KEEPER_KMS_AWS_ACCESS_KEY_ID", "a"),
    ];
    assert!(refusal(&half).starts_with("KEEPER_KMS_AWS_SECRET_ACCESS_KEY"));
}

#[test]
fn production_calls_its_key_service_in_the_clear_on_this_machine_alone() {
    let named = |url| {
        production(&[
            ("KEEPER_KMS", "vault-transit"),
            ("KEEPER_KMS_KEY_FILE", ""),
            ("KEEPER_KMS_VAULT_URL", url),
            ("KEEPER_KMS_VAULT_KEY", "keeper"),
            ("KEEPER_KMS_VAULT_TOKEN", "s.canary"),
        ])
    };
    assert!(named("http://vault.example.com").err().unwrap().to_string().starts_with("KEEPER_KMS_VAULT_URL"));
    assert!(named("https://vault.example.com").is_ok() && named("http://127.0.0.1:8100").is_ok());
}
