//! The command line on a machine that has nothing but an address and a token: no database, no key, no settings.
mod away;
mod carrying;

use super::Answer;
use crate::api::service;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::audit;
use keeper::domain::plaintext::Plaintext;
use keeper::secrets::{self, SecretInput};
use std::process::{Command, Stdio};
use tempfile::TempDir;
use tokio::task::block_in_place;

/// Another machine: its working directory is empty, and stays so.
struct Machine {
    folder: TempDir,
    server: String,
    token: String,
}

impl Machine {
    fn new(server: &str, token: &str) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), server: server.to_owned(), token: token.to_owned() }
    }

    /// Without the settings of whoever runs the tests.
    fn bare(&self) -> Command {
        let mut keeper = Command::new(env!("CARGO_BIN_EXE_keeper"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KEEPER_")) {
            keeper.env_remove(name);
        }
        keeper.current_dir(&self.folder).stdin(Stdio::null());
        keeper
    }

    /// The words of the command, and behind `--server` the others.
    fn command(&self, command: &[&str], words: &[&str]) -> Command {
        let mut keeper = self.bare();
        keeper.args(command).args(["--server", &self.server]).args(words).env("KEEPER_TOKEN", &self.token);
        keeper
    }

    fn ask(&self, command: &[&str], words: &[&str]) -> Answer {
        self.answer(self.command(command, words))
    }

    /// Whatever happens: no token and no value in what is written, and nothing made here.
    fn answer(&self, mut command: Command) -> Answer {
        let answer = Answer::of(&block_in_place(|| command.output().unwrap()));
        let told = answer.both();
        assert!(!told.contains(&self.token) && !told.contains("canary"), "{told}");
        assert_eq!(std::fs::read_dir(self.folder.path()).unwrap().count(), 0, "{told}");
        answer
    }
}

/// Of whom they are, and whether each has this reason.
async fn reveals(house: &House) -> Vec<(String, String, bool)> {
    let filter =
        audit::Filter { action: Some("secret.revealed".into()), limit: 50, ..audit::Filter::default() };
    let events = audit::list(&house.app, &filter).await.unwrap().items;
    let told = |e: audit::Line| {
        (e.actor_kind.clone(), e.actor_name.clone(), e.reason().as_deref() == Some("keeper run"))
    };
    events.into_iter().map(told).collect()
}

async fn add_bytes(house: &House, environment: i64, name: &str, bytes: &[u8], level: &str) -> i64 {
    let input = SecretInput {
        value: Some(Plaintext::new(bytes.to_vec())),
        secrecy_level: level.into(),
        ..House::secret_input(environment, name, "")
    };
    secrets::create(&house.app, &house.operator(), input.parse_create(house.app.now()).unwrap())
        .await
        .unwrap()
}

const READS: [&str; 2] = ["secrets:read", "secrets:reveal"];

three! {
    // S48 S78: a program starts with the values of an environment, byte for byte, and each was a reveal of the service account.
    async fn a_program_gets_the_secrets_of_a_keeper_that_is_far(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        house.add_secret(dev, "db-password", "canary 1 \"quoted\"\n").await;
        house.add_secret(dev, "api.key", "canary-2").await;
        add_bytes(&house, dev, "raw", b"canary\xff", "internal").await;
        let machine = Machine::new(&site.base, &service(&house, "max", "manager", &READS, &[dev]).await);
        let seen = house.data.path().join("seen");
        let script = "printf '%s|%s|%s|' \"$DB_PASSWORD\" \"$API_KEY\" \"$RAW\" > \"$1\"; env | grep -c ^KEEPER_ >> \"$1\"; echo out; exit 7";
        let words = ["--environment", "dev", "--", "sh", "-c", script, "sh", seen.to_str().unwrap()];
        let ran = machine.ask(&["run"], &words);
        assert!(ran.code == Some(7) && ran.out == "out\n", "{}", ran.both());
        assert_eq!(std::fs::read(&seen).unwrap(), b"canary 1 \"quoted\"\n|canary-2|canary\xff|0\n");
        let account = || ("service".to_owned(), "service:of-max-manager-2".to_owned(), true);
        assert_eq!(reveals(&house).await, [account(), account(), account()]);

        // Some alone, the token from a file, and the address from a variable.
        let file = house.data.path().join("token");
        std::fs::write(&file, format!("{}\n", machine.token)).unwrap();
        let words = ["run", "--environment", "dev", "--secret", "API.key", "--prefix", "APP_", "--", "sh", "-c", "test \"$APP_API_KEY\" = canary-2 && test -z \"$APP_RAW\""];
        let mut command = machine.bare();
        command.args(words).env("KEEPER_TOKEN_FILE", &file).env("KEEPER_SERVER", &site.base);
        let one = machine.answer(command);
        assert_eq!((one.code, reveals(&house).await.len()), (Some(0), 4), "{}", one.both());
        assert!(audit::verify(&house.app).await.unwrap().findings.is_empty());
    }
}

three! {
    // S48: what a token may not, what is not there and what cannot run is told, with its code; no program is started.
    async fn what_may_not_be_read_starts_nothing(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let safe = house.add_environment("safe", "development", "open", &[]).await;
        house.add_secret(dev, "one", "canary").await;
        house.add_secret(dev, "ld-preload", "canary").await;
        let off = house.add_secret(dev, "off", "canary").await;
        keeper::secrets::set_active(&house.app, &house.operator(), off, false, "a test", 1).await.unwrap();
        add_bytes(&house, safe, "grave", b"canary", "restricted").await;
        let reads = service(&house, "max", "manager", &READS, &[dev]).await;
        let only_lists = service(&house, "max", "manager", &READS[..1], &[]).await;
        let without_proof = service(&house, "max", "manager", &["secrets:read", "secrets:reveal", "secrets:sync"], &[]).await;
        let lists_none = service(&house, "max", "manager", &["secrets:reveal", "secrets:sync", "secrets:rotate", "secrets:write"], &[]).await;
        let marker = house.data.path().join("started");
        let program = ["--", "touch", marker.to_str().unwrap()];
        for (token, words, code, told) in [
            ("kpr_not_a_token", vec!["--environment", "dev"], 78, "KEEPER_TOKEN: this token is not known, or not any more"),
            (only_lists.as_str(), vec!["--environment", "dev", "--secret", "one"], 1, "one: this token lacks the scope secrets:reveal"),
            (lists_none.as_str(), vec!["--environment", "dev"], 1, "lacks the scope secrets:read"),
            (reads.as_str(), vec!["--environment", "safe"], 64, "there is no environment \"safe\"; there are dev"),
            (reads.as_str(), vec!["--environment", "dev", "--secret", "off"], 64, "\"off\" is switched off in dev"),
            (reads.as_str(), vec!["--environment", "dev", "--secret", "on"], 64, "\"on\" does not exist in dev"),
            (reads.as_str(), vec!["--environment", "dev", "--secret", "o n/e?&"], 64, "does not exist in dev"),
            (reads.as_str(), vec!["--environment", "dev"], 64, "ld-preload would be LD_PRELOAD"),
            (without_proof.as_str(), vec!["--environment", "safe"], 1, "grave: this asks for a fresh proof of identity"),
            (reads.as_str(), vec!["--data-dir", ".", "--environment", "dev"], 64, "--data-dir belongs to this one"),
        ] {
            let machine = Machine::new(&site.base, token);
            let answer = machine.ask(&["run"], &[words.as_slice(), &program].concat());
            assert!(answer.code == Some(code) && answer.err.contains(told), "{told}: {:?} {}", answer.code, answer.both());
            assert!(answer.out.is_empty() && !marker.exists(), "{told}");
        }
        assert!(reveals(&house).await.is_empty());
        let machine = Machine::new(&site.base, &reads);
        let words = ["--environment", "dev", "--secret", "one", "--", "touch", marker.to_str().unwrap()];
        for (name, text, told) in [
            ("KEEPER_TOKEN", "", "KEEPER_TOKEN holds no token"),
            ("KEEPER_TOKEN", "two words", "KEEPER_TOKEN holds no token"),
            ("KEEPER_TOKEN_FILE", "nothing", "are both set"),
            ("KEEPER_CA_FILE", "nothing.pem", "KEEPER_CA_FILE: nothing.pem cannot be read"),
        ] {
            let mut command = machine.command(&["run"], &words);
            command.env(name, text);
            let answer = machine.answer(command);
            assert!(answer.code == Some(78) && answer.err.contains(told), "{told}: {}", answer.both());
        }
        let mut command = machine.command(&["run"], &words);
        command.env_remove("KEEPER_TOKEN");
        let none = machine.answer(command);
        assert!(none.code == Some(78) && none.err.contains("KEEPER_TOKEN is not set"), "{}", none.both());
        assert!(!marker.exists() && reveals(&house).await.is_empty());
    }
}
