//! What a piece of work asks the database, and how an engine would go about it: tests explain and count the very statements that
//! were sent. Where nobody listens nothing is kept.
use super::bind::arguments;
use super::conn::{Conn, Kind};
use super::fault::error;
use super::sql::Query;
use crate::domain::error::{Error, Result};
use sqlx::{AssertSqlSafe, MySql, Postgres, Sqlite};
use std::cell::RefCell;
use std::collections::HashMap;

tokio::task_local! {
    static HEARD: RefCell<Vec<Query>>;
}

/// The work's result, and its statements in their order.
pub async fn heard<F: Future>(work: F) -> (F::Output, Vec<Query>) {
    let listening = async {
        let output = work.await;
        (output, HEARD.with(RefCell::take))
    };
    HEARD.scope(RefCell::default(), listening).await
}

pub(super) fn hear(query: &Query) {
    // Outside of `heard` there is no list.
    let _ = HEARD.try_with(|heard| heard.borrow_mut().push(query.clone()));
}

impl Conn {
    /// The engine's plan for a statement with these very values: lines on SQLite and PostgreSQL, JSON on MySQL.
    pub async fn explain(&mut self, query: Query) -> Result<Vec<String>> {
        let text = query.text(self.engine());
        let values = query.values;
        match &mut self.0 {
            Kind::Sqlite(c) => {
                let args = arguments::<Sqlite>(values).map_err(error)?;
                let text = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"));
                let rows = sqlx::query_as_with(text, args).fetch_all(&mut **c).await.map_err(error)?;
                Ok(indented(rows))
            }
            Kind::Postgres(c) => {
                let args = arguments::<Postgres>(values).map_err(error)?;
                let text = AssertSqlSafe(format!("EXPLAIN {text}"));
                sqlx::query_scalar_with(text, args).fetch_all(&mut **c).await.map_err(error)
            }
            Kind::Mysql(c) => {
                let args = arguments::<MySql>(values).map_err(error)?;
                let text = AssertSqlSafe(format!("EXPLAIN FORMAT=JSON {text}"));
                sqlx::query_scalar_with(text, args).fetch_all(&mut **c).await.map_err(error)
            }
            _ => Err(Error::broken("a plan inside of a unit")),
        }
    }
}

/// SQLite tells a step's parent by its number; here it stands two blanks deeper.
fn indented(rows: Vec<(i64, i64, i64, String)>) -> Vec<String> {
    let mut depths: HashMap<i64, usize> = HashMap::new();
    let line = |(id, parent, _, text): (i64, i64, i64, String)| {
        let depth = depths.get(&parent).map_or(0, |depth| depth + 1);
        depths.insert(id, depth);
        format!("{}{text}", "  ".repeat(depth))
    };
    rows.into_iter().map(line).collect()
}
