//! `keeper token …`: service accounts and their tokens, from the machine itself. Audited as `operator:NAME`.
use super::exit::{Exit, Stop};
use super::open;
use super::output::Output;
use super::source::index;
use crate::app::App;
use crate::config::Overrides;
use crate::domain::actor::Actor;
use crate::domain::enums::Role;
use crate::environments;
use crate::kit::clock::Utc;
use crate::kit::page::Cursor;
use crate::people::services::{self, Account, Made, NewToken, SaveService, ServiceInput};
use clap::{Args, Subcommand};
use serde_json::json;
use std::process::ExitCode;

/// So many accounts are read at once.
const PAGE: u32 = 100;

#[derive(Subcommand)]
pub enum Token {
    /// Make a token, and its service account if there is none of this name. The token alone goes to standard output, this once.
    #[command(
        after_help = "Example: keeper token create deploy --owner ada --role manager --scope secrets:read --scope secrets:reveal --environment production\nExample: keeper token create deploy --former-ends-in 24\n\nThe second is the next token, while the former lives on for a day."
    )]
    Create(Box<Create>),
    /// Every service account, with its live tokens by their last characters.
    #[command(after_help = "Example: keeper token list --output json")]
    List {
        #[command(flatten)]
        output: Output,
    },
    /// End a token now: by its last four characters, or all of an account's.
    #[command(
        after_help = "Example: keeper token revoke deploy 3f9Q\nExample: keeper token revoke deploy all"
    )]
    Revoke {
        /// The service account
        name: String,
        /// The token's last four characters, or `all`.
        token: String,
    },
}

#[derive(Args)]
pub struct Create {
    /// The service account: small letters, digits and -
    name: String,
    /// At most this role, and never more than its owner has: user, manager or admin
    #[arg(long)]
    role: Option<String>,
    /// What it may, once for each: secrets:read, secrets:write, secrets:reveal, …
    #[arg(long = "scope")]
    scopes: Vec<String>,
    /// Where it may, once for each; without any: in all environments that are open to its owner
    #[arg(long = "environment")]
    environments: Vec<String>,
    /// The user in whose name it acts; needed for a new account
    #[arg(long)]
    owner: Option<String>,
    /// What the account is for
    #[arg(long, default_value = "")]
    description: String,
    /// Days until the token ends: 1 to 365
    #[arg(long, value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(i64).range(services::DAYS))]
    expires: i64,
    /// Hours until its former tokens end: 0 to 168
    #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(i64).range(services::OVERLAP))]
    former_ends_in: Option<i64>,
    #[command(flatten)]
    output: Output,
}

pub async fn run(overrides: &Overrides, command: Token) -> Result<ExitCode, Stop> {
    let app = open::app(overrides).await?;
    let operator = open::operator();
    match command {
        Token::Create(wish) => create(&app, &operator, *wish).await?,
        Token::List { output } => list(&app, &operator, output).await?,
        Token::Revoke { name, token } => revoke(&app, &operator, &name, &token).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn create(app: &App, operator: &Actor, wish: Create) -> Result<(), Stop> {
    let new = NewToken { days: wish.expires, former_ends_in: wish.former_ends_in };
    let id = match services::by_name(app, operator, &wish.name.trim().to_ascii_lowercase()).await? {
        Some(account) if wish.is_for_a_new_one() => {
            demand_same(app, operator, &account, &wish).await?;
            account.id
        }
        Some(account) => account.id,
        None => {
            let id = services::create(app, operator, wish.parse(app, operator).await?).await?;
            eprintln!("The service account {} was made.", wish.name);
            id
        }
    };
    let made = services::make_token(app, operator, id, &new).await?;
    print(&made, wish.output);
    Ok(())
}

/// The token alone, so that a script can take it; what a person reads beside it is no part of that.
fn print(made: &Made, output: Output) {
    let text = String::from_utf8_lossy(made.text.expose());
    let ends = made.expires_at.to_seconds();
    if output.is_json() {
        println!(
            "{}",
            json!({ "account": made.account, "token": text, "hint": made.hint, "expires_at": ends })
        );
    } else {
        println!("{text}");
    }
    eprintln!("This token of {} is shown this once, and ends on {ends}.", made.account);
}

impl Create {
    fn is_for_a_new_one(&self) -> bool {
        self.role.is_some()
            || self.owner.is_some()
            || !self.scopes.is_empty()
            || !self.environments.is_empty()
            || !self.description.is_empty()
    }

    async fn parse(&self, app: &App, operator: &Actor) -> Result<SaveService, Stop> {
        let Some(owner) = &self.owner else {
            let why = format!(
                "there is no service account {:?} yet: say whose it is to be, with --owner USER",
                self.name
            );
            return Err(Stop(Exit::Usage, why));
        };
        let input = ServiceInput {
            name: self.name.clone(),
            description: self.description.clone(),
            owner: owner.clone(),
            role: self.role.clone().unwrap_or_else(|| Role::User.to_string()),
            scopes: self.scopes.clone(),
            all_environments: self.environments.is_empty().then(|| "true".to_owned()),
            environments: self.environment_ids(app, operator).await?,
            row_version: String::new(),
        };
        Ok(input.parse()?)
    }

    async fn environment_ids(&self, app: &App, operator: &Actor) -> Result<Vec<String>, Stop> {
        let places = environments::visible(app, operator).await?;
        let names: Vec<&str> = places.iter().map(|place| place.environment.name.as_str()).collect();
        let id = |name: &String| index(&names, name).map(|at| places[at].environment.id.to_string());
        self.environments.iter().map(id).collect()
    }
}

/// Whoever says again what is there gets another token; whoever says something else is told, and nothing is changed in passing.
async fn demand_same(app: &App, operator: &Actor, account: &Account, wish: &Create) -> Result<(), Stop> {
    let mut chosen: Vec<String> = services::chosen(app, operator, &[account.id])
        .await?
        .iter()
        .map(|one| one.environment_id.to_string())
        .collect();
    let mut asked = wish.environment_ids(app, operator).await?;
    chosen.sort();
    asked.sort();
    let scopes = account.scopes();
    let has_scopes = wish.scopes.len() == scopes.len()
        && scopes.iter().all(|scope| wish.scopes.iter().any(|asked| asked == scope.as_str()));
    let differs = [
        ("--role", wish.role.as_deref().is_some_and(|role| role != account.role.as_str())),
        (
            "--owner",
            wish.owner.as_deref().is_some_and(|owner| owner.trim().to_lowercase() != account.owner_name),
        ),
        ("--scope", !wish.scopes.is_empty() && !has_scopes),
        ("--environment", !asked.is_empty() && asked != chosen),
        ("--description", !wish.description.is_empty() && wish.description != account.description),
    ];
    match differs.into_iter().find(|(_, differs)| *differs) {
        None => Ok(()),
        Some((option, _)) => Err(Stop(
            Exit::Usage,
            format!(
                "the service account {} is there already, with another {option}: change it on its page first, or leave the option away",
                account.name
            ),
        )),
    }
}

async fn list(app: &App, operator: &Actor, output: Output) -> Result<(), Stop> {
    let mut cursor = Cursor::First;
    let mut told = Vec::new();
    loop {
        let page = services::list(app, operator, &cursor, PAGE).await?;
        let ids: Vec<i64> = page.items.iter().map(|account| account.id).collect();
        let tokens = services::live_tokens(app, operator, &ids).await?;
        let chosen = services::chosen(app, operator, &ids).await?;
        for account in &page.items {
            let own = tokens.iter().filter(|token| token.service_account_id == account.id);
            let own: Vec<_> = own
                .map(|token| {
                    let used = token.last_used_at.map(Utc::to_seconds);
                    json!({ "hint": token.hint, "expires_at": token.expires_at.to_seconds(), "last_used_at": used })
                })
                .collect();
            let places = chosen.iter().filter(|one| one.service_account_id == account.id);
            let places: Vec<&str> = places.map(|one| one.name.as_str()).collect();
            told.push(json!({
                "name": account.name,
                "owner": account.owner_name,
                "role": account.role_now(),
                "is_active": account.is_live(),
                "scopes": account.scopes(),
                "environments": if account.all_environments { json!("all") } else { json!(places) },
                "tokens": own,
            }));
        }
        match page.next {
            Some(next) => cursor = Cursor::After(next),
            None => break,
        }
    }
    match output.is_json() {
        true => println!("{}", json!(told)),
        false if told.is_empty() => println!("There is no service account yet."),
        false => told.iter().for_each(print_account),
    }
    Ok(())
}

fn print_account(account: &serde_json::Value) {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let many = |value: &serde_json::Value| match value.as_array() {
        Some(all) => all.iter().map(text).collect::<Vec<_>>().join(" "),
        None => text(value),
    };
    let state = if account["is_active"] == true { "" } else { ", opens nothing now" };
    println!("{} ({} of {}{state})", text(&account["name"]), text(&account["role"]), text(&account["owner"]));
    println!("  scopes: {}", many(&account["scopes"]));
    println!("  environments: {}", many(&account["environments"]));
    for token in account["tokens"].as_array().into_iter().flatten() {
        let used =
            token["last_used_at"].as_str().map_or("never used".to_owned(), |at| format!("last used {at}"));
        println!("  token …{}: ends {}, {used}", text(&token["hint"]), text(&token["expires_at"]));
    }
}

async fn revoke(app: &App, operator: &Actor, name: &str, which: &str) -> Result<(), Stop> {
    let account = services::by_name(app, operator, &name.trim().to_ascii_lowercase()).await?;
    let Some(account) = account else {
        return Err(Stop(Exit::Finding, format!("there is no service account {name:?}")));
    };
    let live = services::live_tokens(app, operator, &[account.id]).await?;
    let meant: Vec<_> = live.iter().filter(|token| which == "all" || token.hint == which).collect();
    if meant.is_empty() {
        return Err(Stop(Exit::Finding, format!("{name} has no live token that ends in {which:?}")));
    }
    for token in meant {
        services::revoke_token(app, operator, account.id, token.id).await?;
        eprintln!("The token …{} of {name} opens nothing any more.", token.hint);
    }
    Ok(())
}
