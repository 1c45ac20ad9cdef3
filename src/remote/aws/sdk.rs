//! What every client of AWS is made with: where, as whom, and within the limits of `http.rs`.
use super::{Credentials, Role};
use crate::domain::plaintext::Plaintext;
use crate::remote::error::RemoteError;
use crate::remote::guard::Endpoint;
use crate::remote::http;
use aws_config::retry::RetryConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_secretsmanager::config::{self, SharedCredentialsProvider};

pub(in crate::remote) async fn config(
    region: String,
    endpoint: Option<&Endpoint>,
    from: Credentials,
) -> Result<SdkConfig, RemoteError> {
    // The region becomes a part of the host's name.
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !(1..=32).contains(&region.len()) || !region.bytes().all(plain) {
        return Err(RemoteError::last("the region of AWS must be a name such as eu-central-1"));
    }
    let region = Region::new(region);
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(http::CONNECT)
        .read_timeout(http::WHOLE)
        .operation_timeout(http::WHOLE)
        .build();
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(credentials(from, &region).await?)
        .region(region)
        .timeout_config(timeouts)
        .retry_config(RetryConfig::disabled()); // whoever calls tries again
    Ok(match endpoint {
        Some(endpoint) => config.endpoint_url(endpoint.url().as_str()).build(),
        None => config.build(),
    })
}

async fn credentials(from: Credentials, region: &Region) -> Result<SharedCredentialsProvider, RemoteError> {
    let text = |secret: Plaintext| {
        let odd = |_| RemoteError::last("the credentials of AWS are no text");
        std::str::from_utf8(secret.expose()).map(str::to_owned).map_err(odd)
    };
    match from {
        Credentials::Fixed { access_key_id, secret_access_key, session_token } => {
            let session = session_token.map(text).transpose()?;
            let fixed =
                config::Credentials::new(access_key_id, text(secret_access_key)?, session, None, "keeper");
            Ok(SharedCredentialsProvider::new(fixed))
        }
        Credentials::Machine => {
            // Only the credentials are taken: the environment's own endpoint would pass the guard by.
            let machine = aws_config::defaults(BehaviorVersion::latest()).region(region.clone()).load().await;
            let none = || RemoteError::last("this machine has no credentials for AWS");
            machine.credentials_provider().ok_or_else(none)
        }
    }
}

/// The same, as a role that these credentials take on; the SDK renews it before it ends.
pub(super) async fn taking_on(config: SdkConfig, role: &Role) -> Result<SdkConfig, RemoteError> {
    let none = || RemoteError::last("this machine has no credentials for AWS");
    let base = config.credentials_provider().ok_or_else(none)?;
    // A clock, a way to sleep and a client; nothing else of this machine's settings.
    let machine = aws_config::defaults(BehaviorVersion::latest())
        .region(config.region().cloned())
        .credentials_provider(base.clone())
        .load()
        .await;
    let mut config = config.into_builder();
    config.set_time_source(machine.time_source());
    config.set_sleep_impl(machine.sleep_impl());
    config.set_http_client(machine.http_client());
    let config = config.build();
    let provider = AssumeRoleProvider::builder(&role.arn).session_name("keeper").configure(&config);
    let provider = match &role.external_id {
        Some(id) => provider.external_id(id),
        None => provider,
    };
    let provider = provider.build_from_provider(base).await;
    Ok(config.into_builder().credentials_provider(SharedCredentialsProvider::new(provider)).build())
}
