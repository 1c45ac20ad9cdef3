//! `keeper seed-demo --secrets N`: exactly N secrets, to look at Keeper and to measure it with as many as it is made for. It may be
//! broken off and run again, also with a larger N: it adds what is missing.
use super::{Exit, Stop, persona, walk_to};
use crate::app::App;
use crate::cli::progress::Progress;
use crate::domain::actor::Actor;
use crate::domain::enums::{SecrecyLevel, SecretType};
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::clock::Utc;
use crate::secrets::{self, CreateSecret, SecretInput};
use time::Duration;

/// So many are stored in one unit.
const BATCH: u32 = 500;
/// The environments that they lie in, one after the other.
const ENVIRONMENTS: [i64; 3] = [1, 2, 3];
const DAYS: i64 = 120;
/// Three of ten belong to the payments team.
const TEAMS: [&str; 10] =
    ["payments", "platform", "search", "payments", "shop", "data", "payments", "mobile", "growth", "infra"];
/// In the order of the types.
const PURPOSES: [&str; 9] = [
    "db password",
    "api key",
    "ci token",
    "db credential",
    "tls certificate",
    "ssh key",
    "encryption key",
    "oauth client",
    "feature flag",
];

pub async fn fill(app: &App, now: Utc, count: u32) -> std::result::Result<(), Stop> {
    let tallies = secrets::tallies(app).await?;
    let there: i64 = ENVIRONMENTS.iter().map(|id| tallies.of(*id) + tallies.inactive(*id)).sum();
    let there = u32::try_from(there).unwrap_or(u32::MAX);
    if there > count {
        let text = format!("this database holds {there} secrets already: {count} can be had in an empty one");
        return Err(Stop(Exit::Usage, text));
    }
    let (_, actor) = persona(app, "demo-admin").await?;
    let mut progress = Progress::new("stored");
    for first in (there..count).step_by(BATCH as usize) {
        walk_to(app, now.minus(ago(there, first, count)));
        let batch = (first..count.min(first.saturating_add(BATCH))).map(|i| secret(app, i));
        secrets::fill(app, &actor, batch.collect::<Result<_>>()?).await?;
        progress.at(i64::from(count.min(first.saturating_add(BATCH))), i64::from(count));
        if !progress.is_shown && (first + BATCH).is_multiple_of(100_000) {
            println!("{} secrets are stored.", first + BATCH);
        }
    }
    drop(progress);
    walk_to(app, now);
    for id in ENVIRONMENTS {
        refile(app, &actor, id).await?;
    }
    while secrets::file_changes(app).await? > 0 {}
    secrets::settle_tallies(app).await?;
    println!("Demo data are there: demo-user, demo-manager, demo-admin, four environments, {count} secrets.");
    Ok(())
}

/// Somebody else may be making that index anew, without some of what was stored meanwhile: after that, once more.
async fn refile(app: &App, actor: &Actor, environment_id: i64) -> Result<()> {
    loop {
        let mut progress = Progress::new("filed for the search");
        let told = &mut |_: &'static str, done, total| progress.at(done, total);
        match secrets::refile(app, actor, environment_id, told).await {
            Err(Error::Conflict(_)) => tokio::time::sleep(std::time::Duration::from_secs(1)).await,
            made => return made.map(drop),
        }
    }
}

/// Spread over the last months, and whole an hour ago; what is added later within that hour.
fn ago(there: u32, first: u32, count: u32) -> Duration {
    let left = 1.0 - f64::from(first) / f64::from(count);
    if there > 0 {
        Duration::hours(1) * left + Duration::minutes(2)
    } else {
        Duration::days(DAYS) * left + Duration::hours(1)
    }
}

/// Within the thirteen months after it was made: some are past by the time that it is looked at.
fn expiry(app: &App, i: u32) -> Utc {
    app.now().plus(Duration::days(1 + i64::from(i / 5 * 37 % 400)))
}

fn secret(app: &App, i: u32) -> Result<CreateSecret> {
    let service = format!("svc-{:03}", u64::from(i) * 7919 % 200);
    let pick = |every: u32, of: usize| usize::try_from(i / every).unwrap_or(0) % of;
    let kind = pick(3, SecretType::ALL.len());
    let input = SecretInput {
        environment_id: ENVIRONMENTS[pick(1, 3)].to_string(),
        name: format!("{service}-secret-{i:07}"),
        display_name: format!("{} of {service}", PURPOSES[kind]),
        secret_type: SecretType::ALL[kind].as_str().into(),
        secrecy_level: SecrecyLevel::ALL[pick(27, 3)].as_str().into(),
        tags: format!("team={}", TEAMS[pick(7, TEAMS.len())]),
        expires_at: if i.is_multiple_of(5) { expiry(app, i).to_input() } else { String::new() },
        rotation_interval_days: if i.is_multiple_of(4) { "90".into() } else { String::new() },
        service_name: service,
        value: Some(Plaintext::from(hex::encode(app.chance.bytes::<50>()?))),
        reason: "Demo data".into(),
        ..SecretInput::default()
    };
    input.parse_create(app.now())
}
