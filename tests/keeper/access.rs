//! Who could read a secret, and why: what the page says is what the door does, for every account and every secret.
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::domain::error::Error;
use keeper::people;
use keeper::secrets::{self, Reach};

three! {
    // S38 S43 S45 S105: each account is told by the code that decides: whoever is listed can reveal, and nobody else.
    async fn the_page_says_what_the_door_does(house: House) {
        let names = ["uma", "max", "ada", "una", "mia", "ana"];
        let mut ids = Vec::new();
        for (name, role) in names.into_iter().zip(["user", "manager", "admin", "user", "manager", "admin"]) {
            ids.push(house.add_user(name, role).await);
        }
        house.add_user("off", "admin").await;
        people::set_active(&house.app, &house.operator(), "off", false).await.unwrap();
        let mut told = 0;
        for (n, (stage, access)) in [("development", "open"), ("development", "members"), ("production", "open"), ("production", "members")].into_iter().enumerate() {
            let environment = house.add_environment(&format!("e{n}"), stage, access, &ids[..3]).await;
            for level in ["confidential", "restricted"] {
                let mut input = House::secret_input(environment, level, "v");
                input.secrecy_level = level.into();
                let id = secrets::create(&house.app, &house.operator(), input.parse_create(house.app.now()).unwrap()).await.unwrap();
                let found = secrets::find(&house.app, &house.operator(), id).await.unwrap();
                let readers = secrets::readers(&house.app, &found, true, None, 50).await.unwrap();
                assert!(readers.items.len() == 7 && readers.next.is_none());
                for reader in &readers.items {
                    assert!(!reader.why.is_empty());
                    if reader.user.username == "off" {
                        assert_eq!((reader.reach, reader.why), (Reach::Nothing, "the account is switched off"));
                        continue;
                    }
                    let person = house.person(&reader.user.username).await;
                    let reached = match secrets::reveal(&house.app, &person, id, None, "to see").await {
                        Ok(_) => Reach::Value,
                        Err(Error::Forbidden(why)) => { assert_eq!(why, reader.why); Reach::Metadata }
                        Err(Error::NotFound) => Reach::Nothing,
                        Err(other) => panic!("{other:?}"),
                    };
                    assert_eq!(reader.reach, reached, "{} on {stage} {access} {level}", reader.user.username);
                    told += 1;
                }
                let could = secrets::readers(&house.app, &found, false, None, 2).await.unwrap();
                assert!(could.items.iter().all(|reader| reader.reach == Reach::Value));
            }
        }
        assert_eq!(told, 48);
    }
}

three! {
    // S38 S47: a tab for managers: who could, by pages; who did and when, newest first; a user has no such page.
    async fn a_manager_sees_who_could_and_who_did(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        house.add_user("uma", "user").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = house.add_secret(dev, "db", "canary").await;
        let max = site.signed_in("max", PASSWORD).await;
        let path = format!("/secrets/{id}/access");
        assert!(max.get(&format!("/secrets/{id}")).await.body.contains(&format!("href=\"{path}\"")));
        assert!(max.get(&path).await.body.contains("Nobody has read it"));
        secrets::reveal(&house.app, &house.person("uma").await, id, None, "to look at it").await.unwrap();
        let page = max.get(&path).await.body;
        assert!(page.contains("Version 1 revealed") && page.contains("to look at it") && page.contains("Reads the value"), "{page}");
        for n in 0..60 {
            house.add_user(&format!("reader-{n:02}"), "user").await;
            secrets::reveal(&house.app, &house.operator(), id, None, "").await.unwrap();
        }
        let page = max.get(&path).await.body;
        assert!(page.contains("reader-40") && !page.contains("reader-59"), "50 on a page");
        let next = page.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|href| href.contains("after=")).unwrap().replace("&#38;", "&");
        assert!(max.get(&next).await.body.contains("reader-59"));
        let older = page.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|href| href.contains("events=")).unwrap().to_owned();
        assert!(max.get(&older).await.body.contains("to look at it"));
        let uma = site.signed_in("uma", PASSWORD).await;
        assert_eq!(uma.get(&path).await.status, 403);
        assert!(!uma.get(&format!("/secrets/{id}")).await.body.contains(&path));
    }
}
