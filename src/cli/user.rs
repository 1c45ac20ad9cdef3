//! `keeper user …`: accounts, from the machine itself. Audited as `operator:NAME`.
use super::exit::{Exit, Stop};
use super::open;
use super::output::Output;
use crate::config::Overrides;
use crate::domain::enums::Role;
use crate::domain::error::Error;
use crate::domain::plaintext::Plaintext;
use crate::kit::chance::Chance;
use crate::people::{self, NewMethod, NewUser};
use clap::{Subcommand, ValueEnum};
use std::io::{IsTerminal, Read};
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum User {
    /// Make an account. Without --password-stdin a password is generated and printed once.
    #[command(after_help = "Example: keeper user add ada --role admin --password-stdin < password.txt")]
    Add {
        /// The name that the person signs in with: letters, digits and - _ . @ +
        name: String,
        /// user, manager or admin
        #[arg(long)]
        role: String,
        /// Where the person can be written to.
        #[arg(long, default_value = "")]
        email: String,
        /// What pages call the person; without it, the name.
        #[arg(long, default_value = "")]
        display_name: String,
        /// Read the password from standard input (a line break at its end is not part of it).
        #[arg(long)]
        password_stdin: bool,
    },
    /// All accounts: role, how they sign in, whether they may, when they last did.
    #[command(after_help = "Example: keeper user list\nExample: keeper user list --output json")]
    List {
        #[command(flatten)]
        output: Output,
    },
    /// Change the role; the account's sessions end.
    #[command(after_help = "Example: keeper user set-role ada manager")]
    SetRole {
        /// The account.
        name: String,
        /// user, manager or admin
        role: String,
    },
    /// Set a new password; the account's sessions end. Without --password-stdin one is generated and printed once.
    #[command(
        after_help = "Example: keeper user set-password ada\nExample: keeper user set-password ada --password-stdin < password.txt"
    )]
    SetPassword {
        /// The account.
        name: String,
        /// Read the password from standard input (a line break at its end is not part of it).
        #[arg(long)]
        password_stdin: bool,
    },
    /// From a password to single sign-on, or back; the account's sessions end.
    #[command(
        after_help = "Example: keeper user set-method ada saml --identity-provider https://idp.example/metadata --name-id ada@example.com\n\
            Example: keeper user set-method ada database --password-stdin < password.txt"
    )]
    SetMethod {
        /// The account.
        name: String,
        /// How the person signs in from now on.
        method: Method,
        /// The entityID of the identity provider that vouches for the person.
        #[arg(long, default_value = "")]
        identity_provider: String,
        /// What the identity provider calls the person.
        #[arg(long, default_value = "")]
        name_id: String,
        /// Read the password from standard input; else one is generated and printed once.
        #[arg(long)]
        password_stdin: bool,
    },
    /// An admin's password opens the account even where only single sign-on is open.
    #[command(after_help = "Example: keeper user set-break-glass ada on")]
    SetBreakGlass {
        /// The account of an admin who has a password.
        name: String,
        /// Whether it is one.
        state: Switch,
    },
    /// Take somebody's second factor away, who has lost the app and the recovery codes; the account's sessions end.
    #[command(after_help = "Example: keeper user remove-second-factor ada")]
    RemoveSecondFactor {
        /// The account.
        name: String,
    },
    /// Whether passwords open break-glass accounts alone.
    #[command(after_help = "Example: keeper user sso-only off")]
    SsoOnly {
        /// On: everybody else comes through an identity provider.
        state: Switch,
    },
    /// The account can no longer sign in; its sessions end.
    #[command(after_help = "Example: keeper user disable ada")]
    Disable {
        /// The account.
        name: String,
    },
    /// The account can sign in again.
    #[command(after_help = "Example: keeper user enable ada")]
    Enable {
        /// The account.
        name: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Method {
    Saml,
    Database,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

pub async fn run(overrides: &Overrides, command: User) -> Result<ExitCode, Stop> {
    let app = open::app(overrides).await?;
    let operator = open::operator();
    match command {
        User::Add { name, role, email, display_name, password_stdin } => {
            let given = password(password_stdin)?;
            let new = NewUser::parse(&name, &email, &display_name, &role, Some(given.value.duplicate()))?;
            people::add(&app, &operator, new).await?;
            given.print_once();
        }
        User::List { output } => super::users::print(&app, output).await?,
        User::SetRole { name, role } => {
            let role: Role = role.parse().map_err(|e| Error::invalid("role", &format!("{e}")))?;
            people::set_role(&app, &operator, &name, role).await.map_err(|e| named(e, &name))?;
        }
        User::SetPassword { name, password_stdin } => {
            let given = password(password_stdin)?;
            people::set_password(&app, &operator, &name, given.value.duplicate())
                .await
                .map_err(|e| named(e, &name))?;
            given.print_once();
        }
        User::SetMethod { name, method: Method::Saml, identity_provider, name_id, .. } => {
            let new = NewMethod::saml(&identity_provider, &name_id)?;
            people::set_method(&app, &operator, &name, new).await.map_err(|e| named(e, &name))?;
        }
        User::SetMethod { name, method: Method::Database, password_stdin, .. } => {
            let given = password(password_stdin)?;
            let new = NewMethod::Database { password: given.value.duplicate() };
            people::set_method(&app, &operator, &name, new).await.map_err(|e| named(e, &name))?;
            given.print_once();
        }
        User::SetBreakGlass { name, state } => {
            people::set_break_glass(&app, &operator, &name, state == Switch::On)
                .await
                .map_err(|e| named(e, &name))?;
        }
        User::RemoveSecondFactor { name } => {
            people::remove_second_factor(&app, &operator, &name).await.map_err(|e| named(e, &name))?;
        }
        User::SsoOnly { state } => people::set_sso_only(&app, &operator, state == Switch::On).await?,
        User::Disable { name } => {
            people::set_active(&app, &operator, &name, false).await.map_err(|e| named(e, &name))?;
        }
        User::Enable { name } => {
            people::set_active(&app, &operator, &name, true).await.map_err(|e| named(e, &name))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn named(e: Error, name: &str) -> Stop {
    match e {
        Error::NotFound => Stop(Exit::Finding, format!("there is no user {name:?}")),
        e => e.into(),
    }
}

pub struct Given {
    pub value: Plaintext,
    generated: bool,
}

impl Given {
    /// A generated password is shown to whoever made the account, once, and kept nowhere.
    pub fn print_once(&self) {
        if self.generated {
            println!("The password, shown this once: {}", String::from_utf8_lossy(self.value.expose()));
        }
    }
}

pub fn password(from_stdin: bool) -> Result<Given, Stop> {
    if !from_stdin {
        return Ok(Given { value: people::make_password(&Chance::System)?, generated: true });
    }
    read_secret("Type the password, then Ctrl-D:").map(|value| Given { value, generated: false })
}

/// From standard input, without the line break that ends it. `asks`: what somebody at a terminal is told.
pub fn read_secret(asks: &str) -> Result<Plaintext, Stop> {
    if std::io::stdin().is_terminal() {
        eprintln!("{asks}");
    }
    let mut text = Vec::new();
    std::io::stdin()
        .take(4096)
        .read_to_end(&mut text)
        .map_err(|e| Stop(Exit::Usage, format!("standard input: {e}")))?;
    while text.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
        text.pop();
    }
    Ok(Plaintext::new(text))
}
