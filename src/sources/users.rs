//! Whose password a secret is at its source: rows of `secret_sources`.
use super::login::{Login, Unfit};
use crate::db::{Conn, Tx};
use crate::domain::enums::spelled;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::clock::Utc;
use crate::remote::sources::Account;
use crate::sql;

spelled!(/// How the password lies in the value: it is the value, or a JSON object holds it as `password` and the user as `username`.
Shape { Password = "password", Json = "json" });

/// Whose password the secret is at its source.
pub(super) struct Users {
    pub first: Account,
    /// Takes turns with the first, so that what still signs in with the former password may do so until the next turn.
    pub second: Option<Account>,
    pub shape: Shape,
}

#[derive(sqlx::FromRow)]
struct Row {
    source_id: i64,
    account_name: String,
    account_host: Option<String>,
    second_name: Option<String>,
    second_host: Option<String>,
    #[sqlx(try_from = "String")]
    shape: Shape,
}

/// The source, and who at it.
pub(super) async fn read(conn: &mut Conn, secret_id: i64) -> Result<Option<(i64, Users)>> {
    let query = sql!(
        "SELECT source_id, account_name, account_host, second_name, second_host, shape FROM secret_sources WHERE secret_id = ?",
        secret_id
    );
    Ok(conn.maybe::<Row>(query).await?.map(|row| {
        let users = Users {
            first: Account { name: row.account_name, host: row.account_host },
            second: row.second_name.map(|name| Account { name, host: row.second_host }),
            shape: row.shape,
        };
        (row.source_id, users)
    }))
}

/// The caller holds the secret and the source.
pub(super) async fn store(
    tx: &mut Tx,
    now: Utc,
    secret_id: i64,
    source_id: i64,
    users: &Users,
) -> Result<()> {
    demand_alone(tx, secret_id, source_id, users).await?;
    let Users { first, second, shape } = users;
    let (first, first_host) = (first.name.as_str(), first.host.as_deref());
    let second_host = second.as_ref().and_then(|account| account.host.as_deref());
    let second = second.as_ref().map(|account| account.name.as_str());
    let changed = tx
        .exec(sql!(
            "UPDATE secret_sources SET source_id = ?, account_name = ?, account_host = ?, second_name = ?, second_host = ?, shape = ?,
               row_version = row_version + 1, updated_at = ? WHERE secret_id = ?",
            source_id, first, first_host, second, second_host, shape.as_str(), now, secret_id
        ))
        .await?;
    if changed == 0 {
        tx.insert(sql!(
            "INSERT INTO secret_sources (secret_id, source_id, account_name, account_host, second_name, second_host, shape, row_version, created_at, updated_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
            secret_id, source_id, first, first_host, second, second_host, shape.as_str(), now, now
        ))
        .await?;
    }
    Ok(())
}

type Beside = (String, String, Option<String>, Option<String>, Option<String>);

/// A user whose password two secrets changed would be known to neither.
async fn demand_alone(tx: &mut Tx, secret_id: i64, source_id: i64, users: &Users) -> Result<()> {
    let beside: Vec<Beside> = tx
        .all(sql!(
            "SELECT s.name, u.account_name, u.account_host, u.second_name, u.second_host FROM secret_sources u JOIN secrets s ON s.id = u.secret_id
             WHERE u.source_id = ? AND u.secret_id <> ?",
            source_id,
            secret_id
        ))
        .await?;
    for (secret, name, host, second_name, second_host) in beside {
        let first = Account { name, host };
        let second = second_name.map(|name| Account { name, host: second_host });
        for (mine, field) in users.all().zip(["account_name", "second_name"]) {
            if *mine == first || second.as_ref() == Some(mine) {
                let why = format!("is a user of {secret} already: one password cannot be two secrets");
                return Err(Error::invalid(field, &why));
            }
        }
    }
    Ok(())
}

impl Users {
    pub(super) fn login(&self, value: &Plaintext) -> std::result::Result<(&Account, Plaintext), Unfit> {
        match self.shape {
            Shape::Password => Ok((&self.first, value.duplicate())),
            Shape::Json => {
                let login = Login::read(value)?;
                Ok((self.named(&login)?, login.password()?))
            }
        }
    }

    pub(super) fn turn(
        &self,
        current: &Plaintext,
        new: &Plaintext,
    ) -> std::result::Result<(&Account, Plaintext), Unfit> {
        match self.shape {
            Shape::Password => Ok((&self.first, new.duplicate())),
            Shape::Json => {
                let login = Login::read(current)?;
                let now = self.named(&login)?;
                let next = self.all().find(|account| *account != now).unwrap_or(now);
                Ok((next, login.with(&next.name, new)?))
            }
        }
    }

    /// The two have different names.
    fn named(&self, login: &Login<'_>) -> std::result::Result<&Account, Unfit> {
        let name = login.username()?;
        self.all().find(|account| account.name == *name).ok_or(Unfit::Stranger)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Account> {
        std::iter::once(&self.first).chain(&self.second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(name: &str) -> Account {
        Account { name: name.to_owned(), host: None }
    }

    fn users(second: Option<&str>, shape: Shape) -> Users {
        Users { first: account("a"), second: second.map(account), shape }
    }

    fn value(text: &str) -> Plaintext {
        Plaintext::from(text.to_owned())
    }

    fn turn(users: &Users, current: &str) -> std::result::Result<(String, String), Unfit> {
        let (account, new) = users.turn(&value(current), &value("new"))?;
        Ok((account.name.clone(), String::from_utf8(new.expose().to_vec()).unwrap()))
    }

    #[test]
    fn a_value_says_whose_turn_is_next() {
        let told = |name: &str, value: &str| Ok((name.to_owned(), value.to_owned()));
        let [of_a, of_b] =
            ["a", "b"].map(|name| format!("{{\"port\":1,\"username\":\"{name}\",\"password\":\"old\"}}"));
        let [next_a, next_b] = [&of_a, &of_b].map(|text| text.replace("old", "new"));
        assert_eq!(turn(&users(None, Shape::Password), "old"), told("a", "new"));
        assert_eq!(turn(&users(None, Shape::Json), &of_a), told("a", &next_a));
        assert_eq!(turn(&users(Some("b"), Shape::Json), &of_a), told("b", &next_b));
        assert_eq!(turn(&users(Some("b"), Shape::Json), &of_b), told("a", &next_a));
        assert_eq!(turn(&users(None, Shape::Json), &of_b), Err(Unfit::Stranger));
        assert_eq!(turn(&users(Some("c"), Shape::Json), &of_b), Err(Unfit::Stranger));
    }
}
