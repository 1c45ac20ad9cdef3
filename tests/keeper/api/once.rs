//! Requests with a key are done once.
use super::{Program, new};
use crate::approvals::guarded;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::audit::once::{self, Begun};
use keeper::domain::error::{Error, Result};
use keeper::{secrets, sql, tx};
use serde_json::json;
use time::Duration;

const KEY: &str = "idempotency-key";

async fn kept(house: &House) -> i64 {
    house.app.db.read().await.unwrap().number(sql!("SELECT COUNT(*) FROM request_keys")).await.unwrap()
}

three! {
    // S95: a request that is sent again is answered as the first was, by what is stored now, and does nothing.
    async fn a_request_that_is_sent_again_is_done_once(house: House) {
        let site = Site::start(&house.app).await;
        for name in ["max", "eve"] {
            house.add_user(name, "manager").await;
        }
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let (max, eve) = (Program::of(&site, "max").await, Program::of(&site, "eve").await);
        let first = max.with("POST", "/api/v1/secrets", new(dev, "db", "canary-1"), (KEY, "k1")).await;
        assert_eq!(first.status, 201, "{}", first.text);
        let again = max.with("POST", "/api/v1/secrets", new(dev, "db", "canary-1"), (KEY, "k1")).await;
        assert_eq!((again.status, &again.body, again.header("location")), (201, &first.body, first.header("location")));
        // Read anew: what has changed meanwhile is told as it is.
        let path = format!("/api/v1/secrets/{}", first.id());
        max.patch(&path, json!({ "description": "changed" })).await;
        let again = max.with("POST", "/api/v1/secrets", new(dev, "db", "canary-1"), (KEY, "k1")).await;
        assert_eq!((again.status, again.body["description"].as_str()), (201, Some("changed")));
        let other = max.with("POST", "/api/v1/secrets", new(dev, "db", "canary-2"), (KEY, "k1")).await;
        assert_eq!((other.status, other.code()), (422, "idempotency_key_reused"));
        let other = max.with("POST", &format!("{path}/rotate"), json!({}), (KEY, "k1")).await;
        assert_eq!(other.code(), "idempotency_key_reused");
        // Another caller's key is another key.
        let others = eve.with("POST", "/api/v1/secrets", new(dev, "db-2", "v"), (KEY, "k1")).await;
        assert_eq!(others.status, 201, "{}", others.text);
        for _ in 0..2 {
            let rotated = max.with("POST", &format!("{path}/rotate"), json!({ "new_value": "n", "reason": "r" }), (KEY, "k2")).await;
            assert_eq!((rotated.status, rotated.body["to_version"].as_i64()), (201, Some(2)), "{}", rotated.text);
            let many = max.with("POST", "/api/v1/secrets/bulk", json!([new(dev, "m-1", "v"), new(dev, "m-2", "v")]), (KEY, "k3")).await;
            assert_eq!((many.status, many.body["items"].as_array().unwrap().len()), (201, 2), "{}", many.text);
        }
        // What was refused changed nothing, and its key is free for a request that is right.
        let refused = max.with("POST", "/api/v1/secrets", new(dev, "a b", "v"), (KEY, "k4")).await;
        assert_eq!(refused.status, 422);
        assert_eq!(max.with("POST", "/api/v1/secrets", new(dev, "a-b", "v"), (KEY, "k4")).await.status, 201);
        // What is done each time says so, instead of passing the key over in silence; and keeps nothing.
        let before = kept(&house).await;
        for (method, path) in [("POST", format!("{path}/reveal")), ("PATCH", path), ("POST", "/api/v1/sessions".into()), ("DELETE", "/api/v1/sessions/current".into())] {
            let refused = max.with(method, &path, json!({}), (KEY, "k5")).await;
            assert_eq!((refused.status, refused.code()), (400, "bad_request"), "{path}");
            assert!(refused.text.contains("Idempotency-Key is not taken here"), "{}", refused.text);
        }
        assert_eq!(kept(&house).await, before);
        // After a day it is forgotten.
        house.app.clock.advance(Duration::hours(25));
        once::sweep(&house.app).await.unwrap();
        assert_eq!(kept(&house).await, 0);
    }
}

three! {
    // S95: of twenty at the same moment one is done.
    async fn of_many_at_the_same_moment_one_is_done(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = Program::of(&site, "max").await;
        let send = || max.with("POST", "/api/v1/secrets", new(dev, "db", "v"), (KEY, "same"));
        let replies = futures_util::future::join_all((0..20).map(|_| send())).await;
        for reply in &replies {
            assert!(reply.status == 201 || reply.code() == "idempotency_key_in_use", "{} {}", reply.status, reply.text);
        }
        assert!(replies.iter().any(|reply| reply.status == 201));
        assert_eq!(send().await.status, 201);
        assert_eq!(max.get("/api/v1/secrets").await.body["items"].as_array().unwrap().len(), 1);
    }
}

three! {
    // S95: whatever moment a process ends at: what was done is known, what was not is done, and whoever is late does nothing.
    async fn after_a_crash_it_is_known_what_was_done(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let actor = house.person("max").await;
        let max = Program::of(&site, "max").await;
        let create = |name: &str| House::secret_input(dev, name, "v").parse_create(house.app.now()).unwrap();
        let begin = |key: &'static str, name: &str| {
            let request = format!("POST /api/v1/secrets\n\n{}", new(dev, name, "v"));
            let (app, actor) = (house.app.clone(), actor.clone());
            async move { once::begin(&app, &actor, key, &[request.as_bytes()]).await.unwrap() }
        };
        let send = |key: &'static str, name: &str| max.with("POST", "/api/v1/secrets", new(dev, name, "v"), (KEY, key));
        // It was done and never answered.
        let Begun::Now(once) = begin("done", "one").await else { panic!("begun") };
        let id = secrets::create(&house.app, &actor.clone().doing(once), create("one")).await.unwrap();
        assert_eq!(send("done", "one").await.code(), "idempotency_key_in_use");
        house.app.clock.advance(Duration::minutes(2));
        let told = send("done", "one").await;
        assert_eq!((told.status, told.id()), (201, id), "{}", told.text);
        // It was begun and never done: the next one does it, and the first comes too late.
        let Begun::Now(late) = begin("lost", "two").await else { panic!("begun") };
        house.app.clock.advance(Duration::minutes(2));
        let made = send("lost", "two").await;
        assert_eq!(made.status, 201, "{}", made.text);
        // What waits for another person is told as it was the first time.
        let env = guarded(&house, "guarded", "development").await;
        let secret = house.add_secret(env, "db", "v").await;
        let (path, body) = (format!("/api/v1/secrets/{secret}/rotate"), json!({ "reason": "a test", "new_value": "v2" }));
        let request = format!("POST {path}\n\n{body}");
        let Begun::Now(asked) = once::begin(&house.app, &actor, "asked", &[request.as_bytes()]).await.unwrap() else { panic!("begun") };
        let rotation = house.rotate(&actor.clone().doing(asked), secret, "v2").await.unwrap();
        house.app.clock.advance(Duration::minutes(2));
        let told = max.with("POST", &path, body, (KEY, "asked")).await;
        assert_eq!((told.status, told.id(), told.body["status"].as_str()), (202, rotation, Some("awaiting_approval")), "{}", told.text);
        // Whoever is late is told why: nobody took a name.
        let fenced = [
            secrets::create(&house.app, &actor.clone().doing(late), create("three")).await.map(drop),
            secrets::create_many(&house.app, &actor.clone().doing(late), vec![create("four")]).await.map(drop),
        ];
        for fenced in fenced {
            assert!(matches!(&fenced, Err(Error::Conflict(why)) if why.contains("is done by the later one")), "{fenced:?}");
        }
        assert_eq!(max.get("/api/v1/secrets").await.body["items"].as_array().unwrap().len(), 3);
    }
}

three! {
    // S96: who was overtaken by a later try with the same key is told to ask again, and not that what the later one made is in the way.
    async fn whoever_is_overtaken_is_told_to_ask_again(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = Program::of(&site, "max").await;
        // Making these takes a second or more, after the key was taken and before anything is stored.
        let pair = |n: usize| {
            json!({
                "environment_id": dev, "name": format!("pair-{n}"), "display_name": "A pair", "secret_type": "ssh_key", "secrecy_level": "internal",
                "generate": true, "policy": "keypair:rsa4096:openssh"
            })
        };
        let slow = max.with("POST", "/api/v1/secrets/bulk", (0..3).map(pair).collect::<Vec<_>>().into(), (KEY, "slow"));
        let overtaking = async {
            while kept(&house).await == 0 {
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
            let db = &house.app.db;
            let moved: Result<u64> = tx!(db, |tx| tx.exec(sql!("UPDATE request_keys SET attempt = attempt + 1")).await);
            assert_eq!(moved.unwrap(), 1);
            house.add_secret(dev, "pair-0", "v").await;
        };
        let (late, ()) = tokio::join!(slow, overtaking);
        assert_eq!((late.status, late.code(), late.header("retry-after")), (409, "idempotency_key_in_use", "1"), "{}", late.text);
        assert_eq!(max.get("/api/v1/secrets").await.body["items"].as_array().unwrap().len(), 1);
        // What was refused by a try that nobody overtook is told as it is.
        let taken = max.with("POST", "/api/v1/secrets", new(dev, "pair-0", "v"), (KEY, "other")).await;
        assert_eq!((taken.status, taken.code()), (422, "invalid"), "{}", taken.text);
    }
}
