//! Every form of the console, found on its pages, and sent with what nobody should type in each of its fields.
mod fill;
mod find;
mod foreign;
mod judge;
mod trials;

use crate::support::house::PASSWORD;
use crate::support::html::Form;
use crate::support::place::Place;
use crate::support::site::{Answer, Site, Visitor};
use crate::support::{House, tell, three};
use find::{Page, Seen};
use judge::Case;
use trials::Sent;

/// Somebody who may do everything, in front of one form after the other.
struct Bench {
    house: House,
    site: Site,
    open: i64,
    next: i64,
    place: Place,
    admin: Visitor,
    /// Whoever has not signed in.
    nobody: Visitor,
    made: u32,
}

impl Bench {
    async fn new(house: House) -> Self {
        let site = Site::start(&house.app).await;
        house.add_user("admin", "admin").await;
        house.add_user("other", "user").await;
        let open = house.add_environment("open", "development", "open", &[]).await;
        let next = house.add_environment("next", "development", "open", &[]).await;
        let place = Place::furnish(&house, open, "fuzz-0", &house.person("admin").await).await;
        let admin = site.signed_in("admin", PASSWORD).await;
        let nobody = site.visitor();
        Self { house, site, open, next, place, admin, nobody, made: 0 }
    }

    /// The page of a form, opened; things of its own again where the last sending used them up.
    async fn open(&mut self, seen: &Seen) -> Form {
        for _ in 0..2 {
            let page = self.visitor(seen.page).get(&seen.page.address(&self.place, self.next)).await;
            if let Some(form) = seen.again(&page.body) {
                return form;
            }
            self.renew().await;
            seen.page.prepare(&self.house, &self.place).await;
        }
        panic!("{} has no form {} any more", seen.page.address(&self.place, self.next), seen.name());
    }

    async fn renew(&mut self) {
        self.made += 1;
        let name = format!("fuzz-{}", self.made);
        let admin = self.house.person("admin").await;
        self.place = Place::furnish(&self.house, self.open, &name, &admin).await;
        self.nobody = self.site.visitor();
        if self.admin.get("/account").await.status != 200 {
            self.admin = self.site.signed_in("admin", PASSWORD).await;
        }
    }

    fn visitor(&self, page: Page) -> &Visitor {
        if page.is_public() { &self.nobody } else { &self.admin }
    }

    async fn send(&self, seen: &Seen, form: &Form, sent: &Sent) -> Answer {
        let visitor = self.visitor(seen.page);
        let fields: Vec<(&str, &str)> =
            sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if form.method == "GET" {
            let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            return visitor.get(&format!("{}?{query}", form.action)).await;
        }
        if form.in_parts {
            return visitor.post_parts(&form.action, &fields, None).await;
        }
        visitor.post_bare(&form.action, &fields, &[]).await
    }

    /// What is changed leaves an event; a refusal's is none of them.
    async fn changes(&self) -> i64 {
        self.house.events_beside(&["access.refused", "session.refused"]).await
    }

    /// Every field of every form that `among` takes; gives how often something was sent.
    async fn all(&mut self, among: impl Fn(&Seen) -> bool) -> usize {
        let seen: Vec<Seen> = find::all(self).await.into_iter().filter(among).collect();
        assert!(seen.len() > 4, "only {} forms were found", seen.len());
        let (mut count, mut findings) = (0, Vec::new());
        for seen in &seen {
            let form = self.open(seen).await;
            let plain = fill::fill(&form, &self.place, self.made);
            let answer = self.send(seen, &form, &plain).await;
            if answer.status >= 400 && !seen.needs_more() {
                findings.push(format!(
                    "what is right is refused: {} {} {}",
                    seen.name(),
                    answer.status,
                    judge::why(&answer)
                ));
            }
            self.each_field(seen, &mut count, &mut findings).await;
        }
        assert!(findings.is_empty(), "{} findings of {count}:\n{}", findings.len(), findings.join("\n"));
        count
    }

    async fn each_field(&mut self, seen: &Seen, count: &mut usize, findings: &mut Vec<String>) {
        let mut form = self.open(seen).await;
        let room = if form.method == "GET" { 60_000 } else { 1024 * 1024 };
        for field in form.fields.clone().iter().filter(|field| field.name != "_csrf") {
            for trial in trials::of(field, self.house.app.db.engine(), room) {
                self.made += 1;
                let right = fill::choose_for(&field.name, fill::fill(&form, &self.place, self.made));
                let sent = trial.put(right, &field.name);
                let before = self.changes().await;
                let answer = &self.send(seen, &form, &sent).await;
                let changed = self.changes().await != before;
                let case = Case { seen, form: &form, field, trial: &trial, sent: &sent, answer, changed };
                findings.extend(case.findings());
                *count += 1;
                if answer.status < 400 {
                    form = self.open(seen).await;
                }
            }
        }
    }
}

three! {
    // S49 S54 S56 S58 S61 S62 S63 S64 S65 S67 S68 S69 S70 S109 S112: what is wrong is told beside its field, and changes nothing.
    async fn no_field_of_a_secrets_form_takes_what_it_should_not(house: House) {
        let sent = Bench::new(house).await.all(|seen| seen.page.path.starts_with("/secrets") || seen.page.path.starts_with("/bulk")).await;
        tell!("{sent} forms sent with what nobody should type");
    }
}

three! {
    // S61 S62 S63 S64 S65 S67 S68 S69 S70 S109 S112: the same for environments, people, sign-in, filters.
    async fn no_field_of_another_form_takes_what_it_should_not(house: House) {
        let sent = Bench::new(house).await.all(|seen| !seen.page.path.starts_with("/secrets") && !seen.page.path.starts_with("/bulk")).await;
        tell!("{sent} forms sent with what nobody should type");
    }
}
