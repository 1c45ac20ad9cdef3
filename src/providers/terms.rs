//! The terms with an identity provider: a form gives them, its row keeps them, a sign-in goes by them.

/// How the two sides talk, and what is read of an answer.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Terms {
    pub groups_attribute: String,
    pub email_attribute: String,
    pub name_attribute: String,
    /// Accounts are made at the first sign-in.
    pub makes_accounts: bool,
    pub signs_requests: bool,
    /// The provider shall ask people anew at each sign-in (`ForceAuthn`).
    pub asks_again: bool,
    /// Sign-ins that the provider starts.
    pub allows_unasked: bool,
    pub wants_encrypted: bool,
    /// Seconds.
    pub clock_skew: i64,
}
