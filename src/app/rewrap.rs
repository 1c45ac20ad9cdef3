//! Tables that hold wrapped data keys, and how the key that they are wrapped with is changed: the wrapped key is opened and wrapped
//! anew, the value is not touched. Each feature says of its own rows what they belong to; `rekey` walks them.
use super::App;
use crate::crypto::keys::Purpose;
use crate::crypto::kms::Wrapped;
use crate::db::{Db, Query, Sql, Tx, Value};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::sql;

/// A table with the columns `wrapped_key` and `key_id`. Its statements are texts of the source, like all others.
pub struct Holder {
    pub table: &'static str,
    pub next: Sql,
    pub some: Sql,
    pub any: Sql,
    pub all: Sql,
    pub store: Sql,
}

#[macro_export]
macro_rules! holder {
    ($table:literal) => {{
        use $crate::db::Sql;
        $crate::app::Holder {
            table: $table,
            next: Sql::new(concat!("SELECT MIN(key_id) FROM ", $table, " WHERE key_id > ?")),
            some: Sql::new(concat!(
                "SELECT COUNT(*) FROM (SELECT 1 AS one FROM ",
                $table,
                " WHERE key_id = ? AND wrapped_key IS NOT NULL LIMIT 1001) t"
            )),
            any: Sql::new(concat!(
                "SELECT COUNT(*) FROM (SELECT 1 AS one FROM ",
                $table,
                " WHERE key_id > ? AND key_id < ? AND wrapped_key IS NOT NULL LIMIT 1) t"
            )),
            all: Sql::new(concat!(
                "SELECT COUNT(*) FROM ",
                $table,
                " WHERE key_id <> ? AND wrapped_key IS NOT NULL"
            )),
            store: Sql::new(concat!(
                "UPDATE ",
                $table,
                " SET wrapped_key = ?, key_id = ?, updated_at = ? WHERE id = ? AND wrapped_key = ?"
            )),
        }
    }};
}

/// One wrapped key as it was found.
pub struct Wrapping {
    pub id: i64,
    /// What it belongs to, as a person names it.
    pub label: String,
    pub wrapped: Wrapped,
    /// The context that it was wrapped in.
    pub context: Vec<u8>,
}

/// The same key under another one, not stored yet.
pub struct Rewrapped {
    id: i64,
    was: Vec<u8>,
    now: Wrapped,
}

/// A count stops here: a page must not look through a million rows.
pub const MANY: i64 = 1000;

impl Holder {
    /// The next key, in the order of their ids, that something here was wrapped with.
    pub async fn next_key(&'static self, db: &Db, after: &str) -> Result<Option<String>> {
        let query = Query::new(&self.next, vec![Value::from(after)]);
        Ok(db.read().await?.one::<(Option<String>,)>(query).await?.0)
    }

    /// How many are wrapped with this key; more than `MANY` are told as one more.
    pub async fn count(&'static self, db: &Db, key_id: &str) -> Result<i64> {
        db.read().await?.number(Query::new(&self.some, vec![Value::from(key_id)])).await
    }

    /// How many are wrapped with any other key. Looks through the table.
    pub async fn count_others(&'static self, db: &Db, key_id: &str) -> Result<i64> {
        db.read().await?.number(Query::new(&self.all, vec![Value::from(key_id)])).await
    }

    /// Whether anything is wrapped by the provider whose ids begin so.
    pub async fn has_any(&'static self, db: &Db, provider: &str) -> Result<bool> {
        // `;` comes right after `:`.
        let bounds = vec![Value::from(&format!("{provider}:")), Value::from(&format!("{provider};"))];
        Ok(db.read().await?.number(Query::new(&self.any, bounds)).await? > 0)
    }

    /// False: somebody has sealed this anew, or destroyed it, since it was read. That stands.
    pub async fn store(&'static self, tx: &mut Tx, now: Utc, new: &Rewrapped) -> Result<bool> {
        let values = vec![
            Value::from(new.now.blob.clone()),
            Value::from(&new.now.key_id),
            Value::from(now),
            Value::from(new.id),
            Value::from(new.was.clone()),
        ];
        Ok(tx.exec(Query::new(&self.store, values)).await? == 1)
    }
}

pub static SYSTEM_KEYS: Holder = crate::holder!("system_keys");

impl App {
    /// Before the unit: the KMS may be across a network.
    pub async fn rewrap(&self, old: &Wrapping) -> Result<Rewrapped> {
        let key = self.kms.unwrap(&old.context, &old.wrapped).await?;
        // That there is nothing to wrap with is no fault of this row.
        let now = self.kms.wrap(&old.context, &key, &self.chance).await.map_err(|e| match e {
            Error::Unavailable { what, .. } => Error::unavailable(what),
            e => e,
        })?;
        Ok(Rewrapped { id: old.id, was: old.wrapped.blob.clone(), now })
    }

    /// Keeper's own keys that are wrapped with this one.
    pub async fn wrapped_system_keys(&self, key_id: &str, after: i64, most: i64) -> Result<Vec<Wrapping>> {
        let query = sql!(
            "SELECT id, purpose, wrapped_key FROM system_keys WHERE key_id = ? AND id > ? ORDER BY id LIMIT ?",
            key_id,
            after,
            most
        );
        let rows: Vec<(i64, String, Vec<u8>)> = self.db.read().await?.all(query).await?;
        let row = |(id, purpose, blob): (i64, String, Vec<u8>)| {
            let known = Purpose::ALL.into_iter().find(|known| known.as_str() == purpose);
            let context =
                known.ok_or_else(|| Error::broken("a key of Keeper's has no known purpose"))?.context();
            let wrapped = Wrapped { key_id: key_id.to_owned(), blob };
            Ok(Wrapping { id, label: format!("Keeper's own key {purpose}"), wrapped, context })
        };
        rows.into_iter().map(row).collect()
    }
}
