//! The clients of the environments' backends: made from what is stored, kept while that does not change.
use crate::app::App;
use crate::domain::enums::Backend;
use crate::domain::error::Result;
use crate::environments::{self, Credentials, Environment};
use crate::remote::{
    self, Aws, AwsSettings, Endpoint, Making, RemoteError, Role, SignIn, Store, Vault, VaultSettings,
};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

type Kept = HashMap<(i64, Backend), (i64, Arc<Store>)>;

/// Held by the worker. A client keeps connections open, so it is made once per configuration.
#[derive(Default)]
pub struct Stores(Mutex<Kept>);

impl Stores {
    pub async fn of(
        &self,
        app: &App,
        environment: &Environment,
        backend: Backend,
    ) -> Result<std::result::Result<Arc<Store>, RemoteError>> {
        let key = (environment.id, backend);
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some((version, store)) = kept
            && version == environment.row_version
        {
            return Ok(Ok(store));
        }
        let credentials =
            environments::open_credentials(app, environment.id, &environment.name, backend).await?;
        let made = Box::pin(make(app, environment, backend, credentials)).await;
        Ok(made.map(|store| {
            let store = Arc::new(store);
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(key, (environment.row_version, store.clone()));
            store
        }))
    }
}

async fn make(
    app: &App,
    environment: &Environment,
    backend: Backend,
    credentials: Option<Credentials>,
) -> std::result::Result<Store, RemoteError> {
    let rules = app.rules();
    let refused =
        |e: remote::Refused| RemoteError::Final { why: format!("the backend's address {e}").into() };
    match (backend, credentials) {
        (Backend::Vault, Some(Credentials::Vault { token })) => {
            let endpoint = Endpoint::parse(&environment.vault_url, &rules).map_err(refused)?;
            let namespace =
                Some(environment.vault_namespace.clone()).filter(|namespace| !namespace.is_empty());
            let sign_in = match environment.vault_role_id.as_str() {
                "" => SignIn::Token(token),
                role_id => SignIn::AppRole {
                    mount: match environment.vault_auth_mount.as_str() {
                        "" => "approle".to_owned(),
                        mount => mount.to_owned(),
                    },
                    role_id: role_id.to_owned(),
                    secret_id: token,
                },
            };
            let (mount, authority) = (environment.vault_mount.clone(), environment.vault_authority.clone());
            Vault::new(VaultSettings { endpoint, mount, namespace, sign_in, authority }).map(Store::Vault)
        }
        (Backend::Vault, _) => Err(RemoteError::Final {
            why: "no token or secret id is stored for Vault: enter one in the environment's form".into(),
        }),
        (Backend::Aws, credentials) => {
            let endpoint = match environment.aws_endpoint.as_str() {
                "" => None,
                url => Some(Endpoint::parse(url, &rules).map_err(refused)?),
            };
            let credentials = match credentials {
                Some(Credentials::Aws { access_key_id, secret_access_key }) => {
                    // An access key's id is a name, not a secret: AWS shows it in its own logs.
                    let access_key_id = String::from_utf8_lossy(access_key_id.expose()).into_owned();
                    remote::Credentials::Fixed { access_key_id, secret_access_key, session_token: None }
                }
                _ => remote::Credentials::Machine,
            };
            let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let role = given(&environment.aws_role_arn)
                .map(|arn| Role { arn, external_id: given(&environment.aws_external_id) });
            let tag =
                |line: &str| line.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()));
            let making = Making {
                kms_key: given(&environment.aws_kms_key),
                tags: environment.aws_tags.lines().filter_map(tag).collect(),
            };
            let region = environment.aws_region.clone();
            Aws::new(AwsSettings { region, endpoint, credentials, role, making }).await.map(Store::Aws)
        }
    }
}
