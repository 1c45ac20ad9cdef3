//! A source is tried out before anything depends on it; and none of it all leaves a password in the log.
use super::{add, adopt, count, current, far, near, places, wish};
use crate::sources::place::{ADMIN_PASSWORD, fresh, nobody, value};
use crate::support::{House, three};
use keeper::db::Engine;
use keeper::remote::sources::{Act, Changed};
use keeper::sources::{self, SourceInput};
use keeper::sql;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

three! {
    // A check says how far Keeper gets, and changes nothing.
    async fn a_check_says_how_far_keeper_gets(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        for place in places().await {
            let named = |name: &str| SourceInput { name: format!("{name}-{}", place.admin.replace('_', "-")), ..near(&place) };
            for (input, steps, why) in [
                (named("right"), 2, ""),
                (SourceInput { password: Some(value("wrong")), ..named("shut") }, 2, "its name or its password is wrong"),
                (SourceInput { port: nobody().await.to_string(), ..named("away") }, 2, "refused the connection"),
                (SourceInput { host: "nowhere.invalid".into(), ..named("lost") }, 1, "cannot be resolved"),
            ] {
                let id = add(&house, dev, input).await;
                let told = sources::check_source(&house.app, &house.operator(), id).await.unwrap();
                let last = told.last().unwrap().verdict.clone().err().unwrap_or_default();
                assert!(told.len() == steps && last.contains(why) && last.is_empty() == why.is_empty(), "{told:?}");
            }
        }
    }
}

three! {
    // A rehearsal plays a change through, leaves nobody behind, and is told in the audit log, however it went.
    async fn a_rehearsal_is_played_and_told(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let all = places().await;
        for place in &all {
            place.alone().await;
            let name = place.admin.replace('_', "-");
            let right = add(&house, dev, SourceInput { name: name.clone(), ..near(place) }).await;
            let played = sources::rehearse(&house.app, &house.operator(), right, "a test").await.unwrap();
            assert!(played.passed() && played.steps.last().unwrap().act == Act::Remove, "{played:?}");
            assert_eq!(place.users("keeper_rehearsal_").await, Vec::<String>::new());
            let shut = SourceInput { name: format!("{name}-shut"), password: Some(value("wrong")), ..near(place) };
            let shut = add(&house, dev, shut).await;
            let played = sources::rehearse(&house.app, &house.operator(), shut, "a test").await.unwrap();
            assert!(!played.passed() && played.steps.len() == 1, "{played:?}");
        }
        let query = sql!("SELECT outcome, payload FROM audit_events WHERE action = 'source.rehearsed' ORDER BY seq");
        let told: Vec<(String, String)> = house.app.db.read().await.unwrap().all(query).await.unwrap();
        assert_eq!(told.len(), 2 * all.len());
        for pair in told.chunks(2) {
            assert!(pair[0].0 == "ok" && pair[0].1.contains(r#""steps":7"#), "{pair:?}");
            assert!(pair[1].0 == "failed" && pair[1].1.contains("signs in: "), "{pair:?}");
        }
        assert_eq!(count(&house, "source.created").await, 2 * i64::try_from(all.len()).unwrap());
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

// On one thread, so that all that is logged goes through this test's own log, which hears everything of Keeper's own code.
#[tokio::test]
async fn no_password_gets_into_the_log() {
    let log = Log::default();
    let filter = tracing_subscriber::EnvFilter::new("warn,keeper=trace");
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(log.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let house = House::new(Engine::Sqlite).await.unwrap();
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    let [right, wrong, new] = ["right", "wrong", "new"].map(|word| fresh(&format!("canary-{word}")));
    for place in places().await {
        place.alone().await;
        let name = fresh("app");
        place.add(&name, &right).await;
        let _ = far("x", &wrong).parse(&house.app).unwrap();
        let source = add(&house, dev, SourceInput { name: name.replace('_', "-"), ..near(&place) }).await;
        let secret = house.add_secret(dev, &name, &wrong).await;
        assert!(adopt(&house, secret, wish(&house, secret, source, &name).await).await.is_err());
        house.rotate(&house.operator(), secret, &right).await.unwrap();
        adopt(&house, secret, wish(&house, secret, source, &name).await).await.unwrap();
        sources::check_source(&house.app, &house.operator(), source).await.unwrap();
        assert!(sources::rehearse(&house.app, &house.operator(), source, "a test").await.unwrap().passed());
        let strategy = sources::strategy(&house.app, secret).await.unwrap().unwrap();
        let turn = strategy.turn(&value(&current(&house, secret).await), &value(&new)).unwrap();
        assert_eq!(strategy.change(&turn.value).await, Ok(Changed::Yes));
    }
    let text = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(text.contains("a source was checked"), "the log hears nothing");
    for word in ["canary-right", "canary-wrong", "canary-new", ADMIN_PASSWORD] {
        assert!(!text.contains(word), "{word} is in the log");
    }
}
