//! `--server`: the Keeper that a command works with instead of this machine's own, and the token that it is called with.
use crate::cli::exit::{Exit, Stop};
use crate::cli::open;
use crate::config::Overrides;
use crate::domain::plaintext::Plaintext;
use crate::remote::demand_authority;
use crate::remote::keeper::{Keeper, address};
use clap::Args;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use zeroize::Zeroizing;

const TOKEN: &str = "KEEPER_TOKEN";
const TOKEN_FILE: &str = "KEEPER_TOKEN_FILE";
const CA_FILE: &str = "KEEPER_CA_FILE";
const MAKE_ONE: &str = "make one with keeper token create, or at /settings/service-accounts";

#[derive(Args)]
pub struct Server {
    /// Work with the Keeper at this address, through its API, instead of with this machine's database and key. The token is read from
    /// the variable `KEEPER_TOKEN` or from the file that `KEEPER_TOKEN_FILE` names, and is never an argument; `KEEPER_CA_FILE` names who vouches
    /// for the server, in PEM, instead of those whom this machine trusts. It is https, but for this machine itself.
    #[arg(long, value_name = "URL", env = "KEEPER_SERVER")]
    server: Option<String>,
}

impl Server {
    /// `None`: this machine's own.
    pub fn keeper(&self, overrides: &Overrides) -> Result<Option<Keeper>, Stop> {
        let Some(typed) = &self.server else { return Ok(None) };
        let usage = |why: String| Stop(Exit::Usage, why);
        let own = [
            ("--config", overrides.config.is_some()),
            ("--data-dir", overrides.data_dir.is_some()),
            ("--database-url", overrides.database_url.is_some()),
        ];
        if let Some((option, _)) = own.into_iter().find(|(_, is_given)| *is_given) {
            return Err(usage(format!(
                "--server (or KEEPER_SERVER) names another machine, and {option} belongs to this one: leave one of them out"
            )));
        }
        // Where a variable alone decides, another one for this machine makes it a guess where values go.
        let is_variable = std::env::var_os("KEEPER_SERVER").is_some_and(|server| *server == **typed);
        let local = ["KEEPER_CONFIG", "KEEPER_DATA_DIR", "KEEPER_DATABASE_URL", "KEEPER_DATABASE_URL_FILE"];
        if let Some(name) = local.into_iter().find(|name| is_variable && std::env::var_os(name).is_some()) {
            return Err(usage(format!(
                "KEEPER_SERVER names another machine, and {name} belongs to this one: unset one of them"
            )));
        }
        // A misspelt variable would be a rule that is not kept, as everywhere.
        open::draft(overrides)?;
        let address = address(typed).map_err(|why| usage(format!("--server (or KEEPER_SERVER) {why}")))?;
        let authority = match std::env::var_os(CA_FILE) {
            Some(path) => authority(path)?,
            None => String::new(),
        };
        let keeper = Keeper::new(address, &token()?, &authority);
        keeper.map(Some).map_err(|e| Stop(Exit::Config, format!("--server: {e}")))
    }
}

fn authority(path: OsString) -> Result<String, Stop> {
    let pem = held(CA_FILE, path)?.to_string();
    demand_authority(&pem).map_err(|e| Stop(Exit::Config, format!("{CA_FILE}: {e}")))?;
    Ok(pem)
}

fn token() -> Result<Plaintext, Stop> {
    let missing = |why: String| Stop(Exit::Config, why);
    let text = match (std::env::var_os(TOKEN), std::env::var_os(TOKEN_FILE)) {
        (Some(_), Some(_)) => {
            return Err(missing(format!("{TOKEN} and {TOKEN_FILE} are both set: leave one of them out")));
        }
        (None, None) => {
            return Err(missing(format!(
                "{TOKEN} is not set: --server needs the token of a service account; {MAKE_ONE}"
            )));
        }
        // What is no text is no token either, and is refused as such.
        (Some(text), None) => Zeroizing::new(text.into_string().unwrap_or_default()),
        (None, Some(path)) => held(TOKEN_FILE, path)?,
    };
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(missing(format!(
            "{TOKEN} holds no token: it is one word that begins with kpr_; {MAKE_ONE}"
        )));
    }
    Ok(Plaintext::from(text.to_owned()))
}

/// The text of a file that a variable names.
fn held(variable: &str, path: OsString) -> Result<Zeroizing<String>, Stop> {
    let path = PathBuf::from(path);
    let text = fs::read_to_string(&path);
    text.map(Zeroizing::new)
        .map_err(|e| Stop(Exit::Config, format!("{variable}: {} cannot be read: {e}", path.display())))
}
