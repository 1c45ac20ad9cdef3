//! A rewrap whose process dies: what was stored is stored, what was not is done again, and nothing is counted twice.
use super::{value, work};
use crate::support::House;
use crate::support::served::keeper;
use crate::support::three;
use keeper::kit::chance::Chance;
use keeper::{rekey, sql};
use time::Duration;

three! {
    // S07 S24: killed before, within and after the unit that stores the next few.
    async fn a_rewrap_that_is_killed_goes_on(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let mut secrets = Vec::new();
        for n in 0..130 {
            secrets.push(house.add_secret(dev, &format!("s{n:03}"), &format!("value-{n}")).await);
        }
        let run = |words: &[&str], point: &str| {
            keeper(house.data.path())
                .args(words)
                .env("KEEPER_DATABASE_URL", house.app.settings.database_url.expose())
                .env("DIE_AT_FAULT_POINT", point)
                .output()
                .unwrap()
        };
        for point in ["rewrap_before_unit", "rewrap_in_unit", "rewrap_after_unit"] {
            assert!(run(&["keys", "rotate"], "nowhere").status.success());
            let active = house.app.kms.active_key_id(&Chance::System).await.unwrap();
            let died = run(&["keys", "rewrap"], point);
            assert_eq!(died.status.code(), None, "{point}: {}", String::from_utf8_lossy(&died.stderr));
            assert!(rekey::latest(&house.app).await.unwrap().unwrap().is_running(), "{point}");
            // Its lease ends, and whoever comes next goes on.
            house.app.clock.advance(Duration::seconds(90));
            // The server may still hold what the dead process had locked, until it notices.
            for _ in 0..200 {
                if rekey::work(&house.app).await.unwrap() != rekey::Step::Busy {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            let done = work(&house).await;
            assert!(!done.is_running(), "{point}");
            assert_eq!((done.total, done.rewrapped, done.failed), (Some(134), 134, 0), "{point}");
            let left = sql!("SELECT COUNT(*) FROM secret_versions WHERE key_id <> ?", &active);
            assert_eq!(house.app.db.read().await.unwrap().number(left).await.unwrap(), 0, "{point}");
            for n in [0, 63, 64, 129] {
                assert_eq!(value(&house.app, &house, secrets[n]).await.unwrap(), format!("value-{n}"), "{point}");
            }
        }
    }
}
