//! Accounts from another program's table, with the password hashes that they have there: read, shown by row, and stored all or
//! none. The command line calls `look_at_roster`, then `import`; for accounts that go to another Keeper `roster_for_another`. A hash is
//! never shown.
mod read;
mod row;

use self::read::{Account, Row};
pub use self::row::Stored;
use self::row::{ids, stored};
use super::change::demand;
use crate::app::App;
use crate::audit::{self, Event};
use crate::crypto::passwords::PasswordHash;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::{AuthMethod, Role, spelled};
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::{sql, tx, values};
use std::collections::HashMap;

spelled!(/// What becomes of a row.
Fate { New = "new", Same = "same", Invalid = "invalid" });

const NO_HASHES: &str = "password_hash cannot be sent to another Keeper: no token sets what somebody signs in with. Import on that \
    Keeper's own machine, or take the hash out: the account then waits for a password";

/// One row, as it is shown.
pub struct Entry {
    /// Where it stands in the file.
    pub at: String,
    /// Empty where the row has no name that could be one.
    pub name: String,
    pub fate: Fate,
    /// What is wrong with it, or what somebody should know of it.
    pub why: String,
}

/// A file of accounts, compared with those that there are.
pub struct Roster {
    pub entries: Vec<Entry>,
    accounts: Vec<Account>,
}

impl Roster {
    pub fn count(&self, fate: Fate) -> usize {
        self.entries.iter().filter(|entry| entry.fate == fate).count()
    }

    /// The accounts to be made, each with its place among the entries.
    pub fn wanted(&self) -> impl Iterator<Item = (usize, Wanted<'_>)> {
        let new = self.entries.iter().enumerate().filter(|(_, entry)| entry.fate == Fate::New);
        new.zip(&self.accounts).map(|((index, _), account)| (index, Wanted::of(account)))
    }
}

/// An account to be made, without a password.
pub struct Wanted<'a> {
    pub username: &'a str,
    pub email: Option<&'a str>,
    pub display_name: &'a str,
    pub role: Role,
    pub is_active: bool,
}

impl<'a> Wanted<'a> {
    fn of(account: &'a Account) -> Self {
        Self {
            username: account.username.as_str(),
            email: account.email.as_deref(),
            display_name: &account.display_name,
            role: account.role,
            is_active: account.is_active,
        }
    }
}

/// What an import would do. A file that cannot be read at all is an error of the field `file`.
pub async fn look_at_roster(app: &App, actor: &Actor, file: &Plaintext) -> Result<Roster> {
    demand(app, actor)?;
    let rows = read::rows(file)?;
    let names: Vec<&str> =
        rows.iter().filter_map(|row| row.account.as_ref().ok()).map(|a| a.username.as_str()).collect();
    let known = stored(&mut app.db.read().await?, &names).await?;
    Ok(compared(rows, &known))
}

/// What an import into another Keeper would do: `known` are the accounts that it shows. A hash is not left out in silence: it can only
/// be kept on that Keeper's own machine, because whoever sets what somebody signs in with does so in person.
pub fn roster_for_another(file: &Plaintext, known: Vec<Stored>) -> Result<Roster> {
    let mut rows = read::rows(file)?;
    for row in &mut rows {
        if row.account.as_ref().is_ok_and(|account| account.hash.is_some()) {
            row.account = Err(NO_HASHES.to_owned());
        }
    }
    let known = known.into_iter().map(|account| (account.username.clone(), account)).collect();
    Ok(compared(rows, &known))
}

fn compared(rows: Vec<Row>, known: &HashMap<String, Stored>) -> Roster {
    let mut places: HashMap<String, String> = HashMap::new();
    let (mut entries, mut accounts) = (Vec::new(), Vec::new());
    for row in rows {
        let (fate, why, account) = match row.account {
            Err(why) => (Fate::Invalid, why, None),
            Ok(account) => {
                let name = account.username.as_str();
                let first = places.insert(name.to_owned(), row.at.clone());
                let (fate, why) = match first {
                    Some(first) => (Fate::Invalid, format!("stands in the file already, {first}: keep one")),
                    None => judge(&account, known.get(name)),
                };
                (fate, why, Some(account))
            }
        };
        entries.push(Entry { at: row.at, name: row.name, fate, why });
        accounts.extend(account.filter(|_| fate == Fate::New));
    }
    Roster { entries, accounts }
}

fn judge(account: &Account, known: Option<&Stored>) -> (Fate, String) {
    match known {
        None if account.hash.is_none() => {
            let name = &account.username;
            (Fate::New, format!("has no password yet: keeper user set-password {name}"))
        }
        None => (Fate::New, String::new()),
        Some(known) => match known.difference(account) {
            None => (Fate::Same, String::new()),
            Some(what) => (
                Fate::Invalid,
                format!(
                    "there is an account of this name already, with another {what}: take the row out, or change the account"
                ),
            ),
        },
    }
}

/// Stores the new accounts, each with its event, in one unit; gives how many. Nothing at all where a row is not right.
pub async fn import(app: &App, actor: &Actor, roster: &Roster) -> Result<usize> {
    demand(app, actor)?;
    if roster.count(Fate::Invalid) > 0 {
        return Err(Error::Conflict("nothing was imported: the rows above say why".into()));
    }
    if roster.accounts.is_empty() {
        return Ok(0);
    }
    let done: Result<()> = tx!(app.db, |tx| {
        insert(app, tx, &roster.accounts).await?;
        let names: Vec<&str> = roster.accounts.iter().map(|account| account.username.as_str()).collect();
        let ids = ids(tx, &names).await?;
        let events: Vec<Event> = roster.accounts.iter().map(|account| created(account, &ids)).collect();
        audit::record_all(app, tx, actor, &events).await?;
        Ok(())
    });
    let at_once = "somebody made one of these accounts at this very moment: nothing was imported, look again";
    done.map_err(|e| e.if_taken(|| Error::Conflict(at_once.into())))?;
    Ok(roster.accounts.len())
}

async fn insert(app: &App, tx: &mut Tx, accounts: &[Account]) -> Result<()> {
    let now = app.now();
    let one = sql!(
        "INSERT INTO users (username, email, display_name, auth_method, role, password_hash, is_active, auth_epoch, failed_count, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    );
    let row = |account: &Account| {
        values![
            account.username.as_str(),
            account.email.as_deref(),
            &account.display_name,
            AuthMethod::Database,
            account.role,
            account.hash.as_ref().map(PasswordHash::as_str),
            account.is_active,
            1_i64,
            0_i64,
            now,
            now
        ]
    };
    tx.insert_all(one, accounts.iter().map(row).collect()).await
}

fn created(account: &Account, ids: &HashMap<String, i64>) -> Event {
    let name = account.username.as_str();
    Event::new("user.created", name)
        .with("user_id", ids.get(name).copied())
        .with("role", account.role.as_str())
        .with("auth_method", AuthMethod::Database.as_str())
        .with("is_active", account.is_active)
        .with("imported", true)
}
