//! A body, whole or not at all. The gates read it before any handler does.
use axum::body::{Body, Bytes};
use futures_util::StreamExt;

/// What is too large is read on for so long and thrown away: a browser that is still sending takes an answer that comes before
/// it has finished for a broken connection. Whoever sends more than that means no form.
const PATIENCE: usize = 32 * 1024 * 1024;

/// `None`: it is larger than `limit`, or it broke off. Never more than `limit` is held in memory.
pub async fn whole(body: Body, limit: usize) -> Option<Bytes> {
    let (mut parts, mut kept, mut seen) = (body.into_data_stream(), Vec::new(), 0_usize);
    while let Some(part) = parts.next().await {
        let part = part.ok()?;
        seen += part.len();
        if seen <= limit {
            kept.extend_from_slice(&part);
        } else {
            kept = Vec::new();
        }
        if seen > limit + PATIENCE {
            return None;
        }
    }
    (seen <= limit).then(|| Bytes::from(kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test] // S70 S112
    async fn a_body_is_whole_up_to_its_limit() {
        assert_eq!(whole(Body::from("1234"), 4).await.as_deref(), Some(&b"1234"[..]));
        assert!(whole(Body::from("12345"), 4).await.is_none());
        assert!(whole(Body::from(vec![0; PATIENCE + 9]), 4).await.is_none());
        assert_eq!(whole(Body::empty(), 0).await.as_deref(), Some(&b""[..]));
    }
}
