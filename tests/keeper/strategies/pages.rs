//! The pages of sources and strategies, as people with a browser meet them.
use super::adopting::kept;
use super::{add, count, far, near, nowhere, places, strategies};
use crate::sources::place::{ADMIN_PASSWORD, Place, fresh, nobody};
use crate::support::house::PASSWORD;
use crate::support::site::{Answer, Site, Visitor};
use crate::support::{House, three};
use keeper::db::Engine;
use keeper::sources::{self, SourceInput};

const TYPED: [(&str, &str); 7] = [
    ("name", "main"),
    ("engine", "postgresql"),
    ("host", "db.example.com"),
    ("tls", "machine"),
    ("user_name", "keeper"),
    ("password", ADMIN_PASSWORD),
    ("reason", "a test"),
];

/// The form with these fields instead of its own.
fn but<'a>(form: &[(&'a str, &'a str)], changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = form.iter().filter(|(name, _)| !changed.iter().any(|(other, _)| other == name));
    kept.chain(changed).copied().collect()
}

/// Beside its field stand these words.
fn is_told(answer: &Answer, field: &str, words: &str) -> bool {
    let beside = answer.body.split(&format!("id=\"e-{field}\">")).nth(1).unwrap_or_default();
    beside.split("</p>").next().unwrap_or_default().contains(words)
}

async fn signed_in(house: &House, site: &Site, role: &str) -> Visitor {
    house.add_user(role, role).await;
    site.signed_in(role, PASSWORD).await
}

/// A source at this server, a user of it, and a secret that holds the user's password.
async fn used(house: &House, place: &Place, environment: i64, password: &str) -> (i64, i64, String) {
    let name = place.admin.replace('_', "-");
    let source = add(house, environment, SourceInput { name, ..near(place) }).await;
    let user = fresh("app");
    place.add(&user, password).await;
    (source, house.add_secret(environment, &user, password).await, user)
}

three! {
    // An admin adds a source by its form, changes and deletes it; the password is on no page and in no cell.
    async fn an_admin_adds_changes_and_deletes_a_source(house: House) {
        let site = Site::start(&house.app).await;
        let ada = signed_in(&house, &site, "admin").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let mut pages = vec![ada.get(&format!("/environments/{dev}")).await];
        assert!(pages[0].body.contains(&format!("/environments/{dev}/sources/new")), "{}", pages[0].body);
        let form = format!("/environments/{dev}/sources/new");
        pages.push(ada.get(&form).await);
        let wrong = ada.post(&form, &but(&TYPED, &[("name", "Not a slug"), ("port", "70000")])).await;
        assert!(wrong.status == 422 && wrong.body.contains("value=\"db.example.com\"") && wrong.body.contains("value=\"70000\""));
        assert!(is_told(&wrong, "port", "must be from 1 to 65535"), "{}", wrong.body);
        pages.push(wrong);
        let without = ada.post(&form, &but(&TYPED, &[("password", "")])).await;
        assert!(without.status == 422 && is_told(&without, "password", "is required"), "{}", without.body);
        let made = ada.post(&form, &TYPED).await;
        let id = made.new_id();
        let home = made.location().to_owned();
        pages.push(ada.get(&home).await);
        assert!(pages.last().unwrap().body.contains("PostgreSQL at <span class=\"mono\">db.example.com:5432</span>"));
        pages.push(ada.get(&format!("{home}/edit")).await);
        let moved = but(&TYPED, &[("host", "other.example.com"), ("port", "5432"), ("password", ""), ("row_version", "1")]);
        let asked = ada.post(&format!("{home}/edit"), &moved).await;
        assert!(asked.status == 422 && is_told(&asked, "password", "asked for anew"), "{}", asked.body);
        let renamed = but(&moved, &[("host", "db.example.com"), ("name", "renamed")]);
        assert_eq!(ada.post(&format!("{home}/edit"), &renamed).await.status, 303, "an empty password is the stored one");
        let late = ada.post(&format!("{home}/edit"), &but(&renamed, &[("name", "mine"), ("password", ADMIN_PASSWORD)])).await;
        assert!(late.status == 409 && late.body.contains("<td>renamed</td><td>mine</td>"), "{}", late.body);
        pages.extend([asked, late, ada.get(&home).await, ada.get(&format!("{home}/delete")).await]);
        let hidden = pages.last().unwrap().hidden("row_version").to_owned();
        pages.push(ada.get(&format!("{home}/rehearse")).await);
        for page in &pages {
            for spelling in [ADMIN_PASSWORD, "administrator&#x27;s own", "administrator&#39;s own"] {
                assert!(!page.body.contains(spelling), "{}", page.body);
            }
        }
        nowhere(&house, &[ADMIN_PASSWORD]).await;
        let gone = ada.post(&format!("{home}/delete"), &[("row_version", &hidden)]).await;
        assert_eq!((gone.status, gone.location()), (303, &*format!("/environments/{dev}")));
        assert_eq!(ada.get(&home).await.status, 404);
        assert!(sources::find(&house.app, &house.operator(), id).await.is_err());
        assert_eq!((count(&house, "source.created").await, count(&house, "source.updated").await, count(&house, "source.deleted").await), (1, 1, 1));
    }
}

three! {
    // A manager adopts a user that lives already, by the form; at the server nothing changes. What is set is told, and cleared.
    async fn a_manager_adopts_a_user_that_lives_already(house: House) {
        let site = Site::start(&house.app).await;
        let max = signed_in(&house, &site, "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        for place in places().await {
            let password = fresh("in-force");
            let (source, secret, user) = used(&house, &place, dev, &password).await;
            let before = kept(&place, &user).await;
            let (home, form) = (format!("/secrets/{secret}"), format!("/secrets/{secret}/strategy"));
            assert!(max.get(&home).await.body.contains("Value only"));
            let page = max.get(&form).await;
            let (id, row_version) = (source.to_string(), page.hidden("row_version").to_owned());
            let wish = [("source_id", &*id), ("account_name", &*user), ("shape", "password"), ("row_version", &*row_version)];
            let wrong = max.post(&form, &but(&wish, &[("account_name", "nobody-there")])).await;
            assert!(wrong.status == 422 && is_told(&wrong, "account_name", "is no user at this source"), "{}", wrong.body);
            assert!(wrong.body.contains("value=\"nobody-there\"") && wrong.body.contains(&format!("value=\"{id}\" selected")));
            let done = max.post(&form, &wish).await;
            assert_eq!((done.status, done.location()), (303, &*home), "{}", done.body);
            let engine = if place.is_postgres() { "PostgreSQL" } else { "MySQL" };
            let page = max.get(&home).await;
            assert!(page.body.contains(&format!("{engine} user {user} at <a href=\"/sources/{source}\">")), "{}", page.body);
            assert!(page.body.contains("Nothing was changed at the source"), "{}", page.body);
            assert_eq!(kept(&place, &user).await, before);
            assert!(place.opens(&user, &password).await);
            assert!(max.get(&form).await.body.contains(&format!("value=\"{user}\"")), "what is set stands in the form");
            assert!(max.get(&format!("/sources/{source}")).await.body.contains(&format!("href=\"/secrets/{secret}\"")));
            let stale = max.post(&form, &wish).await;
            assert!(stale.status == 409 && stale.hidden("row_version") == "2", "{}", stale.body);
            let page = max.get(&format!("{form}/clear")).await;
            let done = max.post(&format!("{form}/clear"), &[("row_version", page.hidden("row_version"))]).await;
            assert_eq!((done.status, done.location()), (303, &*home), "{}", done.body);
            assert!(max.get(&home).await.body.contains("Value only"));
            assert_eq!(max.get(&format!("{form}/clear")).await.status, 303, "there is nothing to clear");
        }
        assert_eq!((strategies(&house).await, count(&house, "secret.strategy_set").await), (0, count(&house, "secret.strategy_cleared").await));
    }
}

// What somebody should know of a user is said on the answer, and the strategy is set all the same.
#[tokio::test]
async fn a_remark_is_shown_and_not_lost() {
    let Some(place) = Place::mysql().await else { return };
    let house = House::new(Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    let ada = signed_in(&house, &site, "admin").await;
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    let (source, secret, user) = used(&house, &place, dev, "in-force").await;
    place.does(&format!("GRANT SUPER ON *.* TO {user}@'%'")).await;
    let (id, form) = (source.to_string(), format!("/secrets/{secret}/strategy"));
    ada.get(&form).await;
    let wish = [("source_id", &*id), ("account_name", &*user), ("shape", "password"), ("row_version", "1")];
    let told = ada.post(&form, &wish).await;
    assert!(
        told.status == 200 && told.body.contains("holds the whole server") && told.body.contains("Adopted."),
        "{}",
        told.body
    );
    assert_eq!((strategies(&house).await, told.hidden("row_version")), (1, "2"));
    // A source that is away is no fault of what was typed: it stays.
    let port = nobody().await.to_string();
    let away = add(&house, dev, SourceInput { name: "away".into(), port, ..near(&place) }).await.to_string();
    let told = ada.post(&form, &but(&wish, &[("source_id", &away), ("row_version", "2")])).await;
    assert!(
        told.status == 503
            && told.body.contains("could not be asked")
            && told.body.contains(&format!("value=\"{user}\"")),
        "{}",
        told.body
    );
}

// Two users that take turns: an admin names the second one, a manager is told who may.
#[tokio::test]
async fn a_second_user_is_named_by_an_admin() {
    let Some(place) = Place::postgres().await else { return };
    let house = House::new(Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    let (ada, max) = (signed_in(&house, &site, "admin").await, signed_in(&house, &site, "manager").await);
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    let (source, secret, user) = used(&house, &place, dev, "in-force").await;
    let second = fresh("app_b");
    place.add(&second, "anything").await;
    house
        .rotate(&house.operator(), secret, &format!("{{\"username\":\"{user}\",\"password\":\"in-force\"}}"))
        .await
        .unwrap();
    let (id, form) = (source.to_string(), format!("/secrets/{secret}/strategy"));
    let row_version = ada.get(&form).await.hidden("row_version").to_owned();
    let wish = [
        ("source_id", &*id),
        ("account_name", &*user),
        ("second_name", &*second),
        ("shape", "json"),
        ("row_version", &*row_version),
    ];
    let page = max.get(&form).await;
    assert!(!page.body.contains("name=\"second_name\"") && page.body.contains("takes an admin"));
    assert_eq!(max.post(&form, &wish).await.status, 403);
    let twin = ada.post(&form, &but(&wish, &[("second_name", &user)])).await;
    assert!(is_told(&twin, "second_name", "must be another user"), "{}", twin.body);
    assert_eq!(ada.post(&form, &wish).await.status, 303);
    let told = format!("PostgreSQL users {user} and {second} in turn at <a");
    assert!(ada.get(&format!("/secrets/{secret}")).await.body.contains(&told));
    assert!(max.get(&form).await.body.contains("adopting here leaves one"));
    assert!(place.opens(&second, "anything").await, "a rotation takes it over, adopting does not");
}

three! {
    // A check and a rehearsal show each step with what came of it; one that failed says why.
    async fn a_check_and_a_rehearsal_show_each_step(house: House) {
        let site = Site::start(&house.app).await;
        let ada = signed_in(&house, &site, "admin").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        for place in places().await {
            place.alone().await;
            let name = place.admin.replace('_', "-");
            let right = add(&house, dev, SourceInput { name: name.clone(), ..near(&place) }).await;
            let page = ada.get(&format!("/sources/{right}/rehearse")).await;
            assert_eq!(page.body.matches("class=\"step \"").count(), 7, "the plan: {}", page.body);
            let told = ada.post(&format!("/sources/{right}/rehearse"), &[]).await;
            assert_eq!((told.status, told.body.matches("class=\"step done\"").count()), (200, 7), "{}", told.body);
            assert!(told.body.contains("It went well.") && told.body.contains("The old password does not any more"));
            let told = ada.post(&format!("/sources/{right}/check"), &[]).await;
            assert_eq!((told.status, told.body.matches("class=\"step done\"").count()), (200, 2), "{}", told.body);
            let port = nobody().await.to_string();
            let away = add(&house, dev, SourceInput { name: format!("{name}-away"), port, ..near(&place) }).await;
            for way in ["check", "rehearse"] {
                let told = ada.post(&format!("/sources/{away}/{way}"), &[]).await;
                assert!(told.status == 200 && told.body.contains("class=\"step failed\"") && told.body.contains("refused the connection"), "{}", told.body);
            }
            assert_eq!(place.users("keeper_rehearsal_").await, Vec::<String>::new());
        }
    }
}

three! {
    // Behind a closed door there is nothing; behind an open one users and managers see, and are offered nothing that they may not do.
    async fn sources_are_seen_by_whose_door_is_open_and_changed_by_admins(house: House) {
        let site = Site::start(&house.app).await;
        let (uma, max) = (signed_in(&house, &site, "user").await, signed_in(&house, &site, "manager").await);
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let closed = house.add_environment("closed", "development", "members", &[]).await;
        let (seen, behind) = (add(&house, dev, far("main", "x")).await, add(&house, closed, far("main", "x")).await);
        let hidden = house.add_secret(closed, "db", "v").await;
        let form = |id: i64| format!("/environments/{id}/sources/new");
        for visitor in [&uma, &max] {
            let page = visitor.get(&format!("/environments/{dev}")).await;
            assert!(page.body.contains(&format!("href=\"/sources/{seen}\"")) && !page.body.contains(&form(dev)), "{}", page.body);
            let page = visitor.get(&format!("/sources/{seen}")).await;
            assert!(page.status == 200 && page.body.contains("db.example.com:5432"));
            for way in ["check", "rehearse", "edit", "delete"] {
                assert!(!page.body.contains(&format!("/sources/{seen}/{way}")), "{}", page.body);
                assert_eq!(visitor.post(&format!("/sources/{seen}/{way}"), &[]).await.status, 403);
            }
            assert_eq!(visitor.post(&form(dev), &TYPED).await.status, 403);
            assert_eq!(visitor.get(&format!("/sources/{behind}")).await.status, 404);
            for path in [format!("/secrets/{hidden}/strategy"), format!("/secrets/{hidden}/strategy/clear")] {
                assert_eq!((visitor.get(&path).await.status, visitor.post(&path, &[]).await.status), (404, 404));
            }
        }
        // In production a user edits no secret, so gives it no strategy either.
        let prod = house.add_environment("prod", "production", "open", &[]).await;
        let there = house.add_secret(prod, "db", "v").await;
        let form = format!("/secrets/{there}/strategy");
        assert_eq!((uma.get(&form).await.status, uma.post(&form, &[]).await.status), (403, 403));
        let page = uma.get(&format!("/secrets/{there}")).await;
        assert!(page.body.contains("Value only") && !page.body.contains(&form), "{}", page.body);
        let page = max.get(&form).await;
        assert!(page.body.contains("No source here") && !page.body.contains("/sources/new"), "{}", page.body);
        assert_eq!((count(&house, "source.created").await, strategies(&house).await), (2, 0));
    }
}

three! {
    // In production each of these forms asks for a fresh proof before it opens, and for a reason when it is sent.
    async fn production_asks_for_a_proof_and_a_reason(house: House) {
        let site = Site::start(&house.app).await;
        let ada = signed_in(&house, &site, "admin").await;
        let prod = house.add_environment("prod", "production", "open", &[]).await;
        let source = add(&house, prod, far("main", "x")).await;
        let secret = house.add_secret(prod, "db", "v").await;
        let new = format!("/environments/{prod}/sources/new");
        ada.get(&new).await;
        let told = ada.post(&new, &but(&TYPED, &[("name", "other"), ("reason", "")])).await;
        assert!(told.status == 422 && is_told(&told, "reason", "is required"), "{}", told.body);
        for way in ["rehearse", "delete"] {
            let told = ada.post(&format!("/sources/{source}/{way}"), &[("row_version", "1")]).await;
            assert!(told.status == 422 && is_told(&told, "reason", "is required"), "{}", told.body);
        }
        house.app.clock.advance(time::Duration::minutes(11));
        for form in [new.clone(), format!("/sources/{source}/edit"), format!("/sources/{source}/rehearse"), format!("/sources/{source}/delete"), format!("/secrets/{secret}/strategy")] {
            let led = ada.get(&form).await;
            assert!(led.status == 303 && led.location().starts_with("/step-up?next="), "{form}: {}", led.status);
        }
        house.app.clock.advance(time::Duration::minutes(20));
        let told = ada.post(&new, &but(&TYPED, &[("name", "other")])).await;
        assert!(told.status == 403 && told.body.contains("Confirm that it is you") && told.body.contains("value=\"db.example.com\""), "{}", told.body);
        assert!(!told.body.contains("own %"), "the password comes back");
        assert_eq!(count(&house, "source.created").await, 1);
    }
}
