//! Rotations that Keeper does by itself when they are due: what is rotated, what is left alone, and that each happens once.
use crate::support::served::Served;
use crate::support::{House, three};
use keeper::audit;
use keeper::crypto::generate::PolicyInput;
use keeper::db::Engine;
use keeper::domain::error::Result;
use keeper::rotations::{self, rotate_due};
use keeper::secrets::{self, SecretInput};
use keeper::{sql, tx};
use std::time::{Duration, Instant};

async fn add(house: &House, environment: i64, name: &str, kind: &str, by_itself: bool) -> i64 {
    let input = SecretInput {
        secret_type: kind.into(),
        auto_rotate: by_itself.then(|| "true".to_owned()),
        rotation_interval_days: "30".into(),
        ..House::secret_input(environment, name, "the first value")
    };
    let new = input.parse_create(house.app.now()).unwrap();
    secrets::create(&house.app, &house.operator(), new).await.unwrap()
}

async fn value(house: &House, id: i64) -> Vec<u8> {
    let secret = house.secret(id).await;
    secrets::open_version(&house.app, &secret, secret.current_version).await.unwrap().expose().to_vec()
}

three! {
    // A secret that is due is rotated by Keeper itself, on its day and not before, and nothing that was not told to.
    async fn what_is_due_is_rotated_by_itself_and_nothing_else(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let resting = house.add_environment("old", "development", "open", &[]).await;
        let due = add(&house, dev, "db-password", "password", true).await;
        let left = [
            add(&house, dev, "by-hand", "password", false).await,
            add(&house, dev, "from-an-authority", "certificate", true).await,
            add(&house, dev, "to-be-installed", "ssh_key", true).await,
            add(&house, dev, "switched-off", "password", true).await,
            add(&house, resting, "resting", "password", true).await,
        ];
        secrets::set_active(&house.app, &house.operator(), left[3], false, "a test", 1).await.unwrap();
        let rests: Result<u64> = tx!(house.app.db, |tx| {
            tx.exec(sql!("UPDATE environments SET is_active = ? WHERE id = ?", false, resting)).await
        });
        rests.unwrap();
        house.app.clock.advance(time::Duration::days(30) - time::Duration::seconds(1));
        assert_eq!(rotate_due(&house.app).await.unwrap(), 0, "a second too early");
        house.app.clock.advance(time::Duration::seconds(1));
        let day = house.app.now();
        assert_eq!(rotate_due(&house.app).await.unwrap(), 1);
        assert_eq!(rotate_due(&house.app).await.unwrap(), 0, "it is done");
        let secret = house.secret(due).await;
        assert_eq!((secret.current_version, secret.last_rotated_at), (2, Some(day)));
        assert_eq!(secret.next_rotation_at, Some(day.plus(time::Duration::days(30))));
        let new = value(&house, due).await;
        assert!(new.len() == 32 && new.iter().all(u8::is_ascii_alphanumeric), "{}", new.len());
        for id in left {
            assert_eq!(value(&house, id).await, b"the first value");
        }
        let [rotation] = &rotations::of_secret(&house.app, due, 9).await.unwrap()[..] else { panic!("not one") };
        assert_eq!((rotation.actor_name.as_str(), rotation.mode.as_str()), ("system", "generated"));
        assert_eq!(rotation.reason, format!("Due since {}", day.to_seconds()));
        let told = sql!("SELECT COUNT(*) FROM audit_events WHERE action = 'secret.rotated' AND secret_id = ?", due);
        assert_eq!(house.app.db.read().await.unwrap().number(told).await.unwrap(), 1);
        assert_eq!(audit::verify(&house.app).await.unwrap().findings.len(), 0);
        // A clock that is set back makes nothing due again.
        house.app.clock.advance(time::Duration::days(-20));
        assert_eq!(rotate_due(&house.app).await.unwrap(), 0);
    }
}

three! {
    // What a secret is made of by itself is what it keeps; a key pair waits for somebody who installs its public half.
    async fn what_is_due_is_made_by_the_policy_that_its_secret_keeps(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let add = async |name: &str, kind: &str, policy: &str| {
            let input = SecretInput {
                secret_type: kind.into(),
                auto_rotate: Some("true".into()),
                rotation_interval_days: "30".into(),
                policy: PolicyInput { policy: policy.into(), ..PolicyInput::default() },
                ..House::secret_input(dev, name, "the first value")
            };
            let new = input.parse_create(house.app.now()).unwrap();
            secrets::create(&house.app, &house.operator(), new).await.unwrap()
        };
        let words = add("phrase", "password", "words:5:space").await;
        let hex = add("bytes", "token", "bytes:20:hex").await;
        let pairs = [add("pair", "generic", "keypair:ed25519:pkcs8").await, add("ssh", "ssh_key", "").await];
        house.app.clock.advance(time::Duration::days(31));
        assert_eq!(rotate_due(&house.app).await.unwrap(), 2);
        let phrase = String::from_utf8(value(&house, words).await).unwrap();
        assert_eq!(phrase.split(' ').count(), 5, "{phrase}");
        assert_eq!(hex::decode(value(&house, hex).await).unwrap().len(), 20);
        for id in pairs {
            assert_eq!(value(&house, id).await, b"the first value");
        }
    }
}

/// Secrets with more than one new version, and those with none.
async fn uneven(house: &House) -> (i64, i64) {
    let mut conn = house.app.db.read().await.unwrap();
    let more = conn.number(sql!("SELECT COUNT(*) FROM secrets WHERE current_version > 2")).await.unwrap();
    (more, conn.number(sql!("SELECT COUNT(*) FROM secrets WHERE current_version < 2")).await.unwrap())
}

three! {
    // Whoever asks at the same moment, and whoever rotates by hand meanwhile: each rotation that is due happens once.
    async fn what_several_ask_for_at_once_happens_once(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let mut ids = Vec::new();
        for n in 0..24 {
            ids.push(add(&house, dev, &format!("key-{n}"), "token", true).await);
        }
        house.app.clock.advance(time::Duration::days(31));
        let (ask, operator) = (|| rotate_due(&house.app), house.operator());
        let (a, b, c, by_hand) = tokio::join!(ask(), ask(), ask(), house.rotate(&operator, ids[23], "by hand"));
        let done = a.unwrap() + b.unwrap() + c.unwrap();
        assert!(done == 24 || (done == 23 && by_hand.is_ok()), "{done}");
        let (more, none) = uneven(&house).await;
        assert!(none == 0 && more <= 1, "{more} {none}");
        let rotations = sql!("SELECT COUNT(*) FROM rotations");
        let rotations = house.app.db.read().await.unwrap().number(rotations).await.unwrap();
        assert_eq!(rotations, 24 + more, "by hand after it was done by itself is one more");
    }
}

/// Two processes on one database and two hundred that are due.
async fn two_processes(engine: Engine) {
    let Some(house) = House::new(engine).await else { return };
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    for n in 0..200 {
        add(&house, dev, &format!("key-{n:03}"), "password", true).await;
    }
    let late = house.app.now().minus(time::Duration::hours(1));
    let due: Result<u64> =
        tx!(house.app.db, |tx| tx.exec(sql!("UPDATE secrets SET next_rotation_at = ?", late)).await);
    due.unwrap();
    let url = house.app.settings.database_url.expose().to_owned();
    let key = house.app.settings.key_file.display().to_string();
    let settings = [("KEEPER_DATABASE_URL", url.as_str()), ("KEEPER_KMS_KEY_FILE", key.as_str())];
    let beside = tempfile::tempdir().unwrap();
    let (first, second) =
        tokio::join!(Served::start(house.data.path(), &settings), Served::start(beside.path(), &settings));
    let patience = Instant::now();
    while uneven(&house).await.1 > 0 {
        assert!(patience.elapsed() < Duration::from_mins(2), "{}\n{}", first.log(), second.log());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    // One more look of each.
    tokio::time::sleep(Duration::from_secs(6)).await;
    drop((first, second));
    assert_eq!(uneven(&house).await, (0, 0));
    let rotations =
        house.app.db.read().await.unwrap().number(sql!("SELECT COUNT(*) FROM rotations")).await.unwrap();
    assert_eq!(rotations, 200);
    assert_eq!(audit::verify(&house.app).await.unwrap().findings.len(), 0);
}

#[tokio::test]
async fn two_processes_on_one_postgresql_rotate_each_of_two_hundred_once() {
    two_processes(Engine::Postgres).await;
}

#[tokio::test]
async fn two_processes_on_one_mariadb_rotate_each_of_two_hundred_once() {
    two_processes(Engine::Mysql).await;
}
