//! Each scope opens what the table says, and nothing else does.
use super::Program;
use super::matrix::broken;
use crate::approvals::guarded;
use crate::services::{account, every_scope, make, text};
use crate::support::site::Site;
use crate::support::{House, tell, three};
use keeper::api::routes::{Access, table};
use serde_json::{Value, json};

/// Something of its own for each request: a secret, what was done to it, an account.
struct Things {
    dev: i64,
    guarded: i64,
    count: i64,
}

impl Things {
    /// The address with an id of what can be done there, and a body that does.
    async fn fill(&mut self, house: &House, path: &str) -> (String, Value) {
        self.count += 1;
        let name = format!("thing-{}", self.count);
        let reason = json!({ "reason": "a test" });
        let waits = path.ends_with("/approve") || path.ends_with("/reject") || path.ends_with("/withdraw");
        let environment = if waits { self.guarded } else { self.dev };
        let secret = house.add_secret(environment, &name, "v").await;
        // One asks, and another decides; one withdraws what one asked for.
        let who = house.person(if path.ends_with("/withdraw") { "ada" } else { "max" }).await;
        let id = match path.split('/').nth(3) {
            Some("rotations") => house.rotate(&who, secret, "v2").await.unwrap(),
            Some("break-glass") => broken(house, &who, secret).await,
            Some("environments") => self.dev,
            Some("users") if path.contains("{id}") => house.add_user(&name, "user").await,
            _ => secret,
        };
        let body = match path {
            "/api/v1/secrets" => super::new(self.dev, &format!("new-{name}"), "v"),
            "/api/v1/secrets/bulk" => json!([super::new(self.dev, &format!("new-{name}"), "v")]),
            "/api/v1/users" => json!({ "username": format!("new-{name}"), "role": "user" }),
            "/api/v1/users/{id}" => json!({ "role": "manager" }),
            _ => reason,
        };
        (path.replace("{id}", &id.to_string()), body)
    }
}

three! {
    // S71 S38: a token with the scope of a line is let in, and one with all others is not.
    async fn each_scope_is_enough_and_is_needed(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let mut things = Things { dev, guarded: guarded(&house, "guarded", "development").await, count: 0 };
        let (mut let_in, mut done) = (0, 0);
        for line in table() {
            let Access::Scope(Some(scope)) = line.access else { continue };
            let (method, path) = (line.method, line.path);
            let others: Vec<&str> = every_scope().into_iter().filter(|other| *other != scope.as_str()).collect();
            // Accounts ask for a fresh proof, which no token gives; that is another scope, and opens no line by itself.
            for (scopes, is_enough) in [(vec![scope.as_str(), "without_proof"], true), (others, false)] {
                let name = format!("of-{let_in}-{is_enough}");
                let id = account(&house, (&name, "ada"), "admin", &scopes, &[]).await;
                let program = Program::with_token(&site, &text(&make(&house, id, 30, None).await.unwrap()));
                let (address, body) = things.fill(&house, path).await;
                let sent = (method != "GET" && line.about.takes.is_some()).then(|| body.to_string());
                let reply = program.send(method, &address, sent, &[]).await;
                if is_enough {
                    assert!(reply.status < 500 && ![401, 403].contains(&reply.status), "{method} {path}: {} {}", reply.status, reply.text);
                    done += u32::from(reply.status < 300);
                } else {
                    assert_eq!((reply.status, reply.code()), (403, "forbidden"), "{method} {path}");
                    assert!(reply.text.contains(scope.as_str()), "{method} {path}: {}", reply.text);
                }
            }
            let_in += 1;
        }
        // Only what a rotation without a source has no use for is refused as such: to lead it back, and to try that again.
        assert_eq!(let_in - done, 2, "{let_in} lines, {done} done");
        tell!("{let_in} lines opened by their scope alone");
    }
}
