//! A copy goes to another path in two steps, on real OpenBao and moto; and what a push writes is told before it does.
use super::choosing::{Scene, refused};
use super::{engine, wiring};
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::domain::enums::{Backend, SyncStatus};
use keeper::environments;
use keeper::sync::Choice;

/// The environment's templates say something else from now on; gives where this backend's copy would lie.
async fn rename_paths(scene: &Scene, name: &str) {
    let mut form = wiring(&format!("{name}-{}", engine(&scene.house)), None, None).unwrap();
    let elsewhere = format!("{{environment}}-{}/moved/{{name}}", std::process::id());
    form.aws_path_template.clone_from(&elsewhere);
    form.vault_path_template = elsewhere;
    form.row_version = scene.house.environment(scene.environment).await.row_version.to_string();
    let (app, operator) = (&scene.house.app, scene.house.operator());
    environments::update(app, &operator, scene.environment, form.parse().unwrap()).await.unwrap();
}

async fn held(scene: &Scene, backend: Backend, path: &str) -> Option<String> {
    let there = scene.store(backend).await.read(path).await.unwrap()?;
    Some(String::from_utf8(there.value.expose().to_vec()).unwrap())
}

three! {
    // S02: the value is at the new path, and proved there, before anybody is asked about the old one, which stays unless it is removed.
    async fn a_copy_moves_in_two_steps(house: House) {
        let Some(scene) = Scene::new(house, "moving").await else { return };
        scene.push().await;
        rename_paths(&scene, "moving").await;
        scene.push().await;
        for backend in [Backend::Aws, Backend::Vault] {
            let old = scene.path(backend).await;
            assert_eq!(held(&scene, backend, &old).await.as_deref(), Some("ours"), "nothing moves by itself");
            let to = scene.house.environment(scene.environment).await.path(backend, "", "db");
            let operator = scene.house.operator();
            let odd = Choice::Move { to: "elsewhere/db".to_owned() };
            assert!(refused(scene.choose_as(&operator, backend, &odd, "a test").await).contains("has changed meanwhile"));
            assert!(refused(scene.choose_as(&operator, backend, &Choice::RemoveLeft, "a test").await).contains("no copy was left"));
            scene.choose_as(&operator, backend, &Choice::Move { to: to.clone() }, "a test").await.unwrap();
            let early = scene.choose_as(&operator, backend, &Choice::RemoveLeft, "a test").await;
            assert!(refused(early).contains("not in order yet"));
            scene.push().await;
            let copy = scene.copy(backend).await;
            assert_eq!((&copy.remote_path, copy.left_at.as_ref(), scene.status(backend).await), (&to, Some(&old), SyncStatus::Synced));
            assert_eq!((held(&scene, backend, &to).await.as_deref(), held(&scene, backend, &old).await.as_deref()), (Some("ours"), Some("ours")));
            assert!(refused(scene.choose_as(&operator, backend, &Choice::Unlink, "a test").await).contains("decide first"));
        }
        scene.house.rotate(&scene.house.operator(), scene.id, "second").await.unwrap();
        scene.push().await;
        let old = [Backend::Aws, Backend::Vault].map(|backend| (backend, scene.copy(backend)));
        let [(_, aws), (_, vault)] = old;
        let (aws, vault) = (aws.await.left_at.unwrap(), vault.await.left_at.unwrap());
        scene.choose(Backend::Vault, Choice::RemoveLeft).await;
        scene.choose(Backend::Aws, Choice::LeaveOld).await;
        assert_eq!((held(&scene, Backend::Vault, &vault).await, held(&scene, Backend::Aws, &aws).await.as_deref()), (None, Some("ours")));
        for backend in [Backend::Aws, Backend::Vault] {
            let copy = scene.copy(backend).await;
            assert_eq!((copy.left_at, scene.there(backend).await.as_deref(), scene.status(backend).await), (None, Some("second"), SyncStatus::Synced));
        }
    }
}

three! {
    // A removal that the backend refuses holds up no push: the new value is at the new path all the same.
    async fn a_push_waits_for_no_removal(house: House) {
        let Some(scene) = Scene::new(house, "unheld").await else { return };
        scene.push().await;
        rename_paths(&scene, "unheld").await;
        let old = scene.path(Backend::Vault).await;
        let to = scene.house.environment(scene.environment).await.path(Backend::Vault, "", "db");
        scene.choose(Backend::Vault, Choice::Move { to }).await;
        // Somebody else's by now: it is left alone, and that is told.
        let theirs = keeper::remote::Mark { uid: "another-keeper".to_owned(), version: 1 };
        scene.store(Backend::Vault).await.adopt(&old, &theirs).await.unwrap();
        scene.choose_as(&scene.house.operator(), Backend::Vault, &Choice::RemoveLeft, "a test").await.unwrap();
        scene.house.rotate(&scene.house.operator(), scene.id, "second").await.unwrap();
        scene.push().await;
        assert_eq!((scene.there(Backend::Vault).await.as_deref(), held(&scene, Backend::Vault, &old).await.as_deref()), (Some("second"), Some("ours")));
        assert_eq!((scene.status(Backend::Vault).await, scene.copy(Backend::Vault).await.left_at), (SyncStatus::Synced, Some(old)));
    }
}

three! {
    // Before a push its page tells, from what is there just now, what would be written where; the value is on none of them.
    async fn what_a_push_writes_is_told_before(house: House) {
        let Some(scene) = Scene::new(house, "told").await else { return };
        let site = Site::start(&scene.house.app).await;
        scene.house.add_user("max", "manager").await;
        let max = site.signed_in("max", PASSWORD).await;
        let home = format!("/secrets/{}/sync", scene.id);
        let told = async |words: &[&str]| {
            let page = max.get(&home).await;
            for word in words {
                assert!(page.status == 200 && page.body.contains(word), "{word}: {}", page.body);
            }
            assert!(!page.body.contains(">ours") && !page.body.contains("theirs-alone"));
        };
        told(&["Nothing is there: the copy is made", "Created", "Push now"]).await;
        scene.push().await;
        told(&["Nothing is written: it holds this very value"]).await;
        scene.house.rotate(&scene.house.operator(), scene.id, "ours too").await.unwrap();
        told(&["It holds Keeper’s version 1", "Updated"]).await;
        scene.push().await;
        scene.put(Backend::Vault, "theirs-alone", true).await;
        told(&["Somebody changed it there", "Vault keeps what is there as an older version", "Nothing is written"]).await;
        scene.put(Backend::Aws, "theirs-alone", true).await;
        let theirs = keeper::remote::Mark { uid: "another-keeper".to_owned(), version: 1 };
        scene.store(Backend::Vault).await.adopt(&scene.path(Backend::Vault).await, &theirs).await.unwrap();
        told(&["Not Keeper’s", "until somebody decides about it", "Somebody changed it there"]).await;
        let part = max.ask("GET", &format!("{home}?for=rotation"), true).await;
        assert!(part.body.contains("Not Keeper’s") && !part.body.contains("<html"), "{}", part.body);
        assert!(max.get(&format!("/secrets/{}/rotate", scene.id)).await.body.contains("ask the backends"));
        // And the move is offered where the template says something else.
        rename_paths(&scene, "told").await;
        let copies = max.get(&format!("/secrets/{}/copies", scene.id)).await;
        assert!(copies.body.contains("template now says"), "{}", copies.body);
        let choice = max.get(&format!("/secrets/{}/copies/aws", scene.id)).await;
        let (to, row_version) = (choice.hidden("to").to_owned(), choice.hidden("row_version").to_owned());
        assert!(choice.body.contains("Step 1 of 2") && to.contains("/moved/"), "{}", choice.body);
        let fields = [("choice", "move"), ("to", &*to), ("row_version", &*row_version), ("reason", "a test")];
        assert_eq!(max.post(&format!("/secrets/{}/copies/aws", scene.id), &fields).await.status, 303);
        scene.push().await;
        let copies = max.get(&format!("/secrets/{}/copies", scene.id)).await;
        assert!(copies.body.contains("where it lay before"), "{}", copies.body);
        assert!(max.get(&format!("/secrets/{}/copies/aws", scene.id)).await.body.contains("Remove the old copy at"));
    }
}
