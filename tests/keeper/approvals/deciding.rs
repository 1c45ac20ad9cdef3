//! Asking, approving, rejecting, withdrawing; and requests that run out.
use super::*;
use crate::strategies::nowhere;
use crate::support::three;
use keeper::rotations::{approve, reject, withdraw};
use time::Duration;

three! {
    // S116: a user's request in production changes nothing until a manager approves it, and then it is the user's version.
    async fn a_users_request_in_production_waits_for_a_manager(house: House) {
        people(&house).await;
        let (uma, max) = (house.person("uma").await, house.person("max").await);
        let prod = house.add_environment("prod", "production", "open", &[]).await;
        let id = house.add_secret(prod, "db", "first").await;
        let rotation = house.rotate(&uma, id, "second-value").await.unwrap();
        assert_eq!((status(&house, rotation).await, current(&house, id).await.as_str()), (RotationStatus::AwaitingApproval, "first"));
        assert_eq!((house.secret(id).await.row_version, sealed(&house).await), (1, 1), "it holds nothing up");
        nowhere(&house, &["second-value"]).await;
        let asked = rotations::find(&house.app, &max, rotation).await.unwrap();
        let request = rotations::request(&house.app, &asked).await.unwrap().unwrap().request;
        assert_eq!((request.length, request.digest()), (Some(12), Some(house.app.keys().unwrap().digest(&"second-value".to_owned().into()))));
        approve(&house.app, &max, rotation).await.unwrap();
        assert_eq!((status(&house, rotation).await, current(&house, id).await.as_str()), (RotationStatus::Succeeded, "second-value"));
        let version = secrets::version(&house.app, id, 2).await.unwrap();
        assert_eq!((version.author_name.as_str(), sealed(&house).await), ("uma", 0));
        assert_eq!(events(&house, id).await[1..], ["rotation.requested by uma", "rotation.approved by max", "secret.rotated by max"]);
        assert_eq!(why(approve(&house.app, &max, rotation).await), "this request is decided by now: look at it again");
    }
}

three! {
    // Nobody approves their own, admin included; a user approves nobody's; whoever stands outside does not find it.
    async fn only_another_manager_or_admin_decides(house: House) {
        people(&house).await;
        let (uma, max, ada) = (house.person("uma").await, house.person("max").await, house.person("ada").await);
        let dev = guarded(&house, "dev", "development").await;
        let id = house.add_secret(dev, "db", "first").await;
        let rotation = house.rotate(&ada, id, "second").await.unwrap();
        assert_eq!(status(&house, rotation).await, RotationStatus::AwaitingApproval, "an admin's change waits as well");
        assert_eq!(why(approve(&house.app, &ada, rotation).await), "nobody approves their own request");
        assert_eq!(why(reject(&house.app, &ada, rotation, "no").await), "nobody approves their own request");
        assert_eq!(why(approve(&house.app, &uma, rotation).await), "deciding on a request takes a manager or an admin");
        assert_eq!(why(withdraw(&house.app, &max, rotation).await), "only whoever asked withdraws a request");
        let far = house.add_environment("far", "production", "members", &[]).await;
        let other = house.add_secret(far, "db", "first").await;
        let ada_far = house.rotate(&ada, other, "second").await.unwrap();
        assert_eq!(status(&house, ada_far).await, RotationStatus::Succeeded, "no approval is asked for here");
        assert!(matches!(approve(&house.app, &max, ada_far).await, Err(Error::NotFound)));
        approve(&house.app, &max, rotation).await.unwrap();
        assert_eq!(current(&house, id).await, "second");
    }
}

three! {
    // However it ends without a change: the secret is as it was, and what was sealed is gone.
    async fn a_request_that_is_not_approved_changes_nothing(house: House) {
        people(&house).await;
        let (uma, max) = (house.person("uma").await, house.person("max").await);
        let dev = guarded(&house, "dev", "development").await;
        let id = house.add_secret(dev, "db", "first").await;
        let rejected = house.rotate(&uma, id, "one").await.unwrap();
        let twice = why(house.rotate(&uma, id, "two").await);
        assert!(twice.starts_with(&format!("your request {rejected} for this secret still waits")), "{twice}");
        reject(&house.app, &max, rejected, "not on a Friday").await.unwrap();
        let withdrawn = house.rotate(&uma, id, "two").await.unwrap();
        withdraw(&house.app, &uma, withdrawn).await.unwrap();
        assert_eq!(why(approve(&house.app, &max, withdrawn).await), "this request is decided by now: look at it again");
        let expired = house.rotate(&uma, id, "three").await.unwrap();
        house.app.clock.advance(Duration::days(7));
        assert_eq!(why(approve(&house.app, &max, expired).await), "this request has expired: it has to be asked for anew");
        rotations::sweep(&house.app).await.unwrap();
        let void = house.rotate(&uma, id, "four").await.unwrap();
        let stays = house.rotate(&max, house.add_secret(dev, "other", "first").await, "second").await.unwrap();
        house.edit(id, renamed(&house, id).await).await.unwrap();
        assert!(why(approve(&house.app, &max, void).await).starts_with("the secret has changed since this was asked for"));
        let anew = house.rotate(&uma, id, "five").await.expect("what nobody can approve any more is in nobody's way");
        withdraw(&house.app, &uma, anew).await.unwrap();
        rotations::sweep(&house.app).await.unwrap();
        rotations::sweep(&house.app).await.unwrap();
        let mut told = Vec::new();
        for rotation in [rejected, withdrawn, expired, void, stays] {
            told.push(status(&house, rotation).await.as_str());
        }
        assert_eq!(told, ["rejected", "withdrawn", "expired", "cancelled", "awaiting_approval"]);
        assert_eq!((current(&house, id).await.as_str(), house.secret(id).await.current_version, sealed(&house).await), ("first", 1, 1));
        let events = events(&house, id).await;
        for (one, times) in [("rotation.rejected by max", 1), ("rotation.withdrawn by uma", 2), ("rotation.expired by system", 1), ("rotation.voided by system", 1)] {
            assert_eq!(events.iter().filter(|event| *event == one).count(), times, "{one} in {events:?}");
        }
    }
}

async fn renamed(house: &House, id: i64) -> secrets::SecretInput {
    let secret = house.secret(id).await;
    secrets::SecretInput {
        display_name: "another".into(),
        secret_type: secret.secret_type.as_str().into(),
        secrecy_level: secret.secrecy_level.as_str().into(),
        row_version: secret.row_version.to_string(),
        ..secrets::SecretInput::default()
    }
}

three! {
    // Two approve at the same moment: one change. And what one of two requests changed voids the other.
    async fn a_request_is_carried_out_once(house: House) {
        people(&house).await;
        let (uma, max, mia, ada) = (house.person("uma").await, house.person("max").await, house.person("mia").await, house.person("ada").await);
        let dev = guarded(&house, "dev", "development").await;
        let id = house.add_secret(dev, "db", "first").await;
        let (one, other) = (house.rotate(&uma, id, "second").await.unwrap(), house.rotate(&mia, id, "third").await.unwrap());
        let (a, b) = tokio::join!(approve(&house.app, &max, one), approve(&house.app, &ada, one));
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        assert_eq!((current(&house, id).await.as_str(), house.secret(id).await.current_version), ("second", 2));
        assert!(why(approve(&house.app, &max, other).await).starts_with("the secret has changed"));
    }
}

three! {
    // Whoever may not ask any more gets nothing done in their name; a deactivated environment changes nothing.
    async fn what_the_asker_may_not_ask_any_more_is_not_done(house: House) {
        people(&house).await;
        let (uma, max) = (house.person("uma").await, house.person("max").await);
        let dev = guarded(&house, "dev", "development").await;
        let id = house.add_secret(dev, "db", "first").await;
        let rotation = house.rotate(&uma, id, "second").await.unwrap();
        keeper::people::set_active(&house.app, &house.operator(), "uma", false).await.unwrap();
        assert!(why(approve(&house.app, &max, rotation).await).starts_with("uma may not ask for this any more"));
        keeper::people::set_active(&house.app, &house.operator(), "uma", true).await.unwrap();
        environments::set_active(&house.app, &house.operator(), dev, false).await.unwrap();
        assert!(why(approve(&house.app, &max, rotation).await).contains("deactivated"));
        environments::set_active(&house.app, &house.operator(), dev, true).await.unwrap();
        approve(&house.app, &max, rotation).await.unwrap();
        assert_eq!(current(&house, id).await, "second");
    }
}
