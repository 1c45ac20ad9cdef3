//! Many secrets rotated in one go: what each row says, who may, what a source does, and that nothing is rotated twice.
use super::{begin, work};
use crate::sources::place::{Place, fresh};
use crate::strategies::{near, wish};
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::audit;
use keeper::db::Tx;
use keeper::domain::error::{Error, Result};
use keeper::rotations::{self, Beside, Rotation};
use keeper::secrets::{self, SecretInput};
use keeper::sources::{self, SourceInput};
use keeper::{bulk, sql, tx};
use time::Duration;

async fn add(house: &House, environment: i64, name: &str, kind: &str, days: &str) -> i64 {
    let input = SecretInput {
        secret_type: kind.into(),
        rotation_interval_days: days.into(),
        ..House::secret_input(environment, name, "the first value")
    };
    let new = input.parse_create(house.app.now()).unwrap();
    secrets::create(&house.app, &house.operator(), new).await.unwrap()
}

async fn value(house: &House, id: i64) -> String {
    let secret = house.secret(id).await;
    let value = secrets::open_version(&house.app, &secret, secret.current_version).await.unwrap();
    String::from_utf8(value.expose().to_vec()).unwrap()
}

async fn rotations_of(house: &House, id: i64) -> Vec<Rotation> {
    rotations::of_secret(&house.app, id, 9).await.unwrap()
}

three! {
    // All that is overdue is chosen in the list, rotated in one go by whoever asked, and each row leads to its rotation.
    async fn what_is_overdue_is_rotated_in_one_go(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let live = house.add_environment("live", "production", "open", &[]).await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let mut due = vec![add(&house, live, "late-live", "password", "30").await];
        for n in 0..3 {
            due.push(add(&house, dev, &format!("late-{n}"), "password", "30").await);
        }
        let young = add(&house, dev, "young", "password", "90").await;
        house.app.clock.advance(Duration::days(31));
        let max = site.signed_in("max", PASSWORD).await;
        let list = max.get("/secrets?due=overdue").await.body;
        assert!(list.contains("value=\"rotate\"") && list.contains("name=\"due\" value=\"overdue\""), "{list}");
        let asked = max.get("/bulk/new?do=rotate&all=1&due=overdue").await.body;
        assert!(asked.contains("Rotate 4 secrets") && asked.contains("3 in dev, 1 in live.") && asked.contains("Production asks for one"), "{asked}");
        assert!(!asked.contains("cannot make") && !asked.contains("at a source"), "{asked}");
        let home = begin(&max, "rotate", &due, &[]).await;
        assert!(home.status == 422 && home.body.contains("Not begun"), "{}", home.body);
        let home = begin(&max, "rotate", &due, &[("reason", "all overdue")]).await.location().to_owned();
        assert!(bulk::work(&house.app).await.unwrap());
        assert!(max.get(&home).await.body.contains("1 of 4"));
        work(&house).await;
        let page = max.get(&home).await.body;
        assert!(page.contains("4 of 4") && page.contains("4 done.") && !page.contains("http-equiv=\"refresh\""), "{page}");
        for id in &due {
            let [rotation] = &rotations_of(&house, *id).await[..] else { panic!("not one") };
            assert_eq!((rotation.actor_name.as_str(), rotation.mode.as_str(), rotation.reason.as_str()), ("max", "generated", "all overdue"));
            assert!(page.contains(&format!("href=\"/rotations/{}\"", rotation.id)), "{page}");
            let new = value(&house, *id).await;
            assert!(new.len() == 32 && !house.secret(*id).await.needs_rotation(house.app.now()), "{new}");
        }
        assert_eq!(value(&house, young).await, "the first value");
        assert!(audit::verify(&house.app).await.unwrap().findings.is_empty());
        // The rotation's own status is shown as it is when it is looked at.
        let failed: Result<u64> = tx!(house.app.db, |tx| tx.exec(sql!("UPDATE rotations SET status = 'failed' WHERE secret_id = ?", due[0])).await);
        failed.unwrap();
        assert!(max.get(&home).await.body.contains("3 done, 1 failed."));
        // Production asks for a fresh proof of who it is.
        house.app.clock.advance(Duration::minutes(26));
        max.get("/secrets").await;
        assert!(max.get(&format!("/bulk/new?do=rotate&id={}", due[0])).await.location().starts_with("/step-up"));
        assert_eq!(begin(&max, "rotate", &due, &[("reason", "again")]).await.status, 403);
        assert_eq!(max.get(&format!("/bulk/new?do=rotate&id={}", due[1])).await.status, 200);
    }
}

three! {
    // Each row by its own rules: what Keeper cannot make and what the person may not rotate is refused; what is changed at a source
    // is changed there, and is not done before it is.
    async fn each_row_goes_its_own_way(house: House) {
        let Some(place) = Place::postgres().await else { return };
        let site = Site::start(&house.app).await;
        house.add_user("uma", "user").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let live = house.add_environment("live", "production", "open", &[]).await;
        let account = fresh("app");
        place.add(&account, "the-old-one").await;
        let named = SourceInput { name: "main".into(), ..near(&place) };
        let source = sources::create(&house.app, &house.operator(), dev, named.parse(&house.app).unwrap()).await.unwrap();
        let at_source = house.add_secret(dev, &account, "the-old-one").await;
        let adopted = wish(&house, at_source, source, &account).await;
        house.set_strategy(&house.operator(), at_source, adopted).await.unwrap();
        let (plain, certificate) = (add(&house, dev, "plain", "password", "").await, add(&house, dev, "tls", "certificate", "").await);
        let (pair, foreign) = (add(&house, dev, "pair", "ssh_key", "").await, add(&house, live, "foreign", "password", "").await);
        let ids = [at_source, plain, certificate, pair, foreign];
        let uma = site.signed_in("uma", PASSWORD).await;
        let address = ids.map(|id| format!("&id={id}")).concat();
        let asked = uma.get(&format!("/bulk/new?do=rotate{address}")).await.body;
        for words in ["Rotate 5 secrets", "4 in dev, 1 in live.", "cannot make a value for 2 of them", "1 of them get their new password at a source", "1 of them wait until another person has approved it"] {
            assert!(asked.contains(words), "{words}: {asked}");
        }
        let home = begin(&uma, "rotate", &ids, &[("reason", "tidy")]).await.location().to_owned();
        work(&house).await;
        let page = uma.get(&home).await.body;
        assert!(page.contains("4 of 5") && page.contains("1 done, 1 under way, 1 wait for another person, 2 refused") && page.contains("http-equiv=\"refresh\""), "{page}");
        assert_eq!(page.matches("Keeper cannot make a value for this type: rotate it by hand").count(), 2, "{page}");
        assert!(page.contains("Awaiting approval") && page.contains("Running"), "{page}");
        assert!(place.opens(&account, "the-old-one").await);
        while rotations::go_on(&house.app).await.unwrap() {}
        let page = uma.get(&home).await.body;
        assert!(page.contains("5 of 5") && page.contains("2 done, 1 wait for another person, 2 refused.") && !page.contains("http-equiv=\"refresh\""), "{page}");
        let new = value(&house, at_source).await;
        assert!(place.opens(&account, &new).await && !place.opens(&account, "the-old-one").await);
        assert_ne!(value(&house, plain).await, "the first value");
        for (id, begun) in [(certificate, 0), (pair, 0), (foreign, 1)] {
            assert_eq!((value(&house, id).await.as_str(), rotations_of(&house, id).await.len()), ("the first value", begun));
        }
        let [rotation] = &rotations_of(&house, at_source).await[..] else { panic!("not one") };
        assert_eq!(rotation.actor_name, "uma");
    }
}

/// Tells of a rotation that something else is in its way.
struct Refuses;

impl Beside for Refuses {
    async fn store(&self, _: &mut Tx, _: i64) -> Result<()> {
        Err(Error::Conflict("not now".into()))
    }
}

three! {
    // However many workers there are: each chosen secret gets one new value, and its row the rotation that gave it.
    async fn no_row_rotates_twice(house: House) {
        house.add_user("max", "manager").await;
        let max = house.person("max").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let mut ids = Vec::new();
        for n in 0..20 {
            ids.push(house.add_secret(dev, &format!("s-{n:02}"), "v").await);
        }
        let refused = rotations::rotate_alone(&house.app, &max, ids[0], "a test", &Refuses).await;
        assert!(matches!(refused, Err(Error::Conflict(_))) && rotations_of(&house, ids[0]).await.is_empty());
        let input = bulk::BulkInput { kind: "rotate".into(), ids: ids.iter().map(i64::to_string).collect(), ..bulk::BulkInput::default() };
        let id = bulk::start(&house.app, &max, input.parse().unwrap()).await.unwrap();
        let four = futures_util::future::join_all((0..4).map(|_| work(&house)));
        tokio::time::timeout(std::time::Duration::from_mins(2), four).await.unwrap();
        assert_eq!(bulk::counts(&house.app, id).await.unwrap().done, 20);
        let places = keeper::environments::visible(&house.app, &max).await.unwrap();
        for item in bulk::items(&house.app, id, &places, 0, 100).await.unwrap() {
            let [rotation] = &rotations_of(&house, item.secret_id).await[..] else { panic!("not one") };
            assert_eq!((item.rotation_id, house.secret(item.secret_id).await.current_version), (Some(rotation.id), 2));
        }
        assert!(audit::verify(&house.app).await.unwrap().findings.is_empty());
    }
}

#[cfg(feature = "faults")]
three! {
    // A process that dies inside the unit or right after it: whoever goes on rotates what is left, and nothing again.
    async fn a_death_between_two_lines_rotates_nothing_twice(house: House) {
        use crate::support::served::Served;
        house.add_user("max", "manager").await;
        let max = house.person("max").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let url = house.app.settings.database_url.expose().to_owned();
        let key = house.app.settings.key_file.display().to_string();
        let settings = [("KEEPER_DATABASE_URL", url.as_str()), ("KEEPER_KMS_KEY_FILE", key.as_str())];
        for point in ["bulk_in_rotation", "bulk_after_rotation"] {
            let mut ids = Vec::new();
            for n in 0..3 {
                ids.push(house.add_secret(dev, &format!("{}-{n}", point.replace('_', "-")), "v").await);
            }
            let input = bulk::BulkInput { kind: "rotate".into(), ids: ids.iter().map(i64::to_string).collect(), ..bulk::BulkInput::default() };
            let id = bulk::start(&house.app, &max, input.parse().unwrap()).await.unwrap();
            let deadly = [settings[0], settings[1], ("DIE_AT_FAULT_POINT", point)];
            let mut doomed = Served::begin(house.data.path(), &deadly);
            doomed.dies().await;
            let before = bulk::counts(&house.app, id).await.unwrap();
            assert_eq!(before.done, i64::from(point == "bulk_after_rotation"), "{point}: {before:?} {}", doomed.log());
            let served = Served::start(house.data.path(), &settings).await;
            for _ in 0..300 {
                if bulk::counts(&house.app, id).await.unwrap().waiting == 0 { break; }
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
            assert_eq!(bulk::counts(&house.app, id).await.unwrap().done, 3, "{point}: {}", served.log());
            for id in ids {
                assert_eq!((house.secret(id).await.last_version(), rotations_of(&house, id).await.len()), (2, 1), "{point}");
            }
        }
    }
}
