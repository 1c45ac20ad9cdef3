//! The house rules that a compiler does not hold: imports only go down, rooms stay small, doors hold no SQL,
//! templates hold no script, and a value leaves its `Plaintext` only where somebody decided so.
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const FLOORS: [(&str, u8); 29] = [
    ("kit", 1),
    ("config", 3),
    ("domain", 2),
    ("db", 3),
    ("remote", 3),
    ("crypto", 4),
    ("lease", 4),
    ("app", 5),
    ("audit", 6),
    ("outbox", 7),
    ("people", 7),
    ("environments", 8),
    ("providers", 9),
    ("signin", 10),
    ("secrets", 9),
    ("sources", 10),
    ("sync", 10),
    ("rotations", 11),
    ("verify", 11),
    ("bulk", 12),
    ("imports", 12),
    ("rekey", 13),
    ("data_migrations", 13),
    ("door", 13),
    ("api", 14),
    ("web", 14),
    ("worker", 14),
    ("server", 15),
    ("cli", 16),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, ending: &str, found: &mut BTreeMap<PathBuf, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|e| e == ending) {
            found.insert(
                path.strip_prefix(root()).unwrap().to_owned(),
                std::fs::read_to_string(&path).unwrap(),
            );
        }
    }
}

fn sources() -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    files(&root().join("src"), "rs", &mut found);
    found
}

/// Without the tests at a file's end.
fn product(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap()
}

fn floor_of(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

#[test]
fn imports_only_go_down() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let room = path.iter().nth(1).unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
        let Some(floor) = floor_of(&room) else { continue };
        for (line, rest) in product(text.as_str())
            .lines()
            .enumerate()
            .flat_map(|(n, line)| line.split("crate::").skip(1).map(move |rest| (n + 1, rest)))
        {
            let names: Vec<&str> = match rest.strip_prefix('{') {
                Some(list) => {
                    list.split([',', '}']).map(|item| item.trim().split("::").next().unwrap()).collect()
                }
                None => vec![rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap()],
            };
            for name in names {
                let allowed = floor_of(name).is_none_or(|theirs| theirs < floor || name == room);
                if !allowed {
                    wrong.push(format!(
                        "{}:{line} ({room}, floor {floor}) reaches up or across to {name}",
                        path.display()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rooms_stay_small() {
    let mut sizes: Vec<(usize, PathBuf)> =
        sources().into_iter().map(|(path, text)| (text.lines().count(), path)).collect();
    sizes.sort();
    let median = sizes[sizes.len() / 2].0;
    let most = &sizes[sizes.len() * 95 / 100];
    let largest = sizes.last().unwrap();
    assert!(median <= 130, "the median file has {median} lines");
    assert!(most.0 <= 330, "95 % of the files should have at most 330 lines: {most:?}");
    assert!(largest.0 <= 450, "{largest:?} has outgrown its room");
    println!("{} files, median {median}, 95 % {}, largest {}", sizes.len(), most.0, largest.0);
}

#[test] // S99: what cannot be is a type, what may fail is a Result.
fn nothing_panics_on_purpose() {
    let mut wrong = Vec::new();
    for (path, text) in sources().into_iter().filter(|(path, _)| !path.ends_with("tests.rs")) {
        for (n, line) in product(&text).lines().enumerate() {
            let code = line.split("//").next().unwrap();
            if [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!("]
                .iter()
                .any(|word| code.contains(word))
            {
                wrong.push(format!("{}:{}", path.display(), n + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn sql_stays_below_the_doors() {
    for (path, text) in sources() {
        let text = product(&text);
        let room = path.iter().nth(1).unwrap().to_str().unwrap();
        if ["api", "door", "web", "worker"].contains(&room) {
            assert!(!text.contains("sql!("), "{} holds SQL", path.display());
        }
        let drivers = text.replace("sqlx::FromRow", "").contains("sqlx::");
        // Keeper's own database is db's alone. Those whose users' passwords it changes are other people's: a client like
        // any other of `remote`, which speaks to them through the same drivers.
        let client = path.starts_with("src/remote/sources");
        assert!(!drivers || room == "db" || client, "{} knows a driver", path.display());
    }
}

#[test] // Rule 10: nothing inline, nothing that needs eval, nothing unescaped but a template's own text.
fn templates_hold_no_script_and_no_style() {
    let mut templates = BTreeMap::new();
    files(&root().join("templates"), "html", &mut templates);
    assert!(templates.len() > 25);
    for (path, text) in templates {
        for banned in [
            " style=",
            "<style",
            "javascript:",
            "hx-on",
            "hx-vals=\"js",
            " onclick=",
            " onload=",
            " onsubmit=",
            "src=\"http",
            "href=\"http",
        ] {
            assert!(!text.contains(banned), "{} holds {banned}", path.display());
        }
        for script in text.split("<script").skip(1) {
            assert!(
                script.starts_with(" src=") && script.contains("></script>"),
                "{} holds a script",
                path.display()
            );
        }
        let unescaped = text.matches("|safe").count() - text.matches("{{ attrs|safe }}").count();
        assert_eq!(unescaped, 0, "{} writes something unescaped", path.display());
    }
}

/// Where a value leaves its `Plaintext`. A new line here is a decision that a reviewer sees.
const EXPOSED: [(&str, usize); 32] = [
    ("src/api/secrets/input.rs", 1),
    ("src/api/secrets/reveal.rs", 1),
    ("src/cli/check/outside.rs", 1),
    ("src/cli/run.rs", 1),
    ("src/cli/token.rs", 1),
    ("src/cli/user.rs", 1),
    ("src/crypto/keys.rs", 1),
    ("src/crypto/passwords.rs", 3),
    ("src/crypto/seal.rs", 1),
    ("src/crypto/totp.rs", 1),
    ("src/domain/plaintext.rs", 1),
    ("src/domain/rules.rs", 1),
    ("src/environments/credentials.rs", 4),
    ("src/imports/gather.rs", 2),
    ("src/imports/read.rs", 1),
    ("src/imports/tree.rs", 2),
    ("src/people/import/read.rs", 1),
    ("src/people/password.rs", 1),
    ("src/people/second/check.rs", 1),
    ("src/people/second/recovery.rs", 1),
    ("src/sources/login.rs", 2),
    ("src/sync/stores.rs", 1),
    ("src/web/forms.rs", 1),
    ("src/web/providers/form.rs", 2),
    ("src/web/second_factor.rs", 2),
    ("src/web/secrets/reveal.rs", 1),
    ("src/web/services/token.rs", 1),
    ("src/web/users/mod.rs", 1),
    ("src/remote", 0),
    ("src/config", 0),
    ("src/cli/config.rs", 1),
    ("src/cli/open.rs", 2),
];

#[test]
fn a_value_leaves_its_wrapping_only_where_it_was_decided() {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for (path, text) in sources().into_iter().filter(|(path, _)| !path.ends_with("tests.rs")) {
        let count =
            product(&text).matches(".expose()").count() + product(&text).matches("fn expose(").count();
        // The clients send values, and the settings hold a URL: whole rooms that do nothing else.
        let room = ["src/remote", "src/config"].into_iter().find(|room| path.starts_with(room));
        if count > 0 && room.is_none() {
            *found.entry(path.display().to_string()).or_default() += count;
        }
    }
    let decided: BTreeMap<String, usize> =
        EXPOSED.iter().filter(|(_, n)| *n > 0).map(|(path, n)| ((*path).to_owned(), *n)).collect();
    assert_eq!(found, decided);
}

/// Texts such as `secret.created`, of the nouns that events have.
fn actions(text: &str) -> BTreeSet<String> {
    const NOUNS: [&str; 17] = [
        "secret",
        "version",
        "rotation",
        "glass",
        "import",
        "bulk",
        "copy",
        "environment",
        "source",
        "session",
        "keys",
        "user",
        "service",
        "access",
        "identity_provider",
        "saml_key",
        "logout",
    ];
    let is_action = |text: &&str| {
        let parts = text.split_once('.');
        parts.is_some_and(|(noun, verb)| {
            NOUNS.contains(&noun)
                && !verb.is_empty()
                && verb.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        })
    };
    text.split('"').filter(is_action).map(str::to_owned).collect()
}

#[test]
fn the_audit_page_knows_every_action() {
    let (page, others): (Vec<_>, Vec<_>) =
        sources().into_iter().partition(|(path, _)| path.ends_with("src/web/audit.rs"));
    let offered = actions(product(&page[0].1));
    let told: BTreeSet<String> = others.iter().flat_map(|(_, text)| actions(product(text))).collect();
    assert_eq!(offered, told);
}

#[test]
fn every_promise_is_listed() {
    let list = std::fs::read_to_string(root().join("docs/promises.md")).unwrap();
    for n in 1..=116 {
        let id = format!("**S{n:02}**");
        assert!(list.contains(&id), "docs/promises.md lacks {id}");
    }
}
