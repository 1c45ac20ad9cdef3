//! Every line of the API's table, put to everybody.
use super::{Program, Reply, new, service};
use crate::support::site::Site;
use crate::support::{House, tell, three};
use keeper::api::routes::{Access, table};
use keeper::domain::actor::Actor;
use keeper::domain::error::Result;
use keeper::secrets::{self, Broke};
use keeper::{sql, tx};
use serde_json::json;

/// What the `{id}` of an address can stand for.
struct Ids {
    secret: i64,
    rotation: i64,
    environment: i64,
    user: i64,
    glass: i64,
}

impl Ids {
    fn fill(&self, path: &str) -> String {
        let id = match path.split('/').nth(3) {
            Some("secrets") => self.secret,
            Some("rotations") => self.rotation,
            Some("environments") => self.environment,
            Some("break-glass") => self.glass,
            _ => self.user,
        };
        path.replace("{id}", &id.to_string())
    }
}

async fn furnish(house: &House, environment: i64, user: i64, name: &str) -> Ids {
    let secret = house.add_secret(environment, name, "v").await;
    let rotation = house.rotate(&house.operator(), secret, "v2").await.unwrap();
    Ids { secret, rotation, environment, user, glass: broken(house, &house.operator(), secret).await }
}

/// Glass that this actor broke.
pub async fn broken(house: &House, actor: &Actor, secret: i64) -> i64 {
    let done: Result<()> = tx!(house.app.db, |tx| {
        let found = secrets::find_locked(tx, &house.operator(), secret).await?;
        secrets::break_glass(&house.app, tx, actor, &found, (Broke::Reveal, None), "a test").await
    });
    done.unwrap();
    house.app.db.read().await.unwrap().number(sql!("SELECT MAX(id) FROM glass_breaks")).await.unwrap()
}

/// A body that would do.
fn body(path: &str, environment: i64) -> String {
    let body = match path {
        "/api/v1/secrets" => new(environment, "fresh", "v"),
        "/api/v1/secrets/bulk" => json!([new(environment, "fresh", "v")]),
        "/api/v1/users" => {
            json!({ "username": "fresh", "role": "user", "password": "a password for tests, long" })
        }
        "/api/v1/users/{id}" => json!({ "role": "manager" }),
        _ => json!({ "reason": "a test" }),
    };
    body.to_string()
}

three! {
    // S38 S42 S43: whom the table does not let in gets nothing and changes nothing; something foreign is told as nothing.
    async fn no_line_of_the_api_lets_in_whom_it_must_not(house: House) {
        let site = Site::start(&house.app).await;
        let ada = house.add_user("ada", "admin").await;
        house.add_user("max", "manager").await;
        let uma = house.add_user("uma", "user").await;
        let open = house.add_environment("open", "development", "open", &[]).await;
        let walled = house.add_environment("walled", "development", "members", &[ada]).await;
        let own = furnish(&house, open, uma, "own").await;
        let there = furnish(&house, walled, uma, "walled").await;
        let nowhere = Ids { secret: 999_999, rotation: 999_999, environment: 999_999, user: 999_999, glass: 999_999 };
        let none = Program::with_token(&site, "");
        let bare = Program::with_token(&site, &service(&house, "ada", "admin", &["without_proof"], &[]).await);
        let scopes = ["secrets:read", "secrets:write", "secrets:reveal", "secrets:rotate", "secrets:sync", "rotations:approve", "users:read", "users:write", "audit:read", "without_proof"];
        let chosen = Program::with_token(&site, &service(&house, "ada", "admin", &scopes, &[open]).await);
        let (user, manager) = (Program::of(&site, "uma").await, Program::of(&site, "max").await);
        let ask = async |program: &Program, method: &str, path: &str, ids: &Ids| -> Reply {
            let sent = (method != "GET").then(|| body(path, ids.environment));
            let reply = program.send(method, &ids.fill(path), sent, &[]).await;
            assert!(reply.status < 500, "{method} {path}: {}", reply.text);
            reply
        };
        // An export of nothing is an export.
        let ignored = ["access.refused", "session.started", "secret.exported"];
        let before = house.events_beside(&ignored).await;
        let mut asked = 0;
        for line in table().iter().filter(|line| line.access != Access::Public) {
            let (method, path) = (line.method, line.path);
            for ids in [&own, &there, &nowhere] {
                assert_eq!(ask(&none, method, path, ids).await.code(), "unauthenticated", "{method} {path}");
                if line.access != Access::Scope(None) {
                    assert_eq!(ask(&bare, method, path, ids).await.status, 403, "{method} {path}");
                }
                asked += 2;
            }
            if path.ends_with("/current") {
                continue;
            }
            // Accounts are no environment's: a token for some environments sees those that its owner sees.
            let people = path.starts_with("/api/v1/users");
            for (who, program) in [("user", &user), ("manager", &manager), ("token", &chosen)] {
                if people && who == "token" {
                    continue;
                }
                if people || (path == "/api/v1/audit" && who == "user") {
                    assert_eq!(ask(program, method, path, &own).await.status, 403, "{who} {method} {path}");
                } else if path.contains("{id}") || method != "GET" {
                    let (foreign, unknown) = (ask(program, method, path, &there).await, ask(program, method, path, &nowhere).await);
                    // What takes a manager is refused to a user whatever it is asked of.
                    let otherwise = if path.contains("{id}") { 404 } else { 422 };
                    assert!(foreign.status == otherwise || (foreign.status == 403 && who == "user"), "{who} {method} {path}: {}", foreign.text);
                    assert_eq!(foreign.status, unknown.status, "{who} {method} {path}");
                    assert_eq!(foreign.text, unknown.text, "{who} {method} {path}");
                } else {
                    let has_filter = line.about.filters.iter().any(|filter| filter.name == "environment");
                    let query = if has_filter { format!("?environment={walled}") } else { String::new() };
                    let listed = program.get(&format!("{path}{query}")).await;
                    assert!(listed.status == 200 || (listed.status == 403 && who == "user"), "{who} {path}: {}", listed.text);
                    assert!(!listed.text.contains("walled"), "{who} {path}: {}", listed.text);
                }
                asked += 2;
            }
        }
        assert_eq!(house.events_beside(&ignored).await, before, "something was changed by somebody who may not");
        tell!("{asked} requests of the API's table refused");
    }
}

three! {
    // S71 S38: a token does what its scopes say, in its environments, in the name of its account; and no more than its owner may.
    async fn a_token_does_what_its_scopes_say(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let prod = house.add_environment("prod", "production", "open", &[]).await;
        let program = Program::with_token(&site, &service(&house, "max", "manager", &["secrets:read", "secrets:write", "secrets:rotate"], &[]).await);
        let made = program.make(dev, "db", "v").await;
        assert_eq!(made.status, 201, "{}", made.text);
        let max = house.person("max").await.id().unwrap();
        assert_eq!(made.body["creator_id"].as_i64(), Some(max));
        let path = format!("/api/v1/secrets/{}", made.id());
        assert_eq!(program.post(&format!("{path}/rotate"), json!({ "reason": "r" })).await.body["actor_name"], "service:of-max-manager-3");
        let shut = program.post(&format!("{path}/reveal"), json!({})).await;
        assert!(shut.status == 403 && shut.body["error"]["message"].as_str().unwrap().contains("secrets:reveal"), "{}", shut.text);
        // Production asks for a proof, which a token cannot give.
        let mut there = new(prod, "db", "v");
        there["reason"] = json!("a test");
        let refused = program.post("/api/v1/secrets", there).await;
        assert!(refused.status == 403 && refused.text.contains("without_proof"), "{}", refused.text);
        assert_eq!(program.send("DELETE", "/api/v1/sessions/current", None, &[]).await.status, 409);
    }
}
