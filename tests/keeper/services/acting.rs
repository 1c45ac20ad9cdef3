//! What a service account may do: what its scopes say, where its owner may do it, and nothing that is done in person.
use super::*;
use crate::support::three;
use keeper::domain::enums::RotationStatus;
use keeper::domain::plaintext::Plaintext;
use keeper::environments::EnvironmentInput;
use keeper::people::NewUser;
use keeper::rotations;
use keeper::secrets::{self, Filter};
use keeper::{bulk, environments, people, sync};
use time::Duration;

three! {
    // S43 S45: to a service account the environments that it is not for do not exist, and its owner's closed doors do not either.
    async fn a_door_that_is_not_for_it_is_closed(house: House) {
        let max = house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let other = house.add_environment("other", "development", "open", &[]).await;
        let members = house.add_environment("members", "development", "members", &[max]).await;
        let walled = house.add_environment("walled", "development", "members", &[]).await;
        let mut ids = Vec::new();
        for environment in [dev, other, members, walled] {
            ids.push(house.add_secret(environment, "db", "v").await);
        }
        let narrow = acting(&house, ("narrow", "max"), "manager", &["secrets:read", "secrets:write", "secrets:reveal"], &[dev, walled]).await;
        let wide = acting(&house, ("wide", "max"), "manager", &["secrets:read", "secrets:reveal"], &[]).await;
        let seen = |actor: Actor| {
            let house = &house;
            async move { environments::visible(&house.app, &actor).await.unwrap().iter().map(|place| place.environment.id).collect::<Vec<_>>() }
        };
        assert_eq!(seen(narrow.clone()).await, [dev]);
        assert_eq!(seen(wide.clone()).await, [dev, members, other]);
        for (n, id) in ids.iter().enumerate() {
            let by_narrow = secrets::reveal(&house.app, &narrow, *id, None, "").await;
            assert_eq!(by_narrow.is_ok(), n == 0);
            assert!(n == 0 || matches!(by_narrow, Err(Error::NotFound)));
            assert_eq!(secrets::reveal(&house.app, &wide, *id, None, "").await.is_ok(), n < 3);
        }
        let new = House::secret_input(other, "new", "v").parse_create(house.app.now()).unwrap();
        assert!(matches!(secrets::create(&house.app, &narrow, new).await, Err(Error::Invalid(_))), "no such environment");
        let places = environments::visible(&house.app, &narrow).await.unwrap();
        let filter = Filter { environments: places.iter().map(|place| place.environment.id).collect(), limit: 9, ..Filter::default() };
        assert_eq!(secrets::list(&house.app, &filter).await.unwrap().items.len(), 1);
        assert_eq!(environments::log_within(&narrow, &places), Some(vec![dev]));
    }
}

three! {
    // S34 S38: each act takes its scope, and the audit log names the account; what it makes has its owner as creator.
    async fn each_act_takes_its_scope(house: House) {
        let max = house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = house.add_secret(dev, "db", "v").await;
        let app = &house.app;
        let none = acting(&house, ("reader", "max"), "manager", &["secrets:read"], &[]).await;
        let all = acting(&house, ("writer", "max"), "manager", &every_scope(), &[]).await;
        let new = |name: &str| House::secret_input(dev, name, "v").parse_create(house.app.now()).unwrap();
        assert!(refused(secrets::create(app, &none, new("a")).await).contains("secrets:write"));
        assert!(refused(secrets::reveal(app, &none, id, None, "").await).contains("secrets:reveal"));
        assert!(refused(house.rotate(&none, id, "w").await).contains("secrets:rotate"));
        assert!(refused(sync::request(app, &none, id).await).contains("secrets:sync"));
        assert!(refused(secrets::set_active(app, &none, id, false, "", 1).await).contains("secrets:write"));
        assert!(none.demand_scope(Scope::AuditRead).is_err() && all.demand_scope(Scope::AuditRead).is_ok());
        let made = secrets::create(app, &all, new("b")).await.unwrap();
        assert_eq!(house.secret(made).await.creator_id, Some(max));
        secrets::reveal(app, &all, made, None, "").await.unwrap();
        house.rotate(&all, made, "w").await.unwrap();
        let query = sql!("SELECT action, actor_kind, actor_id, actor_name FROM audit_events WHERE secret_id = ? ORDER BY seq", made);
        let log: Vec<(String, String, Option<i64>, String)> = app.db.read().await.unwrap().all(query).await.unwrap();
        assert!(log.len() >= 3 && log.iter().all(|(_, kind, who, name)| (kind.as_str(), *who, name.as_str()) == ("service", Some(max), "service:writer")), "{log:?}");
        assert!(keeper::audit::verify(app).await.unwrap().findings.is_empty());
    }
}

three! {
    // S45: a token cannot prove who holds it, so a scope says whether it may do what asks people for a proof.
    async fn what_asks_for_a_proof_takes_a_scope(house: House) {
        let max = house.add_user("max", "manager").await;
        let prod = house.add_environment("prod", "production", "members", &[max]).await;
        let id = house.add_secret(prod, "db", "v").await;
        let scopes = ["secrets:rotate", "secrets:reveal"];
        let plain = acting(&house, ("plain", "max"), "manager", &scopes, &[]).await;
        let trusted = acting(&house, ("trusted", "max"), "manager", &["secrets:rotate", "without_proof"], &[]).await;
        assert!(refused(house.rotate(&plain, id, "w").await).contains("without_proof"));
        assert!(secrets::reveal(&house.app, &plain, id, None, "").await.is_ok(), "what asks for none takes no scope for it");
        house.app.clock.advance(Duration::hours(3));
        house.rotate(&trusted, id, "w").await.unwrap();
        let less = acting(&house, ("less", "max"), "user", &["secrets:rotate", "secrets:reveal", "without_proof"], &[]).await;
        assert!(refused(secrets::reveal(&house.app, &less, id, None, "because").await).contains("a manager or an admin"), "bound by its role as a person is");
    }
}

three! {
    // S38: four eyes are two people's: a service account asks and decides as its owner, and never past them.
    async fn nobody_approves_their_own_request_by_a_token(house: House) {
        for (name, role) in [("max", "manager"), ("mia", "manager"), ("ada", "admin")] {
            house.add_user(name, role).await;
        }
        let app = &house.app;
        let input = EnvironmentInput { name: "dev".into(), display_name: "dev".into(), stage: "development".into(), access: "open".into(), needs_approval: Some("true".into()), ..EnvironmentInput::default() };
        let dev = environments::create(app, &house.operator(), input.parse().unwrap()).await.unwrap();
        let id = house.add_secret(dev, "db", "v").await;
        let of_max = acting(&house, ("of-max", "max"), "manager", &every_scope(), &[]).await;
        let of_mia = acting(&house, ("of-mia", "mia"), "manager", &["rotations:approve", "without_proof"], &[]).await;
        let (max, mia) = (house.person("max").await, house.person("mia").await);
        let asked = house.rotate(&of_max, id, "by token").await.unwrap();
        assert!(refused(rotations::approve(app, &of_max, asked).await).contains("nobody approves their own"));
        assert!(refused(rotations::approve(app, &max, asked).await).contains("nobody approves their own"));
        rotations::withdraw(app, &max, asked).await.unwrap();
        let asked = house.rotate(&max, id, "by hand").await.unwrap();
        assert!(refused(rotations::approve(app, &of_max, asked).await).contains("nobody approves their own"));
        rotations::approve(app, &of_mia, asked).await.unwrap();
        assert_eq!(house.secret(id).await.current_version, 2);
        // Switched off meanwhile, what it asked for is not done.
        let asked = house.rotate(&of_max, id, "late").await.unwrap();
        let account = services::by_name(app, &house.operator(), "of-max").await.unwrap().unwrap().id;
        services::set_active(app, &house.operator(), account, false).await.unwrap();
        assert!(refused(rotations::approve(app, &mia, asked).await).contains("may not ask for this any more"));
        services::set_active(app, &house.operator(), account, true).await.unwrap();
        rotations::approve(app, &mia, asked).await.unwrap();
        let rotation = rotations::find(app, &mia, asked).await.unwrap();
        assert_eq!((rotation.actor_name.as_str(), rotation.status), ("service:of-max", RotationStatus::Succeeded));
    }
}

three! {
    // S38: whatever its scopes and whoever its owner, a token makes no tokens, gives nobody a password, and breaks no glass.
    async fn what_is_done_in_person_is_done_by_no_token(house: House) {
        house.add_user("ada", "admin").await;
        house.add_user("max", "manager").await;
        let app = &house.app;
        let prod = house.add_environment("prod", "production", "members", &[]).await;
        let id = house.add_secret(prod, "db", "v").await;
        let actor = acting(&house, ("root", "ada"), "admin", &every_scope(), &[]).await;
        let password = || Plaintext::from("otter violin parking thursday".to_owned());
        let own = services::by_name(app, &house.operator(), "root").await.unwrap().unwrap().id;
        let new = NewToken { days: 365, former_ends_in: None };
        let sure = secrets::Sure { confirm: "db".into(), reason: "because".into() };
        let bulk = bulk::BulkInput { kind: "tag".into(), ids: vec![id.to_string()], add: "a=b".into(), reason: "because".into(), ..bulk::BulkInput::default() };
        for why in [
            refused(services::make_token(app, &actor, own, &new).await),
            refused(services::set_active(app, &actor, own, true).await),
            refused(services::find(app, &actor, own).await),
            refused(people::set_password(app, &actor, "max", password()).await),
            refused(people::add(app, &actor, NewUser::parse("eve", "", "", "admin", Some(password())).unwrap()).await),
            refused(people::set_sso_only(app, &actor, true).await),
            refused(people::set_break_glass(app, &actor, "ada", true).await),
            refused(secrets::reveal_by_glass(app, &actor, id, None, "because").await),
            refused(secrets::destroy(app, &actor, id, 1, &sure).await),
            refused(bulk::start(app, &actor, bulk.parse().unwrap()).await),
        ] {
            assert!(why.contains("in person"), "{why}");
        }
        assert!(refused(people::set_active(app, &actor, "ada", false).await).contains("nobody changes their own"));
        people::add(app, &actor, NewUser::parse("eve", "", "", "user", None).unwrap()).await.unwrap();
        people::set_role(app, &actor, "max", keeper::domain::enums::Role::User).await.unwrap();
        // An admin sees its metadata, and is no member who may reveal it; nor is what acts for one.
        assert!(secrets::find(app, &actor, id).await.is_ok());
        assert!(refused(secrets::reveal(app, &actor, id, None, "because").await).contains("only members"));
    }
}
