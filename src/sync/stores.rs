//! The clients of the environments' backends: made from what is stored, kept while that does not change.
use crate::app::App;
use crate::domain::enums::Backend;
use crate::domain::error::Result;
use crate::environments::{self, Credentials, Environment};
use crate::remote::{self, Aws, AwsSettings, Endpoint, RemoteError, Store, Vault, VaultSettings};
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
        let made = make(app, environment, backend, credentials).await;
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
            Vault::new(VaultSettings { endpoint, mount: environment.vault_mount.clone(), namespace, token })
                .map(Store::Vault)
        }
        (Backend::Vault, _) => Err(RemoteError::Final {
            why: "no token is stored for Vault: enter one on the environment's page".into(),
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
            Aws::new(AwsSettings { region: environment.aws_region.clone(), endpoint, credentials })
                .await
                .map(Store::Aws)
        }
    }
}
