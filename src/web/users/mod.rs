//! Pages of accounts: the list, a new one, one of them and what is changed of it.
mod change;
mod index;
mod new;
mod show;

pub use change::{disable, enable, end_sessions, set_password, set_role};
pub use index::index;
pub use new::{create, new};
pub use show::show;

use crate::crypto::generate::Policy;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::chance::Chance;
use crate::web::extract::CurrentUser;
use crate::web::page::{Answer, html};
use crate::web::views::secrets::Exact;
use crate::web::views::users::MadePage;

/// Letters of a password that Keeper makes: 24 of 57 that are not mistaken for each other, 139 bits.
const LETTERS: i64 = 24;

/// A password from a form: typed, or made here.
struct Given {
    value: Plaintext,
    is_made: bool,
}

impl Given {
    fn of(mode: &str, typed: Option<Plaintext>, chance: &Chance) -> Result<Self> {
        match mode {
            "generated" => {
                let policy =
                    Policy::new(LETTERS, "unambiguous").map_err(|why| Error::broken(why.to_string()))?;
                Ok(Self { value: policy.generate(chance)?, is_made: true })
            }
            "typed" => {
                let value = typed.unwrap_or_else(|| Plaintext::new(Vec::new()));
                Ok(Self { value, is_made: false })
            }
            _ => Err(Error::invalid("mode", "must be one of generated, typed")),
        }
    }
}

/// A password that Keeper made, shown this once; nobody can see it again.
async fn made(user: &CurrentUser, id: i64, name: &str, password: &Plaintext) -> Answer {
    let password = std::str::from_utf8(password.expose()).map_err(Error::broken)?;
    html(&MadePage {
        shell: user.shell("users", format!("Password of {name}")).await?,
        id,
        name: name.to_owned(),
        password: Exact(password),
    })
}
