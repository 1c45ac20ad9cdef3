//! `keeper run -- CMD`: a program with the secrets of an environment as its variables. Keeper becomes that program, so that signals
//! and the exit code are its own. Each value that is read is a reveal in the audit log.
use super::exit::{Exit, Stop};
use super::source::{Home, Named, Server, Source};
use crate::config::Overrides;
use crate::domain::plaintext::Plaintext;
use clap::Args;
use futures_util::{StreamExt, TryStreamExt, stream};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const REASON: &str = "keeper run";

/// Variables that decide which program runs, or what code it loads. Whoever may name a secret must not decide that.
const REFUSED: [&str; 17] = [
    "PATH",
    "HOME",
    "SHELL",
    "IFS",
    "ENV",
    "BASH_ENV",
    "PS4",
    "NODE_OPTIONS",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PYTHONHOME",
    "PERL5OPT",
    "PERL5LIB",
    "RUBYOPT",
    "RUBYLIB",
    "JAVA_TOOL_OPTIONS",
    "GLIBC_TUNABLES",
];
const REFUSED_BEGINNINGS: [&str; 3] = ["LD_", "DYLD_", "KEEPER_"];

#[derive(Args)]
pub struct Run {
    /// The environment whose secrets the program gets.
    #[arg(long, value_name = "NAME")]
    environment: String,
    /// Only this secret; may be said several times. Without it: every active one.
    #[arg(long = "secret", value_name = "NAME")]
    secrets: Vec<String>,
    /// Stands before the name of each variable: with APP_ the secret db-password is APP_DB_PASSWORD.
    #[arg(long, default_value = "", value_name = "PREFIX")]
    prefix: String,
    #[command(flatten)]
    server: Server,
    /// The program and its arguments, behind two dashes.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

pub async fn run(overrides: &Overrides, command: Run) -> Result<ExitCode, Stop> {
    let Some((program, arguments)) = command.command.split_first() else {
        return Err(Stop(Exit::Usage, "name the program behind --".to_owned()));
    };
    // Before any value is read: a slip of the pen reveals none.
    let program = found(program)?;
    let source = Source::open(overrides, &command.server).await?;
    let home = source.home(&command.environment).await?;
    let chosen = chosen(&source, &home, &command.secrets).await?;
    let variables = variables(&chosen, &command.prefix).map_err(|why| Stop(Exit::Usage, why))?;
    let mut child = Command::new(&program);
    child.arg0(&command.command[0]).args(arguments);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_bytes().starts_with(b"KEEPER_")) {
        child.env_remove(name);
    }
    for (variable, secret, value) in revealed(&source, variables).await? {
        child.env(variable, text(secret, &value)?);
    }
    source.close().await;
    let e = child.exec();
    Err(Stop(Exit::CannotCreate, format!("{} cannot be started: {e}", program.display())))
}

/// As the system would find it: a path, or a name in one of the folders of PATH.
fn found(program: &OsStr) -> Result<PathBuf, Stop> {
    let runs = |path: &Path| path.is_file() && rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok();
    let place = if program.as_bytes().contains(&b'/') {
        Some(PathBuf::from(program)).filter(|path| runs(path))
    } else {
        let folders = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| runs(path))
    };
    place.ok_or_else(|| {
        Stop(Exit::Usage, format!("there is no program {}: no value was read", Path::new(program).display()))
    })
}

async fn chosen(source: &Source, home: &Home, names: &[String]) -> Result<Vec<Named>, Stop> {
    if names.is_empty() {
        return source.active(home).await;
    }
    let names: Vec<String> = names.iter().map(|name| name.trim().to_ascii_lowercase()).collect();
    let found = source.named(home, &names).await?;
    for name in &names {
        let problem = match found.iter().find(|secret| secret.name == *name) {
            None => "does not exist",
            Some(secret) if !secret.is_active => "is switched off",
            Some(_) => continue,
        };
        return Err(Stop(Exit::Usage, format!("--secret: {name:?} {problem} in {}", home.name)));
    }
    Ok(found)
}

/// A variable with its secret and the value.
type Filled<'a> = (String, &'a Named, Plaintext);

/// One that may not be revealed is told by its name, and ends all: no program is started with a part of what it needs.
async fn revealed<'a>(
    source: &Source,
    variables: BTreeMap<String, &'a Named>,
) -> Result<Vec<Filled<'a>>, Stop> {
    let each = variables.into_iter().map(|(variable, secret)| async move {
        match source.reveal(secret.id, REASON).await {
            Ok(value) => Ok((variable, secret, value)),
            Err(Stop(exit, why)) => Err(Stop(exit, format!("{}: {why}: nothing was started", secret.name))),
        }
    });
    stream::iter(each).buffered(source.hands()).try_collect().await
}

/// The variable of each secret. Two of one name, or a name that no program can read, are a mistake that names the secrets.
fn variables<'a>(chosen: &'a [Named], prefix: &str) -> Result<BTreeMap<String, &'a Named>, String> {
    let mut variables: BTreeMap<String, &Named> = BTreeMap::new();
    for secret in chosen {
        let variable = variable(&secret.name, prefix);
        let advice = "choose others with --secret, or give a --prefix";
        if variable.starts_with(|c: char| c.is_ascii_digit()) || !is_plain(&variable) {
            return Err(format!(
                "the secret {} would be {variable}, which is no name of a variable: {advice}",
                secret.name
            ));
        }
        if REFUSED.contains(&&*variable) || REFUSED_BEGINNINGS.iter().any(|begin| variable.starts_with(begin))
        {
            return Err(format!(
                "the secret {} would be {variable}, which decides what programs run or how: {advice}",
                secret.name
            ));
        }
        if let Some(first) = variables.insert(variable.clone(), secret) {
            return Err(format!(
                "the secrets {} and {} would both be {variable}: {advice}",
                first.name, secret.name
            ));
        }
    }
    Ok(variables)
}

fn variable(name: &str, prefix: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("{prefix}{}", name.chars().map(plain).collect::<String>())
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn text<'a>(secret: &Named, value: &'a Plaintext) -> Result<&'a OsStr, Stop> {
    let bytes = value.expose();
    if bytes.contains(&0) {
        let why = format!("the value of {} holds a zero byte, which no variable can hold", secret.name);
        return Err(Stop(Exit::Finding, why));
    }
    Ok(OsStr::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_variable() {
        assert_eq!(variable("db-password_1.prod", ""), "DB_PASSWORD_1_PROD");
        assert_eq!(variable("db", "APP_"), "APP_DB");
        assert!(is_plain("A_1") && !is_plain("A-1") && !is_plain("A=B"));
    }
}
