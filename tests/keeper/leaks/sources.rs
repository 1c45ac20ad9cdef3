//! Marked passwords of administrators and users of databases, through every form that takes or tries one.
use super::doors::{CONTROL, Doors};
use super::hunt::Marks;
use super::person::Person;
use crate::sources::place::{Place, fresh};

pub struct Made {
    pub source: i64,
    pub used: i64,
    pub is_used: bool,
}

/// A source at which nobody answers; and a real one, where there is a server, with a user that is adopted.
pub async fn made(admin: &Person, marks: &Marks, environment: i64, run: &str) -> Made {
    let form = format!("/environments/{environment}/sources/new");
    let away = ["db-away", "127.0.0.1", "9", "keeper"];
    let password = marks.value("administrator");
    admin.get(&form).await;
    assert_eq!(
        admin.post(&form, &fields(["not a slug", away[1], away[2], away[3]], &password)).await.status,
        422
    );
    assert_eq!(admin.post(&form, &fields(away, &password.repeat(200))).await.status, 422, "too long");
    let source = admin.post(&form, &fields(away, &password)).await.new_id();
    let edit = format!("/sources/{source}/edit");
    let late = [fields(away, &password), vec![("row_version", "7")]].concat();
    assert_eq!(admin.post(&edit, &late).await.status, 409);
    let another = marks.value("another");
    let right = [fields(away, &another), vec![("row_version", "1")]].concat();
    assert_eq!(admin.post(&edit, &right).await.status, 303);
    tried(admin, source).await;
    let doors = Doors { person: admin, marks, environment };
    let used = doors.create("used", &marks.value("user")).await.new_id();
    let Some(place) = Place::postgres().await else { return Made { source, used, is_used: false } };
    real(admin, marks, &place, (environment, used), run).await;
    Made { source, used, is_used: true }
}

async fn real(admin: &Person, marks: &Marks, place: &Place, (environment, used): (i64, i64), run: &str) {
    let password = marks.value("real-administrator");
    place.does(&format!("ALTER ROLE {} PASSWORD '{}'", place.admin, password.replace('\'', "''"))).await;
    let account = fresh("leaks");
    place.add(&account, &marks.value("user")).await;
    let port = place.port.to_string();
    let name = format!("near-{run}");
    let server = fields([&name, "127.0.0.1", &port, &place.admin], &password);
    let near = [&[("database_name", "keeper_sources")][..], &server].concat();
    let source = admin.post(&format!("/environments/{environment}/sources/new"), &near).await.new_id();
    tried(admin, source).await;
    let form = format!("/secrets/{used}/strategy");
    let row_version = admin.get(&form).await.hidden("row_version").to_owned();
    let id = source.to_string();
    let wish = |user| {
        [
            ("source_id", &*id),
            ("account_name", user),
            ("shape", "password"),
            ("reason", CONTROL),
            ("row_version", &*row_version),
        ]
    };
    assert_eq!(admin.post(&form, &wish("nobody-there")).await.status, 422);
    let done = admin.post(&form, &wish(&account)).await;
    assert_eq!(done.status, 303, "{}", done.body);
}

async fn tried(admin: &Person, source: i64) {
    for way in ["check", "rehearse"] {
        let told = admin.post(&format!("/sources/{source}/{way}"), &[("reason", CONTROL)]).await;
        assert_eq!(told.status, 200, "{}", told.body);
    }
}

fn fields<'a>([name, host, port, user]: [&'a str; 4], password: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("name", name),
        ("engine", "postgresql"),
        ("host", host),
        ("port", port),
        ("tls", "off"),
        ("user_name", user),
        ("password", password),
        ("reason", CONTROL),
    ]
}
