//! `keeper keys …`: the key that wraps all others. Works while `keeper serve` runs, here or elsewhere.
use super::exit::{Exit, Stop};
use super::open;
use super::output::{self, Output};
use super::progress::Progress;
use crate::app::{App, MANY};
use crate::config::{Kms, Overrides};
use crate::domain::error::Error;
use crate::rekey::{self, Holding, Rewrap, Step};
use clap::Subcommand;
use std::process::ExitCode;
use std::time::Duration;

#[derive(Subcommand)]
pub enum Keys {
    /// Add a key to the key file: from now on it wraps what is new. `keeper keys rewrap` then brings the rest to it.
    #[command(after_help = "Example: keeper keys rotate && keeper keys rewrap")]
    Rotate,
    /// Wrap every data key with the active key: after the key was rotated, or KEEPER_KMS was changed. No value is opened. It may
    /// be stopped and goes on where it was. Exit code 1 when something could not be wrapped anew.
    #[command(after_help = "Example: keeper keys rewrap")]
    Rewrap,
    /// Which key wraps what is new, what is still under which key, and how far a rewrap is.
    #[command(after_help = "Example: keeper keys status\nExample: keeper keys status --output json")]
    Status {
        #[command(flatten)]
        output: Output,
    },
}

pub async fn run(overrides: &Overrides, command: Keys) -> Result<ExitCode, Stop> {
    let app = open::app(overrides).await?;
    match command {
        Keys::Rotate => rotate(&app).await,
        Keys::Rewrap => rewrap(&app).await,
        Keys::Status { output } => status(&app, output).await,
    }
}

async fn rotate(app: &App) -> Result<ExitCode, Stop> {
    if let Some(key_id) = rekey::rotate(app, &open::operator()).await? {
        println!("The key {key_id} was added to {} and wraps what is new.", app.settings.key_file.display());
        println!("Back that file up now, then bring the rest to the new key: keeper keys rewrap");
        return Ok(ExitCode::SUCCESS);
    }
    let text = match app.kms.provider() {
        Kms::VaultTransit => {
            "KEEPER_KMS is vault-transit, so the key is rotated there: vault write -f MOUNT/keys/KEY/rotate. Then: keeper keys rewrap"
        }
        _ => {
            "KEEPER_KMS is aws, so the key is rotated there: AWS does it by itself when rotation is enabled, and nothing is to be done here. \
             After KEEPER_KMS_AWS_KEY was changed, or its alias moved: keeper keys rewrap"
        }
    };
    Err(Stop(Exit::Usage, text.to_owned()))
}

async fn rewrap(app: &App) -> Result<ExitCode, Stop> {
    match rekey::start(app, &open::operator()).await {
        Ok(_) => {}
        Err(Error::Conflict(_)) => println!("A rewrap is under way already: helping with it."),
        Err(e) => return Err(e.into()),
    }
    let Some(begun) = rekey::latest(app).await? else { return Ok(ExitCode::SUCCESS) };
    println!("Wrapping every data key with {}", begun.key_id);
    let (mut told, mut progress) = (None, Progress::new("rewrapped"));
    let ended = loop {
        let step = rekey::work(app).await;
        let now = rekey::latest(app).await?.filter(|now| now.id == begun.id);
        let Some(now) = now else { return Ok(ExitCode::SUCCESS) };
        told = tell(&now, told, &mut progress);
        if !now.is_running() {
            break now;
        }
        match step {
            Ok(Step::Done) => {}
            // Taken over by another process, which does it then.
            Ok(Step::Idle | Step::Busy) => {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            Err(e) => return Err(e.into()),
        }
    };
    drop(progress);
    for failure in rekey::failures(app, ended.id).await? {
        println!("{}: {}", failure.label, failure.why);
    }
    if ended.failed > 0 {
        println!(
            "{} could not be wrapped anew and are still under their former key: keep that key.",
            ended.failed
        );
        return Ok(Exit::Finding.into());
    }
    println!("Everything is wrapped with {}", ended.key_id);
    Ok(ExitCode::SUCCESS)
}

/// A line for each thousand or so, and for the end; one that is written over where somebody looks at it.
fn tell(now: &Rewrap, told: Option<i64>, progress: &mut Progress) -> Option<i64> {
    let done = now.rewrapped + now.failed;
    let total = now.total?;
    if progress.is_shown && now.is_running() {
        progress.at(done, total);
        return told;
    }
    progress.clear();
    let is_news =
        told.is_none_or(|told| told / 1000 != done / 1000) || !now.is_running() && told != Some(done);
    if is_news {
        println!("{done} of {total}");
    }
    if is_news { Some(done) } else { told }
}

async fn status(app: &App, output: Output) -> Result<ExitCode, Stop> {
    let active = app.kms.active_key_id(&app.chance).await?;
    let holdings = rekey::holdings(app).await?;
    let latest = rekey::latest(app).await?;
    if output.is_json() {
        let held = |held: &Holding| {
            serde_json::json!({
                "place": held.place.as_str(),
                "key_id": held.key_id,
                "count": held.count.min(MANY),
                "more": held.count > MANY,
                "active": held.key_id == active,
            })
        };
        let rewrap = latest.map(|it| {
            serde_json::json!({
                "running": it.is_running(),
                "key_id": it.key_id,
                "total": it.total,
                "rewrapped": it.rewrapped,
                "failed": it.failed,
                "trouble": it.trouble,
            })
        });
        let held: Vec<_> = holdings.iter().map(held).collect();
        output::json(&serde_json::json!({
            "provider": app.kms.provider().as_str(),
            "active": active,
            "holdings": held,
            "rewrap": rewrap,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    println!("What is new is wrapped with {active}");
    for held in &holdings {
        let count = if held.count > MANY { format!("more than {MANY}") } else { held.count.to_string() };
        let waits = if held.key_id == active { "" } else { "  (keeper keys rewrap)" };
        println!("{count:>12}  {}  {}{waits}", held.place.words(), held.key_id);
    }
    if let Some(it) = latest.filter(Rewrap::is_running) {
        println!("A rewrap is under way: {} of {}", it.rewrapped + it.failed, it.total.unwrap_or(0));
    }
    Ok(ExitCode::SUCCESS)
}
