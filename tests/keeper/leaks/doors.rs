//! Marked texts through every door that takes one, as people send them: forms that are taken, and forms that are refused.
use super::hunt::Marks;
use super::person::Person;
use crate::support::site::Answer;

/// Stands in descriptions and reasons, which people may read: that the search meets it proves where the search gets to.
pub const CONTROL: &str = "words that everybody may read";

/// Wrong passwords first, then the right one; and again where a fresh proof is asked.
pub async fn sign_in(person: &Person, marks: &Marks, password: &str) {
    assert_eq!(person.sign_in(&marks.value("wrong-password")).await.status, 401);
    assert_eq!(person.sign_in(&"x".repeat(1100).replace("xx", &marks.value("long"))).await.status, 401);
    assert_eq!(person.sign_in(password).await.status, 303);
    person.get("/step-up").await;
    let wrong = marks.value("wrong-proof");
    assert_eq!(person.post("/step-up", &[("password", &wrong), ("next", "/")]).await.status, 403);
    assert_eq!(person.post("/step-up", &[("password", password), ("next", "/")]).await.status, 303);
    person.get("/step-up").await;
}

/// An environment with both backends, whose credentials are marked; refused, previewed, made, and changed too late.
pub async fn environment(
    admin: &Person,
    marks: &Marks,
    (vault, token, aws): (&str, &str, &str),
    name: &str,
    stage: &str,
) -> i64 {
    // Credentials are visible ASCII.
    let (key_id, key) = (marks.letters("keyid"), format!("{}<&\"'+/\\", marks.letters("aws-key")));
    let form = |name| {
        vec![
            ("name", name),
            ("display_name", CONTROL),
            ("stage", stage),
            ("access", "open"),
            ("aws_enabled", "true"),
            ("aws_region", "us-east-1"),
            ("aws_endpoint", aws),
            ("aws_path_template", "{environment}/{service}/{name}"),
            ("aws_access_key_id", &key_id),
            ("aws_secret_access_key", &key),
            ("vault_enabled", "true"),
            ("vault_url", vault),
            ("vault_mount", "secret"),
            ("vault_path_template", "{environment}/{service}/{name}"),
            ("vault_token", token),
            ("reason", CONTROL),
        ]
    };
    admin.get("/environments/new").await;
    assert_eq!(admin.post("/environments", &form("not a slug")).await.status, 422);
    assert_eq!(admin.post("/environments/preview", &form(name)).await.status, 200);
    let id = admin.post("/environments", &form(name)).await.new_id();
    assert_eq!(admin.post("/environments", &form(name)).await.status, 422, "the name is taken");
    let late = [form(name), vec![("row_version", "7")]].concat();
    assert_eq!(admin.post(&format!("/environments/{id}/edit"), &late).await.status, 409);
    let right = [form(name), vec![("row_version", "1")]].concat();
    assert_eq!(admin.post(&format!("/environments/{id}/edit"), &right).await.status, 303);
    id
}

pub struct Doors<'a> {
    pub person: &'a Person,
    pub marks: &'a Marks,
    pub environment: i64,
}

impl Doors<'_> {
    pub async fn create(&self, name: &str, value: &str) -> Answer {
        let environment = self.environment.to_string();
        let fields = [
            ("environment_id", &*environment),
            ("name", name),
            ("display_name", name),
            ("description", CONTROL),
            ("secret_type", "generic"),
            ("secrecy_level", "confidential"),
            ("service_name", "leaks"),
            ("value", value),
            ("reason", CONTROL),
        ];
        self.person.post("/secrets", &fields).await
    }

    /// A new secret whose copies a backend refuses: what it says of that is shown by nobody.
    pub async fn made_in_vain(&self, environment: i64) {
        let doors = Doors { environment, ..*self };
        let id = doors.create("in-vain", &self.marks.value("in-vain")).await.new_id();
        for _ in 0..150 {
            let page = self.person.get(&format!("/secrets/{id}")).await;
            if page.body.matches("class=\"why\"").count() == 2 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        panic!("both copies should have failed");
    }

    /// A new secret, after every way to be refused one.
    pub async fn made(&self, name: &str) -> i64 {
        self.person.get("/secrets/new").await;
        assert_eq!(self.create("an invalid name", &self.marks.value("invalid")).await.status, 422);
        let long = self.marks.value("long").repeat(1200);
        assert_eq!(self.create(name, &long).await.status, 422, "more than 64 KiB");
        assert_eq!(self.create(name, &long.repeat(6)).await.status, 413, "more than a form");
        let id = self.create(name, &self.marks.value("created")).await.new_id();
        assert_eq!(self.create(name, &self.marks.value("taken")).await.status, 422, "the name is taken");
        id
    }

    async fn rotate(&self, id: i64, mode: &str, value: &str, row_version: &str) -> Answer {
        let fields = [
            ("mode", mode),
            ("new_value", value),
            ("length", "48"),
            ("alphabet", "letters_digits_symbols"),
            ("reason", CONTROL),
            ("row_version", row_version),
        ];
        self.person.post(&format!("/secrets/{id}/rotate"), &fields).await
    }

    /// Typed, then generated; the value that Keeper made, and its rotation.
    pub async fn rotated(&self, id: i64) -> (String, i64) {
        let form = format!("/secrets/{id}/rotate");
        let row_version = self.person.get(&form).await.hidden("row_version").to_owned();
        assert_eq!(self.rotate(id, "typed", &self.marks.value("late"), "77").await.status, 409);
        assert_eq!(
            self.rotate(id, "typed", &self.marks.value("long").repeat(1200), &row_version).await.status,
            422
        );
        assert_eq!(self.rotate(id, "neither", &self.marks.value("no-mode"), &row_version).await.status, 422);
        let typed = self.marks.value("typed");
        assert_eq!(self.rotate(id, "typed", &typed, &row_version).await.status, 303);
        assert_eq!(self.person.reveal(id).await, typed);
        let row_version = self.person.get(&form).await.hidden("row_version").to_owned();
        let rotation =
            self.rotate(id, "generated", &self.marks.value("not-meant"), &row_version).await.new_id();
        (self.person.reveal(id).await, rotation)
    }

    /// The first version again.
    pub async fn restored(&self, id: i64) {
        let form = format!("/secrets/{id}/versions/1/restore");
        let row_version = self.person.get(&form).await.hidden("row_version").to_owned();
        let done = self.person.post(&form, &[("reason", CONTROL), ("row_version", &row_version)]).await;
        assert_eq!(done.status, 303, "{}", done.body);
        assert_eq!(self.person.reveal(id).await, self.marks.value("created"));
    }

    pub async fn promoted(&self, id: i64, to: i64) -> i64 {
        let form = format!("/secrets/{id}/promote");
        let page = self.person.get(&format!("{form}?to={to}")).await;
        let (to, number, row_version) = (to.to_string(), page.hidden("number"), page.hidden("row_version"));
        let fields = [("to", &*to), ("number", number), ("row_version", row_version), ("reason", CONTROL)];
        self.person.post(&form, &fields).await.new_id()
    }

    /// All that is there, tagged at once.
    pub async fn tagged(&self, id: i64) -> i64 {
        let id = id.to_string();
        let fields = [("do", "tag"), ("id", &*id), ("add", "tag=leaks"), ("reason", CONTROL)];
        self.person.post("/bulk", &fields).await.new_id()
    }
}
