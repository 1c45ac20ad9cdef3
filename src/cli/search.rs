//! `keeper search …`: what searches read. Works while `keeper serve` runs, here or elsewhere.
use super::exit::{Exit, Stop};
use super::open;
use super::output::{self, Output};
use super::progress::Progress;
use super::source::index;
use crate::app::App;
use crate::config::Overrides;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::environments::{self, Environment};
use crate::secrets::{self, Refiled};
use clap::{Args, Subcommand};
use serde_json::json;
use std::collections::BTreeSet;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Search {
    /// Make the search index anew from the secrets themselves: when `keeper check` says that it is not as they are. Searches go on
    /// meanwhile, and so do changes. If one was broken off: what it left behind is cleared by keeper search refile. Exit code 1 when another
    /// process does it already.
    #[command(
        after_help = "Example: keeper search refile\nExample: keeper search refile --environment staging"
    )]
    Refile(Refile),
}

#[derive(Args)]
pub struct Refile {
    /// Only that of this environment; may be said several times. Without it: of all, one after the other.
    #[arg(long, value_name = "NAME")]
    environment: Vec<String>,
    #[command(flatten)]
    output: Output,
}

pub async fn run(overrides: &Overrides, command: Search) -> std::result::Result<ExitCode, Stop> {
    let Search::Refile(command) = command;
    let app = open::app(overrides).await?;
    let actor = open::operator();
    let chosen = command.chosen(&app, &actor).await?;
    let (is_json, mut told, mut code) = (command.output.is_json(), Vec::new(), ExitCode::SUCCESS);
    for environment in &chosen {
        let name = &environment.name;
        match refile(&app, &actor, environment.id).await {
            Ok(Refiled { secrets, shelves }) if is_json => {
                told.push(json!({ "environment": name, "secrets": secrets, "shelves": shelves }));
            }
            Ok(Refiled { secrets, shelves }) => {
                println!("{name}: {secrets} secrets stand on {shelves} new shelves.");
            }
            // Another process does it: the others are done all the same.
            Err(Error::Conflict(why)) => {
                code = Exit::Finding.into();
                if is_json {
                    told.push(json!({ "environment": name, "trouble": why }));
                } else {
                    eprintln!("keeper: {name}: {why}");
                }
            }
            Err(e) => return Err(e.into()),
        }
    }
    if is_json {
        output::json(&json!({ "environments": told }))?;
    } else if chosen.is_empty() {
        println!("There is no environment yet.");
    }
    Ok(code)
}

async fn refile(app: &App, actor: &Actor, environment_id: i64) -> Result<Refiled> {
    let (mut now, mut progress) = ("", Progress::new(""));
    secrets::refile(app, actor, environment_id, &mut |what, done, total| {
        if what != now {
            progress.clear();
            (now, progress) = (what, Progress::new(what));
        }
        progress.at(done, total);
    })
    .await
}

impl Refile {
    /// Of names that are not known none is begun.
    async fn chosen(&self, app: &App, actor: &Actor) -> std::result::Result<Vec<Environment>, Stop> {
        let all = environments::visible(app, actor).await?;
        let all: Vec<Environment> = all.into_iter().map(|place| place.environment).collect();
        let names: Vec<&str> = all.iter().map(|environment| environment.name.as_str()).collect();
        let mut chosen = BTreeSet::new();
        for name in &self.environment {
            chosen.insert(index(&names, name)?);
        }
        let is_chosen = |at: usize| chosen.is_empty() || chosen.contains(&at);
        Ok(all.into_iter().enumerate().filter(|(at, _)| is_chosen(*at)).map(|(_, one)| one).collect())
    }
}
