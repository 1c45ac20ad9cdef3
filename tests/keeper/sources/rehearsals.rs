//! A rehearsal tells what would happen, and leaves nothing behind.
use super::both;
use super::place::{Place, fresh};
use super::proxy::{Spoil, at_word};
use keeper::remote::sources::{Act, Rehearsal};
use std::time::Duration;

const PREFIX: &str = "keeper_rehearsal_";

fn acts(played: &Rehearsal) -> Vec<(Act, bool)> {
    played.steps.iter().map(|step| (step.act, step.verdict.is_ok())).collect()
}

both! {
    async fn a_rehearsal_tells_each_step_and_leaves_nobody_behind(place: Place) {
        place.alone().await;
        let played = place.source().rehearse().await;
        assert!(played.passed(), "{played:?}");
        let order =
            [Act::SignIn, Act::Sweep, Act::Create, Act::Change, Act::NewWorks, Act::OldRefused, Act::Remove];
        assert_eq!(acts(&played), order.map(|act| (act, true)));
        assert!(played.steps.iter().all(|step| step.took > Duration::ZERO && !step.act.words().is_empty()));
        assert_eq!(place.users(PREFIX).await, Vec::<String>::new());
    }
}

both! {
    async fn a_rehearsal_that_fails_in_the_middle_leaves_nobody_behind(place: Place) {
        place.alone().await;
        let words = if place.is_postgres() { ["CREATE ROLE", "ALTER ROLE"] } else { ["CREATE USER", "ALTER USER"] };
        for (word, failed) in [(words[0], Act::Create), (words[1], Act::Change)] {
            for spoil in [Spoil::Cut, Spoil::Swallow] {
                let port = at_word(word, spoil, place.port).await;
                let played = place.source_at(port).rehearse().await;
                let told = acts(&played);
                assert!(told.contains(&(failed, false)) && told.ends_with(&[(Act::Remove, true)]), "{played:?}");
                assert!(!told.iter().any(|(act, _)| *act == Act::NewWorks));
                assert_eq!(place.users(PREFIX).await, Vec::<String>::new());
            }
        }
    }
}

both! {
    async fn a_rehearsal_whose_caller_goes_away_leaves_nobody_behind(place: Place) {
        place.alone().await;
        let source = place.source();
        for after in [20, 40, 60, 80, 120] {
            let _ = tokio::time::timeout(Duration::from_millis(after), source.rehearse()).await;
        }
        // Until nobody has been seen for two seconds: some of them may only be beginning.
        let mut quiet = 0;
        for _ in 0..300 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            quiet = if place.users(PREFIX).await.is_empty() { quiet + 1 } else { 0 };
            if quiet == 20 {
                break;
            }
        }
        assert_eq!(place.users(PREFIX).await, Vec::<String>::new());
    }
}

both! {
    async fn what_a_rehearsal_left_behind_long_ago_is_removed_by_the_next_one(place: Place) {
        place.alone().await;
        let (old, recent, like) =
            (format!("{PREFIX}00000001abcdef"), format!("{PREFIX}7fffffffabcdef"), fresh("keeper_rehearsal"));
        for name in [&old, &recent, &like] {
            place.add(name, "x").await;
        }
        assert!(place.source().rehearse().await.passed());
        let mut left = place.users(PREFIX).await;
        left.sort();
        let mut kept = vec![recent.clone(), like.clone()];
        kept.sort();
        assert_eq!(left, kept, "another's rehearsal is not disturbed, and nobody is removed for a likeness");
        for name in [recent, like] {
            place.drop_user(&name).await;
        }
    }
}

#[tokio::test]
async fn a_rehearsal_notices_a_server_that_lets_everybody_in() {
    let Some(place) = Place::postgres().await else { return };
    place.alone().await;
    // Here the test's server trusts whoever comes.
    let source = place.source_but(|settings| settings.database = Some("postgres".into()));
    let played = source.rehearse().await;
    let told = acts(&played);
    assert!(told.ends_with(&[(Act::OldRefused, false), (Act::Remove, true)]), "{played:?}");
    assert!(place.users(PREFIX).await.is_empty());
}
