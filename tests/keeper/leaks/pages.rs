//! Every page that the route table has, and the export, as each role sees them afterwards.
use super::person::Person;
use keeper::web::routes::table;

/// What stands for `{id}` in an address.
pub struct Ids {
    pub secret: i64,
    pub environments: [i64; 2],
    pub rotation: i64,
    pub import: i64,
    pub bulk: i64,
}

impl Ids {
    fn address(&self, path: &str) -> String {
        let id = match path.split('/').nth(1).unwrap() {
            _ if path.contains("/import/") => self.import,
            "environments" => self.environments[0],
            "rotations" => self.rotation,
            "bulk" => self.bulk,
            _ => self.secret,
        };
        let [left, right] = self.environments;
        let asked = match path {
            "/environments/compare" => format!("?left={left}&right={right}"),
            "/secrets/{id}/versions/compare" => "?left=1&right=2".to_owned(),
            "/secrets/{id}/promote" => format!("?to={right}"),
            "/bulk/new" => format!("?do=tag&id={}", self.secret),
            "/secrets/find" => "?q=leaks".to_owned(),
            "/secrets" | "/audit" => "?limit=200".to_owned(),
            _ => String::new(),
        };
        path.replace("{id}", &id.to_string()).replace("{number}", "1").replace("{*path}", "css/ui.css")
            + &asked
    }
}

/// How many answered with a page.
pub async fn walk(person: &Person, ids: &Ids) -> usize {
    let mut shown = 0;
    for line in table().into_iter().filter(|line| line.method == "GET") {
        let answer = person.get(&ids.address(line.path)).await;
        assert!(answer.status < 500, "{}: {}", line.path, answer.body);
        shown += usize::from(answer.status == 200);
    }
    for format in ["csv", "json"] {
        shown += usize::from(person.post("/secrets/export", &[("format", format)]).await.status == 200);
    }
    person.post("/audit/verify", &[]).await;
    shown
}
