//! Why a backend could not do what was asked, in words for the secret's page, and whether trying again can help.
//!
//! The words are Keeper's own. What a backend says only picks among them and is never shown, logged or stored: a
//! compromised backend knows the values it holds, and could write one into its message in any coding it likes.
use std::borrow::Cow;
use std::time::Duration;

/// A backend may ask for patience, but not for so much that a job sleeps for ever.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// It may work later: the outbox tries again, not before `after` when the backend named a time.
    #[error("{why}")]
    Retry { why: Cow<'static, str>, after: Option<Duration> },
    /// It will not work until somebody changes something.
    #[error("{why}")]
    Final { why: Cow<'static, str> },
    /// The path is taken by a secret that is not this one's copy. Keeper never overwrites it.
    #[error("another secret is already at this path and it is not Keeper's: adopt it or choose another path")]
    Foreign,
    /// It is ours, and somebody there has asked that it be deleted. Keeper does not undo that unasked.
    #[error(
        "the copy is scheduled for deletion in AWS: put it back on the copy's page, or keep the secret out of AWS"
    )]
    Deleted,
}

impl RemoteError {
    pub(super) fn retry(why: impl Into<Cow<'static, str>>) -> Self {
        Self::Retry { why: why.into(), after: None }
    }

    pub(super) fn last(why: impl Into<Cow<'static, str>>) -> Self {
        Self::Final { why: why.into() }
    }

    /// A success that makes no sense. A proxy or a restart in between is likelier than a server that stays so, and a
    /// push may be said twice, so it is tried again.
    pub(super) fn garbage(who: &str) -> Self {
        Self::retry(format!("{who} gave an answer that makes no sense"))
    }

    /// Not tried again: it would fetch the same flood twelve times.
    pub(super) fn too_large(who: &str, most: usize) -> Self {
        Self::last(format!("{who} gave an answer of more than {} MiB, which was cut off", most >> 20))
    }

    pub(super) fn too_slow(who: &str) -> Self {
        Self::retry(format!("{who} did not answer within 10 seconds"))
    }

    /// The outbox asks: may the same job be tried again?
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Retry { .. })
    }

    /// Nothing but a person's decision helps.
    pub fn needs_decision(&self) -> bool {
        matches!(self, Self::Foreign | Self::Deleted)
    }

    /// The time the backend asked to be left alone.
    pub fn wait(&self) -> Option<Duration> {
        match self {
            Self::Retry { after, .. } => *after,
            _ => None,
        }
    }
}

/// `Retry-After` in seconds. Its other form is a date, for which Keeper's own back-off is as good.
pub(super) fn patience(header: Option<&str>) -> Option<Duration> {
    let seconds = header?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backend_may_ask_for_an_hour_and_no_more() {
        assert_eq!(patience(Some(" 7 ")), Some(Duration::from_secs(7)));
        assert_eq!(patience(Some("99999999999")), Some(LONGEST_WAIT));
        for odd in ["", "-1", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999999999999"] {
            assert_eq!(patience(Some(odd)), None, "{odd}");
        }
        assert_eq!(patience(None), None);
    }
}
