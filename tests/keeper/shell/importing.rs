//! For those who come from another Keeper: accounts with their hashes, and secrets in the columns of its table.
use super::{ask, file};
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::domain::enums::{SecrecyLevel, SecretType};
use keeper::{audit, people, secrets, sql};

async fn number(house: &House, query: keeper::db::Query) -> i64 {
    house.app.db.read().await.unwrap().number(query).await.unwrap()
}

async fn hash_of(house: &House, name: &str) -> String {
    let query = sql!("SELECT password_hash FROM users WHERE username = ?", name);
    house.app.db.read().await.unwrap().one::<(String,)>(query).await.unwrap().0
}

async fn signs_in(site: &Site, name: &str, password: &str) -> bool {
    let visitor = site.visitor();
    visitor.get("/login").await;
    visitor.post("/login", &[("username", name), ("password", password)]).await.status == 303
}

three! {
    // S05 S39: accounts come with their bcrypt hashes, sign in with the passwords that they have, and have argon2id from then on.
    async fn accounts_come_with_their_hashes(house: House) {
        let bcrypt = bcrypt::hash("her old password", 4).unwrap();
        let argon2id = house.app.hasher.hash(&"his old password".to_owned().into(), &house.app.chance).await.unwrap();
        let table = format!(
            "id,username,email,display_name,role,password_hash,is_active,created_at\n\
             1,Ada,ada@example.com,Ada L.,ADMIN,{},True,2024-01-01\n2,bob,,,Role.USER,\"{}\",1,\n3,eve,,,user,,0,\n",
            bcrypt.replace("$2b$", "$2y$"),
            argon2id.as_str()
        );
        let path = file(&house, "users.csv", &table);
        let path = path.to_str().unwrap();

        let looked = ask(&house, &["import", "users", path, "--dry-run"]);
        assert!(looked.code == Some(0) && looked.out.contains("line 2  new       ada") && looked.out.contains("keeper user set-password eve"), "{}", looked.both());
        assert_eq!(people::count(&house.app).await.unwrap(), 0);

        let done = ask(&house, &["import", "users", path]);
        assert!(done.code == Some(0) && done.out.contains("3 accounts were imported."), "{}", done.both());
        for told in [looked.both(), done.both()] {
            assert!(!told.contains(&bcrypt[7..]) && !told.contains(argon2id.as_str()), "{told}");
        }
        let ada = people::by_username(&mut house.app.db.read().await.unwrap(), "ada").await.unwrap().unwrap();
        assert_eq!((ada.role.as_str(), ada.display_name.as_str(), ada.email.as_deref()), ("admin", "Ada L.", Some("ada@example.com")));
        let created = audit::Filter { action: Some("user.created".into()), limit: 10, ..audit::Filter::default() };
        let events = audit::list(&house.app, &created).await.unwrap().items;
        assert!(events.len() == 3 && events.iter().all(|e| e.actor_kind == "operator" && e.detail("imported").as_deref() == Some("true")));

        // The same file once more changes nothing.
        let again = ask(&house, &["import", "users", path, "--output", "json"]);
        assert_eq!((again.code, again.json()["imported"].as_i64()), (Some(0), Some(0)), "{}", again.both());
        assert_eq!(again.json()["rows"][2]["verdict"], "same");

        let site = Site::start(&house.app).await;
        assert!(!signs_in(&site, "ada", "another password").await && signs_in(&site, "ada", "her old password").await);
        assert!(hash_of(&house, "ada").await.starts_with("$argon2id$"), "it was not upgraded");
        assert!(signs_in(&site, "ada", "her old password").await && signs_in(&site, "bob", "his old password").await);
        assert!(!signs_in(&site, "eve", PASSWORD).await);
        assert!(audit::verify(&house.app).await.unwrap().findings.is_empty());
    }
}

three! {
    // S86: one row that is not right holds up all others; each is named by its line, and no hash is told.
    async fn accounts_that_are_not_right_are_named_by_their_rows(house: House) {
        house.add_user("max", "manager").await;
        let lines = [
            r#"{"username": "new", "role": "user", "password_hash": null}"#,
            r#"{"username": "max", "role": "admin"}"#,
            r#"{"username": "NEW", "role": "user"}"#,
            r#"{"username": "plain", "role": "user", "password_hash": "canary-plain-text"}"#,
            r#"{"username": "md5", "role": "user", "password_hash": "5f4dcc3b5aa765d61d8327deb882cf99"}"#,
            r#"{"username": "king", "role": "KING"}"#,
            r#"{"username": "sam", "role": "user", "auth_method": "SAML"}"#,
            r#"{"username": "a b", "role": "user", "email": "nobody"}"#,
            r#"{"username": "x", "role": "user", "canary": true}"#,
        ];
        let path = file(&house, "users.jsonl", &lines.join("\n"));
        let refused = ask(&house, &["import", "users", path.to_str().unwrap()]);
        assert_eq!(refused.code, Some(1), "{}", refused.both());
        for words in [
            "line 2  invalid   max: there is an account of this name already, with another role",
            "line 3  invalid   new: stands in the file already, line 1",
            "line 4  invalid   plain: password_hash must be a bcrypt hash",
            "line 5  invalid   md5: password_hash must be",
            "line 6  invalid   king: role must be one of user, manager, admin",
            "line 7  invalid   sam: auth_method must be database",
            "line 8  invalid   (no name): email must be an e-mail address; username Invalid user name",
            "line 9  invalid   (no name): holds a field that is not known",
            "Nothing was imported",
        ] {
            assert!(refused.out.contains(words), "{words}\n{}", refused.both());
        }
        assert!(!refused.both().contains("canary") && !refused.both().contains("5f4dcc"), "{}", refused.both());
        assert_eq!(people::count(&house.app).await.unwrap(), 1);
        let path = file(&house, "no.csv", "name,role\ncanary,user\n");
        let unread = ask(&house, &["import", "users", path.to_str().unwrap()]);
        assert!(unread.code == Some(64) && unread.err.contains("column 1") && !unread.both().contains("canary"), "{}", unread.both());
    }
}

/// The table of the first Keeper, whole (S22), with a value.
fn table(rows: &[&str]) -> String {
    let head = "id,name,display_name,description,secret_type,secrecy_level,service_name,environment_id,creator_id,aws_sync_status,vault_sync_status,\
        aws_secret_arn,vault_path,expires_at,auto_rotate,rotation_interval_days,last_rotated_at,tags,is_active,created_at,updated_at,value";
    [&[head][..], rows].concat().join("\n")
}

three! {
    // S22 S23 S24 S34 S79 S85 S86 S87: a table of secrets is taken over with its values; what Keeper decides itself is not.
    async fn secrets_come_in_the_columns_of_their_table(house: House) {
        let staging = house.add_environment("staging", "staging", "open", &[]).await;
        let text = table(&[
            "7,DB-Pass,Database,of the shop,PASSWORD,CONFIDENTIAL,shop,3,99,SYNCED,FAILED,arn:aws:secretsmanager:x,kv/x,2099-01-31 10:00:00,True,30,2020-01-01,\"{\"\"team\"\": \"\"pay\"\"}\",1,2020-01-01,2020-01-01, canary-value-1 ",
            "8,old,Old,,TOKEN,INTERNAL,,3,99,,,,,,False,,,,0,,,canary-value-2",
            "9,api.key,,,SecretType.API_KEY,internal,,3,99,,,,,,,,,,true,,,\"canary\nvalue-3\"",
        ]);
        let path = file(&house, "secrets.csv", &text);
        let words = ["import", "secrets", path.to_str().unwrap(), "--environment", "staging"];
        let looked = ask(&house, &[words.as_slice(), &["--dry-run"]].concat());
        assert!(looked.code == Some(0) && looked.out.contains("line 2  new       db-pass"), "{}", looked.both());
        assert!(looked.out.contains("line 3  left out  (no name): is switched off there"), "{}", looked.both());
        assert_eq!(number(&house, sql!("SELECT COUNT(*) FROM secrets")).await, 0);

        let done = ask(&house, &words);
        assert!(done.code == Some(0) && done.out.contains("2 imported into staging."), "{}", done.both());
        assert!(!looked.both().contains("canary") && !done.both().contains("canary"), "{}", done.both());
        let mut conn = house.app.db.read().await.unwrap();
        let stored = secrets::named(&mut conn, staging, &["api.key", "db-pass", "old"], false).await.unwrap();
        drop(conn);
        let [key, pass] = stored.as_slice() else { panic!("{} secrets", stored.len()) };
        assert_eq!((pass.secret_type, pass.secrecy_level, pass.service_name.as_str()), (SecretType::Password, SecrecyLevel::Confidential, "shop"));
        assert_eq!((pass.display_name.as_str(), pass.rotation_interval_days, pass.auto_rotate), ("Database", Some(30), true));
        assert_eq!((pass.creator_id, pass.aws_sync_status.as_str(), pass.aws_secret_arn.as_deref()), (None, "not_configured", None));
        assert_eq!((key.display_name.as_str(), key.secret_type), ("api.key", SecretType::ApiKey));
        for (secret, value) in [(pass, " canary-value-1 "), (key, "canary\nvalue-3")] {
            let opened = secrets::open_version(&house.app, secret, 1).await.unwrap();
            assert_eq!(opened.expose(), value.as_bytes());
        }
        let again = ask(&house, &[words.as_slice(), &["--output", "json"]].concat());
        assert_eq!((again.code, again.json()["imported"].as_i64(), again.json()["rows"][0]["verdict"].as_str()), (Some(0), Some(0), Some("same")));
        let confirmed = sql!("SELECT COUNT(*) FROM audit_events WHERE action = 'import.confirmed' AND actor_kind = 'operator'");
        let created = sql!("SELECT COUNT(*) FROM audit_events WHERE action = 'secret.created'");
        assert_eq!((number(&house, confirmed).await, number(&house, created).await), (1, 2));
        assert_eq!(number(&house, sql!("SELECT COUNT(*) FROM audit_events WHERE payload LIKE '%canary%'")).await, 0);
        assert!(audit::verify(&house.app).await.unwrap().findings.is_empty());
    }
}

three! {
    // S86: metadata alone is refused row by row, unless Keeper shall make the values; production asks why; one bad row holds up all.
    async fn metadata_without_values_need_a_word(house: House) {
        house.add_environment("live", "production", "open", &[]).await;
        let path = file(&house, "meta.jsonl", "{\"name\": \"one\", \"secret_type\": \"TOKEN\", \"environment_id\": 4}\n{\"name\": \"two\", \"environment_id\": 5, \"secret_type\": \"PASSWORD\"}\n");
        let words = ["import", "secrets", path.to_str().unwrap(), "--environment", "live"];
        let several = ask(&house, &words);
        assert!(several.code == Some(64) && several.err.contains("(4, 5 in its column"), "{}", several.both());
        let words = [words.as_slice(), &["--only-environment-id", "4"]].concat();
        let without = ask(&house, &words);
        assert!(without.code == Some(1) && without.out.contains("one: value is missing") && without.out.contains("--generate"), "{}", without.both());
        let words = [words.as_slice(), &["--generate"]].concat();
        let unasked = ask(&house, &words);
        assert!(unasked.code == Some(64) && unasked.err.contains("reason is required"), "{}", unasked.both());
        let words = [words.as_slice(), &["--reason", "moved"]].concat();
        let made = ask(&house, &words);
        assert!(made.code == Some(0) && made.out.contains("1 imported into live."), "{}", made.both());
        assert_eq!(number(&house, sql!("SELECT COUNT(*) FROM secret_versions WHERE length > 20")).await, 1);
        let kept = ask(&house, &words);
        assert!(kept.code == Some(0) && kept.out.contains("is there already"), "{}", kept.both());

        let path = file(&house, "bad.csv", "name,value\ngood,canary-1\nb a d,canary-2\n");
        let bad = ask(&house, &["import", "secrets", path.to_str().unwrap(), "--environment", "live", "--reason", "moved"]);
        assert!(bad.code == Some(1) && bad.out.contains("line 3  invalid   (no name): name Invalid name format") && !bad.both().contains("canary"), "{}", bad.both());
        assert_eq!(number(&house, sql!("SELECT COUNT(*) FROM secrets")).await, 1);
        let nowhere = ask(&house, &["import", "secrets", path.to_str().unwrap(), "--environment", "nowhere"]);
        assert!(nowhere.code == Some(64) && nowhere.err.contains("there are live"), "{}", nowhere.both());
    }
}
