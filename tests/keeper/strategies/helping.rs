//! A rotation that does not end by itself: what its page offers to whom, and what the buttons do.
use super::rotating::{adopted, state, status, work};
use super::*;
use crate::sources::proxy::door;
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::three;
use keeper::domain::enums::{RotationStatus, VersionState};
use std::sync::atomic::Ordering;

three! {
    // While it waits for its source, its page says so and offers the way back; parked, it offers to try again and to take over. Who
    // may not rotate is offered nothing, and refused.
    async fn its_page_offers_what_can_be_done(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("mia", "manager").await;
        house.add_user("uma", "user").await;
        for place in places().await {
            let mia = site.signed_in("mia", PASSWORD).await;
            let (port, is_shut) = door(place.port).await;
            let (secret, name) = adopted(&house, &place, port, "the-old-one").await;
            let level: Result<u64> = tx!(house.app.db, |tx| {
                tx.exec(sql!("UPDATE secrets SET secrecy_level = 'restricted' WHERE id = ?", secret)).await
            });
            level.unwrap();
            is_shut.store(true, Ordering::SeqCst);
            let rotation = house.rotate(&house.operator(), secret, "the-new-one").await.unwrap();
            work(&house).await;
            let (home, cancel, retry) =
                (format!("/rotations/{rotation}"), format!("/rotations/{rotation}/cancel"), format!("/rotations/{rotation}/retry"));
            let page = mia.get(&home).await;
            assert!(page.body.contains("It waits.") && page.body.contains(&cancel) && !page.body.contains(&retry), "{}", page.body);
            let uma = site.signed_in("uma", PASSWORD).await;
            let theirs = uma.get(&home).await;
            assert!(theirs.status == 200 && !theirs.body.contains(&cancel), "{}", theirs.body);
            assert_eq!((uma.post(&cancel, &[]).await.status, mia.post(&retry, &[]).await.status), (403, 409));
            assert_eq!(mia.post(&cancel, &[]).await.location(), home);
            work(&house).await;
            let page = mia.get(&home).await;
            assert!(page.body.contains("Nothing has changed: version 1 stayed in force.") && !page.body.contains(&cancel), "{}", page.body);
            assert_eq!(status(&house, rotation).await, RotationStatus::Failed);

            let rotation = house.rotate(&house.operator(), secret, "the-next-one").await.unwrap();
            let running: Result<u64> = tx!(house.app.db, |tx| {
                tx.exec(sql!("UPDATE rotation_steps SET status = 'running' WHERE rotation_id = ? AND step = 'source'", rotation)).await
            });
            running.unwrap();
            for _ in 0..30 {
                work(&house).await;
                house.app.clock.advance(time::Duration::minutes(6));
            }
            // The clock went on, and nobody is signed in for ever.
            let mia = site.signed_in("mia", PASSWORD).await;
            let (home, cancel, retry) =
                (format!("/rotations/{rotation}"), format!("/rotations/{rotation}/cancel"), format!("/rotations/{rotation}/retry"));
            let page = mia.get(&home).await;
            assert!(page.body.contains("What the source holds is not known.") && page.body.contains(&cancel) && page.body.contains(&retry), "{}", page.body);
            assert_eq!(mia.post(&retry, &[]).await.location(), home);
            assert_eq!((status(&house, rotation).await, mia.post(&cancel, &[]).await.status), (RotationStatus::Running, 409));
            for _ in 0..30 {
                work(&house).await;
                house.app.clock.advance(time::Duration::minutes(6));
            }
            let mia = site.signed_in("mia", PASSWORD).await;
            assert_eq!(mia.post(&cancel, &[]).await.location(), home, "taken over");
            assert_eq!((status(&house, rotation).await, state(&house, secret, 3).await), (RotationStatus::Failed, VersionState::Retired));
            assert!(place.opens(&name, "the-old-one").await);
            is_shut.store(false, Ordering::SeqCst);
            assert!(house.rotate(&house.operator(), secret, "by-hand").await.is_ok(), "nothing is in its way any more");
        }
        assert_eq!((count(&house, "rotation.cancelled").await, count(&house, "rotation.retried").await), (count(&house, "rotation.taken_over").await, count(&house, "rotation.cancelled").await));
    }
}
