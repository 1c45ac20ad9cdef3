//! One provider beside the other: what is wrapped opens, in its own place and nowhere else.
use super::{AwsKey, Pairs, TransitKey, beside, fresh, pairs, settings};
use crate::support::House;
use keeper::crypto::Integrity;
use keeper::crypto::data_key::DataKey;
use keeper::crypto::kms::{Kms, UnknownKey};
use keeper::crypto::seal::{self, Context, Sealed};
use keeper::db::Engine;
use keeper::domain::error::{Error, Result};
use keeper::domain::plaintext::Plaintext;
use keeper::kit::chance::Chance;

const HOME: Context<'_> =
    Context::Version { uid: "0123456789abcdef0123456789abcdef", number: 3, environment_id: 1 };

async fn kms(house: &House, more: &Pairs) -> Kms {
    Kms::open(&settings(house, more), false, &Chance::System).await.unwrap()
}

async fn seal(kms: &Kms) -> Sealed {
    seal::seal(kms, &Chance::System, &HOME, &Plaintext::from("value".to_owned())).await.unwrap()
}

async fn open(kms: &Kms, context: &Context<'_>, sealed: &Sealed) -> Result<Plaintext> {
    seal::open(kms, context, sealed).await
}

fn is_damaged(opened: Result<Plaintext>) -> bool {
    opened.err().is_some_and(|e| Integrity::behind(&e).is_some())
}

async fn a_key_opens_in_its_place_alone(house: &House, chosen: &Pairs, begins: &str) {
    let kms = kms(house, chosen).await;
    let sealed = seal(&kms).await;
    assert!(sealed.key_id.starts_with(begins), "{}", sealed.key_id);
    assert_eq!(kms.active_key_id(&Chance::System).await.unwrap(), sealed.key_id);
    assert_eq!(open(&kms, &HOME, &sealed).await.ok().unwrap().expose(), b"value");
    for place in [
        Context::Version { uid: "f123456789abcdef0123456789abcdef", number: 3, environment_id: 1 },
        Context::Version { uid: "0123456789abcdef0123456789abcdef", number: 4, environment_id: 1 },
        Context::Version { uid: "0123456789abcdef0123456789abcdef", number: 3, environment_id: 2 },
    ] {
        assert!(is_damaged(open(&kms, &place, &sealed).await), "{place:?}");
    }
    // The key by itself, without the value that is tied to its place as well.
    let key = DataKey::fresh(&Chance::System).unwrap();
    let wrapped = kms.wrap(b"its place", &key, &Chance::System).await.unwrap();
    assert!(kms.unwrap(b"its place", &wrapped).await.is_ok());
    let error = kms.unwrap(b"its other place", &wrapped).await.err().unwrap();
    assert!(Integrity::behind(&error).is_some(), "{error}");
    // Nor does another key of the same place open the value.
    let other = seal(&kms).await;
    let moved = Sealed { wrapped_key: other.wrapped_key.clone(), ..sealed.clone() };
    assert!(is_damaged(open(&kms, &HOME, &moved).await), "another data key of the same place");
    let mut flipped = sealed.clone();
    let last = flipped.wrapped_key.len() - 3;
    flipped.wrapped_key[last] ^= 1;
    assert!(open(&kms, &HOME, &flipped).await.is_err());
    // One that is named but not chosen opens; one that is not named tells so.
    let former: Pairs = chosen.iter().filter(|(name, _)| name != "KEEPER_KMS").cloned().collect();
    let switched = super::providers::kms(house, &former).await;
    assert_eq!(open(&switched, &HOME, &sealed).await.ok().unwrap().expose(), b"value");
    let without = super::providers::kms(house, &pairs(&[])).await;
    let error = open(&without, &HOME, &sealed).await.err().unwrap();
    assert!(UnknownKey::is_behind(&error), "{error}");
}

#[tokio::test(flavor = "multi_thread")] // S07
async fn transit_opens_a_key_in_its_place_alone() {
    let Some(transit) = TransitKey::there().await else { return };
    let house = House::new(Engine::Sqlite).await.unwrap();
    let begins = format!("transit:transit/{}:v1", transit.name);
    a_key_opens_in_its_place_alone(&house, &transit.chosen(), &begins).await;

    // Rotated at Vault: what is new is under the new version, and the old one still opens.
    let kms = kms(&house, &transit.chosen()).await;
    let before = seal(&kms).await;
    transit.rotate().await;
    assert!(seal(&kms).await.key_id.ends_with(":v2"));
    assert_eq!(open(&kms, &HOME, &before).await.ok().unwrap().expose(), b"value");
    // The stored id says a version: another one is a change of the row.
    let relabelled = Sealed { key_id: before.key_id.replace(":v1", ":v2"), ..before.clone() };
    assert!(is_damaged(open(&kms, &HOME, &relabelled).await));
    // A key of somebody else's in the same engine is not asked for, whatever a row says.
    let other = TransitKey::there().await.unwrap();
    let foreign = seal(&super::providers::kms(&house, &other.chosen()).await).await;
    let error = open(&kms, &HOME, &foreign).await.err().unwrap();
    assert!(UnknownKey::is_behind(&error), "{error}");
}

#[tokio::test(flavor = "multi_thread")] // S07
async fn a_key_file_opens_a_key_in_its_place_alone() {
    let house = House::new(Engine::Sqlite).await.unwrap();
    let kms = kms(&house, &pairs(&[])).await;
    let key = DataKey::fresh(&Chance::System).unwrap();
    let wrapped = kms.wrap(b"its place", &key, &Chance::System).await.unwrap();
    assert!(wrapped.key_id.starts_with("local:") && kms.unwrap(b"its place", &wrapped).await.is_ok());
    let error = kms.unwrap(b"its other place", &wrapped).await.err().unwrap();
    assert!(Integrity::behind(&error).is_some(), "{error}");
}

#[tokio::test(flavor = "multi_thread")] // S07
async fn aws_opens_a_key_in_its_place_alone() {
    let Some(aws) = AwsKey::there().await else { return };
    let house = House::new(Engine::Sqlite).await.unwrap();
    a_key_opens_in_its_place_alone(&house, &aws.chosen(), &format!("aws:{}", aws.arn)).await;

    let kms = kms(&house, &aws.chosen()).await;
    let sealed = seal(&kms).await;
    // A key of another account is not asked for, whatever a row says.
    let account = aws.arn.split(':').nth(4).unwrap();
    let foreign = Sealed { key_id: sealed.key_id.replace(account, "999999999999"), ..sealed };
    let error = open(&kms, &HOME, &foreign).await.err().unwrap();
    assert!(UnknownKey::is_behind(&error), "{error}");
}

#[tokio::test(flavor = "multi_thread")] // S07 S48
async fn a_refused_token_is_told_in_words_that_do_not_hold_it() {
    let Some(transit) = TransitKey::there().await else { return };
    let house = House::new(Engine::Sqlite).await.unwrap();
    let wrong = [transit.chosen(), pairs(&[("KEEPER_KMS_VAULT_TOKEN", "canarywrong")])].concat();
    let app = beside(&house, &wrong).await;
    // The stored keys are the key file's, so that it starts; what is new cannot be wrapped.
    app.open_keys().await.unwrap();
    let id = house.add_environment("dev", "development", "open", &[]).await;
    let input = House::secret_input(id, "a", "v").parse_create(app.now()).unwrap();
    let error = keeper::secrets::create(&app, &house.operator(), input).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }), "{error}");
    let told = format!("{error} {error:?} {:?}", app.settings);
    assert!(told.contains("token") && !told.contains("canary"), "{told}");

    let nowhere = [transit.chosen(), pairs(&[("KEEPER_KMS_VAULT_KEY", &fresh())])].concat();
    let error = kms(&house, &nowhere).await.active_key_id(&Chance::System).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }), "{error}");
}
