//! Every page that the route table has, and the export, as each role sees them afterwards.
use super::person::Person;
use crate::support::place::Place;
use keeper::web::routes::table;

/// What a page of the table is asked for; `other`: an environment beside that of the place.
fn address(path: &str, place: &Place, other: i64) -> String {
    let asked = match path {
        "/environments/compare" => format!("?left={}&right={other}", place.environment),
        "/secrets/{id}/versions/compare" => "?left=1&right=2".to_owned(),
        "/secrets/{id}/promote" => format!("?to={other}"),
        "/bulk/new" => format!("?do=tag&id={}", place.secret),
        "/secrets/find" => "?q=leaks".to_owned(),
        "/secrets" | "/audit" => "?limit=200".to_owned(),
        _ => String::new(),
    };
    place.fill(path) + &asked
}

/// How many answered with a page.
pub async fn walk(person: &Person, place: &Place, other: i64) -> usize {
    let mut shown = 0;
    for line in table().into_iter().filter(|line| line.method == "GET") {
        let answer = person.get(&address(line.path, place, other)).await;
        assert!(answer.status < 500, "{}: {}", line.path, answer.body);
        shown += usize::from(answer.status == 200);
    }
    for format in ["csv", "json"] {
        shown += usize::from(person.post("/secrets/export", &[("format", format)]).await.status == 200);
    }
    person.post("/audit/verify", &[]).await;
    shown
}
