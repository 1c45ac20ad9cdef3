//! Forms of secrets where something came between: a proof that grew old, somebody who was faster, a secret that is off.
use crate::support::House;
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::three;
use time::Duration;

const FIELDS: [(&str, &str); 5] = [
    ("display_name", "Kept words"),
    ("secret_type", "token"),
    ("secrecy_level", "internal"),
    ("reason", "kept reason"),
    ("row_version", "1"),
];

three! {
    // Production asks for its proof when the form is opened; one that is sent too late comes back with all but the value.
    async fn a_proof_is_asked_before_a_form_is_filled_in(house: House) {
        let site = Site::start(&house.app).await;
        let max_id = house.add_user("max", "manager").await;
        house.add_environment("dev", "development", "open", &[]).await;
        let live = house.add_environment("live", "production", "members", &[max_id]).await;
        let id = house.add_secret(live, "db", "v").await;
        let max = site.signed_in("max", PASSWORD).await;
        let option = format!("<option value=\"{live}\"");
        assert!(max.get("/secrets/new").await.body.contains(&option));
        house.app.clock.advance(Duration::minutes(11));
        let page = max.get("/secrets/new").await.body;
        assert!(!page.contains(&option) && page.contains(&format!("href=\"/secrets/new?environment={live}\"")), "{page}");
        assert!(max.get(&format!("/secrets/new?environment={live}")).await.location().starts_with("/step-up?next="));
        house.app.clock.advance(Duration::minutes(15));
        max.get("/secrets").await;
        let live = live.to_string();
        let create = [&FIELDS[..], &[("environment_id", &*live), ("name", "new"), ("value", "canary-9")]].concat();
        for (path, fields) in [
            ("/secrets".to_owned(), &create[..]),
            (format!("/secrets/{id}/edit"), &FIELDS[..]),
            (format!("/secrets/{id}/switch-off"), &FIELDS[..]),
        ] {
            let late = max.post(&path, fields).await;
            assert!(late.status == 403 && late.body.contains("kept reason") && late.body.contains("href=\"/step-up?next="), "{path}: {}", late.body);
            assert!(!late.body.contains("canary-9"));
        }
        assert_eq!(max.get("/secrets?q=new").await.body.matches("class=\"name\"").count(), 0);
    }
}

three! {
    // S32: who comes second is shown what is there now, also where a rotation alone came between; the next try is theirs.
    async fn who_comes_second_sees_what_is_there_now(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = house.add_secret(dev, "db", "v").await;
        let max = site.signed_in("max", PASSWORD).await;
        house.rotate(&house.operator(), id, "w").await.unwrap();
        let same = [("display_name", "db"), ("secret_type", "api_key"), ("secrecy_level", "internal"), ("row_version", "1")];
        let rotated = max.post(&format!("/secrets/{id}/edit"), &same).await;
        assert!(rotated.status == 409 && rotated.body.contains("the value was rotated") && !rotated.body.contains("Now stored"));
        let changed = max.post(&format!("/secrets/{id}/edit"), &FIELDS).await;
        assert!(changed.status == 409 && changed.body.contains("<td>API key</td><td>Token</td>"), "{}", changed.body);
        let off = max.post(&format!("/secrets/{id}/switch-off"), &[("row_version", "1")]).await;
        assert!(off.status == 409 && off.body.contains("dev/db, version 2") && off.body.contains("name=\"row_version\" value=\"2\""), "{}", off.body);
    }
}

three! {
    // What is off says so to those who may see it, and can be switched on again from its page.
    async fn what_is_off_can_be_on_again(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("uma", "user").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = house.add_secret(dev, "db", "v").await;
        let uma = site.signed_in("uma", PASSWORD).await;
        let home = format!("/secrets/{id}");
        assert!(uma.get(&home).await.body.contains(&format!("href=\"{home}/switch-off\"")));
        assert_eq!(uma.post(&format!("{home}/switch-off"), &[("row_version", "1")]).await.status, 303);
        assert!(uma.get(&home).await.body.contains(&format!("href=\"{home}/switch-on\"")));
        for tail in ["edit", "switch-off"] {
            assert_eq!(uma.get(&format!("{home}/{tail}")).await.location(), home);
        }
        assert_eq!(uma.post(&format!("{home}/switch-on"), &[("row_version", "2")]).await.status, 303);
        let form = uma.get("/secrets/new").await.body;
        assert!(form.contains("value=\"confidential\"") && !form.contains("value=\"restricted\""));
    }
}

three! {
    // An empty list says why it is empty; a new secret begins where one was looking.
    async fn an_empty_list_says_why(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let max = site.signed_in("max", PASSWORD).await;
        assert!(max.get("/secrets").await.body.contains("No environment is open to you"));
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let here = format!("environment={dev}");
        for (query, words) in [
            (here.as_str(), "No secrets in dev yet"),
            ("due=overdue", "Nothing is overdue"),
            ("due=expiring", "Nothing expires"),
            ("active=false", "Nothing is switched off"),
            ("sort=due", "No rotation is planned"),
            ("q=zz", "Try fewer letters"),
            ("type=token", "Nothing matches"),
            ("after=zz~1", "Nothing further"),
            ("environment=99", "No such environment"),
        ] {
            let page = max.get(&format!("/secrets?{query}")).await.body;
            assert!(page.contains(words), "{query}: {page}");
        }
        assert!(max.get(&format!("/secrets?{here}")).await.body.contains(&format!("/secrets/new?{here}")));
    }
}
