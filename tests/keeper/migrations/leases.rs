//! Long work that one process does at a time: who loses its hold has changed nothing, and what stands in the way is told at once.
use super::former::{ROWS, done, let_go, old_house, placed};
use super::{Hand, number, put};
use crate::shell::ask;
use crate::support::{House, three};
use keeper::data_migrations;
use keeper::db::Engine;
use keeper::domain::error::Error;
use keeper::lease::Step;
use keeper::{rekey, sql};

/// Something that happens at each change of a row, in the words of each engine.
async fn set_trap(house: &House, table: &str, [sqlite, postgres, mysql]: [&str; 3]) {
    let text = match house.app.db.engine() {
        Engine::Sqlite => format!("CREATE TRIGGER trap {}", sqlite.replace("{table}", table)),
        Engine::Postgres => format!(
            "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {postgres} RETURN NEW; END $$;
             CREATE TRIGGER trap BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION trap()"
        ),
        Engine::Mysql => format!("CREATE TRIGGER trap BEFORE UPDATE ON {table} FOR EACH ROW {mysql}"),
    };
    Hand::of(house).await.run(&text).await.unwrap();
}

async fn lift_trap(house: &House, table: &str) {
    let text = match house.app.db.engine() {
        Engine::Postgres => format!("DROP TRIGGER trap ON {table}; DROP FUNCTION trap()"),
        _ => "DROP TRIGGER trap".to_owned(),
    };
    Hand::of(house).await.run(&text).await.unwrap();
}

/// Whoever claims the row has lost it at once to somebody who claims it after them.
const THIEF: [&str; 3] = [
    "AFTER UPDATE ON {table} BEGIN UPDATE {table} SET lease_token = lease_token + 1 WHERE id = NEW.id; END",
    "NEW.lease_token := NEW.lease_token + 1;",
    "SET NEW.lease_token = NEW.lease_token + 1",
];
/// Nobody can write what stands in the way.
const MUTE: [&str; 3] = [
    "BEFORE UPDATE ON {table} WHEN NEW.trouble <> '' BEGIN SELECT RAISE(ABORT, 'mute'); END",
    "IF NEW.trouble <> '' THEN RAISE EXCEPTION 'mute'; END IF;",
    "IF NEW.trouble <> '' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'mute'; END IF",
];

three! {
    // S101: a part whose lease was taken over is undone and waited for, and is no trouble; so is a count.
    async fn data_whose_lease_was_taken_over_are_left_as_they_were(house: House) {
        old_house(&house).await;
        let (db, now) = (&house.app.db, house.app.now());
        set_trap(&house, "data_migrations", THIEF).await;
        assert_eq!(data_migrations::work(db, now).await.unwrap(), Step::Busy);
        assert_eq!(number(&house, sql!("SELECT COUNT(*) FROM data_migrations WHERE total IS NULL")).await, 1);
        put(&house, sql!("UPDATE data_migrations SET total = ?, lease_until = NULL", ROWS)).await;
        assert_eq!(data_migrations::work(db, now).await.unwrap(), Step::Busy);
        assert_eq!((placed(&house).await, done(&house).await), (0, 0));
        assert_eq!(number(&house, sql!("SELECT COUNT(*) FROM data_migrations WHERE trouble = ''")).await, 1);
        lift_trap(&house, "data_migrations").await;
        let_go(&house).await;
        while data_migrations::work(db, now).await.unwrap() != Step::Idle {}
        assert_eq!((placed(&house).await, done(&house).await), (ROWS, ROWS));
    }
}

three! {
    // S101: what no waiting mends is told and not waited for; it is told also when it cannot be written down.
    async fn what_stands_in_the_way_of_data_is_told(house: House) {
        const WHY: &str = "something with the same name already exists";
        let dev = old_house(&house).await;
        let (db, now) = (&house.app.db, house.app.now());
        // Two findings of one environment, the first of which is in its place, and a rule that lets there be only one.
        let two = sql!(
            "SELECT v.id FROM verifications v JOIN secrets s ON s.id = v.secret_id WHERE s.environment_id = ? AND v.outcome = 'differs' ORDER BY v.id LIMIT 2",
            dev
        );
        let two: Vec<(i64,)> = db.read().await.unwrap().all(two).await.unwrap();
        put(&house, sql!("DELETE FROM verifications WHERE id <> ? AND id <> ?", two[0].0, two[1].0)).await;
        put(&house, sql!("UPDATE verifications SET environment_id = ? WHERE id = ?", dev, two[0].0)).await;
        let mut hand = Hand::of(&house).await;
        hand.run("CREATE UNIQUE INDEX too_narrow ON verifications (environment_id, outcome)").await.unwrap();

        assert_eq!(data_migrations::work(db, now).await.unwrap(), Step::Done); // counted
        let told = data_migrations::work(db, now).await;
        assert!(matches!(&told, Err(e @ Error::Taken) if e.to_string() == WHY), "{told:?}");
        let up = ask(&house, &["migrate", "up"]);
        assert!(up.code == Some(1) && up.err.contains(WHY), "{}", up.both());
        let status = ask(&house, &["migrate", "status"]);
        assert!(status.out.contains(&format!("it waits: {WHY}")), "{}", status.both());
        put(&house, sql!("UPDATE data_migrations SET trouble = ''")).await;
        set_trap(&house, "data_migrations", MUTE).await;
        let told = data_migrations::work(db, now).await;
        assert!(matches!(&told, Err(e @ Error::Taken) if e.to_string() == WHY), "{told:?}");
        assert_eq!((placed(&house).await, done(&house).await), (1, 0));

        lift_trap(&house, "data_migrations").await;
        let on = if db.engine() == Engine::Mysql { " ON verifications" } else { "" };
        hand.run(&format!("DROP INDEX too_narrow{on}")).await.unwrap();
        let_go(&house).await;
        let up = ask(&house, &["migrate", "up"]);
        assert!(up.code == Some(0) && up.out.contains("2 of 2 rows"), "{}", up.both());
        assert_eq!((placed(&house).await, done(&house).await), (2, 2));
    }
}

three! {
    // S07: the same of a rewrap: no key is wrapped by whoever has lost it.
    async fn a_rewrap_that_was_taken_over_wraps_nothing(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        house.add_secret(dev, "a", "value").await;
        let app = &house.app;
        let active = rekey::rotate(app, &house.operator()).await.unwrap().unwrap();
        rekey::start(app, &house.operator()).await.unwrap();
        set_trap(&house, "rewraps", THIEF).await;
        assert_eq!(rekey::work(app).await.unwrap(), Step::Busy);
        assert_eq!(rekey::latest(app).await.unwrap().unwrap().total, None);
        put(&house, sql!("UPDATE rewraps SET total = 1, lease_until = NULL")).await;
        assert_eq!(rekey::work(app).await.unwrap(), Step::Busy);
        let wrapped = async || number(&house, sql!("SELECT COUNT(*) FROM secret_versions WHERE key_id = ?", &active)).await;
        let now = rekey::latest(app).await.unwrap().unwrap();
        assert_eq!((wrapped().await, now.rewrapped, now.trouble.as_str()), (0, 0, ""));
        lift_trap(&house, "rewraps").await;
        put(&house, sql!("UPDATE rewraps SET lease_until = NULL")).await;
        while rekey::work(app).await.unwrap() == Step::Done {}
        assert!(!rekey::latest(app).await.unwrap().unwrap().is_running());
        assert_eq!(wrapped().await, 1);
    }
}
