//! `keeper seed-demo`: personas, environments and secrets in every state. It goes through the same feature functions as
//! people do, on a clock that walks through the last four months, so that nothing in it is made up.
mod many;

use super::exit::{Exit, Stop};
use super::{open, user};
use crate::app::App;
use crate::config::{Mode, Overrides};
use crate::crypto::generate::Policy;
use crate::domain::actor::{Actor, Trace};
use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::domain::names::Username;
use crate::domain::plaintext::Plaintext;
use crate::environments::{self, EnvironmentInput};
use crate::kit::clock::{Clock, Utc};
use crate::people::{self, NewUser, User};
use crate::rotations::{self, RotateInput};
use crate::secrets::{self, SecretInput};
use crate::sync;
use clap::Args;
use std::process::ExitCode;
use time::Duration;

#[derive(Args)]
pub struct SeedDemo {
    /// Read the personas' one password from standard input; else one is generated and printed once.
    #[arg(long)]
    password_stdin: bool,
    /// Instead of a few secrets in every state, exactly so many of one kind: to see how Keeper does with a million.
    #[arg(long, value_name = "N")]
    secrets: Option<u32>,
}

const TEMPLATE: &str = "{environment}/{service}/{name}";
const PERSONAS: [(&str, Role, &str); 3] = [
    ("demo-user", Role::User, "Uma User"),
    ("demo-manager", Role::Manager, "Max Manager"),
    ("demo-admin", Role::Admin, "Ada Admin"),
];

/// Name, environment, type, level, service, days ago it was made, interval, expires in days from now, tags.
type Sample = (
    &'static str,
    usize,
    &'static str,
    &'static str,
    &'static str,
    i64,
    &'static str,
    Option<i64>,
    &'static str,
);
const SAMPLES: [Sample; 14] = [
    ("checkout-db", 0, "database_credential", "internal", "checkout", 118, "30", None, "team=shop"),
    ("stripe-test-key", 0, "api_key", "internal", "checkout", 90, "", None, "team=shop\nvendor=stripe"),
    ("mailer-token", 0, "token", "confidential", "mailer", 61, "60", Some(12), "team=platform"),
    ("feature-flags-sdk", 0, "api_key", "internal", "web", 30, "", None, ""),
    ("checkout-db", 1, "database_credential", "confidential", "checkout", 110, "90", None, "team=shop"),
    ("search-api-key", 1, "api_key", "confidential", "search", 75, "90", None, "team=search"),
    ("staging-tls", 1, "certificate", "confidential", "edge", 60, "", Some(20), "team=platform"),
    (
        "checkout-db",
        2,
        "database_credential",
        "restricted",
        "checkout",
        115,
        "90",
        None,
        "team=shop\npci=yes",
    ),
    (
        "stripe-live-key",
        2,
        "api_key",
        "restricted",
        "checkout",
        100,
        "90",
        None,
        "team=shop\npci=yes\nvendor=stripe",
    ),
    ("session-signing-key", 2, "encryption_key", "restricted", "web", 80, "365", None, "team=platform"),
    ("smtp-relay", 2, "password", "confidential", "mailer", 70, "60", None, "team=platform"),
    ("edge-certificate", 2, "certificate", "confidential", "edge", 50, "", Some(-2), "team=platform"),
    ("oidc-client", 2, "oauth_client", "restricted", "sso", 40, "180", None, "team=platform"),
    ("ledger-hsm-pin", 3, "password", "restricted", "ledger", 45, "30", None, "team=payments\npci=yes"),
];

pub async fn run(overrides: &Overrides, command: SeedDemo) -> std::result::Result<ExitCode, Stop> {
    let settings = open::settings(overrides).await?;
    if settings.mode == Mode::Production {
        return Err(Stop(
            Exit::Config,
            "seed-demo is refused in production mode: it makes accounts with a known password".into(),
        ));
    }
    let now = Clock::System.now();
    let app = open::with(settings, Clock::fixed(now.minus(Duration::days(120)))).await?;
    let is_there = people::by_username(&mut app.db.read().await?, "demo-admin").await?.is_some();
    if !is_there {
        if people::count(&app).await? > 0 {
            return Err(Stop(
                Exit::Usage,
                "this database is in use already: seed-demo fills an empty one".into(),
            ));
        }
        seed(&app, now, &command).await?;
    }
    if let Some(count) = command.secrets {
        many::fill(&app, now, count).await?;
        walk_to(&app, now);
    } else {
        walk_to(&app, now);
        wire(&app).await?;
    }
    crate::audit::anchor(&app, 0).await?;
    Ok(ExitCode::SUCCESS)
}

async fn seed(app: &App, now: Utc, command: &SeedDemo) -> std::result::Result<(), Stop> {
    let given = user::password(command.password_stdin)?;
    for (name, role, display_name) in PERSONAS {
        let username = Username::parse(name).map_err(|e| Stop(Exit::Usage, e.to_string()))?;
        let auth_method = crate::domain::enums::AuthMethod::Database;
        let new = NewUser {
            username,
            email: None,
            display_name: display_name.into(),
            auth_method,
            role,
            password: Some(given.value.duplicate()),
            is_active: true,
        };
        people::add(app, &open::operator(), new).await?;
    }
    make_environments(app, command.secrets.is_none()).await?;
    if command.secrets.is_none() {
        make_samples(app, now).await?;
    }
    given.print_once();
    Ok(())
}

async fn make_samples(app: &App, now: Utc) -> Result<()> {
    let mut samples: Vec<(usize, Sample)> = SAMPLES.into_iter().enumerate().collect();
    samples.sort_by_key(|(_, sample)| std::cmp::Reverse(sample.5));
    for (i, sample) in samples {
        walk_to(
            app,
            now.minus(Duration::days(sample.5)).plus(Duration::hours(i64::try_from(i).unwrap_or(0))),
        );
        make_secret(app, now, sample).await?;
    }
    walk_to(app, now.minus(Duration::days(25)));
    for (name, environment) in [("stripe-test-key", 1), ("search-api-key", 2), ("oidc-client", 3)] {
        rotate(app, name, environment).await?;
    }
    println!(
        "Demo data is there: demo-user, demo-manager, demo-admin, four environments, {} secrets.",
        SAMPLES.len()
    );
    Ok(())
}

/// The clock goes forward only: the audit log is written in the order of its times.
fn walk_to(app: &App, at: Utc) {
    app.clock.advance(at.since(app.now()).max(Duration::ZERO));
}

async fn persona(app: &App, name: &str) -> Result<(User, Actor)> {
    let user = people::by_username(&mut app.db.read().await?, name).await?.ok_or(Error::NotFound)?;
    let actor = Actor::Person(user.person(app.now(), Trace::default()));
    Ok((user, actor))
}

async fn make_environments(app: &App, with_vault: bool) -> Result<()> {
    let (admin, actor) = persona(app, "demo-admin").await?;
    let (manager, _) = persona(app, "demo-manager").await?;
    let plain = |name: &str, display: &str, stage: &str, access: &str, members: Vec<i64>| EnvironmentInput {
        name: name.into(),
        display_name: display.into(),
        stage: stage.into(),
        access: access.into(),
        members: members.iter().map(i64::to_string).collect(),
        ..EnvironmentInput::default()
    };
    let staging = plain("staging", "Staging", "staging", "open", vec![]);
    let staging = if with_vault { with_missing_vault(staging) } else { staging };
    for input in [
        plain("development", "Development", "development", "open", vec![]),
        staging,
        plain("production", "Production", "production", "members", vec![manager.id, admin.id]),
        plain("payments", "Payments", "production", "members", vec![admin.id]),
    ] {
        environments::create(app, &actor, input.parse()?).await?;
    }
    Ok(())
}

/// A Vault that is not there, so that the demo also shows how a copy fails.
fn with_missing_vault(environment: EnvironmentInput) -> EnvironmentInput {
    EnvironmentInput {
        description: "Its Vault is not there on purpose: look at how a failing copy is shown.".into(),
        vault_enabled: Some("true".into()),
        vault_url: "http://127.0.0.1:9".into(),
        vault_mount: "secret".into(),
        vault_path_template: TEMPLATE.into(),
        vault_token: Some(Plaintext::from("demo".to_owned())),
        ..environment
    }
}

async fn make_secret(app: &App, now: Utc, sample: Sample) -> Result<()> {
    let (name, environment, kind, level, service, _, interval, expires, tags) = sample;
    let (_, actor) = persona(app, if environment == 3 { "demo-admin" } else { "demo-manager" }).await?;
    let expires_at = expires.map(|days| now.plus(Duration::days(days)).to_string()).unwrap_or_default();
    let mut words: String = name.replace('-', " ");
    words[..1].make_ascii_uppercase();
    let input = SecretInput {
        environment_id: (environment + 1).to_string(),
        name: name.into(),
        display_name: words,
        secret_type: kind.into(),
        secrecy_level: level.into(),
        service_name: service.into(),
        expires_at,
        rotation_interval_days: interval.into(),
        tags: tags.into(),
        value: Some(some_value(app)?),
        reason: "Taken over from the old vault".into(),
        ..SecretInput::default()
    };
    secrets::create(app, &actor, input.parse_create(app.now())?).await?;
    Ok(())
}

fn some_value(app: &App) -> Result<Plaintext> {
    Policy::new(40, "letters_digits").map_err(|e| Error::broken(e.to_string()))?.generate(&app.chance)
}

async fn rotate(app: &App, name: &str, environment: i64) -> Result<()> {
    let (_, actor) = persona(app, "demo-manager").await?;
    let filter = secrets::Filter {
        environments: vec![environment],
        q: name.into(),
        limit: 1,
        ..secrets::Filter::default()
    };
    let found = secrets::list(app, &filter).await?;
    for secret in found.items {
        // By what fits its type; what Keeper cannot make comes from somebody.
        let is_made = Policy::can_generate(secret.secret_type).is_ok();
        let input = RotateInput {
            mode: if is_made { "generated" } else { "typed" }.into(),
            new_value: Some(some_value(app)?),
            reason: "Quarterly rotation".into(),
            row_version: secret.row_version.to_string(),
            ..RotateInput::default()
        };
        rotations::rotate(app, &actor, secret.id, input.parse()?).await?;
    }
    Ok(())
}

/// Points the demo environments at the backends that `make run-full` starts beside the console; their ports are new each time.
async fn wire(app: &App) -> Result<()> {
    let set = |key: &str| std::env::var(key).ok().filter(|value| !value.is_empty());
    let (Some(vault), Some(token), Some(aws)) =
        (set("KEEPER_DEMO_VAULT_URL"), set("KEEPER_DEMO_VAULT_TOKEN"), set("KEEPER_DEMO_AWS_ENDPOINT"))
    else {
        return Ok(());
    };
    let (_, actor) = persona(app, "demo-admin").await?;
    for id in 1..=3 {
        let place = environments::enter(app, &actor, id).await?;
        let members = environments::members(app, id).await?;
        let environment = place.environment;
        let input = EnvironmentInput {
            name: environment.name,
            display_name: environment.display_name,
            description: String::new(),
            stage: environment.stage.as_str().into(),
            access: environment.access.as_str().into(),
            members: members.iter().map(|m| m.user_id.to_string()).collect(),
            aws_enabled: Some("true".into()),
            aws_region: "us-east-1".into(),
            aws_endpoint: aws.clone(),
            aws_path_template: TEMPLATE.into(),
            aws_access_key_id: Some(Plaintext::from("test".to_owned())),
            aws_secret_access_key: Some(Plaintext::from("test".to_owned())),
            vault_enabled: Some("true".into()),
            vault_url: vault.clone(),
            vault_mount: "secret".into(),
            vault_path_template: TEMPLATE.into(),
            vault_token: Some(Plaintext::from(token.clone())),
            row_version: environment.row_version.to_string(),
            ..EnvironmentInput::default()
        };
        environments::update(app, &actor, id, input.parse()?).await?;
    }
    for id in 1..=3 {
        sync::request_all(app, &actor, id).await?;
    }
    println!(
        "The demo environments push to OpenBao at {vault} and to AWS Secrets Manager's stand-in at {aws}."
    );
    Ok(())
}
