//! How a secret is rotated waits as well: its schedule, its policy, and where it is used.
use super::*;
use crate::sources::place::{Place, fresh};
use crate::strategies::near;
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::three;
use keeper::rotations::{Change, Planned, approve, change_plan};
use keeper::secrets::SecretInput;
use keeper::sources::{self, StrategyInput};

async fn input(house: &House, id: i64) -> SecretInput {
    let secret = house.secret(id).await;
    SecretInput {
        display_name: secret.display_name.clone(),
        secret_type: secret.secret_type.as_str().into(),
        secrecy_level: secret.secrecy_level.as_str().into(),
        reason: "a test".into(),
        row_version: secret.row_version.to_string(),
        ..SecretInput::default()
    }
}

fn asked(done: Result<Planned>) -> i64 {
    match done.unwrap() {
        Planned::Asked(rotation) => rotation,
        Planned::Changed(_) => panic!("it was changed at once"),
    }
}

three! {
    // S60 S116: switching automatic rotation on waits; approved, scheduled runs go ahead as Keeper itself. The name of a secret waits for nobody.
    async fn a_schedule_waits_for_another_person(house: House) {
        people(&house).await;
        let (max, mia) = (house.person("max").await, house.person("mia").await);
        let dev = guarded(&house, "dev", "development").await;
        let id = house.add_secret(dev, "db", "first").await;
        let renamed = SecretInput { display_name: "Another name".into(), ..input(&house, id).await };
        assert!(matches!(change_plan(&house.app, &max, id, Change::Edit(Box::new(renamed)), false).await, Ok(Planned::Changed(_))));
        let on = || async { SecretInput { auto_rotate: Some("on".into()), rotation_interval_days: "30".into(), display_name: "A third name".into(), ..input(&house, id).await } };
        let silent = SecretInput { reason: String::new(), ..on().await };
        assert!(matches!(change_plan(&house.app, &max, id, Change::Edit(Box::new(silent)), false).await, Err(Error::Invalid(fields)) if !fields.of("reason").is_empty()));
        let rotation = asked(change_plan(&house.app, &max, id, Change::Edit(Box::new(on().await)), false).await);
        let secret = house.secret(id).await;
        assert_eq!((secret.auto_rotate, secret.display_name.as_str()), (false, "Another name"));
        let request = rotations::request(&house.app, &rotations::find(&house.app, &mia, rotation).await.unwrap()).await.unwrap().unwrap().request;
        assert_eq!(request.summary, "Rotated: by hand, from then on by itself\nInterval: none, from then on 30 days");
        assert_eq!(why(approve(&house.app, &max, rotation).await), "nobody approves their own request");
        approve(&house.app, &mia, rotation).await.unwrap();
        let secret = house.secret(id).await;
        assert_eq!((secret.auto_rotate, secret.rotation_interval_days, secret.display_name.as_str()), (true, Some(30), "A third name"));
        assert_eq!(status(&house, rotation).await, RotationStatus::Succeeded);
        house.app.clock.advance(time::Duration::days(31));
        assert_eq!(rotations::rotate_due(&house.app).await.unwrap(), 1, "the schedule was what was approved");
        // Off again, past the approval: in sight of the others.
        let off = Change::Edit(Box::new(input(&house, id).await));
        assert!(matches!(change_plan(&house.app, &max, id, off, true).await, Ok(Planned::Changed(_))));
        assert!(!house.secret(id).await.auto_rotate);
        let glass = secrets::unacknowledged(&house.app, &[dev], Some(id)).await.unwrap();
        assert_eq!((glass.len(), glass[0].rotation_id), (1, None));
    }
}

three! {
    // Where a secret is used waits too: looked at and tried when it is asked for, stored when it is approved.
    async fn a_strategy_waits_for_another_person(house: House) {
        people(&house).await;
        let (max, mia) = (house.person("max").await, house.person("mia").await);
        let dev = guarded(&house, "dev", "development").await;
        for place in [Place::postgres().await, Place::mysql().await].into_iter().flatten() {
            let name = fresh("app");
            place.add(&name, "in-force").await;
            let new = near(&place);
            let new = sources::SourceInput { name: name.replace('_', "-"), ..new }.parse(&house.app).unwrap();
            let source = sources::create(&house.app, &house.operator(), dev, new).await.unwrap();
            let id = house.add_secret(dev, &name, "in-force").await;
            let wish = |account: &str, row_version: i64| Change::Strategy(StrategyInput {
                source_id: source.to_string(),
                account_name: account.into(),
                shape: "password".into(),
                reason: "a test".into(),
                row_version: row_version.to_string(),
                ..StrategyInput::default()
            });
            assert!(matches!(change_plan(&house.app, &max, id, wish("nobody_at_all", 1), false).await, Err(Error::Invalid(_))), "told when it is asked for");
            let rotation = asked(change_plan(&house.app, &max, id, wish(&name, 1), false).await);
            assert!(sources::described(&house.app, &max, id).await.unwrap().is_none());
            approve(&house.app, &mia, rotation).await.unwrap();
            assert!(sources::described(&house.app, &max, id).await.unwrap().is_some());
            let clear = Change::Clear { reason: "a test".into(), row_version: 2 };
            let rotation = asked(change_plan(&house.app, &max, id, clear, false).await);
            approve(&house.app, &mia, rotation).await.unwrap();
            assert!(sources::described(&house.app, &max, id).await.unwrap().is_none());
            assert!(place.opens(&name, "in-force").await, "at the source nothing has changed");
        }
    }
}

three! {
    // The form says that it waits, and leads to the request; its page says what changes, line by line.
    async fn the_form_of_a_secret_leads_to_a_request(house: House) {
        people(&house).await;
        let site = Site::start(&house.app).await;
        let (max, mia) = (site.signed_in("max", PASSWORD).await, site.signed_in("mia", PASSWORD).await);
        let dev = guarded(&house, "dev", "development").await;
        let id = house.add_secret(dev, "db", "first").await;
        let form = format!("/secrets/{id}/edit");
        let page = max.get(&form).await;
        assert!(page.body.contains("Save, or ask for approval") && page.body.contains("Break the glass"), "{}", page.body);
        let fields = [("display_name", "db"), ("secret_type", "api_key"), ("secrecy_level", "internal"), ("auto_rotate", "on"), ("rotation_interval_days", "30"), ("row_version", "1")];
        let told = max.post(&form, &fields).await;
        assert!(told.status == 422 && told.body.contains("Reason is required"), "{}", told.body);
        let home = max.post(&form, &[&fields[..], &[("reason", "the auditor asks")]].concat()).await.location().to_owned();
        let page = mia.get(&home).await;
        for word in ["Interval: none, from then on 30 days", "the auditor asks", "how it is rotated", "Approve"] {
            assert!(page.body.contains(word), "{word}: {}", page.body);
        }
        assert_eq!(mia.post(&format!("{home}/approve"), &[]).await.location(), home);
        assert!(mia.get(&home).await.body.contains("It is rotated in this way from now on."));
        assert!(house.secret(id).await.auto_rotate);
    }
}
