//! An index that is made anew while its environment changes, by two at once, by a process that dies, and by an operator who was told to.
use super::moved::{demand, found, shelves, with_copies};
use super::*;
use crate::shell::{ask, command};
use keeper::domain::error::Error;
use keeper::environments;
use keeper::secrets::{Refiling, SecretInput, Sure};
use std::collections::BTreeSet;
use std::future::Future;
use time::Duration;

/// Done while a refile is between two of its steps.
fn meanwhile<T>(work: impl Future<Output = T>) -> T {
    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(work))
}

async fn number(house: &House, query: keeper::db::Query) -> i64 {
    house.app.db.read().await.unwrap().number(query).await.unwrap()
}

async fn slips(house: &House) -> i64 {
    number(house, sql!("SELECT COUNT(*) FROM search_slips")).await
}

async fn exec(house: &House, query: keeper::db::Query) {
    let done: Result<u64> = tx!(house.app.db, |tx| tx.exec(query.clone()).await);
    done.unwrap();
}

/// Nothing is left of a refile but one set of shelves and stretches.
async fn demand_tidy(house: &House, environment: i64, shelves: i64) {
    let count = sql!("SELECT COUNT(*) FROM search_shelves WHERE environment_id = ?", environment);
    let editions =
        sql!("SELECT COUNT(DISTINCT edition) FROM search_stretches WHERE environment_id = ?", environment);
    let held = sql!("SELECT COUNT(*) FROM search_refilings");
    let stands = (number(house, count).await, number(house, editions).await, number(house, held).await);
    assert_eq!(stands, (shelves, 1, 0));
}

/// Every gram leads to some shelf, and to none that is not there.
async fn demand_led(house: &House) {
    let mut conn = house.app.db.read().await.unwrap();
    let there: Vec<(i64,)> = conn.all(sql!("SELECT id FROM search_shelves")).await.unwrap();
    let there: BTreeSet<i64> = there.into_iter().map(|row| row.0).collect();
    let grams = sql!("SELECT gram, shelves FROM search_grams WHERE gram <> ''");
    let grams: Vec<(String, Vec<u8>)> = conn.all(grams).await.unwrap();
    assert!(!grams.is_empty());
    for (gram, bytes) in grams {
        let mut led = BTreeSet::new();
        for (at, byte) in (0_i64..).zip(bytes) {
            led.extend((0..8_i64).filter(|bit| (byte >> bit) & 1 == 1).map(|bit| at * 8 + bit));
        }
        assert!(!led.is_empty() && led.is_subset(&there), "{gram}: {led:?} of {there:?}");
    }
}

async fn move_copy(house: &House, id: i64, to: &str) {
    let moved: Result<()> =
        tx!(house.app.db, |tx| secrets::move_copy(tx, house.app.now(), id, Backend::Vault, to).await);
    moved.unwrap();
}

async fn relabel(house: &House, id: i64, display_name: &str) {
    let secret = house.secret(id).await;
    let change = SecretInput {
        display_name: display_name.into(),
        rotation_interval_days: "30".into(),
        row_version: secret.row_version.to_string(),
        ..House::secret_input(secret.environment_id, &secret.name, "v")
    };
    house.edit(id, change).await.unwrap();
}

async fn add(house: &House, environment: i64, name: &str, display_name: &str) -> i64 {
    let input = SecretInput {
        display_name: display_name.into(),
        rotation_interval_days: "30".into(),
        ..House::secret_input(environment, name, "v")
    };
    secrets::create(&house.app, &house.operator(), input.parse_create(house.app.now()).unwrap())
        .await
        .unwrap()
}

three! {
    // S91 S14: purged, moved, renamed and made while the index is made anew, with the worker filing all the while: nothing of it is lost.
    async fn what_changes_while_an_index_is_made_anew_is_found_as_it_is(house: House) {
        house.add_user("ada", "admin").await;
        let home = with_copies("home", "Home", "cellar/{name}", "");
        let home = environments::create(&house.app, &house.operator(), home.parse().unwrap()).await.unwrap();
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let both = [home, dev];
        let gone = add(&house, dev, "short-lived", "Ephemeral").await;
        let label = add(&house, dev, "relabelled", "Ancient").await;
        let moved = add(&house, home, "moved-once", "Wanderer").await;
        let back = add(&house, home, "moved-twice", "Commuter").await;
        secrets::set_active(&house.app, &house.operator(), gone, false, "", 1).await.unwrap();
        house.app.clock.advance(Duration::days(31));
        house.file_changes().await;
        let ada = house.person("ada").await;
        let mut late = Vec::new();
        for environment in both {
            let mut told = 0;
            secrets::refile(&house.app, &house.operator(), environment, &mut |what, done, total| {
                assert!(0 < done && done <= total, "{what}: {done} of {total}");
                told += 1;
                meanwhile(async {
                    match (what, environment == dev) {
                        ("on shelves", true) => {
                            let sure = Sure { confirm: "short-lived".into(), reason: "a test".into() };
                            secrets::purge(&house.app, &ada, gone, 2, &sure).await.unwrap();
                            relabel(&house, label, "Modern").await;
                            late.push(add(&house, dev, "latecomer", "Tardy").await);
                        }
                        ("on shelves", false) => {
                            move_copy(&house, moved, "attic/elsewhere").await;
                            move_copy(&house, back, "attic/twice").await;
                        }
                        (_, false) => move_copy(&house, back, "cellar/moved-twice").await,
                        (_, true) => {}
                    }
                    house.file_changes().await;
                });
            })
            .await
            .unwrap();
            assert!(told >= 3, "{told}");
        }
        assert!(late.len() == 1 && slips(&house).await > 0);
        demand(&house, &both, late[0], &["tardy", "latecom"], &["ephemeral", "short-l"]).await;
        demand(&house, &both, label, &["modern", "relabel"], &["ancient"]).await;
        demand(&house, &both, moved, &["elsewhere", "wanderer"], &["cellar/moved-once"]).await;
        demand(&house, &both, back, &["cellar/moved-twice", "commuter"], &["attic/twice"]).await;
        let left = shelves(&house).await;
        assert!(!left.contains("short-lived") && left.contains("latecomer") && slips(&house).await == 0, "{left:?}");
        for environment in both {
            demand_tidy(&house, environment, 1).await;
            let glance = secrets::glance(&house.app, &house.operator(), environment).await.unwrap();
            assert!(glance.wrong.is_empty() && glance.waiting == 0 && glance.seen == 1, "{glance:?}");
        }
        let told = sql!("SELECT COUNT(*) FROM audit_events WHERE action = 'environment.search_refiled' AND outcome = 'ok'");
        assert_eq!(number(&house, told).await, 2);
    }
}

three! {
    // S91: the second is told who is at it; one that slept too long does not put its old shelves in the place of what was filed since.
    async fn two_do_not_make_the_same_index_anew(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let other = house.add_environment("other", "development", "open", &[]).await;
        let id = add(&house, dev, "only-one", "Ancient").await;
        let another = keeper::domain::actor::Actor::Operator("somebody".into());
        let mut refused = Vec::new();
        secrets::refile(&house.app, &house.operator(), dev, &mut |_, _, _| {
            meanwhile(async {
                refused.push(secrets::refile(&house.app, &another, dev, &mut |_, _, _| ()).await);
                house.refile(other).await;
            });
        })
        .await
        .unwrap();
        for refused in refused {
            let Err(Error::Conflict(why)) = &refused else { panic!("{refused:?}") };
            assert!(why.contains("tester") && why.contains("filed 1 secrets"), "{why}");
        }
        house.file_changes().await;
        demand_tidy(&house, dev, 1).await;

        let mut is_first = true;
        let late = secrets::refile(&house.app, &house.operator(), dev, &mut |_, _, _| {
            meanwhile(async {
                if std::mem::take(&mut is_first) {
                    relabel(&house, id, "Modern").await;
                    house.app.clock.advance(Duration::seconds(61));
                    house.file_changes().await;
                    house.refile(dev).await;
                }
            });
        })
        .await;
        assert!(matches!(&late, Err(Error::Conflict(why)) if why.contains("begin again")), "{late:?}");
        demand(&house, &[dev, other], id, &["modern"], &["ancient"]).await;
        house.refile(dev).await;
        demand_tidy(&house, dev, 1).await;
        house.add_user("mona", "manager").await;
        let mona = house.person("mona").await;
        let refused = secrets::refile(&house.app, &mona, dev, &mut |_, _, _| ()).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    }
}

three! {
    // S93 S91: killed between any two of its steps: what changed is found all the same, is filed once the lease has ended, and the next one
    // clears away what was left.
    async fn a_refile_that_is_killed_leaves_an_index_that_is_filed_again(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = add(&house, dev, "survivor", "Label 0 zero").await;
        add(&house, dev, "bystander", "Bystander").await;
        house.refile(dev).await;
        house.file_changes().await;
        let points = ["refile_claimed", "refile_shelved", "refile_dated", "refile_made", "refile_in_exchange", "refile_exchanged", "refile_forgotten", "refile_swept"];
        let events = sql!("SELECT COUNT(*) FROM audit_events WHERE action = 'environment.search_refiled'");
        for (at, point) in points.into_iter().enumerate() {
            let before = number(&house, events.clone()).await;
            let died = command(&house, &["search", "refile"]).env("DIE_AT_FAULT_POINT", point).output().unwrap();
            assert_eq!(died.status.code(), None, "{point}: {}", String::from_utf8_lossy(&died.stderr));
            let is_in_force = number(&house, events.clone()).await - before;
            assert_eq!(is_in_force, i64::from(at > 4), "{point}");
            let (new, old) = (format!("Label {} new{at}", at + 1), format!("new{}", at + 10));
            relabel(&house, id, &new).await;
            demand(&house, &[dev], id, &[&new.to_lowercase()], &["zero", &old]).await;
            assert!(slips(&house).await > 0, "{point}: filed while it is held");
            let second = ask(&house, &["search", "refile"]);
            assert!(second.code == Some(1) && second.err.contains("dev:") && second.err.contains("begin again after"), "{}", second.both());
            // The house's clock goes ahead of the commands' for a moment.
            house.app.clock.advance(Duration::minutes(5));
            house.file_changes().await;
            house.app.clock.advance(Duration::minutes(-5));
            assert_eq!(slips(&house).await, 0, "{point}: never filed");
            demand(&house, &[dev], id, &[&new.to_lowercase()], &["zero"]).await;
            let told = ask(&house, &["check"]);
            assert!(told.code == Some(0) && told.out.contains("was broken off: what it left behind is cleared by keeper search refile -> keeper search refile --environment dev"), "{}", told.both());
            let again = ask(&house, &["search", "refile"]);
            assert!(again.code == Some(0) && again.out.contains("dev: 2 secrets stand on 1 new shelves"), "{}", again.both());
            demand_tidy(&house, dev, 1).await;
            demand(&house, &[dev], id, &[&new.to_lowercase()], &["zero"]).await;
        }
    }
}

three! {
    // S91: an index that is made anew again and again does not grow: nothing of its former shelves is left in the grams.
    async fn no_gram_leads_to_a_shelf_that_was_taken_away(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let far = house.add_environment("far", "staging", "open", &[]).await;
        let id = add(&house, dev, "relabelled", "Ancient").await;
        let bystander = add(&house, far, "bystander", "Bystander").await;
        house.file_changes().await;
        let ancient = sql!("SELECT COUNT(*) FROM search_grams WHERE gram = 'anci'");
        assert_eq!(number(&house, ancient.clone()).await, 1);
        relabel(&house, id, "Modern").await;
        for environment in [dev, far, dev] {
            house.refile(environment).await;
            demand_led(&house).await;
        }
        assert_eq!(number(&house, ancient).await, 0);
        demand(&house, &[dev, far], id, &["modern", "relabel"], &["ancient"]).await;
        demand(&house, &[dev, far], bystander, &["bystander"], &[]).await;
        demand_led(&house).await;
    }
}

three! {
    // S93: what fails when the new index is in force takes nothing back, and is not told as if it did.
    async fn a_refile_that_cannot_clear_away_has_made_the_index_all_the_same(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = add(&house, dev, "only-one", "Ancient").await;
        house.file_changes().await;
        let made = secrets::refile(&house.app, &house.operator(), dev, &mut |what, _, _| {
            if what == "in force" {
                meanwhile(async {
                    relabel(&house, id, "Modern").await;
                    house.app.clock.advance(Duration::seconds(61));
                    house.file_changes().await;
                    house.app.clock.advance(Duration::seconds(-61));
                });
            }
        })
        .await
        .unwrap();
        assert_eq!((made.secrets, made.shelves, slips(&house).await), (1, 1, 0));
        let events = sql!("SELECT COUNT(*) FROM audit_events WHERE action = 'environment.search_refiled'");
        assert_eq!(number(&house, events).await, 1);
        let glance = secrets::glance(&house.app, &house.operator(), dev).await.unwrap();
        assert!(glance.wrong.is_empty() && glance.refiling == Refiling::BrokenOff, "{glance:?}");
        let told = ask(&house, &["check"]);
        assert!(told.code == Some(0) && told.out.contains("was broken off: what it left behind is cleared by keeper search refile"), "{}", told.both());
        demand(&house, &[dev], id, &["modern"], &["ancient"]).await;
        house.refile(dev).await;
        demand_tidy(&house, dev, 1).await;
        demand_led(&house).await;
    }
}

three! {
    // S91: an operator hears that an index is not as its secrets are, makes it anew, and finds everything again.
    async fn an_index_that_is_not_whole_is_told_and_mended(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let far = house.add_environment("far", "staging", "open", &[]).await;
        let id = add(&house, dev, "lost-one", "Findable").await;
        add(&house, far, "bystander", "Bystander").await;
        house.file_changes().await;
        let well = ask(&house, &["check"]);
        assert!(well.code == Some(0) && well.out.contains("2 of 2 shelves were held against their secrets; 0 changes"), "{}", well.both());
        // What fell out of the shelves, of the grams alone, and of the stretches alone; and what came in bulk and was never filed.
        let harms = [
            sql!("UPDATE search_shelves SET cards = ? WHERE environment_id = ?", Vec::<u8>::new(), dev),
            sql!("DELETE FROM search_grams WHERE gram = 'find'"),
            sql!("UPDATE search_stretches SET cards = ? WHERE environment_id = ?", Vec::<u8>::new(), dev),
            sql!("UPDATE secrets SET display_name = 'Findable by another name' WHERE id = ?", id),
            sql!("DELETE FROM search_directories WHERE environment_id = ?", dev),
        ];
        for (at, harm) in harms.into_iter().enumerate() {
            exec(&house, harm).await;
            let told = ask(&house, &["check"]);
            let line = told.out.lines().find(|line| line.starts_with("PROBLEM")).unwrap_or_default();
            assert!(
                told.code == Some(1) && line.contains("environment dev: 1 of the 1 secrets") && line.contains("lost-one") && line.ends_with("-> keeper search refile --environment dev"),
                "{at}: {}", told.both()
            );
            let mended = ask(&house, &["search", "refile", "--environment", "Dev", "--output", "json"]);
            assert_eq!((mended.code, mended.json()["environments"][0]["secrets"].as_i64()), (Some(0), Some(1)), "{at}: {}", mended.both());
            assert_eq!(found(&house, &[dev, far], "findable", "").await, [id], "{at}");
            let well = ask(&house, &["check"]);
            assert_eq!(well.code, Some(0), "{at}: {}", well.both());
            demand_tidy(&house, dev, 1).await;
        }
        let unknown = ask(&house, &["search", "refile", "--environment", "dev", "--environment", "nowhere"]);
        assert!(unknown.code == Some(64) && unknown.err.contains("there are dev, far"), "{}", unknown.both());
        let told = sql!("SELECT COUNT(*) FROM audit_events WHERE action = 'environment.search_refiled' AND environment_id = ?", far);
        assert_eq!(number(&house, told).await, 0);
    }
}
