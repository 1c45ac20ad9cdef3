//! Something of everything in one environment: what the `{…}` of an address can stand for.
use super::House;
use super::idp::{Metadata, Pair};
use crate::sources::place::{ADMIN_PASSWORD, Place as Server, fresh};
use crate::strategies::{far, near, wish};
use keeper::bulk::{self, BulkInput};
use keeper::domain::actor::Actor;
use keeper::domain::enums::Role;
use keeper::domain::error::Result;
use keeper::domain::plaintext::Plaintext;
use keeper::imports::{self, UploadInput};
use keeper::people::services::{self, NewToken, ServiceInput};
use keeper::providers::{self, ProviderInput};
use keeper::sources::{self, SourceInput};
use keeper::{sql, tx};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

pub struct Place {
    pub name: String,
    pub environment: i64,
    pub secret: i64,
    pub rotation: i64,
    /// A file before its import: its owner's alone.
    pub held: i64,
    /// An operation on many: its owner's, and the admins' to look at.
    pub bulk: i64,
    /// A source that nobody answers at, and that no secret is changed at.
    pub source: i64,
    /// A secret that is a real user's password at another source …
    pub used: i64,
    /// … where there is a server to have one at.
    pub is_used: bool,
    /// A change without approval, which nobody has acknowledged.
    pub glass: i64,
    pub job: i64,
    /// Somebody else.
    pub person: i64,
    /// An identity provider that nobody comes through.
    pub provider: i64,
    /// Keeper's own key there, the active one.
    pub key: i64,
    /// A sign-in that was refused.
    pub reference: String,
    /// A service account of the owner …
    pub service: i64,
    /// … and its token, which nobody uses.
    pub token: i64,
}

impl Place {
    /// A secret of three versions; `owner` belongs to the environment, holds a file and has begun an operation.
    pub async fn furnish(house: &House, environment: i64, name: &str, owner: &Actor) -> Self {
        let secret = house.add_secret(environment, name, "value-1").await;
        house.rotate(&house.operator(), secret, "value-2").await.unwrap();
        let rotation = house.rotate(&house.operator(), secret, "value-3").await.unwrap();
        let held =
            if owner.role() >= Role::Manager { hold(house, environment, name, owner).await } else { NONE };
        let tag = BulkInput {
            kind: "tag".into(),
            ids: vec![secret.to_string()],
            add: format!("of={name}"),
            reason: "a test".into(),
            ..BulkInput::default()
        };
        let bulk = bulk::start(&house.app, owner, tag.parse().unwrap()).await.unwrap();
        let away = SourceInput { name: format!("{name}-away"), ..unanswered() };
        let source = add_source(house, environment, away).await;
        let (used, is_used) = use_one(house, environment, name).await;
        let glass = break_glass(house, environment, secret).await;
        let job = queue(house, secret).await;
        let person = house.add_user(&format!("{name}-person"), "user").await;
        let (provider, key) = add_provider(house).await;
        let reference = refuse(house, name, provider).await;
        let (service, token) = add_service(house, environment, name, owner).await;
        Self {
            name: name.to_owned(),
            environment,
            secret,
            rotation,
            held,
            bulk,
            source,
            used,
            is_used,
            glass,
            job,
            person,
            provider,
            key,
            reference,
            service,
            token,
        }
    }

    /// The same addresses with ids that nobody has.
    pub fn nowhere() -> Self {
        Self {
            name: String::new(),
            environment: NONE,
            secret: NONE,
            rotation: NONE,
            held: NONE,
            bulk: NONE,
            source: NONE,
            used: NONE,
            is_used: false,
            glass: NONE,
            job: NONE,
            person: NONE,
            provider: NONE,
            key: NONE,
            reference: "nowhere".to_owned(),
            service: NONE,
            token: NONE,
        }
    }

    pub fn fill(&self, path: &str) -> String {
        let id = match path.split('/').nth(1) {
            Some("secrets") if path.starts_with("/secrets/import/") => self.held,
            Some("secrets") if path.contains("/strategy") => self.used,
            Some("secrets") => self.secret,
            Some("sources") => self.source,
            Some("bulk") => self.bulk,
            Some("settings") if path.starts_with("/settings/saml/keys") => self.key,
            Some("settings") if path.starts_with("/settings/saml") => self.provider,
            Some("settings") if path.starts_with("/settings/service-accounts") => self.service,
            Some("environments" | "settings") => self.environment,
            Some("rotations") => self.rotation,
            Some("break-glass") => self.glass,
            Some("queue") => self.job,
            Some("users") => self.person,
            _ => NONE,
        };
        path.replace("{id}", &id.to_string())
            .replace("{number}", "1")
            .replace("{backend}", "vault")
            .replace("{reference}", &self.reference)
            .replace("{name}", "okta")
            .replace("{token}", &self.token.to_string())
            .replace("{session}", &NONE.to_string())
            .replace("{*path}", "css/ui.css")
    }
}

/// An id that no row has.
pub const NONE: i64 = 999_999;

async fn hold(house: &House, environment: i64, name: &str, owner: &Actor) -> i64 {
    let input = UploadInput {
        environment_id: environment.to_string(),
        format: "env".into(),
        secret_type: "token".into(),
        secrecy_level: "internal".into(),
        file_name: "a.env".into(),
        content: Some(Plaintext::from(format!("{name}_new=value\n"))),
    };
    imports::hold(&house.app, owner, input.parse().unwrap()).await.unwrap()
}

/// At once refused: no server is there.
fn unanswered() -> SourceInput {
    SourceInput { host: "127.0.0.1".into(), port: "9".into(), tls: "off".into(), ..far("", ADMIN_PASSWORD) }
}

/// A secret of its own, so that what is done to the others reaches no server.
async fn use_one(house: &House, environment: i64, name: &str) -> (i64, bool) {
    let used = house.add_secret(environment, &format!("{name}-used"), "in-force").await;
    let Some(place) = Server::postgres().await else { return (used, false) };
    let account = fresh("used");
    place.add(&account, "in-force").await;
    let near = SourceInput { name: format!("{name}-near"), ..near(&place) };
    let source = add_source(house, environment, near).await;
    let wish = wish(house, used, source, &account).await;
    house.set_strategy(&house.operator(), used, wish).await.unwrap();
    (used, true)
}

/// With metadata that name it alone.
async fn add_provider(house: &House) -> (i64, i64) {
    static PAIR: LazyLock<Pair> = LazyLock::new(|| Pair::rsa(2048));
    // The sign-in page shows them to everybody, so they are named after nothing.
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::SeqCst);
    let attributes = format!(" entityID=\"http://localhost:9/{number}\"");
    let metadata = Metadata { attributes, ..Metadata::default() }.signing(&PAIR).text();
    let input = ProviderInput {
        name: format!("idp-{number}"),
        metadata: Some(metadata),
        groups_attribute: "groups".into(),
        groups: "staff = user".into(),
        ..ProviderInput::default()
    };
    let new = input.parse(&house.app).unwrap();
    let id = providers::create(&house.app, &house.operator(), new).await.unwrap();
    (id, providers::own_keys(&house.app).await.unwrap()[0].id)
}

async fn add_service(house: &House, environment: i64, name: &str, owner: &Actor) -> (i64, i64) {
    let input = ServiceInput {
        name: format!("{name}-service"),
        owner: owner.name(),
        role: "user".into(),
        scopes: vec!["secrets:read".into()],
        environments: vec![environment.to_string()],
        ..ServiceInput::default()
    };
    let id = services::create(&house.app, &house.operator(), input.parse().unwrap()).await.unwrap();
    let new = NewToken { days: 30, former_ends_in: None };
    (id, services::make_token(&house.app, &house.operator(), id, &new).await.unwrap().id)
}

async fn refuse(house: &House, name: &str, provider: i64) -> String {
    let (now, reference) = (house.app.now(), format!("ref-{name}"));
    let kept: Result<i64> = tx!(house.app.db, |tx| {
        tx.insert(sql!(
            "INSERT INTO saml_reports (reference, identity_provider_id, is_test, subject, report, expires_at, created_at, updated_at)
             VALUES (?, ?, ?, '', '{\"lines\":[],\"seen\":null,\"would\":null}', ?, ?, ?)",
            &reference, provider, false, now.plus(time::Duration::days(1)), now, now
        ))
        .await
    });
    kept.unwrap();
    reference
}

/// By somebody who is none of the people of the test.
async fn break_glass(house: &House, environment: i64, secret: i64) -> i64 {
    let now = house.app.now();
    let broken: Result<i64> = tx!(house.app.db, |tx| {
        tx.insert(sql!(
            "INSERT INTO glass_breaks (environment_id, secret_id, reason, actor_name, created_at, updated_at) VALUES (?, ?, 'it burnt', 'somebody', ?, ?)",
            environment, secret, now, now
        ))
        .await
    });
    broken.unwrap()
}

/// A push that waits after a failure, of a backend that is not there.
async fn queue(house: &House, secret: i64) -> i64 {
    let now = house.app.now();
    let job: Result<i64> = tx!(house.app.db, |tx| {
        tx.insert(sql!(
            "INSERT INTO jobs (kind, secret_id, backend, version_number, state, attempts, run_at, lease_token, created_at, updated_at)
             VALUES ('push', ?, 'vault', 1, 'waiting', 1, ?, 0, ?, ?)",
            secret, now.plus(time::Duration::hours(1)), now, now
        ))
        .await
    });
    job.unwrap()
}

async fn add_source(house: &House, environment: i64, input: SourceInput) -> i64 {
    let new = input.parse(&house.app).unwrap();
    sources::create(&house.app, &house.operator(), environment, new).await.unwrap()
}
