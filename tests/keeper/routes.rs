//! The route table, walked: every line × who asks × whose environment. The table says what must come out.
use crate::support::house::PASSWORD;
use crate::support::site::{Site, Visitor};
use crate::support::{House, three};
use keeper::web::routes::{Access, table};

/// What stands for `{id}` in a path, in an environment that the person belongs to and in one that is closed to them.
struct Ids {
    secret: i64,
    environment: i64,
    rotation: i64,
}

impl Ids {
    fn fill(&self, path: &str) -> Option<String> {
        let id = match path.split('/').nth(1)? {
            // A preview is its owner's alone: to the others it is not there.
            _ if path.contains("/import/{id}") || path.contains("/bulk/{id}") => 999_999,
            "secrets" => self.secret,
            "environments" => self.environment,
            "rotations" => self.rotation,
            _ if path.contains("{id}") => 999_999,
            _ => 0,
        };
        Some(path.replace("{id}", &id.to_string()).replace("{number}", "1").replace("{*path}", "css/ui.css"))
    }
}

/// Stands for the redirect to the sign-in page.
const TO_SIGN_IN: u16 = 0;

async fn ask(visitor: &Visitor, method: &str, path: &str) -> u16 {
    let answer = match method {
        "GET" => visitor.get(path).await,
        _ => visitor.post(path, &[]).await,
    };
    assert!(
        answer.status < 500 || path == "/readyz",
        "{method} {path} answers {}: {}",
        answer.status,
        answer.body
    );
    if answer.status == 303 && answer.location().starts_with("/login") { TO_SIGN_IN } else { answer.status }
}

three! {
    // S38 S42 S43 S45: the role and the door are asked at every address.
    async fn every_route_asks_who_is_there(house: House) {
        let site = Site::start(&house.app).await;
        for role in ["user", "manager", "admin"] {
            house.add_user(role, role).await;
        }
        let mut ids = Vec::new();
        // Nobody is a member of the second: to the user and the manager it is as if it did not exist.
        for (name, access) in [("open", "open"), ("closed", "members")] {
            let environment = house.add_environment(name, "development", access, &[]).await;
            let secret = house.add_secret(environment, "db", "value").await;
            let rotation = house.rotate(&house.operator(), secret, "second").await.unwrap();
            ids.push(Ids { secret, environment, rotation });
        }
        let (own, foreign) = (&ids[0], &ids[1]);
        let nobody = site.visitor();
        let people = [
            (Access::User, site.signed_in("user", PASSWORD).await),
            (Access::Manager, site.signed_in("manager", PASSWORD).await),
            (Access::Admin, site.signed_in("admin", PASSWORD).await),
        ];
        let mut asked = 0;
        for line in table() {
            // Signing out would end the walk; it has a test of its own.
            if matches!(line.path, "/logout" | "/step-up") || (line.path.contains("sessions") && line.method == "POST") {
                continue;
            }
            let (here, there) = (own.fill(line.path).unwrap(), foreign.fill(line.path).unwrap());
            let status = ask(&nobody, line.method, &here).await;
            asked += 1;
            match line.access {
                Access::Public => assert_ne!(status, TO_SIGN_IN, "{} {here} is public", line.method),
                _ => assert!(status == TO_SIGN_IN, "{} {here} lets nobody in: {status}", line.method),
            }
            for (role, person) in &people {
                let reaches = rank(*role) >= rank(line.access);
                let status = ask(person, line.method, &here).await;
                asked += 1;
                if !reaches {
                    assert_eq!(status, 403, "{role:?} {} {here}", line.method);
                    continue;
                }
                // No identity provider is configured here.
                let unknown = here.contains("999999") || line.path == "/saml/login" || (line.path, line.method) == ("/saml/continue", "POST");
                assert!(status != TO_SIGN_IN && (unknown || status != 404), "{role:?} {} {here} answers {status}", line.method);
                if there != here && line.path.contains("{id}") && *role != Access::Admin {
                    asked += 1;
                    assert_eq!(ask(person, line.method, &there).await, 404, "{role:?} {} {there} is behind a closed door", line.method);
                }
            }
        }
        println!("{asked} requests");
    }
}

fn rank(access: Access) -> u8 {
    match access {
        Access::Public => 0,
        Access::User => 1,
        Access::Manager => 2,
        Access::Admin => 3,
    }
}
