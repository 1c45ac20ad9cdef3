//! `keeper check`: what is wrong, and what is to be done about it.
use super::{Answer, ask, command};
use crate::support::served::keeper;
use crate::support::{House, three};
use keeper::{audit, people, sql};
use serde_json::Value as Json;
use std::os::unix::fs::PermissionsExt;

/// The state and the text of one check.
fn line(answer: &Json, check: &str) -> (String, String) {
    let found = answer["checks"].as_array().unwrap().iter().find(|line| line["check"] == check);
    let found = found.unwrap_or_else(|| panic!("no {check}: {answer}"));
    let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
    (text("state"), format!("{} -> {}", text("text"), text("remedy")))
}

three! {
    // S95 S97: a house that is well, then a backend that is away, only single sign-on with nobody to break the glass, a head that was changed.
    async fn each_problem_is_told_with_its_remedy(house: House) {
        let fresh = ask(&house, &["check"]);
        assert!(fresh.code == Some(0) && fresh.out.contains("keeper user add NAME --role admin"), "{}", fresh.both());
        house.add_user("ada", "admin").await;
        house.add_environment("dev", "development", "open", &[]).await;
        audit::anchor(&house.app, 0).await.unwrap();
        let well = ask(&house, &["check", "--output", "json"]);
        assert_eq!((well.code, &well.json()["ok"]), (Some(0), &Json::Bool(true)), "{}", well.both());
        let told = well.json();
        assert!(told["checks"].as_array().unwrap().iter().all(|line| line["state"] == "ok"), "{told}");
        assert!(line(&told, "database").1.contains(house.app.db.engine().name()), "{told}");
        for check in ["configuration", "data folder", "schema", "key service", "key file", "keys", "audit log", "backends", "queue", "single sign-on", "sign-in"] {
            line(&told, check);
        }

        house.add_environment_with_vault_away("far", "canary-token").await;
        people::set_break_glass(&house.app, &house.operator(), "ada", true).await.unwrap();
        people::set_sso_only(&house.app, &house.operator(), true).await.unwrap();
        let change = sql!("UPDATE users SET is_break_glass = ? WHERE username = 'ada'", false);
        exec(&house, change).await;
        let away = ask(&house, &["check", "--output", "json"]);
        assert_eq!(away.code, Some(1), "{}", away.both());
        let told = away.json();
        let (state, text) = line(&told, "far vault");
        assert!(state == "problem" && text.contains("/settings/backends/"), "{text}");
        let (state, text) = line(&told, "sign-in");
        assert!(state == "problem" && text.contains("keeper user sso-only off"), "{text}");
        assert!(!away.both().contains("canary"));

        exec(&house, sql!("UPDATE audit_head SET seq = seq - 1 WHERE id = 1")).await;
        let (state, text) = line(&ask(&house, &["check", "--output", "json"]).json(), "audit log");
        assert!(state == "problem" && text.contains("without Keeper's key"), "{text}");
        exec(&house, sql!("UPDATE audit_head SET seq = seq + 1 WHERE id = 1")).await;
        exec(&house, sql!("DELETE FROM audit_events WHERE seq = (SELECT seq FROM audit_head WHERE id = 1)")).await;
        let (state, text) = line(&ask(&house, &["check", "--output", "json"]).json(), "audit log");
        assert!(state == "problem" && text.contains("the end was cut off"), "{text}");
    }
}

async fn exec(house: &House, query: keeper::db::Query) {
    let done: keeper::domain::error::Result<u64> =
        keeper::tx!(house.app.db, |tx| tx.exec(query.clone()).await);
    done.unwrap();
}

three! {
    // S07 S08: the key is another one, is everybody's to read, or is gone; the schema is older.
    async fn what_stops_keeper_is_told_with_its_code(house: House) {
        let key = house.app.settings.key_file.clone();
        let other = tempfile::tempdir().unwrap();
        let made = keeper(other.path()).args(["keys", "status"]).output().unwrap();
        assert!(made.status.success(), "{}", Answer::of(&made).both());
        let other = other.path().join("keeper.key");
        let wrong = command(&house, &["check"]).env("KEEPER_KMS_KEY_FILE", &other).output().unwrap();
        let wrong = Answer::of(&wrong);
        assert!(wrong.code == Some(78) && wrong.out.contains("made with another key"), "{}", wrong.both());
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
        let open = ask(&house, &["check"]);
        assert!(open.code == Some(78) && open.out.contains("chmod 600"), "{}", open.both());
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::rename(&key, key.with_extension("away")).unwrap();
        let gone = ask(&house, &["check"]);
        assert!(gone.code == Some(78) && gone.out.contains("restore it from its backup") && !key.exists(), "{}", gone.both());
        std::fs::rename(key.with_extension("away"), &key).unwrap();
        let before = house.app.db.schema().await.unwrap().migrations;
        house.app.db.migrate_down(before[before.len() - 2].version).await.unwrap();
        let older = ask(&house, &["check", "--output", "json"]);
        let (state, text) = line(&older.json(), "schema");
        assert!(older.code == Some(78) && state == "problem" && text.contains("keeper migrate up"), "{}", older.both());
        assert!(!house.app.db.is_current().await.unwrap(), "check changed the schema");
    }
}

#[test] // S98: a database that is away has its own code, and its password is told nowhere; a mistake in the settings has another.
fn what_is_away_is_told_without_its_password() {
    let data = tempfile::tempdir().unwrap();
    let url = "postgres://keeper:canary-password@127.0.0.1:9/keeper";
    let away = keeper(data.path()).arg("check").env("KEEPER_DATABASE_URL", url).output().unwrap();
    let away = Answer::of(&away);
    assert!(away.code == Some(69) && away.out.contains("PROBLEM  database"), "{}", away.both());
    assert!(!away.both().contains("canary"), "{}", away.both());
    let slip =
        keeper(data.path()).args(["check", "--output", "json"]).env("KEEPER_LISTNE", "x").output().unwrap();
    let slip = Answer::of(&slip);
    let (state, text) = line(&slip.json(), "configuration");
    assert!(slip.code == Some(78) && state == "problem" && text.contains("KEEPER_LISTNE"), "{}", slip.both());
}

#[test] // S08: nothing is there yet, which is no problem, and nothing is made by looking.
fn an_empty_folder_stays_empty() {
    let data = tempfile::tempdir().unwrap();
    let fresh = Answer::of(&keeper(data.path()).arg("check").output().unwrap());
    assert!(fresh.code == Some(0) && fresh.out.contains("keeper serve makes it"), "{}", fresh.both());
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0);
}
