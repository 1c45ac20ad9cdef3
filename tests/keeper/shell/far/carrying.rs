//! What is carried to a Keeper that is far, and back: imports and exports.
use super::Machine;
use crate::api::service;
use crate::shell::{ask, file};
use crate::support::site::Site;
use crate::support::way::{Fault, Way};
use crate::support::{House, three};
use keeper::db::Query;
use keeper::{audit, people, secrets, sql};
use std::process::Stdio;
use std::time::Duration;
use tokio::task::block_in_place;

const WRITES: [&str; 2] = ["secrets:read", "secrets:write"];

async fn number(house: &House, query: Query) -> i64 {
    house.app.db.read().await.unwrap().number(query).await.unwrap()
}

async fn count(house: &House) -> i64 {
    number(house, sql!("SELECT COUNT(*) FROM secrets")).await
}

/// So many new secrets, whose names begin so.
fn rows(beginning: &str, many: usize) -> String {
    (0..many).fold("name,value,description,tags\n".to_owned(), |text, n| {
        text + &format!(
            "{beginning}-{n:04},canary-{n},\"=1+1, \"\"two\"\"\",\"{{\"\"team\"\": \"\"t{}\"\"}}\"\n",
            n % 3
        )
    })
}

three! {
    // S22 S68 S85 S86 S87 S89: more than a thousand come in units of a thousand; what is told of them from afar is what is told here.
    async fn secrets_go_there_and_their_metadata_come_back(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let other = house.add_environment("other", "development", "open", &[]).await;
        let machine = Machine::new(&site.base, &service(&house, "max", "manager", &WRITES, &[]).await);
        let path = file(&house, "many.csv", &rows("s", 1205));
        let words = ["--environment", "dev", path.to_str().unwrap()];
        let looked = machine.ask(&["import", "secrets"], &[&words[..], &["--dry-run"]].concat());
        assert!(looked.code == Some(0) && looked.out.contains("line 2  new       s-0000") && looked.out.contains("is judged when they are sent"), "{}", looked.both());
        assert_eq!(count(&house).await, 0);
        let done = machine.ask(&["import", "secrets"], &words);
        assert!(done.code == Some(0) && done.out == "1205 rows: 1205 new. 1205 imported into dev.\n", "{}", done.both());
        let made = sql!("SELECT COUNT(*) FROM audit_events WHERE action = 'secret.created' AND actor_kind = 'service'");
        assert_eq!((count(&house).await, number(&house, made).await), (1205, 1205));
        let one = secrets::named(&mut house.app.db.read().await.unwrap(), dev, &["s-1204"], false).await.unwrap();
        let value = secrets::reveal(&house.app, &house.operator(), one[0].id, None, "a test").await.unwrap().value;
        assert_eq!(value.expose(), b"canary-1204");

        // Once more: nothing is made twice, and nothing is said to be the same that was not seen.
        let again = machine.ask(&["import", "secrets"], &[&words[..], &["--output", "json"]].concat());
        let told = again.json();
        assert_eq!((again.code, told["imported"].as_i64(), told["rows"][7]["verdict"].as_str()), (Some(1), Some(0), Some("conflict")));
        assert_eq!(count(&house).await, 1205);

        house.add_secret(other, "s-0500", "canary").await;
        let off = house.add_secret(dev, "z-off", "canary").await;
        secrets::set_active(&house.app, &house.operator(), off, false, "a test", 1).await.unwrap();
        house.file_changes().await;
        let mut exports = 0;
        for words in [
            vec![],
            vec!["--format", "json"],
            vec!["--environment", "dev", "--tag", "team=t1"],
            vec!["--environment", "other", "--environment", "dev", "--q", "s-05"],
            vec!["--environment", "dev", "--inactive", "--format", "json"],
            vec!["--environment", "other", "--level", "restricted"],
            vec!["--environment", "other", "--level", "restricted", "--format", "json"],
            vec!["--type", "generic", "--status", "not_configured", "--level", "confidential"],
        ] {
            exports += 1;
            let here = ask(&house, &[&["export"], words.as_slice()].concat());
            let far = machine.ask(&["export"], &words);
            assert!(here.code == Some(0) && far.code == Some(0), "{words:?}: {}", far.both());
            assert!(here.out == far.out, "{words:?}: {} and {} bytes", here.out.len(), far.out.len());
        }
        for (words, told) in [(vec!["--type", "nothing"], "--type must be one of password"), (vec!["--environment", "no"], "there are dev, other")] {
            let (here, far) = (ask(&house, &[&["export"], words.as_slice()].concat()), machine.ask(&["export"], &words));
            assert!(far.code == Some(64) && far.err == here.err && far.err.contains(told), "{}", far.both());
        }
        // Each of them is an event of the service account, as it is one of the operator here, and with the same words.
        let filter = audit::Filter { action: Some("secret.exported".into()), limit: 50, ..audit::Filter::default() };
        let events = audit::list(&house.app, &filter).await.unwrap().items;
        let of = |kind: &str| -> Vec<serde_json::Value> {
            let own = events.iter().filter(|event| event.actor_kind == kind);
            own.map(|event| serde_json::from_str::<serde_json::Value>(&event.payload).unwrap()["detail"].clone()).collect()
        };
        assert_eq!((of("service").len(), of("service")), (exports, of("operator")));
        house.add_user("uma", "user").await;
        let user = Machine::new(&site.base, &service(&house, "uma", "user", &["secrets:read"], &[]).await);
        let refused = user.ask(&["export"], &[]);
        assert!(refused.code == Some(1) && refused.err.contains("exporting takes a manager or an admin") && refused.out.is_empty(), "{}", refused.both());
        assert!(audit::verify(&house.app).await.unwrap().findings.is_empty());
    }
}

three! {
    // S86: rows are told by their lines, what is there is not sent, and a thousand that is refused does not undo the one before it.
    async fn rows_that_are_not_right_are_told_by_their_lines(house: House) {
        let site = Site::start(&house.app).await;
        for (name, role) in [("max", "manager"), ("uma", "user")] {
            house.add_user(name, role).await;
        }
        let uma = Machine::new(&site.base, &service(&house, "uma", "user", &WRITES, &[]).await);
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let live = house.add_environment("live", "production", "open", &[]).await;
        house.add_secret(dev, "there", "canary").await;
        let off = house.add_secret(dev, "off", "canary").await;
        secrets::set_active(&house.app, &house.operator(), off, false, "a test", 1).await.unwrap();
        let machine = Machine::new(&site.base, &service(&house, "max", "manager", &WRITES, &[]).await);
        let path = file(&house, "bad.csv", "name,value,secret_type\ngood,canary,\nthere,canary,\noff,canary,\nb a d,canary,\ntwice,canary,\ntwice,canary,\nthere,,\nnone,,\n");
        let words = ["--environment", "dev", path.to_str().unwrap()];
        let bad = machine.ask(&["import", "secrets"], &words);
        for told in [
            "line 3  conflict  there: stands in the file more than once, line 3 and line 8",
            "line 4  conflict  off: is switched off in dev",
            "line 5  invalid   (no name): name Invalid name format",
            "line 6  conflict  twice: stands in the file more than once, line 6 and line 7",
            "line 9  invalid   none: value is missing",
            "Nothing was imported",
        ] {
            assert!(bad.code == Some(1) && bad.out.contains(told), "{told}: {}", bad.both());
        }
        let path = file(&house, "there.csv", "name,value\nthere,canary\n");
        let there = machine.ask(&["import", "secrets"], &["--environment", "dev", path.to_str().unwrap()]);
        assert!(there.code == Some(1) && there.out.contains("line 2  conflict  there: is there already, and whether its value is this one cannot be seen"), "{}", there.both());
        let path = file(&house, "made.csv", "name,secret_type\nthere,password\nmade,password\n");
        let made = machine.ask(&["import", "secrets"], &["--environment", "dev", "--generate", path.to_str().unwrap()]);
        assert!(made.code == Some(0) && made.out.contains("there: is there already: its value stays") && made.out.contains("1 imported into dev."), "{}", made.both());

        // In production a reason is asked for, once, and a proof that this token cannot give.
        let words = ["--environment", "live", "--generate", path.to_str().unwrap()];
        let refused = machine.ask(&["import", "secrets"], &words);
        assert!(refused.code == Some(1) && refused.err.contains("without_proof"), "{}", refused.both());
        let proved = Machine::new(&site.base, &service(&house, "max", "manager", &[WRITES[0], WRITES[1], "without_proof"], &[]).await);
        let unasked = proved.ask(&["import", "secrets"], &words);
        assert!(unasked.code == Some(64) && unasked.err.contains("reason is required") && unasked.err.lines().count() == 1, "{}", unasked.both());
        let done = proved.ask(&["import", "secrets"], &[&words[..], &["--reason", "moved"]].concat());
        assert!(done.code == Some(0) && done.out.contains("2 imported into live."), "{}", done.both());
        assert_eq!(number(&house, sql!("SELECT COUNT(*) FROM secrets WHERE environment_id = ?", live)).await, 2);

        // Many at once is not for users, as on the page.
        let before = count(&house).await;
        let path = file(&house, "one.csv", "name,value\nu-one,canary\n");
        let refused = uma.ask(&["import", "secrets"], &["--environment", "dev", path.to_str().unwrap()]);
        assert!(refused.code == Some(1) && refused.err.contains("takes a manager or an admin"), "{}", refused.both());
        assert_eq!(count(&house).await, before);

        // More slow keys than are made at once stand behind the first thousand.
        let long = (0..1000).fold("name,value,secret_type,policy\n".to_owned(), |text, n| text + &format!("u-{n:04},canary,generic,\n"));
        let long = (0..11).fold(long, |text, n| text + &format!("k-{n},,ssh_key,keypair:rsa3072:openssh\n"));
        let path = file(&house, "long.csv", &long);
        let half = machine.ask(&["import", "secrets"], &["--environment", "dev", "--generate", path.to_str().unwrap()]);
        assert!(half.code == Some(64) && half.err.contains("1000 were imported, and then: items hold more than 10 RSA key pairs"), "{}", half.both());
        assert_eq!(count(&house).await, before + 1000);
    }
}

three! {
    // S86: the answer is lost on its way, and the request is sent again under its key: everything is there once.
    async fn an_answer_that_is_lost_makes_nothing_twice(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        house.add_environment("dev", "development", "open", &[]).await;
        let way = Way::to(&site.base).await;
        let machine = Machine::new(&way.url, &service(&house, "max", "manager", &WRITES, &[]).await);
        let path = file(&house, "some.csv", &rows("s", 20));
        way.goes_wrong(Fault::LosesReplyTo("/secrets/bulk")).await;
        let mut command = machine.command(&["import", "secrets"], &["--environment", "dev", path.to_str().unwrap()]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        for _ in 0..100 {
            if count(&house).await > 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        way.is_well().await;
        let ended = crate::shell::Answer::of(&block_in_place(|| child.wait_with_output().unwrap()));
        assert!(ended.code == Some(0) && ended.out.contains("20 imported into dev."), "{}", ended.both());
        let made = sql!("SELECT COUNT(*) FROM audit_events WHERE action = 'secret.created'");
        assert_eq!((count(&house).await, number(&house, made).await), (20, 20));
    }
}

three! {
    // S05 S86: accounts are made one by one, without passwords; a hash is refused and not left out in silence.
    async fn accounts_go_there_without_hashes(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        let token = service(&house, "ada", "admin", &["users:read", "users:write", "without_proof"], &[]).await;
        let machine = Machine::new(&site.base, &token);
        let hash = bcrypt::hash("canary", 4).unwrap();
        let path = file(&house, "hashed.csv", &format!("username,role,password_hash\nbob,user,{hash}\neve,user,\n"));
        let words = [path.to_str().unwrap()];
        let refused = machine.ask(&["import", "users"], &words);
        assert!(refused.code == Some(1) && refused.out.contains("line 2  invalid   bob: password_hash cannot be sent to another Keeper") && !refused.both().contains(&hash), "{}", refused.both());
        assert_eq!(people::count(&house.app).await.unwrap(), 1);

        let path = file(&house, "plain.csv", "username,email,display_name,role,is_active\nbob,bob@example.com,Bob B.,MANAGER,1\neve,,,user,0\n");
        let words = [path.to_str().unwrap()];
        let looked = machine.ask(&["import", "users"], &[&words[..], &["--dry-run"]].concat());
        assert!(looked.code == Some(0) && looked.out.contains("line 2  new       bob: has no password yet"), "{}", looked.both());
        assert_eq!(people::count(&house.app).await.unwrap(), 1);
        let done = machine.ask(&["import", "users"], &words);
        assert!(done.code == Some(0) && done.out.contains("2 accounts were imported."), "{}", done.both());
        for (name, role, email, is_active) in [("bob", "manager", Some("bob@example.com"), true), ("eve", "user", None, false)] {
            let user = people::by_username(&mut house.app.db.read().await.unwrap(), name).await.unwrap().unwrap();
            assert_eq!((user.role.as_str(), user.email.as_deref(), user.is_active), (role, email, is_active));
        }
        let again = machine.ask(&["import", "users"], &[&words[..], &["--output", "json"]].concat()).json();
        assert_eq!((again["imported"].as_i64(), again["rows"][1]["verdict"].as_str()), (Some(0), Some("same")));

        let path = file(&house, "more.csv", "username,role\nbob,user\n");
        let other = machine.ask(&["import", "users"], &[path.to_str().unwrap()]);
        assert!(other.code == Some(1) && other.out.contains("line 2  invalid   bob: there is an account of this name already, with another"), "{}", other.both());
        let path = file(&house, "new.csv", "username,role\nfay,user\n");
        let lacks = Machine::new(&site.base, &service(&house, "ada", "admin", &["users:read"], &[]).await);
        let lacking = lacks.ask(&["import", "users"], &[path.to_str().unwrap()]);
        assert!(lacking.code == Some(1) && lacking.err.contains("fay: this token lacks the scope users:write"), "{}", lacking.both());
        let hired = sql!("SELECT COUNT(*) FROM audit_events WHERE action = 'user.created' AND actor_kind = 'service'");
        assert_eq!(number(&house, hired).await, 2);
        // One that is to be switched off was never on.
        assert_eq!(number(&house, sql!("SELECT COUNT(*) FROM audit_events WHERE action = 'user.disabled'")).await, 0);
    }
}
