//! The other ways in which a value changes wait as well: a former version, one of another environment, a file; and a source's password.
use super::*;
use crate::sources::place::Place;
use crate::strategies::rotating::{adopted, work};
use crate::support::three;
use keeper::domain::plaintext::Plaintext;
use keeper::rotations::{Promote, Promoted, Restore, RotateInput, approve};
use keeper::{bulk, imports, tx};

three! {
    // S35: a roll back waits for approval too; a version that is destroyed meanwhile does not come back.
    async fn a_roll_back_waits(house: House) {
        people(&house).await;
        let (uma, max, operator) = (house.person("uma").await, house.person("max").await, house.operator());
        let dev = guarded(&house, "dev", "development").await;
        let id = house.add_secret(dev, "db", "first").await;
        for value in ["second", "third"] {
            house.rotate(&operator, id, value).await.unwrap();
        }
        let back = |number| Restore { number, reason: "it broke".into(), breaks_glass: false, row_version: 3 };
        let rotation = rotations::restore(&house.app, &uma, id, &back(1)).await.unwrap();
        assert_eq!((status(&house, rotation).await, current(&house, id).await.as_str(), sealed(&house).await), (RotationStatus::AwaitingApproval, "third", 0));
        approve(&house.app, &max, rotation).await.unwrap();
        assert_eq!((current(&house, id).await.as_str(), house.secret(id).await.current_version), ("first", 4));
        assert!(events(&house, id).await.contains(&"version.restored by max".to_owned()));
        let back = Restore { row_version: 4, ..back(2) };
        let rotation = rotations::restore(&house.app, &uma, id, &back).await.unwrap();
        let sure = secrets::Sure { confirm: "db".into(), reason: "it leaked".into() };
        secrets::destroy(&house.app, &operator, id, 2, &sure).await.unwrap();
        assert!(!why(approve(&house.app, &max, rotation).await).is_empty());
        assert_eq!(current(&house, id).await, "first");
    }
}

three! {
    // A value of another environment waits as it was when it was asked for.
    async fn a_promotion_over_a_value_waits(house: House) {
        people(&house).await;
        let (max, mia) = (house.person("max").await, house.person("mia").await);
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let staging = guarded(&house, "staging", "staging").await;
        let from = house.add_secret(dev, "db", "of dev").await;
        let to = house.add_secret(staging, "db", "of staging").await;
        let wish = Promote { to: staging, number: 1, reason: "it is good".into(), breaks_glass: false, row_version: 1 };
        let Promoted::Changed(rotation) = rotations::promote(&house.app, &max, from, &wish).await.unwrap() else { panic!("a new secret") };
        assert_eq!((status(&house, rotation).await, current(&house, to).await.as_str()), (RotationStatus::AwaitingApproval, "of staging"));
        house.rotate(&house.operator(), from, "newer").await.unwrap();
        approve(&house.app, &mia, rotation).await.unwrap();
        assert_eq!(current(&house, to).await, "of dev");
        let fresh = house.add_secret(dev, "new", "of dev").await;
        let wish = Promote { row_version: 0, ..wish };
        assert!(matches!(rotations::promote(&house.app, &max, fresh, &wish).await, Ok(Promoted::Created(_))), "a new secret changes no value");
    }
}

three! {
    // A file cannot go past it: rows that change a value are in conflict, and say what to do; new ones are not.
    async fn an_import_changes_no_value_there(house: House) {
        people(&house).await;
        let max = house.person("max").await;
        let dev = guarded(&house, "dev", "development").await;
        let id = house.add_secret(dev, "db", "first").await;
        let upload = |text: &str| imports::UploadInput {
            environment_id: dev.to_string(),
            format: "env".into(),
            secret_type: "password".into(),
            secrecy_level: "internal".into(),
            content: Some(Plaintext::from(text.to_owned())),
            ..imports::UploadInput::default()
        };
        let held = imports::hold(&house.app, &max, upload("db=second\nfresh=one\n").parse().unwrap()).await.unwrap();
        let preview = imports::preview(&house.app, &max, held).await.unwrap();
        let row = preview.plan.rows.iter().find(|row| row.name == "db").unwrap();
        assert!(row.why.contains("waits for another person") && !preview.plan.is_possible(), "{}", row.why);
        let held = imports::hold(&house.app, &max, upload("fresh=one\n").parse().unwrap()).await.unwrap();
        let preview = imports::preview(&house.app, &max, held).await.unwrap();
        imports::confirm(&house.app, &max, held, &preview.plan.fingerprint(), "new ones").await.unwrap();
        assert_eq!(current(&house, id).await, "first");
    }
}

three! {
    // S60: what Keeper makes is made when it is approved; schedules go on as Keeper itself.
    async fn a_value_that_keeper_makes_is_made_when_it_is_approved(house: House) {
        people(&house).await;
        let (uma, max) = (house.person("uma").await, house.person("max").await);
        let dev = guarded(&house, "dev", "development").await;
        let id = house.add_secret(dev, "db", "first").await;
        let input = RotateInput { mode: "generated".into(), reason: "a test".into(), row_version: "1".into(), ..RotateInput::default() };
        let mut few = input;
        (few.policy.length, few.policy.alphabet) = ("8".into(), "hex".into());
        let rotation = rotations::rotate(&house.app, &uma, id, few.parse().unwrap()).await.unwrap();
        let asked = rotations::request(&house.app, &rotations::find(&house.app, &max, rotation).await.unwrap()).await.unwrap().unwrap();
        assert_eq!(asked.request.policy().unwrap().unwrap().describe(), "8 hexadecimal digits");
        assert_eq!((asked.request.length, sealed(&house).await), (None, 0));
        approve(&house.app, &max, rotation).await.unwrap();
        assert_eq!(current(&house, id).await.len(), 8);
        let due: Result<u64> = tx!(house.app.db, |tx| {
            tx.exec(sql!("UPDATE secrets SET auto_rotate = ?, rotation_interval_days = 30, next_rotation_at = ? WHERE id = ?", true, house.app.now(), id)).await
        });
        due.unwrap();
        assert_eq!(rotations::rotate_due(&house.app).await.unwrap(), 1);
        assert_eq!(house.secret(id).await.current_version, 3);
    }
}

three! {
    // At a real source: nothing is touched before the approval, and the same journal goes on after it.
    async fn a_sources_password_waits(house: House) {
        people(&house).await;
        let (uma, max) = (house.person("uma").await, house.person("max").await);
        guarded(&house, "dev", "development").await;
        for place in [Place::postgres().await, Place::mysql().await].into_iter().flatten() {
            let (secret, name) = adopted(&house, &place, place.port, "the-old-one").await;
            let rotation = house.rotate(&uma, secret, "the-new-one").await.unwrap();
            work(&house).await;
            assert!(place.opens(&name, "the-old-one").await && !place.opens(&name, "the-new-one").await);
            assert!(matches!(house.rotate(&max, secret, "not\0possible").await, Err(Error::Invalid(_))), "told before it is asked for");
            approve(&house.app, &max, rotation).await.unwrap();
            assert_eq!(status(&house, rotation).await, RotationStatus::Running);
            work(&house).await;
            assert_eq!((status(&house, rotation).await, current(&house, secret).await.as_str()), (RotationStatus::Succeeded, "the-new-one"));
            assert!(place.opens(&name, "the-new-one").await && !place.opens(&name, "the-old-one").await);
            assert_eq!(secrets::version(&house.app, secret, 2).await.unwrap().author_name, "uma");
        }
    }
}

three! {
    // Many at once: each row waits for itself, and says so; the operation is not at work meanwhile.
    async fn each_of_many_waits(house: House) {
        people(&house).await;
        let (max, mia) = (house.person("max").await, house.person("mia").await);
        let dev = guarded(&house, "dev", "development").await;
        let ids = [house.add_secret(dev, "one", "first").await, house.add_secret(dev, "two", "first").await];
        let wish = |reason: &str| bulk::BulkInput {
            kind: "rotate".into(),
            ids: ids.iter().map(i64::to_string).collect(),
            reason: reason.into(),
            ..bulk::BulkInput::default()
        };
        assert!(matches!(bulk::start(&house.app, &max, wish("").parse().unwrap()).await, Err(Error::Invalid(_))), "another person reads why");
        let operation = bulk::start(&house.app, &max, wish("the auditor asks").parse().unwrap()).await.unwrap();
        while bulk::work(&house.app).await.unwrap() {}
        let counts = bulk::counts(&house.app, operation).await.unwrap();
        assert_eq!((counts.asked, counts.under_way, counts.done, current(&house, ids[0]).await.as_str()), (2, 0, 0, "first"));
        let places = environments::visible(&house.app, &mia).await.unwrap();
        for waiting in rotations::waiting_for(&house.app, &mia, &places, 9).await.unwrap() {
            approve(&house.app, &mia, waiting.id).await.unwrap();
        }
        let counts = bulk::counts(&house.app, operation).await.unwrap();
        assert_eq!((counts.asked, counts.done), (0, 2));
        assert_ne!(current(&house, ids[1]).await, "first");
    }
}
