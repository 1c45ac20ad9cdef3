//! Rotations of passwords that databases hold: step by step, on real users, with real programs that sign in meanwhile.
use super::*;
use crate::sources::place::fresh;
use crate::sources::proxy::{Spoil, at_word, door};
use crate::support::three;
use keeper::audit;
use keeper::domain::enums::{RotationStatus, VersionState};
use keeper::domain::plaintext::Plaintext;
use keeper::rotations::{self, Restore, Standing};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A secret that is a living user's password: its id, and the user.
pub async fn adopted(house: &House, place: &Place, port: u16, password: &str) -> (i64, String) {
    let environments = keeper::environments::visible(&house.app, &house.operator()).await.unwrap();
    let dev = match environments.first() {
        Some(place) => place.environment.id,
        None => house.add_environment("dev", "development", "open", &[]).await,
    };
    let name = fresh("app");
    place.add(&name, password).await;
    let named = SourceInput { name: name.replace('_', "-"), port: port.to_string(), ..near(place) };
    let source = add(house, dev, named).await;
    let secret = house.add_secret(dev, &name, password).await;
    adopt(house, secret, wish(house, secret, source, &name).await).await.unwrap();
    (secret, name)
}

/// What the worker does, until nothing is due at this moment.
pub async fn work(house: &House) {
    while rotations::go_on(&house.app).await.unwrap() {}
}

pub(super) async fn told(house: &House, rotation: i64) -> String {
    let steps = rotations::steps(&house.app, rotation).await.unwrap();
    steps
        .iter()
        .map(|step| format!("{} {}", step.step.as_str(), step.status.as_str()))
        .collect::<Vec<_>>()
        .join(", ")
}

pub(super) async fn status(house: &House, rotation: i64) -> RotationStatus {
    rotations::find(&house.app, &house.operator(), rotation).await.unwrap().status
}

pub(super) async fn state(house: &House, secret: i64, number: i64) -> VersionState {
    secrets::version(&house.app, secret, number).await.unwrap().state
}

async fn text(house: &House, secret: i64, number: i64) -> String {
    let value = secrets::open_version(&house.app, &house.secret(secret).await, number).await.unwrap();
    String::from_utf8(value.expose().to_vec()).unwrap()
}

three! {
    // Pending first, then the source, the proof, the switch: the old password opens the door until then, the new one from then on.
    async fn one_users_password_is_changed_where_it_is_used(house: House) {
        for place in places().await {
            let (secret, name) = adopted(&house, &place, place.port, "the-old-one").await;
            let rotation = house.rotate(&house.operator(), secret, "the-new-one").await.unwrap();
            assert_eq!((state(&house, secret, 2).await, house.secret(secret).await.current_version), (VersionState::Pending, 1));
            assert_eq!(told(&house, rotation).await, "value done, source waiting, try waiting, switch waiting");
            assert!(place.opens(&name, "the-old-one").await && !place.opens(&name, "the-new-one").await);
            work(&house).await;
            assert_eq!(told(&house, rotation).await, "value done, source done, try done, switch done");
            assert_eq!(status(&house, rotation).await, RotationStatus::Succeeded);
            assert!(place.opens(&name, "the-new-one").await && !place.opens(&name, "the-old-one").await);
            assert_eq!((state(&house, secret, 2).await, state(&house, secret, 1).await), (VersionState::Current, VersionState::Previous));
            assert_eq!(current(&house, secret).await, "the-new-one");
            // A roll-back is the same way with the former value.
            let row_version = house.secret(secret).await.row_version;
            let back = Restore { number: 1, reason: "it broke the shop".into(), breaks_glass: false, row_version };
            let rotation = rotations::restore(&house.app, &house.operator(), secret, &back).await.unwrap();
            work(&house).await;
            assert_eq!(status(&house, rotation).await, RotationStatus::Succeeded);
            assert!(place.opens(&name, "the-old-one").await && !place.opens(&name, "the-new-one").await);
            assert_eq!((current(&house, secret).await.as_str(), house.secret(secret).await.current_version), ("the-old-one", 3));
        }
        let (started, over) = (count(&house, "rotation.started").await, count(&house, "rotation.succeeded").await);
        assert_eq!((started, over, count(&house, "secret.rotated").await), (over, started, over));
        assert_eq!(audit::verify(&house.app).await.unwrap().findings.len(), 0);
    }
}

three! {
    // While a value is on its way nothing else changes the secret's value, its strategy, or takes it out of use; and a value that
    // only Keeper would know is never put over a password that a server holds.
    async fn nothing_comes_between(house: House) {
        for place in places().await {
            let (secret, _) = adopted(&house, &place, place.port, "the-old-one").await;
            let operator = house.operator();
            house.rotate(&operator, secret, "the-new-one").await.unwrap();
            let refused = |answer: Result<()>| matches!(&answer, Err(Error::Conflict(why)) if why.contains("under way"));
            assert!(refused(house.rotate(&operator, secret, "another").await.map(drop)));
            let row_version = house.secret(secret).await.row_version;
            assert!(refused(secrets::set_active(&house.app, &operator, secret, false, "a test", row_version).await));
            assert!(refused(house.clear_strategy(&operator, secret, row_version).await));
            let wish = secrets::Sure { confirm: house.secret(secret).await.name, reason: "a test".into() };
            assert!(matches!(secrets::destroy(&house.app, &operator, secret, 2, &wish).await, Err(Error::Conflict(_))));
            work(&house).await;
            assert_eq!(current(&house, secret).await, "the-new-one");
        }
    }
}

three! {
    // A source that is away is asked again after a while; until then its user is what it was, and a person may lead it all back.
    async fn a_source_that_is_away_holds_nobody_up_and_can_be_given_up(house: House) {
        for place in places().await {
            let (port, is_shut) = door(place.port).await;
            let (secret, name) = adopted(&house, &place, port, "the-old-one").await;
            is_shut.store(true, Ordering::SeqCst);
            let rotation = house.rotate(&house.operator(), secret, "the-new-one").await.unwrap();
            work(&house).await;
            let steps = rotations::steps(&house.app, rotation).await.unwrap();
            assert!(steps[1].detail.contains("connection"), "{}", steps[1].detail);
            assert_eq!(told(&house, rotation).await, "value done, source waiting, try waiting, switch waiting");
            assert_eq!(status(&house, rotation).await, RotationStatus::Running);
            rotations::lead_back(&house.app, &house.operator(), rotation).await.unwrap();
            work(&house).await;
            assert_eq!(told(&house, rotation).await, "value done, source skipped, try skipped, switch skipped");
            assert_eq!((status(&house, rotation).await, state(&house, secret, 2).await), (RotationStatus::Failed, VersionState::Retired));
            assert!(place.opens(&name, "the-old-one").await);
            assert_eq!(current(&house, secret).await, "the-old-one");
            // The number is taken; the next value has the one after it.
            is_shut.store(false, Ordering::SeqCst);
            let rotation = house.rotate(&house.operator(), secret, "the-third").await.unwrap();
            work(&house).await;
            assert_eq!((status(&house, rotation).await, house.secret(secret).await.current_version), (RotationStatus::Succeeded, 3));
            assert!(place.opens(&name, "the-third").await);
            assert_eq!((state(&house, secret, 2).await, state(&house, secret, 1).await), (VersionState::Retired, VersionState::Previous));
        }
    }
}

three! {
    // The server did it and Keeper never heard so: it tries both values before it decides, and goes on.
    async fn an_answer_that_was_lost_is_found_out(house: House) {
        for place in places().await {
            let deaf = at_word("ALTER", Spoil::Swallow, place.port).await;
            let (secret, name) = adopted(&house, &place, deaf, "the-old-one").await;
            let rotation = house.rotate(&house.operator(), secret, "the-new-one").await.unwrap();
            work(&house).await;
            let steps = rotations::steps(&house.app, rotation).await.unwrap();
            assert!(steps[1].detail.contains("answer was lost"), "{}", steps[1].detail);
            assert_eq!(status(&house, rotation).await, RotationStatus::Succeeded);
            assert!(place.opens(&name, "the-new-one").await);
            assert_eq!(current(&house, secret).await, "the-new-one");
        }
    }
}

three! {
    // What the server takes and then does not let in is undone: the old password works again, and is in force.
    async fn a_value_that_does_not_open_the_door_is_undone(house: House) {
        for place in places().await {
            let (secret, name) = adopted(&house, &place, place.port, "the-old-one").await;
            let rotation = house.rotate(&house.operator(), secret, "the-new-one").await.unwrap();
            // After the change and before the proof somebody else has set another password.
            let changed: Result<u64> = tx!(house.app.db, |tx| {
                tx.exec(sql!("UPDATE rotation_steps SET status = 'done' WHERE rotation_id = ? AND step = 'source'", rotation)).await
            });
            changed.unwrap();
            place.meddle(&name, "meddled").await;
            work(&house).await;
            assert_eq!(told(&house, rotation).await, "value done, source undone, try failed, switch skipped");
            assert_eq!((status(&house, rotation).await, state(&house, secret, 2).await), (RotationStatus::Failed, VersionState::Retired));
            assert!(place.opens(&name, "the-old-one").await && !place.opens(&name, "the-new-one").await);
            assert_eq!(current(&house, secret).await, "the-old-one");
        }
    }
}

three! {
    // A source that is gone on the way back is not asked for ever: the rotation is parked with both values kept, and a person tries
    // again or takes over.
    async fn what_cannot_be_undone_is_parked_and_loses_nothing(house: House) {
        for place in places().await {
            let (port, is_shut) = door(place.port).await;
            let (secret, name) = adopted(&house, &place, port, "the-old-one").await;
            let rotation = house.rotate(&house.operator(), secret, "the-new-one").await.unwrap();
            is_shut.store(true, Ordering::SeqCst);
            let running: Result<u64> = tx!(house.app.db, |tx| tx.exec(sql!("UPDATE rotation_steps SET status = 'running' WHERE rotation_id = ? AND step = 'source'", rotation)).await);
            running.unwrap();
            for _ in 0..30 {
                work(&house).await;
                house.app.clock.advance(time::Duration::minutes(6));
            }
            assert_eq!(status(&house, rotation).await, RotationStatus::Failed);
            assert_eq!(told(&house, rotation).await, "value done, source failed, try waiting, switch waiting");
            let found = rotations::find(&house.app, &house.operator(), rotation).await.unwrap();
            assert_eq!(rotations::standing(&house.app, &found).await.unwrap(), Standing::Parked);
            assert_eq!((state(&house, secret, 2).await, text(&house, secret, 2).await.as_str()), (VersionState::Pending, "the-new-one"));
            assert!(house.rotate(&house.operator(), secret, "another").await.is_err());
            is_shut.store(false, Ordering::SeqCst);
            rotations::again(&house.app, &house.operator(), rotation).await.unwrap();
            work(&house).await;
            assert_eq!((status(&house, rotation).await, state(&house, secret, 2).await), (RotationStatus::Failed, VersionState::Retired));
            assert_eq!(told(&house, rotation).await, "value done, source undone, try skipped, switch skipped");
            assert!(place.opens(&name, "the-old-one").await);
            assert!(house.rotate(&house.operator(), secret, "the-third").await.is_ok());
            work(&house).await;
            assert!(place.opens(&name, "the-third").await);
        }
    }
}

three! {
    // One that is due by itself and fails is tried once and then waits for a person, in sight; it does not fail again and again.
    async fn what_is_due_and_fails_waits_for_a_person(house: House) {
        for place in places().await {
            let (secret, name) = adopted(&house, &place, place.port, "the-old-one").await;
            let due: Result<u64> = tx!(house.app.db, |tx| {
                tx.exec(sql!(
                    "UPDATE secrets SET auto_rotate = ?, rotation_interval_days = 30, secret_type = 'password', next_rotation_at = ? WHERE id = ?",
                    true, house.app.now(), secret
                )).await
            });
            due.unwrap();
            place.drop_user(&name).await;
            assert_eq!(rotations::rotate_due(&house.app).await.unwrap(), 1);
            assert_eq!(rotations::rotate_due(&house.app).await.unwrap(), 0, "it is under way");
            work(&house).await;
            house.app.clock.advance(time::Duration::days(1));
            assert_eq!(rotations::rotate_due(&house.app).await.unwrap(), 0, "it has failed");
            let tried = rotations::of_secret(&house.app, secret, 9).await.unwrap();
            assert_eq!((tried.len(), tried[0].status), (1, RotationStatus::Failed));
            assert!(house.secret(secret).await.needs_rotation(house.app.now()));
            place.add(&name, "the-old-one").await;
            let rotation = house.rotate(&house.operator(), secret, "by-hand").await.unwrap();
            work(&house).await;
            assert_eq!(status(&house, rotation).await, RotationStatus::Succeeded);
            assert!(place.opens(&name, "by-hand").await && !house.secret(secret).await.needs_rotation(house.app.now()));
        }
    }
}

three! {
    // Two users take turns: a program that reads the secret before each of its sign-ins never stands before a closed door.
    async fn with_two_users_no_moment_is_without_a_door(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        for place in places().await {
            let (first, second) = (fresh("app"), fresh("app"));
            place.add(&first, "the-old-one").await;
            place.add(&second, "nobody knows").await;
            let value = format!("{{\"username\":\"{first}\",\"password\":\"the-old-one\"}}");
            let source = add(&house, dev, SourceInput { name: first.replace('_', "-"), ..near(&place) }).await;
            let secret = house.add_secret(dev, &first, &value).await;
            let both = StrategyInput { second_name: second.clone(), shape: "json".into(), ..wish(&house, secret, source, &first).await };
            adopt(&house, secret, both).await.unwrap();
            let stop = Arc::new(AtomicBool::new(false));
            let program = async {
                let (mut signed_in, mut seen) = (0, Vec::new());
                let strategy = sources::strategy(&house.app, secret).await.unwrap().unwrap();
                while !stop.load(Ordering::SeqCst) {
                    // What a program holds that has read the secret a moment ago.
                    let held = Plaintext::from(current(&house, secret).await);
                    for _ in 0..2 {
                        let (account, password) = strategy.login(&held).unwrap();
                        let password = String::from_utf8(password.expose().to_vec()).unwrap();
                        assert!(place.opens(&account.name, &password).await, "{} was shut out", account.name);
                        signed_in += 1;
                        if !seen.contains(&account.name) { seen.push(account.name); }
                    }
                }
                (signed_in, seen)
            };
            let rotations = async {
                for n in 0..3 {
                    let rotation = house.rotate(&house.operator(), secret, &format!("made-{n}")).await.unwrap();
                    work(&house).await;
                    assert_eq!(status(&house, rotation).await, RotationStatus::Succeeded);
                    // Longer than a program keeps what it has read: two turns later its user gets another password.
                    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
                }
                stop.store(true, Ordering::SeqCst);
            };
            let ((signed_in, seen), ()) = tokio::join!(program, rotations);
            assert!(signed_in > 6 && seen.len() == 2, "{signed_in} {seen:?}");
            assert_eq!(current(&house, secret).await, format!("{{\"username\":\"{second}\",\"password\":\"made-2\"}}"));
        }
    }
}
