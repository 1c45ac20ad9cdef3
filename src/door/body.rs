//! A body, whole or not at all. The gates read it before any handler does.
use axum::body::{Body, Bytes};
use futures_util::StreamExt;
use std::time::Duration;

/// What is too large is read on for so long and thrown away: a browser that is still sending takes an answer that comes before
/// it has finished for a broken connection. Whoever sends more than that means no form.
const READ_ON: usize = 32 * 1024 * 1024;

/// Why there is no body.
#[derive(Debug, PartialEq, Eq)]
pub enum Unread {
    /// Or it broke off: then nobody hears of it.
    TooLarge,
    /// It did not come in time.
    TooSlow,
}

/// Waits for it no longer than `patience`, and never holds more than `limit` in memory.
pub async fn whole(body: Body, limit: usize, patience: Duration) -> Result<Bytes, Unread> {
    let read = tokio::time::timeout(patience, read(body, limit)).await;
    read.map_err(|_| Unread::TooSlow)?.ok_or(Unread::TooLarge)
}

async fn read(body: Body, limit: usize) -> Option<Bytes> {
    let (mut parts, mut kept, mut seen) = (body.into_data_stream(), Vec::new(), 0_usize);
    while let Some(part) = parts.next().await {
        let part = part.ok()?;
        seen += part.len();
        if seen <= limit {
            kept.extend_from_slice(&part);
        } else {
            kept = Vec::new();
        }
        if seen > limit + READ_ON {
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
        let patience = Duration::from_secs(9);
        assert_eq!(whole(Body::from("1234"), 4, patience).await.as_deref(), Ok(&b"1234"[..]));
        for large in [Body::from("12345"), Body::from(vec![0; READ_ON + 9])] {
            assert_eq!(whole(large, 4, patience).await, Err(Unread::TooLarge));
        }
        assert_eq!(whole(Body::empty(), 0, patience).await.as_deref(), Ok(&b""[..]));
    }
}
