//! The calls to AWS Secrets Manager, each one request of the SDK.
use super::faults::fault;
use super::token::request_token;
use super::{Aws, WHO};
use crate::domain::plaintext::Plaintext;
use crate::remote::error::RemoteError;
use crate::remote::{Mark, Pushed};
use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretError;
use aws_sdk_secretsmanager::operation::get_secret_value::{GetSecretValueError, GetSecretValueOutput};
use aws_sdk_secretsmanager::primitives::Blob;
use aws_sdk_secretsmanager::types::Tag;

const UID: &str = "keeper:uid";
const VERSION: &str = "keeper:version";
const CURRENT: &str = "AWSCURRENT";
/// The longest that AWS offers.
const RECOVERY_DAYS: i64 = 30;

pub(super) struct Described {
    pub arn: String,
    pub mark: Option<Mark>,
    /// The id of its current version; `None`: it has none, or one that is not named as AWS names them.
    pub current: Option<String>,
    /// Until the end of its recovery window.
    pub is_deleted: bool,
}

impl Described {
    pub fn is_ours(&self, uid: &str) -> bool {
        self.mark.as_ref().is_some_and(|owner| owner.uid == uid)
    }
}

pub(super) struct Held {
    pub version: String,
    pub value: Plaintext,
}

impl Aws {
    pub(super) async fn describe(&self, path: &str) -> Result<Option<Described>, RemoteError> {
        let asked = self.client.describe_secret().secret_id(path).send().await;
        let there = match asked {
            Ok(there) => there,
            Err(e)
                if e.as_service_error().is_some_and(DescribeSecretError::is_resource_not_found_exception) =>
            {
                return Ok(None);
            }
            Err(e) => return Err(fault("DescribeSecret", &e)),
        };
        let tag = |key| there.tags().iter().find(|tag| tag.key() == Some(key)).and_then(Tag::value);
        let stages = there.version_ids_to_stages().into_iter().flatten();
        let current = stages.filter(|(_, stages)| stages.iter().any(|stage| stage == CURRENT));
        Ok(Some(Described {
            current: current.map(|(id, _)| id.as_str()).next().and_then(|id| version(Some(id)).ok()),
            arn: arn(there.arn())?,
            mark: Mark::parse(tag(UID), tag(VERSION)),
            is_deleted: there.deleted_date().is_some(),
        }))
    }

    pub(super) async fn current(&self, path: &str) -> Result<Option<Held>, RemoteError> {
        let asked = self.client.get_secret_value().secret_id(path).version_stage(CURRENT).send().await;
        match asked {
            Ok(got) => held(got).map(Some),
            // The secret is there, but has no current value.
            Err(e)
                if e.as_service_error().is_some_and(GetSecretValueError::is_resource_not_found_exception) =>
            {
                Ok(None)
            }
            Err(e) => Err(fault("GetSecretValue", &e)),
        }
    }

    pub(super) async fn create(
        &self,
        path: &str,
        value: &Plaintext,
        mark: &Mark,
    ) -> Result<Pushed, RemoteError> {
        let (text, bytes) = laid_out(value);
        let made = self
            .client
            .create_secret()
            .name(path)
            .client_request_token(request_token(mark))
            .set_secret_string(text)
            .set_secret_binary(bytes)
            .set_kms_key_id(self.making.kms_key.clone())
            .set_tags(Some(self.tags_of_new(mark)))
            .send()
            .await;
        let made = made.map_err(|e| match e.as_service_error() {
            // Whose it is will be seen next time.
            Some(e) if e.is_resource_exists_exception() => {
                RemoteError::retry("a secret appeared at this path in AWS at the same moment")
            }
            _ => fault("CreateSecret", &e),
        })?;
        Ok(Pushed { remote_version: version(made.version_id())?, remote_id: arn(made.arn())?, wrote: true })
    }

    fn tags_of_new(&self, mark: &Mark) -> Vec<Tag> {
        let given = self.making.tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build());
        given.chain(tags(mark)).collect()
    }

    /// A version whose id AWS already knows (going back to it) is not made again, and not made current either.
    pub(super) async fn put(
        &self,
        path: &str,
        value: &Plaintext,
        mark: &Mark,
        current: Option<String>,
    ) -> Result<String, RemoteError> {
        let (text, bytes) = laid_out(value);
        let id = request_token(mark);
        let put = self
            .client
            .put_secret_value()
            .secret_id(path)
            .client_request_token(&id)
            .set_secret_string(text)
            .set_secret_binary(bytes)
            .send()
            .await;
        put.map_err(|e| match e.as_service_error() {
            Some(e) if e.is_resource_exists_exception() => {
                RemoteError::last("AWS already holds another value under this version's number")
            }
            _ => fault("PutSecretValue", &e),
        })?;
        let now = self.current(path).await?;
        if now.is_none_or(|now| now.version != id) {
            self.make_current(path, &id, current).await?;
        }
        Ok(id)
    }

    async fn make_current(&self, path: &str, id: &str, instead: Option<String>) -> Result<(), RemoteError> {
        let moved = self
            .client
            .update_secret_version_stage()
            .secret_id(path)
            .version_stage(CURRENT)
            .move_to_version_id(id)
            .set_remove_from_version_id(instead)
            .send()
            .await;
        moved.map(|_| ()).map_err(|e| fault("UpdateSecretVersionStage", &e))
    }

    /// Never at once: `ForceDeleteWithoutRecovery` is not used.
    pub(super) async fn schedule_deletion(&self, path: &str) -> Result<(), RemoteError> {
        let asked =
            self.client.delete_secret().secret_id(path).recovery_window_in_days(RECOVERY_DAYS).send().await;
        asked.map(|_| ()).map_err(|e| fault("DeleteSecret", &e))
    }

    pub(super) async fn restore(&self, path: &str) -> Result<(), RemoteError> {
        let asked = self.client.restore_secret().secret_id(path).send().await;
        asked.map(|_| ()).map_err(|e| fault("RestoreSecret", &e))
    }

    /// Adds or changes our two tags; the others stay.
    pub(super) async fn tag(&self, path: &str, mark: &Mark) -> Result<(), RemoteError> {
        let tagged = self.client.tag_resource().secret_id(path).set_tags(Some(tags(mark))).send().await;
        tagged.map(|_| ()).map_err(|e| fault("TagResource", &e))
    }
}

/// Text as text, so that people and other programs can read it there; anything else as bytes. The SDK owns what it
/// sends and does not wipe it.
fn laid_out(value: &Plaintext) -> (Option<String>, Option<Blob>) {
    match std::str::from_utf8(value.expose()) {
        Ok(text) => (Some(text.to_owned()), None),
        Err(_) => (None, Some(Blob::new(value.expose()))),
    }
}

fn held(got: GetSecretValueOutput) -> Result<Held, RemoteError> {
    let version = version(got.version_id())?;
    let value = match (got.secret_string, got.secret_binary) {
        (Some(text), _) => Plaintext::from(text),
        (None, Some(bytes)) => Plaintext::new(bytes.into_inner()),
        (None, None) => return Err(RemoteError::garbage(WHO)),
    };
    Ok(Held { version, value })
}

fn tags(mark: &Mark) -> Vec<Tag> {
    let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build();
    vec![tag(UID, &mark.uid), tag(VERSION, &mark.version.to_string())]
}

/// Both are kept and shown, so they must look as AWS's look.
fn version(id: Option<&str>) -> Result<String, RemoteError> {
    let fine = |id: &&str| {
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    id.filter(fine).map(str::to_owned).ok_or_else(|| RemoteError::garbage(WHO))
}

fn arn(arn: Option<&str>) -> Result<String, RemoteError> {
    let fine = |arn: &&str| {
        arn.len() <= 512
            && arn.starts_with("arn:")
            && arn.contains(":secretsmanager:")
            && arn.bytes().all(|b| b.is_ascii_graphic())
    };
    arn.filter(fine).map(str::to_owned).ok_or_else(|| RemoteError::garbage(WHO))
}
