//! How a command ends: one line that says what is wrong, and a code (sysexits.h) that a script can act on.
use crate::config::ConfigError;
use crate::crypto::kms::NoKms;
use crate::domain::error::Error;
use std::process::ExitCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Finding = 1,
    Usage = 64,
    Away = 69,
    CannotCreate = 73,
    Config = 78,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

pub fn fail(exit: Exit, text: &str) -> ExitCode {
    eprintln!("keeper: {text}");
    exit.into()
}

/// Why a command stopped.
#[derive(Debug)]
pub struct Stop(pub Exit, pub String);

impl Stop {
    pub fn print(&self) -> ExitCode {
        fail(self.0, &self.1)
    }
}

impl From<ConfigError> for Stop {
    fn from(e: ConfigError) -> Self {
        Self(Exit::Config, e.to_string())
    }
}

impl From<NoKms> for Stop {
    fn from(e: NoKms) -> Self {
        Self(Exit::Config, e.to_string())
    }
}

impl From<Error> for Stop {
    fn from(e: Error) -> Self {
        match &e {
            Error::Invalid(fields) => {
                let lines = fields
                    .iter()
                    .map(|(field, messages)| format!("{field} {}", messages.join("; ")))
                    .collect::<Vec<_>>();
                Self(Exit::Usage, lines.join("\n        ").trim().to_owned())
            }
            Error::Unavailable { what, cause: Some(cause) } => Self(Exit::Away, format!("{what} ({cause})")),
            Error::Unavailable { .. } => Self(Exit::Away, e.to_string()),
            Error::NotFound => Self(Exit::Finding, "there is no such thing".to_owned()),
            _ => Self(Exit::Finding, e.to_string()),
        }
    }
}
