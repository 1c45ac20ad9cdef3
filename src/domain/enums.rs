//! The enumerations, each with one spelling for the database, forms, JSON and CSV.

/// A text outside an enumeration; the message names the members that exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {}", .0.join(", "))]
pub struct NotAMember(pub &'static [&'static str]);

macro_rules! spelled {
    ($(#[$doc:meta])* $name:ident { $($member:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $($member),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$member),+];
            pub const SPELLED: &'static [&'static str] = &[$($text),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$member => $text),+ }
            }

            /// As a person reads it: `api_key` is "Api key".
            pub fn label(self) -> String {
                let words = self.as_str().replace('_', " ");
                let mut letters = words.chars();
                letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::enums::NotAMember;
            fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
                match text { $($text => Ok(Self::$member),)+ _ => Err($crate::domain::enums::NotAMember(Self::SPELLED)) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::domain::enums::NotAMember;
            fn try_from(text: String) -> std::result::Result<Self, Self::Error> { text.parse() }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> { s.serialize_str(self.as_str()) }
        }
    };
}
// For the enumerations that belong to one feature alone.
pub(crate) use spelled;

spelled!(SecretType {
    Password = "password", ApiKey = "api_key", Token = "token", DatabaseCredential = "database_credential",
    Certificate = "certificate", SshKey = "ssh_key", EncryptionKey = "encryption_key", OauthClient = "oauth_client", Generic = "generic",
});
spelled!(/// From low to high: the order of the members is the order of secrecy.
SecrecyLevel { Internal = "internal", Confidential = "confidential", Restricted = "restricted" });
spelled!(SyncStatus {
    NotConfigured = "not_configured", Pending = "pending", Syncing = "syncing", Synced = "synced", Failed = "failed", OutOfSync = "out_of_sync",
});
spelled!(/// From least to most.
Role { User = "user", Manager = "manager", Admin = "admin" });
spelled!(AuthMethod { Saml = "saml", Database = "database", Demo = "demo" });
spelled!(Stage { Development = "development", Staging = "staging", Production = "production" });
spelled!(/// Whose door is open: every signed-in person's, or the members' alone.
Access { Open = "open", Members = "members" });
spelled!(VersionState { Pending = "pending", Current = "current", Previous = "previous", Retired = "retired", Destroyed = "destroyed" });
spelled!(RotationStatus {
    AwaitingApproval = "awaiting_approval", Scheduled = "scheduled", Running = "running", Succeeded = "succeeded", Failed = "failed",
    RolledBack = "rolled_back", Rejected = "rejected", Withdrawn = "withdrawn", Expired = "expired", Cancelled = "cancelled",
});
spelled!(StepStatus { Waiting = "waiting", Running = "running", Done = "done", Failed = "failed", Undone = "undone", Skipped = "skipped" });
spelled!(/// What a service account's tokens may be for.
Scope {
    SecretsRead = "secrets:read", SecretsWrite = "secrets:write", SecretsReveal = "secrets:reveal", SecretsRotate = "secrets:rotate", SecretsSync = "secrets:sync",
    RotationsApprove = "rotations:approve", UsersRead = "users:read", UsersWrite = "users:write",
    AuditRead = "audit:read", WithoutProof = "without_proof",
});
spelled!(Backend { Aws = "aws", Vault = "vault" });
spelled!(Outcome { Ok = "ok", Refused = "refused", Failed = "failed" });

impl Backend {
    /// The product's name, for pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::Aws => "AWS Secrets Manager",
            Self::Vault => "Vault KV v2",
        }
    }
}

impl Scope {
    /// What it lets a token do, for pages and the command line.
    pub fn about(self) -> &'static str {
        match self {
            Self::SecretsRead => "list and open secrets’ metadata, versions, copies and rotations",
            Self::SecretsWrite => "create and edit secrets, switch them off and on",
            Self::SecretsReveal => "reveal values",
            Self::SecretsRotate => "rotate, roll back, ask for a rotation, cancel, withdraw and try again",
            Self::SecretsSync => "push copies again",
            Self::RotationsApprove => "approve and reject what others ask for, and acknowledge broken glass",
            Self::UsersRead => "list users",
            Self::UsersWrite => "add users, and change their roles and states; never their passwords",
            Self::AuditRead => "read the audit log",
            Self::WithoutProof => {
                "do what asks people for a fresh proof of identity, which a token cannot give"
            }
        }
    }

    /// Why a token without it may not.
    pub fn lacking(self) -> &'static str {
        macro_rules! lacks {
            ($text:literal) => {
                concat!("this token lacks the scope ", $text, ": an admin adds scopes to its service account")
            };
        }
        match self {
            Self::SecretsRead => lacks!("secrets:read"),
            Self::SecretsWrite => lacks!("secrets:write"),
            Self::SecretsReveal => lacks!("secrets:reveal"),
            Self::SecretsRotate => lacks!("secrets:rotate"),
            Self::SecretsSync => lacks!("secrets:sync"),
            Self::RotationsApprove => lacks!("rotations:approve"),
            Self::UsersRead => lacks!("users:read"),
            Self::UsersWrite => lacks!("users:write"),
            Self::AuditRead => lacks!("audit:read"),
            Self::WithoutProof => lacks!("without_proof"),
        }
    }
}

impl SyncStatus {
    /// The worst of the configured backends: failed > out_of_sync > pending > syncing > synced.
    pub fn worst(statuses: &[Self]) -> Self {
        let rank = |s: &Self| match s {
            Self::NotConfigured => 0,
            Self::Synced => 1,
            Self::Syncing => 2,
            Self::Pending => 3,
            Self::OutOfSync => 4,
            Self::Failed => 5,
        };
        statuses.iter().copied().max_by_key(rank).unwrap_or(Self::NotConfigured)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // S23 S24 S25 S63
    fn a_text_outside_the_set_is_refused_and_the_message_names_the_members() {
        let error = "secret".parse::<SecrecyLevel>().unwrap_err();
        assert_eq!(error.to_string(), "must be one of internal, confidential, restricted");
        for status in SyncStatus::ALL {
            assert_eq!(status.as_str().parse::<SyncStatus>(), Ok(*status));
        }
    }

    #[test]
    fn a_scope_that_is_lacking_is_named() {
        for scope in Scope::ALL {
            assert!(scope.lacking().contains(scope.as_str()), "{scope}");
        }
    }

    #[test] // S27
    fn the_worst_configured_backend_decides() {
        use SyncStatus::{Failed, NotConfigured, OutOfSync, Pending, Synced, Syncing};
        let table = [
            (NotConfigured, NotConfigured, NotConfigured),
            (Synced, NotConfigured, Synced),
            (NotConfigured, Pending, Pending),
            (Synced, Syncing, Syncing),
            (Syncing, Pending, Pending),
            (Pending, OutOfSync, OutOfSync),
            (OutOfSync, Failed, Failed),
            (Synced, Failed, Failed),
        ];
        for (aws, vault, overall) in table {
            assert_eq!(SyncStatus::worst(&[aws, vault]), overall, "{aws} and {vault}");
            assert_eq!(SyncStatus::worst(&[vault, aws]), overall, "{vault} and {aws}");
        }
    }
}
