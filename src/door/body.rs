//! A body, whole or not at all. The gates read it before any handler does.
use axum::body::{Body, Bytes};
use futures_util::StreamExt;
use std::time::Duration;

/// What is too large is read on for so long and thrown away: a browser that is still sending takes an answer that comes before
/// it has finished for a broken connection. Whoever sends more than that means no form.
const READ_ON: usize = 32 * 1024 * 1024;

const MIB: usize = 1024 * 1024;

/// Why there is no body.
#[derive(Debug, PartialEq, Eq)]
pub enum Unread {
    /// Or it broke off: then nobody hears of it.
    TooLarge,
    /// It did not come in time.
    TooSlow,
}

/// Waits for it no longer than `patience`, once more for each MiB that it may have, and never holds more than `limit` in memory.
pub async fn whole(body: Body, limit: usize, patience: Duration) -> Result<Bytes, Unread> {
    let mut seen = 0;
    let read = tokio::time::timeout(longest(limit, patience), read(body, limit, &mut seen)).await;
    match read {
        Ok(read) => read.ok_or(Unread::TooLarge),
        // However fast it came, it would have been too large.
        Err(_) if seen > limit => Err(Unread::TooLarge),
        Err(_) => Err(Unread::TooSlow),
    }
}

/// A file takes longer than a form on the same line.
fn longest(limit: usize, patience: Duration) -> Duration {
    let mib = u32::try_from(limit / MIB).unwrap_or(u32::MAX);
    patience.saturating_mul(mib.saturating_add(1))
}

async fn read(body: Body, limit: usize, seen: &mut usize) -> Option<Bytes> {
    let (mut parts, mut kept) = (body.into_data_stream(), Vec::new());
    while let Some(part) = parts.next().await {
        let part = part.ok()?;
        *seen += part.len();
        if *seen <= limit {
            kept.extend_from_slice(&part);
        } else {
            kept = Vec::new();
        }
        if *seen > limit + READ_ON {
            return None;
        }
    }
    (*seen <= limit).then(|| Bytes::from(kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;
    use std::convert::Infallible;

    #[tokio::test] // S70 S112
    async fn a_body_is_whole_up_to_its_limit() {
        let patience = Duration::from_secs(9);
        assert_eq!(whole(Body::from("1234"), 4, patience).await.as_deref(), Ok(&b"1234"[..]));
        for large in [Body::from("12345"), Body::from(vec![0; READ_ON + 9])] {
            assert_eq!(whole(large, 4, patience).await, Err(Unread::TooLarge));
        }
        assert_eq!(whole(Body::empty(), 0, patience).await.as_deref(), Ok(&b""[..]));
    }

    #[tokio::test] // S70 S112
    async fn what_does_not_end_is_too_slow_or_else_too_large() {
        let patience = Duration::from_millis(20);
        for (begun, unread) in [("1234", Unread::TooSlow), ("12345", Unread::TooLarge)] {
            let begun = stream::iter([Ok::<_, Infallible>(begun)]).chain(stream::pending());
            assert_eq!(whole(Body::from_stream(begun), 4, patience).await, Err(unread));
        }
    }

    #[test] // S70
    fn a_file_may_take_longer_than_a_form() {
        let patience = Duration::from_secs(30);
        assert_eq!(longest(320 * 1024, patience), patience);
        assert_eq!(longest(4 * MIB, patience), Duration::from_secs(150));
        assert_eq!(longest(usize::MAX, Duration::MAX), Duration::MAX);
    }
}
