//! An environment whose backends sign in as an `AppRole` and take on a role, set in its form, with real OpenBao and moto behind it.
use super::{engine, push_all, wiring};
use crate::remote::session::Roles;
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::domain::enums::SyncStatus;
use keeper::domain::error::Error;
use keeper::environments::{self, EnvironmentInput};
use keeper::sync::Stores;

three! {
    // S01 S02: what the form says is how copies are written; a field that cannot be so is told beside it; and credentials never come back.
    async fn backends_are_set_to_the_full_in_the_form(house: House) {
        let Some(roles) = Roles::there("1h").await else { return };
        let secret_id = roles.secret_id(0).await;
        let name = format!("full-{}", engine(&house));
        let form = || -> EnvironmentInput {
            EnvironmentInput {
                vault_role_id: roles.role_id.clone(),
                vault_auth_mount: roles.mount.clone(),
                vault_token: Some(secret_id.clone().into()),
                aws_role_arn: "arn:aws:iam::111122223333:role/keeper".into(),
                aws_kms_key: "alias/keeper-test".into(),
                aws_tags: "team=pay".into(),
                ..wiring(&name, None, None).unwrap()
            }
        };
        if wiring(&name, None, None).is_none() { return }
        let (app, operator) = (&house.app, house.operator());
        let refused = |input: EnvironmentInput| match input.parse().err() {
            Some(Error::Invalid(errors)) => errors.iter().map(|(field, _)| field.to_string()).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        let odd = EnvironmentInput {
            aws_role_arn: "keeper".into(),
            aws_kms_key: "keeper".into(),
            aws_tags: "aws:team=pay".into(),
            vault_authority: "-----BEGIN CERTIFICATE-----".into(),
            ..form()
        };
        assert_eq!(refused(odd), ["aws_kms_key", "aws_role_arn", "aws_tags", "vault_authority"]);
        let id = environments::create(app, &operator, form().parse().unwrap()).await.unwrap();
        let secret = house.add_secret(id, "db", "first").await;
        push_all(&house, &Stores::default()).await;
        assert_eq!(house.secret(secret).await.sync_status(), SyncStatus::Synced);
        // What is stored is a secret id: without the role it would be sent as a token.
        let row_version = house.environment(id).await.row_version.to_string();
        let bare = EnvironmentInput { vault_role_id: String::new(), vault_token: None, row_version: row_version.clone(), ..form() };
        match environments::update(app, &operator, id, bare.parse().unwrap()).await {
            Err(Error::Invalid(errors)) => assert!(!errors.of("vault_token").is_empty()),
            other => panic!("{other:?}"),
        }
        let kept = EnvironmentInput { vault_token: None, aws_tags: "team=buy".into(), row_version, ..form() };
        environments::update(app, &operator, id, kept.parse().unwrap()).await.unwrap();
        house.add_user("ada", "admin").await;
        let site = Site::start(app).await;
        let ada = site.signed_in("ada", PASSWORD).await;
        let page = ada.get(&format!("/environments/{id}/edit")).await;
        for words in ["team=buy", "alias/keeper-test", "role/keeper", &roles.role_id] {
            assert!(page.body.contains(words), "{words}");
        }
        assert!(!page.body.contains(&secret_id));
        assert!(ada.get(&format!("/environments/{id}")).await.body.contains("as an AppRole"));
    }
}
