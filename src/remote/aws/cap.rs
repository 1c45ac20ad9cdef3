//! The cap on AWS's answers: the SDK would collect a body of any length. `aws.rs` puts it into the client.
use crate::remote::http::ANSWER;
use aws_sdk_secretsmanager::config::interceptors::BeforeDeserializationInterceptorContextMut;
use aws_sdk_secretsmanager::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_secretsmanager::error::BoxError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use futures_util::stream::try_unfold;

#[derive(Debug)]
pub(in crate::remote) struct Cap;

#[derive(Debug, thiserror::Error)]
#[error("the answer is larger than 1 MiB")]
pub(in crate::remote) struct TooLarge;

impl Intercept for Cap {
    fn name(&self) -> &'static str {
        "keeper's cap on answers"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response_mut().body_mut();
        let whole = std::mem::replace(body, SdkBody::taken());
        *body = capped(whole);
        Ok(())
    }
}

/// The same bytes, until there are too many.
fn capped(whole: SdkBody) -> SdkBody {
    let chunks = try_unfold((ByteStream::new(whole), 0), async |(mut rest, size): (ByteStream, usize)| {
        let Some(chunk) = rest.try_next().await.map_err(BoxError::from)? else {
            return Ok(None);
        };
        let size = size + chunk.len();
        if size > ANSWER { Err(BoxError::from(TooLarge)) } else { Ok(Some((chunk, (rest, size)))) }
    });
    SdkBody::from_body_1_x(reqwest::Body::wrap_stream(chunks))
}
