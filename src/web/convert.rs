//! From the features' types to what pages draw; used by more than one noun.
use super::views::parts::{Badge, Digest, EnvRef, When};
use super::when::span;
use crate::crypto;
use crate::domain::enums::SecretType;
use crate::environments::Environment;
use crate::kit::clock::Utc;
use crate::remote::sources::SourceEngine;
use crate::secrets::Secret;
use std::fmt::Display;
use time::Duration;

impl From<&Environment> for EnvRef {
    fn from(environment: &Environment) -> Self {
        Self {
            id: environment.id,
            name: environment.name.clone(),
            stage: environment.stage.as_str(),
            is_production: environment.is_production,
        }
    }
}

impl From<crypto::digest::Digest> for Digest {
    fn from(digest: crypto::digest::Digest) -> Self {
        Self { hex: digest.hex(), differs: false }
    }
}

/// "1 row", "2 rows"
pub fn count<N: Copy + Display + PartialEq + From<u8>>(n: N, noun: &str) -> String {
    let end = if n == N::from(1) { "" } else { "s" };
    format!("{n} {noun}{end}")
}

/// A badge when a rotation is due soon or overdue.
pub fn due_badge(secret: &Secret, now: Utc) -> Option<Badge> {
    let at = secret.next_rotation_at.filter(|_| secret.is_active)?;
    let gap = at.since(now);
    if gap <= Duration::ZERO {
        let late = span(gap.abs()).unwrap_or_else(|| "long".to_owned());
        return Some(Badge::of("overdue").saying(if late == "now" {
            "Due now".to_owned()
        } else {
            format!("{late} overdue")
        }));
    }
    (gap <= Duration::days(14))
        .then(|| Badge::of("due").saying(format!("Due {}", When::relative(at, now).text)))
}

pub fn expiry_badge(secret: &Secret, now: Utc) -> Option<Badge> {
    let at = secret.expires_at?;
    if secret.is_expired(now) {
        return Some(Badge::of("expired").saying(format!("Expired {}", When::relative(at, now).text)));
    }
    (at.since(now) <= Duration::days(30))
        .then(|| Badge::of("expiring").saying(format!("Expires {}", When::relative(at, now).text)))
}

pub fn type_label(kind: SecretType) -> &'static str {
    match kind {
        SecretType::Password => "Password",
        SecretType::ApiKey => "API key",
        SecretType::Token => "Token",
        SecretType::DatabaseCredential => "Database credential",
        SecretType::Certificate => "Certificate",
        SecretType::SshKey => "SSH key",
        SecretType::EncryptionKey => "Encryption key",
        SecretType::OauthClient => "OAuth client",
        SecretType::Generic => "Generic",
    }
}

pub fn engine_label(engine: SourceEngine) -> &'static str {
    match engine {
        SourceEngine::Postgres => "PostgreSQL",
        SourceEngine::Mysql => "MySQL",
    }
}

pub fn outcome_badge(outcome: &str) -> Badge {
    match outcome {
        "ok" => Badge::of("allowed"),
        other => Badge::of(other),
    }
}
