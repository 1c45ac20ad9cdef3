//! The ONLY place that knows three engines. Features hand it SQL written once, with `?`, and get rows.
//!
//! Reading: `db.read().await?` gives a `Conn`. Writing: `tx!(db, |tx| { … })`, one re-runnable unit that waits
//! for nothing but the database and is stored whole or not at all.
mod bind;
mod conn;
mod engine;
mod fault;
mod group;
mod heard;
mod many;
mod migrate;
mod open;
mod schema;
mod script;
mod scrub;
mod sql;
mod time;
mod tx;
mod version;

pub use bind::Value;
pub use conn::{Conn, Record};
pub use engine::Engine;
pub use heard::heard;
pub use many::BATCH;
pub use migrate::Changed;
pub use open::{Db, Pools};
pub use schema::{Migration, MigrationState, Schema};
pub use sql::{Query, Sql};
pub use tx::{Ended, Tx, limited, pause};
