//! A file that is sent as it is made, whatever its length. What fails on the way breaks the connection off: nobody takes a part for the whole.
use crate::domain::error::{Error, Result};
use crate::secrets::Export;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

pub fn exported(export: Export) -> Result<Response> {
    let name = format!("attachment; filename=\"{}\"", export.file_name());
    let (name, kind) = (HeaderValue::from_str(&name).map_err(Error::broken)?, export.format().media_type());
    let pieces = stream::try_unfold(export, async |mut export| {
        let piece = export.next().await.inspect_err(|error| tracing::error!(%error, "an export broke off"));
        Ok::<_, String>(piece.map_err(|e| e.to_string())?.map(|piece| (piece, export)))
    });
    let mut answer = Body::from_stream(pieces).into_response();
    answer.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(answer)
}
