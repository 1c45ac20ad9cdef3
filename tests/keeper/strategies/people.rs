//! Who may have sources and strategies: admins the one, whoever may edit the secret the other, and nobody behind a closed door.
use super::{add, count, far, field, fields, strategies, wish};
use crate::support::{House, three};
use keeper::domain::actor::Actor;
use keeper::domain::error::{Error, Result};
use keeper::sources::{self, SourceInput, StrategyInput};

fn forbidden<T>(answer: Result<T>) -> bool {
    answer.is_err_and(|error| matches!(error, Error::Forbidden(_)))
}

fn hidden<T>(answer: Result<T>) -> bool {
    answer.is_err_and(|error| matches!(error, Error::NotFound))
}

/// What each function says to somebody: reading first, then what changes something.
async fn tried(house: &House, actor: &Actor, environment: i64, source: i64, check: fn(Result<()>) -> bool) {
    let app = &house.app;
    let input = || SourceInput { row_version: "1".into(), ..far("other", "x") }.parse(app).unwrap();
    assert!(check(sources::create(app, actor, environment, input()).await.map(drop)));
    assert!(check(sources::update(app, actor, source, input()).await));
    assert!(check(sources::delete(app, actor, source, 1, "a test").await));
    assert!(check(sources::check_source(app, actor, source).await.map(drop)));
    assert!(check(sources::rehearse(app, actor, source, "a test").await.map(drop)));
}

three! {
    // Users and managers see the sources of an open door and change none; behind a closed one there is nothing, also for a manager.
    async fn sources_are_an_admins_work(house: House) {
        let app = &house.app;
        for role in ["user", "manager", "admin"] {
            house.add_user(role, role).await;
        }
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let closed = house.add_environment("closed", "development", "members", &[]).await;
        let (near, behind) = (add(&house, dev, far("main", "x")).await, add(&house, closed, far("main", "x")).await);
        for role in ["user", "manager"] {
            let actor = house.person(role).await;
            assert_eq!(sources::list(app, &actor, dev).await.unwrap().len(), 1);
            assert_eq!(sources::find(app, &actor, near).await.unwrap().source.id, near);
            tried(&house, &actor, dev, near, forbidden).await;
            assert!(hidden(sources::list(app, &actor, closed).await) && hidden(sources::used_by(app, &actor, behind, 9).await));
            assert!(hidden(sources::find(app, &actor, behind).await) && hidden(sources::find(app, &actor, 99).await));
            tried(&house, &actor, closed, behind, hidden).await;
        }
        let admin = house.person("admin").await;
        let new = far("other", "x").parse(app).unwrap();
        let id = sources::create(app, &admin, closed, new).await.unwrap();
        sources::delete(app, &admin, id, 1, "").await.unwrap();
        // Nothing but what the operator and the admin did.
        assert_eq!((count(&house, "source.created").await, count(&house, "source.updated").await, count(&house, "source.deleted").await, count(&house, "source.rehearsed").await), (3, 0, 1, 0));
    }
}

three! {
    // In production it takes a reason and a fresh proof; a resting environment is read only.
    async fn production_asks_for_a_reason_and_a_fresh_proof(house: House) {
        let app = &house.app;
        house.add_user("admin", "admin").await;
        let prod = house.add_environment("prod", "production", "members", &[]).await;
        let admin = house.person("admin").await;
        let silent = || SourceInput { reason: String::new(), ..far("main", "x") }.parse(app).unwrap();
        assert_eq!(field(sources::create(app, &admin, prod, silent()).await), "reason");
        let id = sources::create(app, &admin, prod, far("main", "x").parse(app).unwrap()).await.unwrap();
        assert_eq!(field(sources::delete(app, &admin, id, 1, " ").await), "reason");
        app.clock.advance(time::Duration::hours(1));
        assert!(matches!(sources::delete(app, &admin, id, 1, "a test").await, Err(Error::ProofNeeded)));
        assert!(matches!(sources::rehearse(app, &admin, id, "a test").await, Err(Error::ProofNeeded)));
        keeper::environments::set_active(app, &house.operator(), prod, false).await.unwrap();
        assert!(forbidden(sources::delete(app, &house.operator(), id, 1, "a test").await));
        assert_eq!(sources::list(app, &admin, prod).await.unwrap().len(), 1);
    }
}

three! {
    // Whoever may not edit a secret gives it no strategy and takes none away; the server is not even asked.
    async fn a_strategy_is_for_those_who_may_edit_the_secret(house: House) {
        let app = &house.app;
        for role in ["user", "manager"] {
            house.add_user(role, role).await;
        }
        let members = [house.person("user").await.id().unwrap()];
        let prod = house.add_environment("prod", "production", "members", &members).await;
        let other = house.add_environment("other", "development", "open", &[]).await;
        let source = add(&house, prod, far("main", "x")).await;
        let secret = house.add_secret(prod, "db", "v").await;
        let outside = house.add_secret(other, "db", "v").await;
        let set = async |actor: Actor, secret: i64, input: StrategyInput| {
            house.set_strategy(&actor, secret, input).await.map(drop)
        };
        let (user, manager) = (house.person("user").await, house.person("manager").await);
        assert!(forbidden(set(user.clone(), secret, wish(&house, secret, source, "app").await).await));
        assert!(forbidden(house.clear_strategy(&user, secret, 1).await));
        assert!(hidden(set(manager.clone(), secret, wish(&house, secret, source, "app").await).await));
        assert!(hidden(house.clear_strategy(&manager, secret, 1).await));
        // A source of another environment, and one that does not exist, are told alike.
        for foreign in [source, 99] {
            let told = fields(set(manager.clone(), outside, wish(&house, outside, foreign, "app").await).await);
            assert_eq!(told, [("source_id".to_owned(), "is no source of other: choose one of those".to_owned())]);
        }
        let old = StrategyInput { row_version: "7".into(), ..wish(&house, secret, source, "app").await };
        assert!(matches!(set(house.operator(), secret, old).await, Err(Error::Conflict(_))));
        // Nothing proves a second user's password, so an admin names it.
        let two = StrategyInput { second_name: "b".into(), shape: "json".into(), source_id: "99".into(), ..wish(&house, outside, source, "app").await };
        assert!(forbidden(set(manager, outside, two).await));
        let silent = StrategyInput { reason: String::new(), ..wish(&house, secret, source, "app").await };
        assert_eq!(field(set(house.operator(), secret, silent).await), "reason");
        keeper::secrets::set_active(app, &house.operator(), secret, false, "a test", 1).await.unwrap();
        assert!(matches!(set(house.operator(), secret, wish(&house, secret, source, "app").await).await, Err(Error::Conflict(_))));
        assert_eq!((strategies(&house).await, count(&house, "secret.strategy_set").await), (0, 0));
    }
}

#[test]
fn what_is_wrong_with_a_strategy_is_told_by_field() {
    let right = || StrategyInput {
        source_id: "1".into(),
        account_name: "a".into(),
        second_name: "b".into(),
        shape: "json".into(),
        ..StrategyInput::default()
    };
    assert!(right().parse().is_ok());
    for (input, wrong) in [
        (StrategyInput::default(), "account_name shape source_id"),
        (StrategyInput { shape: "password".into(), ..right() }, "shape"),
        (StrategyInput { second_name: " a ".into(), ..right() }, "second_name"),
        (StrategyInput { second_name: String::new(), second_host: "%".into(), ..right() }, "second_host"),
        (
            StrategyInput { account_name: "x".repeat(81), account_host: "h\0".into(), ..right() },
            "account_host account_name",
        ),
    ] {
        assert_eq!(field(input.parse()), wrong);
    }
}
