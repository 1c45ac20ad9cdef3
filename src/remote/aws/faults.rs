//! What AWS's refusals and the SDK's failures mean. The codes are looked at; the messages are never repeated.
use super::WHO;
use super::cap::TooLarge;
use crate::remote::error::{RemoteError, patience};
use crate::remote::http::{ANSWER, cause};
use aws_sdk_secretsmanager::config::http::HttpResponse;
use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};
use std::error::Error;

/// `doing`: the action's name in AWS, which is also its name in a policy.
pub(super) fn fault<E>(doing: &'static str, error: &SdkError<E, HttpResponse>) -> RemoteError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::ServiceError(said) => refusal(doing, said.err().code().unwrap_or_default(), said.raw()),
        _ => on_the_way(WHO, error),
    }
}

/// What went wrong without a word from the service.
pub(in crate::remote) fn on_the_way<E>(who: &'static str, error: &SdkError<E, HttpResponse>) -> RemoteError
where
    E: Error + 'static,
{
    match error {
        SdkError::TimeoutError(_) => RemoteError::too_slow(who),
        SdkError::DispatchFailure(way) if way.is_timeout() => {
            RemoteError::retry(format!("{who} did not answer in time"))
        }
        SdkError::DispatchFailure(way) if way.is_io() => RemoteError::retry(format!(
            "{who} cannot be reached, or has no certificate that this machine trusts"
        )),
        SdkError::DispatchFailure(way) if way.as_other().is_some() => {
            RemoteError::retry(format!("the connection to {who} broke"))
        }
        _ if cause::<TooLarge>(error).is_some() => RemoteError::too_large(who, ANSWER),
        SdkError::ResponseError(_) => RemoteError::garbage(who),
        // What is left goes wrong before a request leaves: mostly a role that could not be taken on.
        _ => {
            RemoteError::retry("the credentials for AWS could not be had, or the request could not be signed")
        }
    }
}

fn refusal(doing: &str, code: &str, raw: &HttpResponse) -> RemoteError {
    match code {
        "AccessDeniedException" | "AccessDenied" => {
            RemoteError::last(format!("AWS refuses: the credentials may not do secretsmanager:{doing} here"))
        }
        "InvalidRequestException" => RemoteError::last(
            "AWS refuses: the secret is scheduled for deletion, or another service manages it",
        ),
        "EncryptionFailure" | "DecryptionFailure" => {
            RemoteError::last("AWS cannot use the KMS key of this secret")
        }
        "ResourceNotFoundException" => RemoteError::retry("the secret vanished from AWS at the same moment"),
        _ => usual(WHO, doing, code, raw),
    }
}

/// What every service of AWS may say.
pub(in crate::remote) fn usual(who: &str, doing: &str, code: &str, raw: &HttpResponse) -> RemoteError {
    let status = raw.status().as_u16();
    let retry = |why: String| RemoteError::Retry {
        why: why.into(),
        after: patience(raw.headers().get("retry-after")),
    };
    match code {
        code if is_invalid(code) => RemoteError::last("AWS refuses the credentials as not valid"),
        code if is_expired(code) => {
            retry("AWS refuses the credentials as expired, or this machine's clock is wrong".into())
        }
        "InvalidParameterException" | "ValidationException" => {
            RemoteError::last("AWS refuses the request as malformed")
        }
        "LimitExceededException" => RemoteError::last("AWS refuses: a quota of the account is used up"),
        "ThrottlingException" | "Throttling" | "TooManyRequestsException" | "RequestLimitExceeded" => {
            retry("AWS asks for fewer requests".into())
        }
        _ if raw.status().is_success() => RemoteError::garbage(who),
        _ if status == 429 => retry("AWS asks for fewer requests".into()),
        _ if status >= 500 => retry(format!("AWS has a fault of its own (HTTP {status})")),
        _ if (300..400).contains(&status) => RemoteError::last(format!(
            "the address of {who} answers with a redirect, which Keeper does not follow"
        )),
        _ => RemoteError::last(format!("AWS refuses {doing} (HTTP {status})")),
    }
}

fn is_invalid(code: &str) -> bool {
    matches!(
        code,
        "UnrecognizedClientException"
            | "InvalidClientTokenId"
            | "InvalidSignatureException"
            | "SignatureDoesNotMatch"
            | "IncompleteSignature"
            | "MissingAuthenticationToken"
    )
}

fn is_expired(code: &str) -> bool {
    matches!(code, "ExpiredTokenException" | "ExpiredToken" | "RequestExpired")
}

/// It was reached, and does not know who asks.
pub(super) fn is_about_credentials(code: &str) -> bool {
    is_invalid(code) || is_expired(code)
}
