//! Keeper's own keys as a service provider: shown, used, rolled over, sealed.
use super::hall::Hall;
use crate::support::{House, three};
use keeper::{providers, rekey, sql};
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Public};
use openssl::sign::Verifier;
use url::form_urlencoded;

/// Whether Keeper's request for a sign-in is signed with this key.
async fn signs_with(hall: &Hall, key: &PKey<Public>) -> bool {
    let answer = hall.court.site.visitor().get("/saml/login").await;
    let query = answer.location().split_once('?').unwrap().1.to_owned();
    let Some((signed, signature)) = query.split_once("&Signature=") else { return false };
    let signature: String =
        form_urlencoded::parse(format!("s={signature}").as_bytes()).next().unwrap().1.into_owned();
    let signature = openssl::base64::decode_block(&signature).unwrap();
    Verifier::new(MessageDigest::sha256(), key)
        .unwrap()
        .verify_oneshot(&signature, signed.as_bytes())
        .unwrap()
}

/// Whether somebody comes in whose assertion is encrypted for this key.
async fn opens(hall: &Hall, key: &PKey<Public>) -> bool {
    let asked = hall.court.ask().await;
    let document =
        asked.document.clone().set("group", "staff").sign("assertion", &hall.court.idp.rsa).encrypt(key);
    let (visitor, _) = hall.answer(asked, document).await;
    hall.is_in(&visitor).await
}

three! {
    // S04 S07: a change of keys needs no moment at which both sides act at once; what is stored of a key is sealed.
    async fn keepers_key_rolls_over_with_both_certificates_in_its_metadata(house: House) {
        let (hall, id) = Hall::furnished(house, &[]).await;
        let first = hall.keepers_keys().await;
        assert_eq!(first.len(), 1, "it came with the provider");
        let first = &first[0];
        assert!(signs_with(&hall, first).await && opens(&hall, first).await);
        assert_eq!(hall.ada.post("/settings/saml/keys/use", &[]).await.status, 409, "there is no next one");

        assert_eq!(hall.ada.post("/settings/saml/keys", &[]).await.status, 303);
        assert_eq!(hall.ada.post("/settings/saml/keys", &[]).await.status, 409, "one change at a time");
        let both = hall.keepers_keys().await;
        let next = both.iter().find(|key| !key.public_eq(first)).unwrap();
        assert!(both.len() == 2 && signs_with(&hall, first).await && opens(&hall, next).await && opens(&hall, first).await);
        assert_eq!(hall.ada.post("/settings/saml/keys/use", &[]).await.status, 303);
        assert!(signs_with(&hall, next).await && opens(&hall, next).await && opens(&hall, first).await);
        assert_eq!(hall.keepers_keys().await.len(), 2);
        let keys = providers::own_keys(&hall.court.house.app).await.unwrap();
        let remove = async |id: i64| hall.ada.post(&format!("/settings/saml/keys/{id}/remove"), &[]).await.status;
        assert_eq!(remove(keys[0].id).await, 409, "the active one");
        assert_eq!(remove(keys[1].id).await, 303);
        assert!(hall.keepers_keys().await.len() == 1 && !opens(&hall, first).await && opens(&hall, next).await);

        // Where the provider shall not see signatures, there is none.
        assert_eq!(hall.edit(id, &[("signs_requests", "")]).await.status, 303);
        assert!(!signs_with(&hall, next).await);

        // The private part opens in its own row alone, and takes part when the key service's key changes.
        let app = &hall.court.house.app;
        let rows: Vec<(Vec<u8>, String)> = app.db.read().await.unwrap().all(sql!("SELECT ciphertext, certificate FROM saml_keys")).await.unwrap();
        assert!(rows.iter().all(|(sealed, certificate)| sealed.len() > 1_000 && !certificate.contains("PRIVATE")));
        assert!(rekey::PLACES.iter().any(|place| place.holder().table == "saml_keys"));
        let active = app.kms.active_key_id(&app.chance).await.unwrap();
        assert_eq!(providers::wrapped_service_keys(app, &active, 0, 9).await.unwrap().len(), 1);
    }
}
