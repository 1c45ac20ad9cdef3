//! `keeper run`: a program gets the secrets, and nobody else does.
use super::{Answer, ask, command};
use crate::support::{House, three};
use keeper::{audit, sql};
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::time::Duration;

async fn reveals(house: &House) -> Vec<audit::Line> {
    let filter =
        audit::Filter { action: Some("secret.revealed".into()), limit: 50, ..audit::Filter::default() };
    audit::list(&house.app, &filter).await.unwrap().items
}

three! {
    // S48: values reach the program and no output; each is a reveal with its reason, stored before the program begins.
    async fn a_program_gets_the_secrets_of_an_environment(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        for (name, value) in [("db-password", "canary 1 \"quoted\"\n"), ("api.key", "canary-2")] {
            house.add_secret(dev, name, value).await;
        }
        let seen = house.data.path().join("seen");
        let script = "printf '%s|%s|%s' \"$DB_PASSWORD\" \"$API_KEY\" \"${KEEPER_DATABASE_URL-none}\" > \"$1\"; echo out; echo err >&2; exit 7";
        let words = ["run", "--environment", "dev", "--", "sh", "-c", script, "sh", seen.to_str().unwrap()];
        let ran = ask(&house, &words);
        assert!(ran.code == Some(7) && ran.out == "out\n" && !ran.both().contains("canary"), "{}", ran.both());
        assert_eq!(std::fs::read_to_string(&seen).unwrap(), "canary 1 \"quoted\"\n|canary-2|none");
        let events = reveals(&house).await;
        assert!(events.len() == 2 && events.iter().all(|e| e.actor_kind == "operator" && e.reason().as_deref() == Some("keeper run")), "{events:?}");

        let one = ask(&house, &["run", "--environment", "dev", "--secret", "API.key", "--prefix", "APP_", "--", "sh", "-c", "test \"$APP_API_KEY\" = canary-2 && test -z \"$DB_PASSWORD\""]);
        assert_eq!((one.code, reveals(&house).await.len()), (Some(0), 3), "{}", one.both());
        assert!(audit::verify(&house.app).await.unwrap().findings.is_empty());
    }
}

three! {
    // A slip of the pen, two secrets of one variable, a variable that would decide what runs: no value is read.
    async fn nothing_is_revealed_for_what_cannot_run(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        for name in ["a-b", "a.b", "ld-preload", "2fa"] {
            house.add_secret(dev, name, "canary").await;
        }
        let off = house.add_secret(dev, "off", "canary").await;
        keeper::secrets::set_active(&house.app, &house.operator(), off, false, "a test", 1).await.unwrap();
        for (words, told) in [
            (vec!["--environment", "dev", "--secret", "a-b", "--secret", "a.b", "--", "true"], "the secrets a-b and a.b would both be A_B"),
            (vec!["--environment", "dev", "--secret", "ld-preload", "--", "true"], "ld-preload would be LD_PRELOAD"),
            (vec!["--environment", "dev", "--secret", "2fa", "--", "true"], "2fa would be 2FA"),
            (vec!["--environment", "dev", "--secret", "nothing", "--", "true"], "\"nothing\" does not exist in dev"),
            (vec!["--environment", "dev", "--secret", "off", "--", "true"], "\"off\" is switched off in dev"),
            (vec!["--environment", "nowhere", "--", "true"], "there are dev"),
            (vec!["--environment", "dev", "--secret", "a-b", "--", "no-such-program"], "there is no program no-such-program"),
            (vec!["--environment", "dev", "--secret", "a-b"], "COMMAND"),
        ] {
            let answer = ask(&house, &[&["run"], words.as_slice()].concat());
            assert!(answer.code == Some(64) && answer.err.contains(told), "{told}: {}", answer.both());
            assert!(!answer.both().contains("canary"));
        }
        assert!(reveals(&house).await.is_empty());
    }
}

three! {
    // Keeper has become the program: a signal reaches it, and its end is the program's.
    async fn a_signal_reaches_the_program(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        house.add_secret(dev, "token", "canary").await;
        let ready = house.data.path().join("ready");
        let script = "trap 'exit 9' TERM; touch \"$1\"; while :; do sleep 0.1; done";
        let words = ["run", "--environment", "dev", "--", "sh", "-c", script, "sh", ready.to_str().unwrap()];
        let child = command(&house, &words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        for _ in 0..200 {
            if ready.exists() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(ready.exists());
        rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::TERM).unwrap();
        let ended = child.wait_with_output().unwrap();
        let answer = Answer::of(&ended);
        assert!(answer.code == Some(9) && ended.status.signal().is_none(), "{}", answer.both());
        let count = sql!("SELECT COUNT(*) FROM audit_events WHERE action = 'secret.revealed'");
        assert_eq!(house.app.db.read().await.unwrap().number(count).await.unwrap(), 1);
    }
}
