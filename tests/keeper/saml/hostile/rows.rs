//! A row of the table: a class, a name, and how the document is made from the usual one.
use super::court::Sent;
use super::good::STYLES;
use crate::support::idp::{Document, Idp};

type Make = Box<dyn Fn(&Idp, Document) -> Sent + Send + Sync>;

pub struct Row {
    pub class: &'static str,
    pub name: String,
    pub make: Make,
}

pub fn row<S: Into<Sent>>(
    class: &'static str,
    name: &str,
    make: impl Fn(&Idp, Document) -> S + Send + Sync + 'static,
) -> Row {
    Row { class, name: name.to_owned(), make: Box::new(move |idp, document| make(idp, document).into()) }
}

/// Parts that are changed before the provider signs: three rows, for what is checked must not hang on what is signed.
pub fn changed(
    class: &'static str,
    name: &str,
    changes: &'static [(&'static str, &'static str)],
) -> Vec<Row> {
    let style = |style: &'static str| {
        let name = format!("{name}, {style} signed");
        row(class, &name, move |idp, document| document.with(changes).sign_as(style, idp))
    };
    STYLES.map(style).into()
}

pub fn all_changed(
    class: &'static str,
    table: &[(&str, &'static [(&'static str, &'static str)])],
) -> Vec<Row> {
    table.iter().flat_map(|(name, changes)| changed(class, name, changes)).collect()
}
