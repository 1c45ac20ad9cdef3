//! The same over HTTP, as people meet it.
use super::*;
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::three;

three! {
    // Whoever asks is told that it waits; the manager finds it on the dashboard, sees who, why, plan, length and digest, never the
    // value, and approves.
    async fn a_request_goes_from_form_to_approval(house: House) {
        people(&house).await;
        let site = Site::start(&house.app).await;
        let (uma, max) = (site.signed_in("uma", PASSWORD).await, site.signed_in("max", PASSWORD).await);
        let prod = house.add_environment("prod", "production", "open", &[]).await;
        let id = house.add_secret(prod, "db", "first").await;
        let form = format!("/secrets/{id}/rotate");
        let page = uma.get(&form).await;
        assert!(page.status == 200 && page.body.contains("Ask for approval") && !page.body.contains("Break the glass"), "{}", page.body);
        assert!(page.body.contains("Wait for another person"), "the plan says it");
        let row_version = page.hidden("row_version").to_owned();
        let wish = [("mode", "typed"), ("new_value", "s3cond-value"), ("row_version", &*row_version)];
        let told = uma.post(&form, &wish).await;
        assert!(told.status == 422 && told.body.contains("Reason is required"), "{}", told.body);
        let rotation = uma.post(&form, &[&wish[..], &[("reason", "the contractor left")]].concat()).await.new_id();
        let home = format!("/rotations/{rotation}");
        let theirs = uma.get(&home).await;
        assert!(theirs.body.contains("It waits for another person.") && theirs.body.contains(&format!("{home}/withdraw")) && !theirs.body.contains(&format!("{home}/approve")), "{}", theirs.body);
        assert_eq!(uma.post(&format!("{home}/approve"), &[]).await.status, 403);
        assert!(!uma.get("/").await.body.contains("Waiting for you"));
        let mine = max.get("/").await;
        assert!(mine.body.contains("Waiting for you") && mine.body.contains(&format!("href=\"{home}\"")), "{}", mine.body);
        let page = max.get(&home).await;
        for word in ["uma asks for it", "the contractor left", "12 bytes", "Seal version 2", "Digest", "/approve", "/reject"] {
            assert!(page.body.contains(word), "{word}: {}", page.body);
        }
        assert!(!page.body.contains("s3cond-value"));
        let told = max.post(&format!("{home}/reject"), &[("reason", "")]).await;
        assert!(told.status == 422 && told.body.contains("Not rejected"), "{}", told.body);
        assert_eq!(max.post(&format!("{home}/approve"), &[]).await.location(), home);
        let page = max.get(&home).await;
        assert!(page.body.contains("Version 2 is in force everywhere.") && page.body.contains("Decided by"), "{}", page.body);
        let told = max.post(&format!("{home}/approve"), &[]).await;
        assert!(told.status == 409 && told.body.contains("decided by now"), "{}", told.body);
    }
}

three! {
    // A decision in production asks for a fresh proof; rejecting and withdrawing are told with their reason.
    async fn a_decision_asks_who_decides(house: House) {
        people(&house).await;
        let site = Site::start(&house.app).await;
        let prod = house.add_environment("prod", "production", "open", &[]).await;
        let id = house.add_secret(prod, "db", "first").await;
        let max = site.signed_in("max", PASSWORD).await;
        let rotation = house.rotate(&house.person("uma").await, id, "second").await.unwrap();
        let home = format!("/rotations/{rotation}");
        house.app.clock.advance(time::Duration::minutes(26));
        let page = max.get(&home).await;
        assert!(page.body.contains(&format!("/step-up?next={home}")) && !page.body.contains(&format!("{home}/approve")), "{}", page.body);
        assert_eq!(max.post(&format!("{home}/approve"), &[]).await.status, 403);
        assert_eq!(status(&house, rotation).await, RotationStatus::AwaitingApproval);
        let max = site.signed_in("max", PASSWORD).await;
        assert_eq!(max.post(&format!("{home}/reject"), &[("reason", "ask for less")]).await.location(), home);
        let page = site.signed_in("uma", PASSWORD).await.get(&home).await;
        assert!(page.body.contains("Rejected.") && page.body.contains("Ask for less"), "{}", page.body);
    }
}

three! {
    // The banner stays for managers on every page of the secret, on its environment and on the dashboard, until another one acknowledges.
    async fn broken_glass_is_in_sight(house: House) {
        people(&house).await;
        let site = Site::start(&house.app).await;
        let (uma, max, mia) = (site.signed_in("uma", PASSWORD).await, site.signed_in("max", PASSWORD).await, site.signed_in("mia", PASSWORD).await);
        let dev = guarded(&house, "dev", "development").await;
        let id = house.add_secret(dev, "db", "first").await;
        let form = format!("/secrets/{id}/rotate");
        let page = max.get(&form).await;
        assert!(page.body.contains("Break the glass"), "{}", page.body);
        let row_version = page.hidden("row_version").to_owned();
        let wish = [("mode", "generated"), ("reason", "it burns"), ("break_glass", "yes"), ("row_version", &*row_version)];
        let rotation = max.post(&form, &wish).await.new_id();
        let places = ["/".to_owned(), format!("/secrets/{id}"), format!("/secrets/{id}/versions"), format!("/rotations/{rotation}"), format!("/environments/{dev}")];
        let mut acknowledge = String::new();
        for place in &places {
            let (theirs, own, users) = (mia.get(place).await, max.get(place).await, uma.get(place).await);
            assert!(theirs.body.contains("max broke the glass.") && theirs.body.contains("it burns") && theirs.body.contains("/acknowledge"), "{place}: {}", theirs.body);
            assert!(own.body.contains("max broke the glass.") && !own.body.contains("/acknowledge"), "{place}");
            assert!(!users.body.contains("broke the glass"), "{place}");
            theirs.body.split("action=\"").find(|part| part.contains("/acknowledge\"")).unwrap().split('"').next().unwrap().clone_into(&mut acknowledge);
        }
        assert_eq!(max.post(&acknowledge, &[]).await.status, 403);
        assert_eq!(mia.post(&acknowledge, &[]).await.location(), format!("/secrets/{id}"));
        for place in &places {
            assert!(!mia.get(place).await.body.contains("broke the glass."), "{place}");
        }
    }
}

three! {
    // An admin who is no member finds the glass on the secret's page, is asked why, and sees the value; whoever is a member sees that
    // it was done, and that a rotation is due.
    async fn an_admin_breaks_it_to_see_a_value(house: House) {
        people(&house).await;
        let site = Site::start(&house.app).await;
        let (ada, mia) = (site.signed_in("ada", PASSWORD).await, site.signed_in("mia", PASSWORD).await);
        let members = [house.person("mia").await.id().unwrap()];
        let vault = house.add_environment("vault", "development", "members", &members).await;
        let id = house.add_secret(vault, "db", "the-hidden-value").await;
        let reveal = format!("/secrets/{id}/reveal");
        let page = ada.get(&format!("/secrets/{id}")).await;
        assert!(page.body.contains("You may not reveal this") && page.body.contains(&format!("{reveal}?break_glass=yes")), "{}", page.body);
        assert!(!mia.get(&format!("/secrets/{id}")).await.body.contains("Break the glass"));
        let form = ada.get(&format!("{reveal}?break_glass=yes")).await;
        assert!(form.body.contains("You are no member here.") && form.hidden("break_glass") == "yes", "{}", form.body);
        assert_eq!(ada.post(&reveal, &[("reason", "it burns")]).await.status, 403);
        let told = ada.post(&reveal, &[("reason", ""), ("break_glass", "yes")]).await;
        assert!(told.status == 422 && told.hidden("break_glass") == "yes" && !told.body.contains("the-hidden-value"), "{}", told.body);
        let shown = ada.post(&reveal, &[("reason", "it burns"), ("break_glass", "yes")]).await;
        assert!(shown.status == 200 && shown.body.contains("the-hidden-value"), "{}", shown.body);
        let home = mia.get("/").await;
        for words in ["ada broke the glass.", "was shown to an admin who is no member", "it burns", "/acknowledge"] {
            assert!(home.body.contains(words), "{words}: {}", home.body);
        }
        assert!(mia.get("/secrets?due=overdue").await.body.contains(&format!("href=\"/secrets/{id}\"")));
    }
}

three! {
    // Who asks a second time for another schedule is told of the first request, and not that somebody else was there.
    async fn a_second_wish_for_the_plan_is_told_of_the_first(house: House) {
        people(&house).await;
        let site = Site::start(&house.app).await;
        let uma = site.signed_in("uma", PASSWORD).await;
        let dev = guarded(&house, "dev", "development").await;
        let id = house.add_secret(dev, "db", "first").await;
        let form = format!("/secrets/{id}/edit");
        let page = uma.get(&form).await;
        assert!(!page.body.contains("optional)</span></label><p class=\"help\" id=\"h-reason\""), "{}", page.body);
        let row_version = page.hidden("row_version").to_owned();
        let wish = |days| [("display_name", "db"), ("secret_type", "password"), ("secrecy_level", "internal"), ("rotation_interval_days", days), ("reason", "a test"), ("row_version", &*row_version)];
        let rotation = uma.post(&form, &wish("30")).await.new_id();
        let told = uma.post(&form, &wish("60")).await;
        assert!(told.status == 409 && told.body.contains(&format!("Your request {rotation} for this secret still waits")), "{}", told.body);
        assert!(told.body.contains("value=\"60\"") && !told.body.contains("omebody else"), "{}", told.body);
    }
}
