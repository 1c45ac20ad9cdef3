//! Statements. `sql!("… WHERE id = ?", id)` is a `Query`: text that was written in the source, values that were bound.
//! No text that came from outside can get into a statement; a test prepares every `sql!` on the three engines.
use super::bind::Value;
use super::engine::Engine;
use std::borrow::Cow;
use std::sync::OnceLock;

/// A statement as it stands in the source; rendered once for each engine.
pub struct Sql {
    text: &'static str,
    rendered: [OnceLock<&'static str>; 3],
}

impl Sql {
    pub const fn new(text: &'static str) -> Self {
        Self { text, rendered: [OnceLock::new(), OnceLock::new(), OnceLock::new()] }
    }

    /// Leaks one string a statement and engine, so that the driver's cache of prepared statements gets a `'static` key.
    fn render(&self, engine: Engine) -> &'static str {
        self.rendered[engine as usize].get_or_init(|| Box::leak(engine.render(self.text).into_boxed_str()))
    }
}

/// A statement with its values. `push` adds text (from the source only) for lists whose filters vary.
#[derive(Clone)]
pub struct Query {
    base: &'static Sql,
    more: String,
    pub(super) values: Vec<Value>,
}

impl Query {
    pub fn new(base: &'static Sql, values: Vec<Value>) -> Self {
        Self { base, more: String::new(), values }
    }

    pub fn push(&mut self, text: &'static str, values: impl IntoIterator<Item = Value>) -> &mut Self {
        self.more.push_str(text);
        self.values.extend(values);
        self
    }

    /// `text` and a number that stands in the statement itself: PostgreSQL keeps its plan for a LIMIT that it sees, and makes it
    /// anew each time for one that is a value, which takes longer than the reading. Few numbers, so few statements.
    pub fn push_number(&mut self, text: &'static str, number: usize) -> &mut Self {
        self.more.push_str(text);
        self.more.push_str(&number.to_string());
        self
    }

    /// `text` and then `(?, ?, …)`; an empty list matches nothing.
    pub fn push_list(&mut self, text: &'static str, values: impl IntoIterator<Item = Value>) -> &mut Self {
        let before = self.values.len();
        self.values.extend(values);
        let marks = vec!["?"; self.values.len() - before].join(", ");
        let marks = if marks.is_empty() { "NULL" } else { &marks };
        for part in [text, "(", marks, ")"] {
            self.more.push_str(part);
        }
        self
    }

    /// The same INSERT for several rows: what stands behind VALUES is said once for each.
    pub(super) fn of_rows(&self, rows: Vec<Vec<Value>>) -> Self {
        let marks = self.base.text.rsplit_once("VALUES ").map_or("", |(_, marks)| marks.trim());
        let mut more = String::with_capacity((marks.len() + 2) * rows.len());
        for _ in 1..rows.len() {
            more.push_str(", ");
            more.push_str(marks);
        }
        Self { base: self.base, more, values: rows.into_iter().flatten().collect() }
    }

    /// As it stands in the source, with `?` and without the values.
    pub fn as_written(&self) -> String {
        format!("{}{}", self.base.text, self.more)
    }

    pub(super) fn text(&self, engine: Engine) -> Cow<'static, str> {
        if self.more.is_empty() {
            Cow::Borrowed(self.base.render(engine))
        } else {
            Cow::Owned(engine.render(&format!("{}{}", self.base.text, self.more)))
        }
    }
}

#[macro_export]
macro_rules! sql {
    ($text:literal $(, $value:expr)* $(,)?) => {{
        static SQL: $crate::db::Sql = $crate::db::Sql::new($text);
        $crate::db::Query::new(&SQL, vec![$($crate::db::Value::from($value)),*])
    }};
}
