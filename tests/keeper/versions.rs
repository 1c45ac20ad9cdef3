//! Versions: compared without a value, brought back, destroyed; and secrets that are purged for good.
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::domain::actor::Actor;
use keeper::domain::enums::VersionState;
use keeper::domain::error::{Error, Result};
use keeper::rotations::{self, Restore};
use keeper::secrets::{self, Likeness, Sure};
use keeper::{audit, sql, tx};
use time::Duration;

fn back(number: i64, row_version: i64) -> Restore {
    Restore { number, reason: "the new one is wrong".into(), breaks_glass: false, row_version }
}

fn sure(name: &str) -> Sure {
    Sure { confirm: name.into(), reason: "it leaked".into() }
}

async fn actions(house: &House, id: i64) -> Vec<String> {
    let filter = audit::Filter { secret_id: Some(id), limit: 50, ..audit::Filter::default() };
    audit::list(&house.app, &filter).await.unwrap().items.into_iter().rev().map(|line| line.action).collect()
}

three! {
    // S35: a former value is a new version, with author and reason; nothing is overwritten, and the due date does not move.
    async fn a_former_value_comes_back_as_a_new_version(house: House) {
        house.add_user("max", "manager").await;
        let max = house.person("max").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = house.add_secret(dev, "db", "first").await;
        house.rotate(&max, id, "second").await.unwrap();
        let rotated = secrets::find(&house.app, &max, id).await.unwrap().secret.last_rotated_at;
        house.app.clock.advance(Duration::days(3));
        let rotation = rotations::restore(&house.app, &max, id, &back(1, 2)).await.unwrap();
        let rotation = rotations::find(&house.app, &max, rotation).await.unwrap();
        assert_eq!((rotation.mode.as_str(), rotation.from_version, rotation.to_version), ("restored", 2, Some(3)));
        let secret = secrets::find(&house.app, &max, id).await.unwrap().secret;
        assert_eq!((secret.current_version, secret.row_version, secret.last_rotated_at), (3, 3, rotated));
        let shown = secrets::reveal(&house.app, &max, id, None, "").await.unwrap();
        assert_eq!(shown.value.expose(), b"first");
        let newest = secrets::version(&house.app, id, 3).await.unwrap();
        assert_eq!((newest.author_name.as_str(), newest.reason.as_str()), ("max", "the new one is wrong"));
        let likeness = |left, right| { let (house, max) = (&house, &max); async move {
            secrets::compare(&house.app, max, id, Some(left), Some(right)).await.unwrap().likeness
        } };
        assert_eq!((likeness(1, 3).await, likeness(2, 3).await), (Likeness::Equal, Likeness::Differs));
        assert_eq!(actions(&house, id).await, ["secret.created", "secret.rotated", "version.restored", "secret.revealed"]);
    }
}

three! {
    // S35 S45 S109: what is not worth it, not there, too late or not allowed brings nothing back.
    async fn what_brings_nothing_back_is_told(house: House) {
        house.add_user("uma", "user").await;
        house.add_user("max", "manager").await;
        let (prod, operator) = (house.add_environment("prod", "production", "open", &[]).await, house.operator());
        let id = house.add_secret(prod, "db", "first").await;
        house.rotate(&operator, id, "second").await.unwrap();
        house.rotate(&operator, id, "first").await.unwrap();
        let says = |actor: Actor, wish: Restore| { let house = &house; async move {
            rotations::restore(&house.app, &actor, id, &wish).await.map(|_| ()).unwrap_err()
        } };
        for (number, words) in [(3, "the current one"), (1, "holds the same value")] {
            let told = says(operator.clone(), back(number, 3)).await.to_string();
            assert!(told.contains(words), "{told}");
        }
        assert!(matches!(says(operator.clone(), back(9, 3)).await, Error::NotFound));
        assert!(matches!(says(operator.clone(), back(2, 2)).await, Error::Conflict(_)));
        assert!(matches!(says(operator.clone(), Restore { reason: " ".into(), ..back(2, 3) }).await, Error::Invalid(_)));
        assert!(matches!(says(house.person("uma").await, Restore { breaks_glass: true, ..back(2, 3) }).await, Error::Forbidden(_)));
        let Actor::Person(mut late) = house.person("max").await else { unreachable!() };
        late.proved_at = house.app.now().minus(Duration::minutes(26));
        assert!(matches!(says(Actor::Person(late), back(2, 3)).await, Error::ProofNeeded));
        secrets::set_active(&house.app, &operator, id, false, "", 3).await.unwrap_err();
        secrets::set_active(&house.app, &operator, id, false, "why", 3).await.unwrap();
        assert!(matches!(says(operator.clone(), back(2, 4)).await, Error::Conflict(_)));
        assert_eq!(secrets::find(&house.app, &operator, id).await.unwrap().secret.current_version, 3);
    }
}

three! {
    // S07 S16 S35 S110: a destroyed version has no key, no ciphertext and no digest, in no file; never the current one.
    async fn a_destroyed_version_is_gone(house: House) {
        house.add_user("uma", "user").await;
        house.add_user("max", "manager").await;
        let max = house.person("max").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = house.add_secret(dev, "db", "first").await;
        let sealed: (Vec<u8>, Vec<u8>, Vec<u8>) = house.app.db.read().await.unwrap()
            .one(sql!("SELECT ciphertext, wrapped_key, digest FROM secret_versions WHERE secret_id = ?", id)).await.unwrap();
        house.rotate(&max, id, "second").await.unwrap();
        let says = |actor: Actor, number, wish: Sure| { let house = &house; async move {
            secrets::destroy(&house.app, &actor, id, number, &wish).await
        } };
        assert!(matches!(says(max.clone(), 2, sure("db")).await, Err(Error::Conflict(_))), "the current one");
        assert!(matches!(says(house.person("uma").await, 1, sure("db")).await, Err(Error::Forbidden(_))));
        let Err(Error::Invalid(told)) = says(max.clone(), 1, Sure { confirm: "DB".into(), reason: String::new() }).await else { panic!() };
        assert_eq!(told.iter().map(|(field, _)| field).collect::<Vec<_>>(), ["confirm", "reason"]);
        says(max.clone(), 1, sure("db")).await.unwrap();
        says(max.clone(), 1, sure("db")).await.unwrap();
        let version = secrets::version(&house.app, id, 1).await.unwrap();
        assert_eq!((version.state, version.digest(), version.length), (VersionState::Destroyed, None, 5));
        assert!(matches!(secrets::reveal(&house.app, &max, id, Some(1), "").await, Err(Error::Conflict(_))));
        assert!(matches!(rotations::restore(&house.app, &max, id, &back(1, 2)).await, Err(Error::Conflict(_))));
        let compared = secrets::compare(&house.app, &max, id, None, None).await.unwrap();
        assert_eq!((compared.left.number, compared.likeness), (1, Likeness::Unknown));
        assert_eq!(actions(&house, id).await.iter().filter(|action| *action == "version.destroyed").count(), 1);
        if house.app.db.engine() == keeper::db::Engine::Sqlite {
            for file in ["keeper.db", "keeper.db-wal"] {
                let bytes = std::fs::read(house.data.path().join(file)).unwrap_or_default();
                for (what, part) in [("ciphertext", &sealed.0), ("wrapped key", &sealed.1), ("digest", &sealed.2)] {
                    assert!(!bytes.windows(part.len()).any(|window| window == part), "{file} still holds the {what}");
                }
            }
        }
    }
}

three! {
    // S14 S19 S32 S107 S112: what was off long enough is purged by an admin; history stays, the name is free, nothing hangs loose.
    async fn a_secret_is_purged_after_its_time(house: House) {
        house.add_user("ada", "admin").await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = house.add_secret(dev, "db", "first").await;
        house.rotate(&house.operator(), id, "second").await.unwrap();
        let says = |name: &'static str, version, wish: Sure| { let house = &house; async move {
            let person = house.person(name).await;
            secrets::purge(&house.app, &person, id, version, &wish).await
        } };
        let told = says("ada", 2, sure("db")).await.unwrap_err().to_string();
        assert!(told.contains("switched on"), "{told}");
        secrets::set_active(&house.app, &house.operator(), id, false, "", 2).await.unwrap();
        house.app.clock.advance(Duration::days(30) - Duration::seconds(1));
        let told = says("ada", 3, sure("db")).await.unwrap_err().to_string();
        assert!(told.contains("30 days"), "{told}");
        house.app.clock.advance(Duration::seconds(1));
        assert!(matches!(says("max", 3, sure("db")).await, Err(Error::Forbidden(_))));
        assert!(matches!(says("ada", 3, sure("dbx")).await, Err(Error::Invalid(_))));
        assert!(matches!(says("ada", 2, sure("db")).await, Err(Error::Conflict(_))));
        says("ada", 3, sure("db")).await.unwrap();
        assert!(matches!(secrets::find(&house.app, &house.operator(), id).await, Err(Error::NotFound)));
        let mut conn = house.app.db.read().await.unwrap();
        for left in [
            sql!("SELECT COUNT(*) FROM secrets"), sql!("SELECT COUNT(*) FROM secret_versions"),
            sql!("SELECT COUNT(*) FROM rotations"), sql!("SELECT COUNT(*) FROM rotation_steps"), sql!("SELECT COUNT(*) FROM jobs"), sql!("SELECT COUNT(*) FROM copies"),
        ] {
            assert_eq!(conn.number(left).await.unwrap(), 0);
        }
        drop(conn);
        assert_eq!(actions(&house, id).await, ["secret.created", "secret.rotated", "secret.deactivated", "secret.purged"]);
        let again = house.add_secret(dev, "db", "third").await;
        assert_ne!(again, id, "an id is never used again: the log's history would be another's");
    }
}

three! {
    // S35 S78 S113: the page of versions leads to each of these, none shows a value, and a form that is refused says why.
    async fn versions_are_handled_by_forms(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        house.add_user("uma", "user").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = house.add_secret(dev, "db", "canary-first").await;
        house.rotate(&house.operator(), id, "canary-second").await.unwrap();
        let max = site.signed_in("max", PASSWORD).await;
        let home = format!("/secrets/{id}/versions");
        let page = max.get(&home).await.body;
        for tail in ["/compare?left=1", "/1/restore", "/1/destroy"] {
            assert!(page.contains(&format!("href=\"{home}{tail}\"")), "{tail} in {page}");
        }
        let compared = max.get(&format!("{home}/compare?left=1&right=2")).await.body;
        assert!(compared.contains("The two values differ") && compared.contains("1 byte longer"), "{compared}");
        let refused = max.post(&format!("{home}/1/restore"), &[("row_version", "2")]).await;
        assert!(refused.status == 422 && refused.body.contains("id=\"e-reason\""), "{}", refused.body);
        let stale = max.post(&format!("{home}/1/restore"), &[("row_version", "1"), ("reason", "kept words")]).await;
        assert!(stale.status == 409 && stale.body.contains("kept words") && stale.body.to_lowercase().contains("somebody else"), "{} {}", stale.status, stale.body);
        let done = max.post(&format!("{home}/1/restore"), &[("row_version", "2"), ("reason", "back")]).await;
        assert!(max.get(done.location()).await.body.contains("Version 3 is in force everywhere"));
        let asked = max.get(&format!("{home}/2/destroy")).await.body;
        assert!(asked.contains("cannot be undone") && asked.contains("Older backups") && asked.contains("dev/db, version 2"));
        let refused = max.post(&format!("{home}/2/destroy"), &[("confirm", "nope"), ("reason", "leaked")]).await;
        assert!(refused.status == 422 && refused.body.contains("id=\"e-confirm\""));
        assert_eq!(max.post(&format!("{home}/3/destroy"), &[("confirm", "db"), ("reason", "leaked")]).await.status, 409);
        assert_eq!(max.post(&format!("{home}/2/destroy"), &[("confirm", "db"), ("reason", "leaked")]).await.location(), home);
        let page = max.get(&home).await.body;
        assert!(page.contains("Destroyed") && !page.contains(&format!("href=\"{home}/2/destroy\"")));
        for body in [&page, &compared, &asked, &stale.body] {
            assert!(!body.contains("canary"));
        }
        let uma = site.signed_in("uma", PASSWORD).await;
        assert!(!uma.get(&home).await.body.contains("/destroy\""));
        assert_eq!(uma.get(&format!("{home}/1/restore")).await.status, 200);
    }
}

three! {
    // S32 S113: a purge asks for the name on a page that says what stays, when the time has come.
    async fn a_purge_goes_through_its_form(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = house.add_secret(dev, "db", "v").await;
        secrets::set_active(&house.app, &house.operator(), id, false, "", 1).await.unwrap();
        let ada = site.signed_in("ada", PASSWORD).await;
        let home = format!("/secrets/{id}");
        assert!(ada.get(&home).await.body.contains("an admin may purge it from"));
        assert!(ada.get(&format!("{home}/purge")).await.body.contains("It can be purged from"));
        house.app.clock.advance(Duration::days(30));
        let ada = site.signed_in("ada", PASSWORD).await;
        assert!(ada.get(&home).await.body.contains(&format!("href=\"{home}/purge\"")));
        let refused = ada.post(&format!("{home}/purge"), &[("row_version", "2"), ("confirm", "x")]).await;
        assert!(refused.status == 422 && refused.body.contains("id=\"e-confirm\"") && refused.body.contains("id=\"e-reason\""));
        let done = ada.post(&format!("{home}/purge"), &[("row_version", "2"), ("confirm", "db"), ("reason", "old")]).await;
        assert_eq!((done.status, done.location()), (303, "/secrets?active=false"));
        assert_eq!(ada.get(&home).await.status, 404);
        let log = ada.get("/audit?action=secret.purged").await.body;
        assert!(log.contains("secret.purged") && log.contains("versions: 1"), "{log}");
    }
}

three! {
    // S101 S102: the older schema knows no restored values: going down keeps the rotation, and going up keeps it too.
    async fn rotations_survive_the_older_schema(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = house.add_secret(dev, "db", "first").await;
        house.rotate(&house.operator(), id, "second").await.unwrap();
        rotations::restore(&house.app, &house.operator(), id, &back(1, 2)).await.unwrap();
        let db = &house.app.db;
        let modes = || async { db.read().await.unwrap().all::<(String,)>(sql!("SELECT mode FROM rotations ORDER BY id")).await.unwrap() };
        let steps = || async { db.read().await.unwrap().number(sql!("SELECT COUNT(*) FROM rotation_steps")).await.unwrap() };
        assert_eq!((modes().await.concat_modes(), steps().await), ("typed restored".to_owned(), 4));
        db.migrate_down(31).await.unwrap();
        assert_eq!((modes().await.concat_modes(), steps().await), ("typed typed".to_owned(), 4));
        let refused: Result<u64> = tx!(db, |tx| tx.exec(sql!("UPDATE rotations SET mode = 'restored'")).await);
        assert!(refused.is_err());
        db.migrate_up().await.unwrap();
        assert_eq!((modes().await.concat_modes(), steps().await), ("typed typed".to_owned(), 4));
    }
}

trait Modes {
    fn concat_modes(self) -> String;
}
impl Modes for Vec<(String,)> {
    fn concat_modes(self) -> String {
        self.into_iter().map(|row| row.0).collect::<Vec<_>>().join(" ")
    }
}
