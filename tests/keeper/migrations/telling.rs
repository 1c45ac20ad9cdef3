//! What an operator is told: what is done and how long it took, and what is wrong with its remedy.
use super::{Hand, at_once, put};
use crate::shell::{Answer, ask, command};
use crate::support::served::Served;
use crate::support::{House, three};
use keeper::sql;

/// The last version before those that this suite plays with.
const BEFORE: i64 = 161;

three! {
    // S100: each version is told with its time, on the command line and in the log of a server that brings it up itself.
    async fn each_version_is_told_with_its_time(house: House) {
        let db = &house.app.db;
        db.migrate_down(BEFORE).await.unwrap();
        let older = ask(&house, &["migrate", "status"]);
        assert!(older.code == Some(1) && older.out.contains("missing 0170 data migrations"), "{}", older.both());
        let up = ask(&house, &["migrate", "up"]);
        assert!(up.code == Some(0) && up.out.contains("applied 0170 data migrations (") && up.out.contains(" ms)"), "{}", up.both());
        assert!(up.out.contains("The schema is at version ") && !up.out.contains("applied 0001"), "{}", up.both());
        let nothing = ask(&house, &["migrate", "up"]);
        assert!(nothing.code == Some(0) && !nothing.out.contains("applied"), "{}", nothing.both());
        let down = ask(&house, &["migrate", "down", &BEFORE.to_string(), "--yes"]);
        assert!(down.code == Some(0) && down.out.contains("taken back 0170 data migrations ("), "{}", down.both());

        let url = db_url(&house);
        let refused = serve(&house, "check");
        assert!(refused.code == Some(78) && refused.err.contains("run `keeper migrate up`") && refused.err.contains("0170"), "{}", refused.both());
        let served = Served::start(house.data.path(), &[("KEEPER_DATABASE_URL", &url), ("KEEPER_MIGRATE", "auto")]).await;
        let log = served.log();
        let said = |what: &str| log.lines().any(|line| line.contains(what) && line.contains("\"version\":170") && line.contains("data migrations"));
        assert!(said("the schema is brought up by a version") && said("the schema has the version"), "{log}");
        assert!(log.lines().any(|line| line.contains("\"version\":170") && line.contains(" ms\"")), "{log}");
        assert!(db.is_current().await.unwrap());
    }
}

three! {
    // S100: of several that bring an empty database up at once one works, and the others wait; none of them fails.
    async fn several_at_once_bring_it_up_once(house: House) {
        house.app.db.migrate_down(0).await.unwrap();
        let all = at_once(&house, 3, &["migrate", "up"]);
        for one in &all {
            assert_eq!(one.code, Some(0), "{}", one.both());
        }
        let times = all.iter().filter(|one| one.out.contains("applied 0001 users (")).count();
        assert_eq!(times, 1);
        assert!(house.app.db.is_current().await.unwrap());
    }
}

three! {
    // S103: what a newer release has added is listed and run on if it promised that, and refused with the remedy if it did not.
    async fn a_newer_schema_is_run_on_if_that_was_promised(house: House) {
        let begun = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9001, 'something new', FALSE, '00', 0)";
        Hand::of(&house).await.run(begun).await.unwrap();
        // It is being brought up, which may take an hour: this one stays ready meanwhile, and changes nothing.
        assert!(house.app.db.is_current().await.unwrap());
        let check = ask(&house, &["check"]);
        assert!(check.code != Some(78) && check.out.contains("nothing is missing"), "{}", check.both());
        let busy = ask(&house, &["migrate", "up"]);
        assert!(busy.code == Some(78) && busy.err.contains("was begun and has not ended"), "{}", busy.both());
        Hand::of(&house).await.run("UPDATE _sqlx_migrations SET success = TRUE WHERE version = 9001").await.unwrap();
        let status = ask(&house, &["migrate", "status"]);
        assert!(status.code == Some(0) && status.out.contains("unknown, from a newer Keeper: 9001 something new"), "{}", status.both());
        let told = ask(&house, &["migrate", "status", "--output", "json"]).json();
        let last = told["migrations"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((told["current"].as_bool(), last["state"].as_str()), (Some(true), Some("unknown")), "{told}");
        let check = ask(&house, &["check"]);
        assert!(check.out.contains("a newer Keeper's, which lets this one run"), "{}", check.both());
        for migrate in ["auto", "check"] {
            let url = db_url(&house);
            let mut served = Served::start(house.data.path(), &[("KEEPER_DATABASE_URL", &url), ("KEEPER_MIGRATE", migrate)]).await;
            let ready = reqwest::get(format!("{}/readyz", served.url)).await.unwrap();
            assert_eq!((ready.status().as_u16(), ready.text().await.unwrap().as_str()), (200, "ready\n"), "{migrate}");
            assert!(served.log().contains("a newer Keeper has brought up the schema"), "{}", served.log());
            served.stop();
        }

        put(&house, sql!("UPDATE schema_promises SET oldest_version = 9001")).await;
        let remedy = "Run the newer Keeper, or take its versions back with it: keeper migrate down 180";
        for refused in [ask(&house, &["migrate", "up"]), serve(&house, "auto"), serve(&house, "check")] {
            assert!(refused.code == Some(78) && refused.err.contains(remedy) && refused.err.contains("9001 (something new)"), "{}", refused.both());
        }
        let status = ask(&house, &["migrate", "status"]);
        assert!(status.code == Some(1) && status.out.contains(remedy), "{}", status.both());
        let check = ask(&house, &["check"]);
        assert!(check.code == Some(78) && check.out.contains(remedy), "{}", check.both());
        assert!(!house.app.db.is_current().await.unwrap());
        let down = ask(&house, &["migrate", "down", "1", "--yes"]);
        assert!(down.code == Some(78) && down.err.contains("taking back begins with it"), "{}", down.both());
    }
}

three! {
    // S103: a database of another line of releases is no newer one.
    async fn a_schema_of_another_line_is_refused(house: House) {
        let strange = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (99, 'a branch', TRUE, '00', 0)";
        Hand::of(&house).await.run(strange).await.unwrap();
        let up = ask(&house, &["migrate", "up"]);
        assert!(up.code == Some(78) && up.err.contains("not of one line of releases: version 0099 (a branch) is there"), "{}", up.both());
    }
}

three! {
    // S100: a script that was changed after it had run is no version of ours, and nothing is done to the database.
    async fn an_altered_version_is_refused_with_the_remedy(house: House) {
        put(&house, sql!("UPDATE _sqlx_migrations SET checksum = ? WHERE version = 1", vec![0_u8; 48])).await;
        for refused in [ask(&house, &["migrate", "up"]), ask(&house, &["migrate", "down", "1", "--yes"]), serve(&house, "auto"), serve(&house, "check")] {
            assert_eq!(refused.code, Some(78), "{}", refused.both());
            assert!(refused.err.contains("version 0001 (users)") && refused.err.contains("restore the backup of a release"), "{}", refused.both());
        }
        let status = ask(&house, &["migrate", "status"]);
        assert!(status.code == Some(1) && status.out.contains("altered 0001 users"), "{}", status.both());
    }
}

fn db_url(house: &House) -> String {
    house.app.settings.database_url.expose().to_owned()
}

/// A server that must not begin.
fn serve(house: &House, migrate: &str) -> Answer {
    let mut command = command(house, &["serve"]);
    let output = command.env("KEEPER_LISTEN", "127.0.0.1:0").env("KEEPER_MIGRATE", migrate).output().unwrap();
    Answer::of(&output)
}
