//! What commands answer to people and to programs.
use super::{ask, command, file};
use crate::support::served::keeper;
use crate::support::{House, three};
use keeper::secrets::COLUMNS;
use std::process::Stdio;

three! {
    // S22 S48 S68: metadata leave as CSV or JSON, of the environments that were asked for, and no value does.
    async fn metadata_leave_by_the_command_line(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let live = house.add_environment("live", "production", "members", &[]).await;
        house.add_secret(dev, "one", "canary-1").await;
        house.add_secret(live, "two", "canary-2").await;
        let all = ask(&house, &["export"]);
        let lines: Vec<&str> = all.out.lines().collect();
        assert_eq!((all.code, lines.len(), lines[0]), (Some(0), 3, COLUMNS.join(",").as_str()), "{}", all.both());
        let one = ask(&house, &["export", "--environment", "dev", "--format", "json", "--type", "api_key"]);
        let rows = one.json();
        assert_eq!((rows.as_array().unwrap().len(), rows[0]["name"].as_str(), rows[0]["environment"].as_str()), (1, Some("one"), Some("dev")));
        assert!(!all.both().contains("canary") && !one.both().contains("canary"));
        let none = ask(&house, &["export", "--type", "nothing"]);
        assert!(none.code == Some(64) && none.err.contains("must be one of password"), "{}", none.both());
        let events = keeper::sql!("SELECT COUNT(*) FROM audit_events WHERE action = 'secret.exported' AND actor_kind = 'operator'");
        assert_eq!(house.app.db.read().await.unwrap().number(events).await.unwrap(), 2);
        // What was exported can be brought to another environment, values apart.
        let path = file(&house, "two.csv", &ask(&house, &["export", "--environment", "live"]).out);
        let words = ["import", "secrets", path.to_str().unwrap(), "--environment", "dev", "--generate"];
        let brought = ask(&house, &words);
        assert!(brought.code == Some(0) && brought.out.contains("1 imported into dev."), "{}", brought.both());
    }
}

three! {
    // S100: programs are answered in JSON.
    async fn programs_are_answered_in_json(house: House) {
        house.add_user("ada", "admin").await;
        let users = ask(&house, &["user", "list", "--output", "json"]).json();
        assert_eq!((users[0]["username"].as_str(), users[0]["role"].as_str()), (Some("ada"), Some("admin")));
        assert!(!users.to_string().contains("argon2id"));
        assert!(ask(&house, &["user", "list"]).out.starts_with("ada  admin   database active"));
        let log = ask(&house, &["audit", "verify", "--output", "json"]).json();
        assert_eq!((log["whole"].as_bool(), log["events"].as_i64()), (Some(true), Some(1)));
        let keys = ask(&house, &["keys", "status", "--output", "json"]).json();
        assert_eq!((keys["provider"].as_str(), keys["holdings"][0]["place"].as_str()), (Some("local"), Some("system_keys")));
        let schema = ask(&house, &["migrate", "status", "--output", "json"]).json();
        assert_eq!((schema["current"].as_bool(), schema["migrations"][0]["version"].as_i64()), (Some(true), Some(1)));
    }
}

three! {
    // S102: what destroys asks first, and where nobody can be asked it wants to be told.
    async fn what_destroys_wants_to_be_told(house: House) {
        let refused = command(&house, &["migrate", "down", "1"]).stdin(Stdio::null()).output().unwrap();
        assert_eq!(refused.status.code(), Some(64));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("--yes"));
        assert!(house.app.db.is_current().await.unwrap());
    }
}

#[test]
fn shells_learn_the_commands() {
    let data = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let output = keeper(data.path()).args(["completions", shell]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success() && text.contains("seed-demo") && text.contains("only-environment-id"),
            "{shell}: {text}"
        );
    }
    assert_eq!(
        keeper(data.path()).args(["completions", "powershell"]).output().unwrap().status.code(),
        Some(64)
    );
}
