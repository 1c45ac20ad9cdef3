//! Pages of accounts: the list, a new one, one of them and what is changed of it.
mod change;
mod index;
mod new;
mod policy;
mod show;

pub use change::{
    disable, enable, end_session, end_sessions, remove_second_factor, set_break_glass, set_method,
    set_password, set_role,
};
pub use index::index;
pub use new::{create, new};
pub use policy::{policy, set_policy};
pub use show::show;

use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::chance::Chance;
use crate::people;
use crate::web::extract::CurrentUser;
use crate::web::forms::choices;
use crate::web::page::{Answer, html, role_label};
use crate::web::views::parts::Choice;
use crate::web::views::users::MadePage;
use crate::web::views::words::Exact;

/// As `choices` has them, with this one chosen.
fn roles(on: &str) -> Vec<Choice> {
    choices(Role::ALL, Role::as_str, |role| role_label(role).to_owned(), on)
}

/// What a form of one button sends.
fn is_on(field: &str, text: &str) -> Result<bool> {
    text.parse().map_err(|_| Error::invalid(field, "must be one of true, false"))
}

/// A password from a form: typed, or made here.
struct Given {
    value: Plaintext,
    is_made: bool,
}

impl Given {
    fn of(mode: &str, typed: Option<Plaintext>, chance: &Chance) -> Result<Self> {
        match mode {
            "generated" => Ok(Self { value: people::make_password(chance)?, is_made: true }),
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
