//! The route table, walked: every line × who asks × whose environment × page or fragment. The table says what must come out.
use crate::support::house::PASSWORD;
use crate::support::place::Place;
use crate::support::site::{Answer, Site, Visitor};
use crate::support::{House, tell, three};
use keeper::people;
use keeper::web::routes::{Access, Line, table};

/// Part of the names of everything that is closed to the people below: it may stand in no answer to them.
const WALLED: &str = "walled";

/// Somebody, and what they have in the environment that is open to everybody.
struct Person {
    /// `None`: they get no further than the sign-in page.
    role: Option<Access>,
    name: &'static str,
    visitor: Visitor,
    own: Place,
}

impl Person {
    fn reaches(&self, line: &Line) -> bool {
        line.access == Access::Public || self.role.is_some_and(|role| role >= line.access)
    }
}

/// A switched-off account of each role, and one that is on; nobody; all of them with a session from before.
async fn people(house: &House, site: &Site, open: i64) -> Vec<Person> {
    let mut people =
        vec![Person { role: None, name: "nobody", visitor: site.visitor(), own: Place::nowhere() }];
    for (name, role, access) in [
        ("gone-user", "user", None),
        ("gone-manager", "manager", None),
        ("gone-admin", "admin", None),
        ("user", "user", Some(Access::User)),
        ("manager", "manager", Some(Access::Manager)),
        ("admin", "admin", Some(Access::Admin)),
    ] {
        house.add_user(name, role).await;
        let own = Place::furnish(house, open, name, &house.person(name).await).await;
        people.push(Person { role: access, name, visitor: site.signed_in(name, PASSWORD).await, own });
    }
    for name in ["gone-user", "gone-manager", "gone-admin"] {
        people::set_active(&house.app, &house.operator(), name, false).await.unwrap();
    }
    people
}

async fn ask(person: &Person, line: &Line, path: &str, as_fragment: bool) -> Answer {
    let answer = person.visitor.ask(line.method, path, as_fragment).await;
    let told = format!("{} {} {path} answers {}: {}", person.name, line.method, answer.status, answer.body);
    assert!(answer.status < 500 || line.path == "/readyz", "{told}");
    assert!(person.role == Some(Access::Admin) || !answer.body.contains(WALLED), "{told}");
    answer
}

fn is_to_sign_in(answer: &Answer, as_fragment: bool) -> bool {
    if as_fragment {
        answer.status == 401 && answer.header("hx-redirect").starts_with("/login")
    } else {
        answer.status == 303 && answer.location().starts_with("/login")
    }
}

/// What is the same for something foreign and for nothing: all but the form's token, the request's id and the address.
fn told(answer: &Answer, path: &str) -> String {
    let (token, id) = (answer.hidden("_csrf"), answer.header("x-request-id"));
    assert!(!token.is_empty() && !id.is_empty(), "{}", answer.body);
    answer.body.replace(path, "HERE").replace(token, "TOKEN").replace(id, "ID")
}

async fn changes(house: &House) -> i64 {
    house.events_beside(&["access.refused", "logout.refused"]).await
}

three! {
    // S38 S42 S43: whoever has no business there gets nothing and changes nothing, as a page and as a fragment.
    async fn no_route_lets_in_whom_the_table_does_not(house: House) {
        let site = Site::start(&house.app).await;
        let open = house.add_environment("open", "development", "open", &[]).await;
        let owner = house.add_user("owner", "manager").await;
        let closed = house.add_environment("walled", "development", "members", &[owner]).await;
        let walled = Place::furnish(&house, closed, "walled", &house.person("owner").await).await;
        let everybody = people(&house, &site, open).await;
        let (before, mut asked) = (changes(&house).await, 0);
        for (line, person, as_fragment) in table().iter().flat_map(|line| {
            everybody.iter().flat_map(move |person| [(line, person, false), (line, person, true)])
        }) {
            let (own, there) = (person.own.fill(line.path), walled.fill(line.path));
            if line.access != Access::Public && !person.reaches(line) {
                for path in [&own, &there] {
                    let answer = ask(person, line, path, as_fragment).await;
                    let refused = if person.role.is_none() { is_to_sign_in(&answer, as_fragment) } else { answer.status == 403 };
                    assert!(refused, "{} {} {path}: {}", person.name, line.method, answer.status);
                    asked += 1;
                }
                continue;
            }
            // An admin sees every environment, and every operation on many; a held file is its owner's alone.
            let is_closed = person.role != Some(Access::Admin) || line.path.contains("/import/{id}");
            if line.path.contains("{id}") && !line.path.starts_with("/account") && is_closed {
                let nowhere = Place::nowhere().fill(line.path);
                let foreign = ask(person, line, &there, as_fragment).await;
                let unknown = ask(person, line, &nowhere, as_fragment).await;
                assert_eq!((foreign.status, unknown.status), (404, 404), "{} {} {there}", person.name, line.method);
                assert_eq!(told(&foreign, &there), told(&unknown, &nowhere), "{} {} {there}", person.name, line.method);
                asked += 2;
            } else if line.method == "GET" && !line.path.contains('{') {
                ask(person, line, &format!("{}?environment={closed}&q=wal&left={open}&right={closed}", line.path), as_fragment).await;
                asked += 1;
            }
        }
        assert_eq!(changes(&house).await, before, "something was changed by somebody who may not");
        tell!("{asked} requests of the route table refused");
    }
}

three! {
    // S38 S42: whom the table lets in is let in, to their own.
    async fn every_route_lets_in_whom_the_table_does(house: House) {
        let site = Site::start(&house.app).await;
        let open = house.add_environment("open", "development", "open", &[]).await;
        let everybody = people(&house, &site, open).await;
        let mut asked = 0;
        for (line, person) in table().iter().flat_map(|line| everybody.iter().map(move |person| (line, person))) {
            // Signing out would end the walk; it has a test of its own.
            let ends = line.method == "POST" && (line.path == "/logout" || line.path.contains("/sessions/"));
            if ends || !person.reaches(line) {
                continue;
            }
            // No identity provider is configured here.
            let is_saml = line.path.starts_with("/saml/");
            // What is sent is done, and some of it can be done but once.
            for as_fragment in [true, false].into_iter().filter(|part| line.method == "GET" || !part) {
                let path = person.own.fill(line.path);
                let answer = ask(person, line, &path, as_fragment).await;
                let is_in = !is_to_sign_in(&answer, as_fragment) && !matches!(answer.status, 403 | 404);
                // A proof without its password is refused, wherever it was asked for.
                let proves = (line.method, line.path) == ("POST", "/step-up");
                let is_public = line.access == Access::Public && person.role.is_none();
                assert!(is_in || is_saml || is_public || proves, "{} {} {path}: {} {}", person.name, line.method, answer.status, answer.body);
                asked += 1;
            }
        }
        tell!("{asked} requests of the route table let in");
    }
}

three! {
    // S43 S54 S55: what a form or an address names is behind the same door as what stands in the path.
    async fn an_id_in_a_form_opens_no_door(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let open = house.add_environment("open", "development", "open", &[]).await;
        let closed = house.add_environment(WALLED, "development", "members", &[]).await;
        let (own, walled) = (house.add_secret(open, "db", "v").await, house.add_secret(closed, "walled-db", "v").await);
        let max = site.signed_in("max", PASSWORD).await;
        let before = changes(&house).await;
        let (own, there, unknown) = (own.to_string(), closed.to_string(), "999999".to_owned());
        let typed = [("display_name", "Typed"), ("secret_type", "token"), ("secrecy_level", "internal"), ("name", "db"), ("value", "v")];
        let mut told = Vec::new();
        for environment in [&there, &unknown] {
            let create = [&typed[..], &[("environment_id", environment.as_str())]].concat();
            let promote = [("to", environment.as_str()), ("number", "1"), ("row_version", "1")];
            for answer in [
                max.post("/secrets", &create).await,
                max.post(&format!("/secrets/{own}/promote"), &promote).await,
                max.get(&format!("/secrets/{own}/promote?to={environment}")).await,
                max.get(&format!("/secrets/new?environment={environment}")).await,
                max.get(&format!("/secrets/import?environment={environment}")).await,
                max.get(&format!("/environments/compare?left={open}&right={environment}")).await,
                max.get(&format!("/secrets?environment={environment}&q=db")).await,
                max.get(&format!("/secrets/find?environment={environment}&q=db")).await,
                max.get(&format!("/audit?environment={environment}")).await,
                max.get(&format!("/rotations?environment={environment}")).await,
                max.post(&format!("/secrets/export?environment={environment}"), &[("format", "json")]).await,
            ] {
                assert!(answer.status < 500 && !answer.body.contains(WALLED), "{} {}", answer.status, answer.body);
                told.push(answer.status);
            }
        }
        assert_eq!(told[..told.len() / 2], told[told.len() / 2..], "a closed door and none are told alike");
        for secret in [walled.to_string(), unknown] {
            let many = max.post("/bulk", &[("do", "tag"), ("id", &secret), ("add", "a=b")]).await;
            assert!(many.status == 422 && !many.body.contains(WALLED), "{} {}", many.status, many.body);
        }
        // Of two, the one that is seen is all that there is.
        let both = max.post("/bulk", &[("do", "tag"), ("id", &own), ("id", &walled.to_string()), ("add", "a=b")]).await;
        let page = max.get(both.location()).await.body;
        assert!(page.contains("0 of 1") && !page.contains(WALLED), "{page}");
        // One event of the operation and at most one of each export, which held nothing of what is closed.
        assert!(changes(&house).await <= before + 3);
    }
}
