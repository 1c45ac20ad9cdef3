//! Statements that the source does not hold in one piece: those of a macro that is given a table, and those that get a condition while Keeper runs.
use super::statements::Said;
use crate::data;
use crate::support::House;
use keeper::db::{Query, Sql};
use std::collections::BTreeSet;
use std::path::Path;

/// What stands between quotes, for one table. It ends where the list of a `concat!` does.
fn joined(list: &str, table: &str) -> String {
    let mut text = String::new();
    for (n, part) in list.split('"').enumerate() {
        let is_quoted = n % 2 == 1;
        text.push_str(if is_quoted { part } else { "" });
        if !is_quoted && part.split(')').next().unwrap().contains("$table") {
            text.push_str(table);
        }
        if !is_quoted && part.contains(')') {
            break;
        }
    }
    text
}

/// The statements of `holder!("…")` and its like, under the file that names the table.
pub fn of_tables(sources: &[Said]) -> Vec<Said> {
    let mut found = Vec::new();
    for (_, text) in sources {
        for rest in text.split("macro_rules! ").skip(1) {
            let lists: Vec<&str> = rest.split("Sql::new(concat!(").skip(1).collect();
            let call = format!("{}!(\"", rest.split([' ', '{']).next().unwrap());
            for (file, text) in sources.iter().filter(|_| !lists.is_empty()) {
                for used in text.split(&call).skip(1) {
                    let table = used.split('"').next().unwrap();
                    found.extend(lists.iter().map(|list| (file.clone(), joined(list, table))));
                }
            }
        }
    }
    found
}

/// What `push` and its kin add in a file, as it is sent; and how many they add that are no text in that place.
fn pushed(text: &str) -> (BTreeSet<String>, usize) {
    let (mut pieces, mut nameless) = (BTreeSet::new(), 0);
    for (call, end) in [(".push(", ""), (".push_list(", " (?)"), (".push_number(", " 1")] {
        for rest in text.split(call).skip(1) {
            let rest = rest.trim_start();
            if let Some(quoted) = rest.strip_prefix('"') {
                let (piece, after) = quoted.split_once('"').unwrap();
                // A list of texts takes one thing, and a statement takes values as well.
                if after.starts_with(',') {
                    pieces.insert(format!(
                        "{}{end}",
                        piece.split_whitespace().fold(String::new(), |all, word| all + " " + word)
                    ));
                }
            } else {
                let first = rest.split([',', ')']).next().unwrap();
                let is_name = first.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
                nameless += usize::from(
                    (is_name || first.starts_with("if ")) && rest[first.len()..].starts_with(", ["),
                );
            }
        }
    }
    // What names no column is no matter of the schema.
    pieces.retain(|piece| {
        piece.replace("{lock}", "").replace("{skip}", "").bytes().any(|b| b.is_ascii_lowercase())
    });
    (pieces, nameless)
}

/// Whether a piece of this kind may follow.
fn takes(base: &str, piece: &str) -> bool {
    let is_closed =
        [" ORDER BY ", " GROUP BY ", " LIMIT ", "{lock}", "{skip}"].iter().any(|word| base.contains(word));
    let has_condition = base.contains(" WHERE ") || base.contains(" ON ");
    // SQLite has no locks, and gives one row an order.
    if piece.contains('{') && !base.starts_with("SELECT ")
        || piece.contains(" ORDER BY ") && base.starts_with("SELECT COUNT(*) FROM ")
    {
        return false;
    }
    match piece.split(' ').nth(1).unwrap_or_default() {
        "AND" => has_condition && !is_closed,
        "WHERE" => !has_condition,
        _ => !is_closed,
    }
}

/// What is sent with conditions.
pub struct Composed {
    /// Each piece with each statement of its file, or else of its folder, that it makes a statement with.
    pub statements: BTreeSet<Said>,
    /// The pieces that make none by themselves, and how many are chosen while Keeper runs.
    pub alone: BTreeSet<Said>,
}

/// It is SQLite that says what is a statement, because it is always there.
pub async fn composed(house: &House, sources: &[Said], present: &BTreeSet<Said>) -> Composed {
    let (mut statements, mut alone) = (BTreeSet::new(), BTreeSet::new());
    for (file, text) in sources.iter().filter(|(file, _)| !file.starts_with("src/db/")) {
        let (pieces, nameless) = pushed(text.split("#[cfg(test)]").next().unwrap());
        for piece in pieces {
            let folder = Path::new(file).parent().unwrap();
            let here = present.iter().filter(|(other, _)| other == file);
            let near = present
                .iter()
                .filter(|(other, _)| other != file && Path::new(other).parent() == Some(folder));
            let mut made = understood(house, here, &piece).await;
            if made.is_empty() {
                made = understood(house, near, &piece).await;
            }
            if made.is_empty() {
                alone.insert((file.clone(), piece.trim().to_owned()));
            }
            statements.extend(made.into_iter().map(|text| (file.clone(), text)));
        }
        if nameless > 0 {
            alone.insert((file.clone(), format!("… and {nameless} that are chosen while Keeper runs")));
        }
    }
    Composed { statements, alone }
}

async fn understood(house: &House, bases: impl Iterator<Item = &Said>, piece: &str) -> Vec<String> {
    let mut made = Vec::new();
    for (_, base) in bases.filter(|(_, base)| takes(base, piece)) {
        let text = format!("{base}{piece}");
        let leaked: &'static Sql = Box::leak(Box::new(Sql::new(Box::leak(text.clone().into_boxed_str()))));
        if house.app.db.read().await.unwrap().prepare(Query::new(leaked, Vec::new())).await.is_ok() {
            made.push(text);
        }
    }
    made
}

/// Every file below src, by its path in the repository.
pub fn sources() -> Vec<Said> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    data::texts(&root.join("src"), &mut found);
    found.sort();
    let name = |path: &str| Path::new(path).strip_prefix(root).unwrap().display().to_string();
    found.into_iter().map(|(path, text)| (name(&path), text)).collect()
}
