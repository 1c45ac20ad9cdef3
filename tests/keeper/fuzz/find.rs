//! The forms that there are: every page of the route table, opened, and what it asks for.
use super::Bench;
use crate::support::House;
use crate::support::html::{Form, forms};
use crate::support::place::Place;
use keeper::rekey;
use keeper::secrets;
use keeper::web::routes::{Access, table};
use std::collections::BTreeSet;

/// A page's address in the table, and what is asked of it.
#[derive(Clone, Copy)]
pub struct Page {
    pub path: &'static str,
    query: &'static str,
    access: Access,
}

/// A form, and the page that it was seen on.
pub struct Seen {
    pub page: Page,
    form: Form,
}

/// Pages that show their form only when they are asked for something.
const ASKED: [(&str, &str); 5] = [
    ("/bulk/new", "?do=tag&id={secret}"),
    ("/bulk/new", "?do=sync&id={secret}"),
    ("/bulk/new", "?do=switch_off&id={secret}"),
    ("/bulk/new", "?do=rotate&id={secret}"),
    ("/secrets/{id}/promote", "?to={next}"),
];

pub async fn all(bench: &mut Bench) -> Vec<Seen> {
    let (mut seen, mut known): (Vec<Seen>, BTreeSet<String>) = (Vec::new(), BTreeSet::new());
    let lines = table().into_iter().filter(|line| line.method == "GET" && !line.path.starts_with("/saml"));
    let plain: Vec<_> = lines.map(|line| Page { path: line.path, query: "", access: line.access }).collect();
    let asked = ASKED.into_iter().map(|(path, query)| Page { path, query, access: Access::User });
    for page in plain.into_iter().chain(asked) {
        if !page.can_be_sent(&bench.place) {
            continue;
        }
        page.prepare(&bench.house, &bench.place).await;
        let answer = bench.visitor(page).get(&page.address(&bench.place, bench.next)).await;
        for form in forms(&answer.body) {
            let found = Seen { page, form };
            // Signing out, and a new password of one's own, end the session that all the others need; they have tests of their own.
            let is_end = matches!(found.form.action.as_str(), "/logout" | "/account/password");
            // Identity providers want metadata and give the text back: tests/keeper/providers/managing.rs has their fields.
            let is_provider = found.form.action.starts_with("/settings/saml");
            if !is_end && !is_provider && known.insert(found.name()) {
                seen.push(found);
            }
        }
        if page.is_of_what_is_off() {
            bench.renew().await;
        }
    }
    seen
}

impl Page {
    pub fn is_public(&self) -> bool {
        self.access == Access::Public
    }

    pub fn address(&self, place: &Place, next: i64) -> String {
        let query =
            self.query.replace("{secret}", &place.secret.to_string()).replace("{next}", &next.to_string());
        place.fill(self.path) + &query
    }

    fn is_of_what_is_off(&self) -> bool {
        self.path.ends_with("/switch-on") || self.path.ends_with("/purge")
    }

    /// A user is adopted where there is a server to ask for it.
    fn can_be_sent(&self, place: &Place) -> bool {
        place.is_used || !self.path.contains("/strategy")
    }

    /// What has to be so before it shows its form.
    pub async fn prepare(&self, house: &House, place: &Place) {
        if self.path == "/settings/keys" {
            // One at a time: what was asked for is done first.
            while rekey::work(&house.app).await.unwrap() == rekey::Step::Done {}
        }
        if self.is_of_what_is_off() {
            let row_version = house.secret(place.secret).await.row_version;
            secrets::set_active(&house.app, &house.operator(), place.secret, false, "", row_version)
                .await
                .unwrap();
        }
    }
}

impl Seen {
    /// Where it goes and what it asks, whatever the ids are.
    pub fn name(&self) -> String {
        name(&self.form)
    }

    /// Where an environment has become production meanwhile, it asks for a reason too.
    pub fn again(&self, page: &str) -> Option<Form> {
        let all = forms(page);
        let same = all.iter().find(|form| name(form) == self.name());
        // From a password to single sign-on and back are two forms that go to one address.
        let is_other = self.form.action.ends_with("/method");
        same.or_else(|| all.iter().filter(|_| !is_other).find(|form| goes_to(form) == goes_to(&self.form)))
            .cloned()
    }

    /// What is right is not enough: purging waits for 30 days, and a backend's secrets for a backend.
    pub fn needs_more(&self) -> bool {
        self.page.path.ends_with("/purge") || self.page.path == "/secrets/import/backend"
    }
}

fn name(form: &Form) -> String {
    let fields: Vec<&str> = form.fields.iter().map(|field| field.name.as_str()).collect();
    format!("{} ({})", goes_to(form), fields.join(" "))
}

fn goes_to(form: &Form) -> String {
    let action: String = form.action.chars().filter(|c| !c.is_ascii_digit()).collect();
    format!("{} {action}", form.method)
}
