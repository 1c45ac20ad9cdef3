//! What a source's methods answer. A rotation shows and stores them; none of them holds a value.
use crate::remote::error::RemoteError;

/// Was the password changed? That it was not is an error.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Changed {
    Yes,
    /// The statement was sent, and its answer was never heard.
    Perhaps(RemoteError),
}

/// Does a value open the account's door?
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Accepts {
    Yes,
    No,
    /// The question was not answered: the server is away, full, or would not have let this account in with any value.
    Unknown(RemoteError),
}

/// How a user stands before a change. That Keeper's administrator could sign in is said by there being an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    pub exists: bool,
    pub may_change: bool,
    pub superuser: bool,
    /// It is Keeper's own administrator: after a change the source's settings must hold the new password.
    pub itself: bool,
    pub remarks: Vec<Remark>,
}

/// What somebody should know before they go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Remark {
    #[error("there is no such user")]
    Missing,
    #[error("Keeper's administrator may not change this user: {0}")]
    Powerless(&'static str),
    #[error("this user is a superuser: whoever holds its password holds the whole server")]
    Superuser,
    #[error(
        "this user is Keeper's own administrator: its new password must be put into the source's settings too"
    )]
    Itself,
    #[error("this user may not sign in")]
    Locked,
    #[error("this user's password has expired: a new one does not open the door until the expiry is moved")]
    Expired,
    #[error("Keeper cannot sign in as this user to prove a change: {0}")]
    Unprovable(&'static str),
    #[error(
        "this user signs in by other means than one password, which a change would take away: Keeper refuses it"
    )]
    OtherMeans,
}

impl Look {
    pub(super) fn missing() -> Self {
        Self { remarks: vec![Remark::Missing], ..Self::default() }
    }

    /// The remarks that follow from the fields come first.
    pub(super) fn remark(
        mut self,
        need: &'static str,
        further: impl IntoIterator<Item = (bool, Remark)>,
    ) -> Self {
        let own = [
            (!self.may_change, Remark::Powerless(need)),
            (self.superuser, Remark::Superuser),
            (self.itself, Remark::Itself),
        ];
        let all = own.into_iter().chain(further);
        self.remarks = all.filter(|(so, _)| *so).map(|(_, remark)| remark).collect();
        self
    }
}
