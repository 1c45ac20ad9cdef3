//! What a database says when it says no, in Keeper's own words. `session.rs` asks.
//!
//! Two questions matter to a rotation: was it the password, and may the statement have been done all the same?
use super::settings::SourceEngine;
use crate::remote::error::RemoteError;
use sqlx::Error;
use sqlx::mysql::MySqlDatabaseError;
use sqlx::postgres::{PgDatabaseError, PgSeverity};
use std::io::ErrorKind;

pub(super) enum Said {
    /// The name and the password do not belong together.
    Wrong,
    /// The password was right, and what came after it was refused.
    Inside(RemoteError),
    /// Nothing was done.
    No(RemoteError),
    /// The answer was not heard: nobody knows what was done.
    Lost(RemoteError),
}

impl Said {
    pub(super) fn told_to_administrator(self, who: &str) -> RemoteError {
        match self {
            Self::Wrong => RemoteError::last(format!(
                "{who} does not let Keeper's administrator in: its name or its password is wrong"
            )),
            Self::Inside(why) | Self::No(why) | Self::Lost(why) => why,
        }
    }
}

/// Signing in, or afterwards?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum While {
    SigningIn,
    Working,
}

pub(super) fn heard(engine: SourceEngine, at: While, error: &Error) -> Said {
    let who = engine.who();
    match error {
        Error::Database(said) => {
            if let Some(said) = said.try_downcast_ref::<PgDatabaseError>() {
                return postgres(at, said.code(), said.severity());
            }
            match said.try_downcast_ref::<MySqlDatabaseError>() {
                Some(said) => mysql(at, said.number()),
                None => Said::Lost(RemoteError::garbage(who)),
            }
        }
        Error::Tls(_) => Said::No(RemoteError::last(format!("{who} offers no TLS"))),
        // How rustls speaks through an I/O error.
        Error::Io(e) if e.kind() == ErrorKind::InvalidData => Said::No(RemoteError::retry(format!(
            "{who} has no certificate for its name that this machine trusts, or speaks no TLS"
        ))),
        Error::Io(_) => Said::Lost(RemoteError::retry(format!("the connection to {who} broke"))),
        Error::Configuration(_) => {
            Said::No(RemoteError::last(format!("this name or password cannot be said in {who}'s sign-in")))
        }
        _ => Said::Lost(RemoteError::garbage(who)),
    }
}

fn postgres(at: While, code: &str, severity: PgSeverity) -> Said {
    let signing = at == While::SigningIn;
    let last = |why: &'static str| Said::No(RemoteError::last(why));
    let retry = |why: &'static str| Said::No(RemoteError::retry(why));
    match code {
        "28P01" => Said::Wrong,
        "28000" => last(
            "PostgreSQL lets this user not in from here: it may not sign in, or no line of pg_hba.conf is for it",
        ),
        // The server asks for the password first, and looks for the database after it.
        "42501" if signing => Said::Inside(RemoteError::last(
            "PostgreSQL lets this user into no database of this name: it needs the right CONNECT",
        )),
        "3D000" if signing => Said::Inside(RemoteError::last("PostgreSQL has no database of this name")),
        "42501" => last(POSTGRES_NEED),
        "42704" => last("PostgreSQL has no such user"),
        "25006" => last("this PostgreSQL is a read-only replica: passwords are changed at its primary"),
        "53300" => retry("PostgreSQL has no connection left"),
        "57P03" => retry("PostgreSQL is starting or stopping"),
        "57014" | "55P03" | "40001" | "40P01" | "XX000" if severity == PgSeverity::Error => {
            retry("PostgreSQL was kept from it by other work: nothing was changed")
        }
        // An error ends the transaction; what is worse may have come after its commit.
        _ if severity == PgSeverity::Error || signing => {
            last("PostgreSQL refused it for a reason of its own, which its log names")
        }
        _ => Said::Lost(RemoteError::retry("PostgreSQL ended the connection")),
    }
}

pub(super) const POSTGRES_NEED: &str = "Keeper's administrator may not do this at PostgreSQL: it needs CREATEROLE, from version 16 also \
     the ADMIN option on the user, and for a superuser it must be one";

fn mysql(at: While, number: u16) -> Said {
    let signing = at == While::SigningIn;
    let last = |why: &'static str| Said::No(RemoteError::last(why));
    let retry = |why: &'static str| Said::No(RemoteError::retry(why));
    match number {
        // The second where no password is asked for, which MariaDB also feigns for users that it does not have.
        1045 | 1698 if signing => Said::Wrong,
        1044 if signing => Said::Inside(RemoteError::last("MySQL does not let this user into the database")),
        1049 if signing => Said::Inside(RemoteError::last("MySQL has no database of this name")),
        // Asked for after the password: an expired one is still the right one.
        1820 | 1862 => Said::Inside(RemoteError::last("the user's password at MySQL has expired")),
        3118 | 4151 => last("the user is locked at MySQL"),
        1130 => last("MySQL lets nobody in from Keeper's machine"),
        1129 => last("MySQL has blocked Keeper's machine: FLUSH HOSTS opens it again"),
        1040 | 1203 | 1226 => retry("MySQL has no connection left"),
        1044 | 1045 | 1142 | 1143 | 1227 | 1370 | 1410 => last(MYSQL_NEED),
        1396 => last("MySQL has no such user"),
        1819 => last("MySQL's own rules for passwords refuse this value"),
        1290 | 1836 => last(
            "this MySQL runs in a mode that forbids it: as a read-only replica, without its tables of users, or \
             with strict rules for passwords that take no hash",
        ),
        1205 | 1213 | 1969 | 3024 => retry("MySQL was kept from it by other work: nothing was changed"),
        1053 | 1152..=1161 | 1317 | 1927 => Said::Lost(RemoteError::retry("MySQL ended the connection")),
        _ => last("MySQL refused it for a reason of its own, which its log names"),
    }
}

pub(super) const MYSQL_NEED: &str =
    "Keeper's administrator may not do this at MySQL: it needs CREATE USER on *.* and SELECT on mysql.*";
