//! Another Keeper, through its own API (docs/api.md), for the command line on a machine that has neither the database nor the key. The
//! token goes to the address that was named and nowhere else; a value goes from the answer's bytes into a `Plaintext`.
mod address;
mod calls;
mod flow;
mod said;
mod sent;
mod shown;

pub use address::address;
pub use flow::Flow;
pub use said::{Said, Trouble};
pub use sent::{Batch, NewAccount, NewSecret};
pub use shown::{Account, Listed, Place, Stub};

use self::calls::{Again, Call, Calls};
use self::shown::{Made, Revealed};
use super::error::RemoteError;
use crate::domain::plaintext::Plaintext;
use serde::de::DeserializeOwned;
use serde_json::json;
use url::Url;

/// What a list gives at once.
const PAGE: &str = "200";

/// A name and what is asked of it, in the query of a list.
pub type Filter<'a> = (&'a str, &'a str);

pub struct Keeper(Calls);

impl Keeper {
    /// `authority`: PEM; who vouches for the server, instead of those whom this machine trusts. Empty: those.
    pub fn new(address: Url, token: &Plaintext, authority: &str) -> Result<Self, RemoteError> {
        Calls::new(address, token, authority).map(Self)
    }

    /// Those that are open to the token.
    pub async fn environments(&self) -> Result<Vec<Place>, Trouble> {
        self.all("/api/v1/environments", &[]).await
    }

    /// A page of secrets, by name.
    pub async fn secrets(&self, filters: &[Filter<'_>], after: &str) -> Result<Listed<Stub>, Trouble> {
        self.page("/api/v1/secrets", filters, after).await
    }

    pub async fn every_secret(&self, filters: &[Filter<'_>]) -> Result<Vec<Stub>, Trouble> {
        self.all("/api/v1/secrets", filters).await
    }

    /// The metadata of secrets as a text of this format and media type. Each call is an event there.
    pub async fn export(&self, format: &str, kind: &str, filters: &[Filter<'_>]) -> Result<Flow, Trouble> {
        let query = [&[("format", format)], filters].concat();
        self.0.flow(Call::get("/api/v1/secrets/export", &query), kind).await
    }

    pub async fn users(&self) -> Result<Vec<Account>, Trouble> {
        self.all("/api/v1/users", &[]).await
    }

    /// The value in force. Each call is an event there, so that it is not made a second time by itself.
    pub async fn reveal(&self, id: i64, reason: &str) -> Result<Plaintext, Trouble> {
        let path = format!("/api/v1/secrets/{id}/reveal");
        let call = Call::post(&path, json!({ "reason": reason }).to_string().into(), Again::Never);
        let value: Revealed = self.0.ask(call).await?;
        value.of(id).ok_or_else(|| self.0.garbage())
    }

    /// All of them or none; gives how many.
    pub async fn create_secrets(&self, batch: Batch) -> Result<usize, Trouble> {
        let rows = batch.rows;
        let call = Call::post("/api/v1/secrets/bulk", batch.body, Again::WithKey);
        let made: Listed<Made> = self.0.ask(call).await?;
        if made.items.len() == rows { Ok(rows) } else { Err(self.0.garbage()) }
    }

    /// Gives its id. It opens to nobody until somebody gives it a password.
    pub async fn create_user(&self, new: &NewAccount<'_>) -> Result<i64, Trouble> {
        let body = serde_json::to_string(new).map_err(|e| Trouble::Away(e.to_string()))?;
        let made: Made = self.0.ask(Call::post("/api/v1/users", body.into(), Again::WithKey)).await?;
        Ok(made.id)
    }

    async fn all<T: DeserializeOwned>(&self, path: &str, filters: &[Filter<'_>]) -> Result<Vec<T>, Trouble> {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let page: Listed<T> = self.page(path, filters, &after).await?;
            all.extend(page.items);
            match page.next {
                Some(next) => after = next,
                None => return Ok(all),
            }
        }
    }

    async fn page<T: DeserializeOwned>(
        &self,
        path: &str,
        filters: &[Filter<'_>],
        after: &str,
    ) -> Result<Listed<T>, Trouble> {
        let mut query = filters.to_vec();
        query.push(("limit", PAGE));
        if !after.is_empty() {
            query.push(("after", after));
        }
        let page: Listed<T> = self.0.ask(Call::get(path, &query)).await?;
        // A list that stays where it is would be read for ever.
        if page.next.as_deref().is_some_and(|next| next.is_empty() || next == after) {
            return Err(self.0.garbage());
        }
        Ok(page)
    }
}
