//! The door of the command line; here the parts are put together.
mod ask;
mod audit;
mod check;
mod completions;
mod config;
mod demo;
mod exit;
mod export;
mod harden;
mod import;
mod keys;
mod logs;
mod migrate;
mod open;
mod output;
mod progress;
mod routes;
mod run;
mod schema;
mod search;
mod serve;
mod source;
#[cfg(test)]
mod tests;
mod token;
mod user;
mod users;

use crate::config::Overrides;
use clap::{Args, Parser, Subcommand};
use exit::Exit;
use std::path::PathBuf;
use std::process::ExitCode;

/// Keeps, rotates and proves a company's secrets.
#[derive(Parser)]
#[command(
    name = "keeper",
    version,
    after_help = "Exit codes: 0 well, 1 a finding, 64 usage, 69 a service is away, 73 cannot create, 78 configuration."
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args)]
struct Global {
    /// The configuration file; KEEPER_CONFIG names it too.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where the embedded database and the key file lie.
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// sqlite://…, postgres://… or mysql://…
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the console.
    #[command(after_help = "Example: keeper serve\nExample: KEEPER_LISTEN=127.0.0.1:8080 keeper serve")]
    Serve,
    /// Look whether everything is there that Keeper needs: settings, disk, database, key service, audit log, search index, backends,
    /// identity providers, accounts. It says what is wrong and how to mend it, and changes nothing. Exit code 1 when something is wrong, 69 when
    /// the database or the key service is away, 78 when the configuration is.
    #[command(after_help = "Example: keeper check\nExample: keeper check --output json")]
    Check(check::Check),
    /// Start a program with the secrets of an environment as its variables: db-password becomes DB_PASSWORD. Each value is a reveal in
    /// the audit log, and none is printed. Keeper's own variables (KEEPER_…) are not passed on. The exit code is the program's.
    #[command(after_help = "Example: keeper run --environment staging -- ./manage.py migrate\n\
        Example: keeper run --environment production --secret db-password --prefix APP_ -- sh -c 'psql \"$APP_DB_PASSWORD\"'\n\
        Example: keeper run --server https://keeper.example.com --environment production -- ./worker\n\n\
        With --server the token needs the scopes secrets:read and secrets:reveal, and for restricted secrets without_proof.")]
    Run(run::Run),
    /// Take over accounts or secrets from a file of another program: all of it or nothing. With --server accounts one by one, and secrets a
    /// thousand at a time.
    #[command(
        subcommand,
        after_help = "Example: keeper import secrets secrets.csv --environment staging --dry-run"
    )]
    Import(import::Import),
    /// Write the metadata of secrets to standard output, as CSV or JSON. Never a value.
    #[command(
        after_help = "Example: keeper export --environment staging > staging.csv\nExample: keeper export --format json --tag team=shop\n\
        Example: keeper export --server https://keeper.example.com --environment staging > staging.csv\n\n\
        With --server the token needs the scope secrets:read."
    )]
    Export(export::Export),
    /// Change the version of the database's schema.
    #[command(subcommand, after_help = "Example: keeper migrate status")]
    Migrate(migrate::Migrate),
    /// Accounts.
    #[command(subcommand, after_help = "Example: keeper user add ada --role admin")]
    User(user::User),
    /// Service accounts and their tokens: what programs sign in with.
    #[command(
        subcommand,
        after_help = "Example: keeper token create deploy --owner ada --scope secrets:read"
    )]
    Token(token::Token),
    /// The audit log.
    #[command(subcommand, after_help = "Example: keeper audit verify")]
    Audit(audit::Audit),
    /// The key that wraps all others.
    #[command(subcommand, after_help = "Example: keeper keys rewrap")]
    Keys(keys::Keys),
    /// The search index.
    #[command(subcommand, after_help = "Example: keeper search refile")]
    Search(search::Search),
    /// What stands in keeper.toml.
    #[command(subcommand, after_help = "Example: keeper config seal database_url < url.txt")]
    Config(config::Config),
    /// Print the table of routes with the access of each.
    #[command(after_help = "Example: keeper routes")]
    Routes,
    /// Fill the database with something to look at: personas, environments, secrets. Refused in production mode.
    #[command(after_help = "Example: keeper seed-demo\nExample: keeper seed-demo --secrets 100000")]
    SeedDemo(demo::SeedDemo),
    /// Print what a shell needs to complete commands and options.
    #[command(after_help = "Example: keeper completions bash > /etc/bash_completion.d/keeper\n\
        Example: keeper completions zsh > ~/.zfunc/_keeper\n\
        Example: keeper completions fish > ~/.config/fish/completions/keeper.fish")]
    Completions(completions::Completions),
}

pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            let _ = e.print();
            return if e.use_stderr() { Exit::Usage.into() } else { ExitCode::SUCCESS };
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => return exit::fail(Exit::Away, &format!("no threads: {e}")),
    };
    runtime.block_on(run(cli))
}

async fn run(cli: Cli) -> ExitCode {
    let overrides = Overrides {
        config: cli.global.config,
        data_dir: cli.global.data_dir,
        database_url: cli.global.database_url,
    };
    let result = match cli.command {
        Command::Routes => Ok(routes::print()),
        Command::Serve => serve::serve(&overrides).await,
        Command::Check(command) => check::run(&overrides, command).await,
        Command::Run(command) => run::run(&overrides, command).await,
        Command::Import(command) => import::run(&overrides, command).await,
        Command::Export(command) => export::run(&overrides, command).await,
        Command::Completions(command) => completions::print(&command),
        Command::Migrate(command) => migrate::run(&overrides, command).await,
        Command::User(command) => user::run(&overrides, command).await,
        Command::Token(command) => token::run(&overrides, command).await,
        Command::Audit(command) => audit::run(&overrides, command).await,
        Command::Keys(command) => keys::run(&overrides, command).await,
        Command::Search(command) => search::run(&overrides, command).await,
        Command::Config(command) => config::run(&overrides, command).await,
        Command::SeedDemo(command) => demo::run(&overrides, command).await,
    };
    match result {
        Ok(code) => code,
        Err(stop) => stop.print(),
    }
}
