//! /settings/keys, as an admin meets it.
use super::{TransitKey, again, pairs, work};
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::{House, three};

three! {
    // S07 S78: who keeps the key, what is wrapped with which, and a rewrap that is asked for by a form; for admins alone.
    async fn an_admin_sees_the_keys_and_asks_for_a_rewrap(house: House) {
        let Some(transit) = TransitKey::there().await else { return };
        for role in ["admin", "manager"] {
            house.add_user(role, role).await;
        }
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        house.add_secret(dev, "a", "value").await;
        let house = again(house, &transit.chosen()).await;
        let site = Site::start(&house.app).await;
        let manager = site.signed_in("manager", PASSWORD).await;
        assert_eq!(manager.get("/settings/keys").await.status, 403);

        let admin = site.signed_in("admin", PASSWORD).await;
        let page = admin.get("/settings/keys").await.body;
        assert!(page.contains("Transit engine of Vault") && page.contains(&format!("transit:transit/{}:v1", transit.name)), "{page}");
        assert!(page.contains("local:") && page.contains("Another key") && page.contains("None was asked for"));
        let begun = admin.post("/settings/keys/rewrap", &[]).await;
        assert_eq!((begun.status, begun.location()), (303, "/settings/keys"));
        let page = admin.get("/settings/keys").await.body;
        assert!(page.contains("Counting what there is to do") && page.contains("Asked for by admin") && !page.contains("Wrap everything anew"));
        assert_eq!(admin.post("/settings/keys/rewrap", &[]).await.status, 409);
        work(&house).await;
        let page = admin.get("/settings/keys").await.body;
        assert!(page.contains("5 keys wrapped anew.") && !page.contains("local:") && page.contains("Everything with the active one."), "{page}");
        let log = admin.get("/audit").await.body;
        assert!(log.contains("keys.rewrap_started") && log.contains("keys.rewrapped"));
        assert!(!format!("{page}{log}").contains(&transit.token));
    }
}

three! {
    // S07: the page still tells what there is when the key service does not answer.
    async fn the_page_tells_that_the_key_service_is_away(house: House) {
        let Some(transit) = TransitKey::there().await else { return };
        house.add_user("admin", "admin").await;
        let gone = [transit.chosen(), pairs(&[("KEEPER_KMS_VAULT_URL", "http://127.0.0.1:9")])].concat();
        let house = again(house, &gone).await;
        let site = Site::start(&house.app).await;
        let admin = site.signed_in("admin", PASSWORD).await;
        let page = admin.get("/settings/keys").await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("The key service does not answer") && page.body.contains("Vault refused the connection"), "{}", page.body);
        assert!(page.body.contains("local:") && !page.body.contains("Wrap everything anew"));
        assert_eq!(admin.post("/settings/keys/rewrap", &[]).await.status, 503);
    }
}
