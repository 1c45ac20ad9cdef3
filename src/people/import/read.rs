//! From the bytes of a file to accounts that keep every rule, each with its place or with what is wrong.
use crate::crypto::passwords::PasswordHash;
use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::names::Username;
use crate::domain::plaintext::Plaintext;
use crate::domain::rules::{self, Text};
use crate::kit::cell::Cell;
use crate::kit::table::{self, Record, flag, member};

/// The largest file, in bytes, and the most rows of one import: it is one unit.
const LONGEST: usize = 4 * 1024 * 1024;
const MOST_ROWS: usize = 5_000;

/// What counts, and what a table of users holds as well: Keeper decides that itself.
const COLUMNS: [&str; 14] = [
    "username",
    "email",
    "display_name",
    "role",
    "password_hash",
    "is_active",
    "auth_method",
    "id",
    "created_at",
    "updated_at",
    "last_login_at",
    "saml_subject_id",
    "auth_epoch",
    "failed_count",
];
const NEEDED: [&str; 2] = ["username", "role"];

pub(super) struct Account {
    pub username: Username,
    pub email: Option<String>,
    pub display_name: String,
    pub role: Role,
    /// None: the account cannot sign in until it is given a password.
    pub hash: Option<PasswordHash>,
    pub is_active: bool,
}

pub(super) struct Row {
    pub at: String,
    pub name: String,
    pub account: std::result::Result<Account, String>,
}

pub(super) fn rows(file: &Plaintext) -> Result<Vec<Row>> {
    let refused = |why: &str| Error::invalid("file", why);
    if file.len() > LONGEST {
        return Err(refused("is larger than 4 MiB: divide it"));
    }
    let text = table::text(file.expose()).map_err(|why| refused(&why))?;
    let records = table::read(text, &COLUMNS, &NEEDED, MOST_ROWS).map_err(|why| refused(&why))?;
    match records.len() {
        0 => Err(refused("holds no row: nothing would be imported")),
        n if n > MOST_ROWS => Err(refused(&format!("holds more than {MOST_ROWS} rows: divide it"))),
        _ => Ok(records.into_iter().map(row).collect()),
    }
}

fn row(record: Record) -> Row {
    let at = record.at.to_string();
    if let Some(problem) = record.problem {
        return Row { at, name: String::new(), account: Err(problem) };
    }
    let (mut errors, mut texts) = (FieldErrors::default(), Texts::default());
    for (column, cell) in record.cells {
        texts.put(&column, cell, &mut errors);
    }
    let name = Username::parse(&texts.username).map(|name| name.as_str().to_owned()).unwrap_or_default();
    Row { at, name, account: texts.account(errors) }
}

#[derive(Default)]
struct Texts {
    username: String,
    email: String,
    display_name: String,
    role: String,
    password_hash: String,
    is_active: String,
    auth_method: String,
}

impl Texts {
    fn put(&mut self, column: &str, cell: Cell, errors: &mut FieldErrors) {
        let field = match column {
            "username" => &mut self.username,
            "email" => &mut self.email,
            "display_name" => &mut self.display_name,
            "role" => &mut self.role,
            "password_hash" => &mut self.password_hash,
            "is_active" => &mut self.is_active,
            "auth_method" => &mut self.auth_method,
            _ => return,
        };
        if let Some(text) = errors.take(column, cell.into_text()) {
            *field = text.unwrap_or_default();
        }
    }

    /// The rules are those of every account; the password itself is not known here, so its hash alone is looked at.
    fn account(self, mut errors: FieldErrors) -> std::result::Result<Account, String> {
        let username = errors.take("username", Username::parse(&self.username));
        let email = errors.take("email", rules::email(&self.email));
        let display_name = errors.take("display_name", Text::optional(&self.display_name, 255));
        let role = errors.take("role", member(&self.role).parse::<Role>());
        let hash = match self.password_hash.trim() {
            "" => Some(None),
            text => errors.take("password_hash", PasswordHash::imported(text).map(Some)),
        };
        let is_active = match self.is_active.trim() {
            "" => Some(true),
            text => errors.take("is_active", flag(text).ok_or("must be true or false")),
        };
        if !matches!(member(&self.auth_method).as_str(), "" | "database") {
            errors.add(
                "auth_method",
                "must be database: who comes through an identity provider gets the account at the first sign-in, so take the row out",
            );
        }
        match (username, email, display_name, role, hash, is_active) {
            (Some(username), Some(email), Some(display_name), Some(role), Some(hash), Some(is_active))
                if errors.is_empty() =>
            {
                let display_name = if display_name.is_empty() { username.to_string() } else { display_name };
                Ok(Account { username, email, display_name, role, hash, is_active })
            }
            _ => Err(words(&errors)),
        }
    }
}

fn words(errors: &FieldErrors) -> String {
    let one = |(field, messages): (&str, &[String])| format!("{field} {}", messages.join(", "));
    errors.iter().map(one).collect::<Vec<_>>().join("; ")
}
