//! Grams: runs of two, three and four letters within a word, and one for each trait. A search uses the longest that fit.
use super::bits::Bits;
use super::card::{Card, Traits};
use crate::db::{Conn, Tx, Value};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::{sql, values};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A shelf with a card of more grams than `MOST` is searched always; this gram leads to it.
pub(super) const ALWAYS: &str = "*";
const MOST: usize = 4000;
const LONGEST: usize = 4;
/// So many bytes of sets one INSERT has at most: MariaDB takes 16 MiB, and one set of a large Keeper is some ten thousand.
const PARCEL: usize = 1024 * 1024;
/// So many grams are looked through at once.
const FEW: i64 = 500;

/// The grams that a word must have to hold `word`. None: too short to tell.
pub(super) fn of_word(word: &str) -> Vec<&str> {
    let letters = word.chars().count();
    if letters < 2 { Vec::new() } else { runs(word, letters.min(LONGEST)).collect() }
}

/// Capitals, which folded texts do not have.
pub(super) fn of_traits(traits: Traits, mask: u8) -> Vec<String> {
    let parts = [("T", 0b1111_1000, 3), ("L", 0b110, 1), ("A", 1, 0)];
    let looked_at = parts.into_iter().filter(|(_, part, _)| mask & part != 0);
    looked_at.map(|(letter, part, shift)| format!("{letter}{}", (traits.0 & part) >> shift)).collect()
}

/// All grams of the cards of one shelf.
pub(super) fn of_shelf<'a>(cards: impl Iterator<Item = &'a Card>) -> HashSet<String> {
    let mut words: HashSet<&str> = HashSet::new();
    let mut grams: HashSet<String> = HashSet::new();
    for card in cards {
        grams.extend(of_traits(card.traits, 0xff));
        if card.text.len() > MOST {
            grams.insert(ALWAYS.to_owned());
            words.insert(card.name());
        } else {
            words.extend(card.text.split_whitespace());
        }
    }
    let mut runs_of: HashSet<&str> = HashSet::new();
    for word in words {
        for length in 2..=LONGEST {
            runs_of.extend(runs(word, length));
        }
    }
    grams.extend(runs_of.into_iter().map(str::to_owned));
    grams
}

/// Each run of `length` letters.
fn runs(word: &str, length: usize) -> impl Iterator<Item = &str> {
    let starts = word.char_indices().map(|(at, _)| at);
    let ends = word.char_indices().map(|(at, _)| at).chain([word.len()]).skip(length);
    starts.zip(ends).map(|(start, end)| &word[start..end])
}

/// The shelves of each gram that occurs anywhere.
pub(super) async fn look_up(
    conn: &mut Conn,
    grams: impl IntoIterator<Item = &str>,
) -> Result<HashMap<String, Bits>> {
    let mut query = sql!("SELECT gram, shelves FROM search_grams WHERE 1 = 1");
    query.push_list(" AND gram IN ", grams.into_iter().map(Value::from));
    let rows: Vec<(String, Vec<u8>)> = conn.all(query).await?;
    Ok(rows.into_iter().map(|(gram, shelves)| (gram, Bits::from_bytes(shelves))).collect())
}

/// Of the next grams after one: they lead to shelves that are there, and to no other. Gives the last of them. Under the lock of filing: a
/// shelf is there before a gram leads to it.
pub(super) async fn cut(tx: &mut Tx, now: Utc, after: &str) -> Result<Option<String>> {
    let mut there = Bits::default();
    for (id,) in tx.all::<(i64,)>(sql!("SELECT id FROM search_shelves")).await? {
        there.set(id);
    }
    let query =
        sql!("SELECT gram, shelves FROM search_grams WHERE gram > ? ORDER BY gram LIMIT ?", after, FEW);
    let rows: Vec<(String, Vec<u8>)> = tx.all(query).await?;
    let last = rows.last().map(|row| row.0.clone());
    let mut shorter = Vec::new();
    for (gram, shelves) in rows {
        let mut bits = Bits::from_bytes(shelves);
        if bits.cut_to(&there) {
            shorter.push((gram, bits));
        }
    }
    let former: Vec<String> = shorter.iter().map(|row| row.0.clone()).collect();
    replace(tx, now, &former, shorter).await?;
    Ok(last)
}

/// Puts rows in the place of former ones. A gram that leads nowhere has none.
async fn replace(tx: &mut Tx, now: Utc, former: &[String], rows: Vec<(String, Bits)>) -> Result<()> {
    if !former.is_empty() {
        let mut delete = sql!("DELETE FROM search_grams WHERE 1 = 1");
        delete.push_list(" AND gram IN ", former.iter().map(Value::from));
        tx.exec(delete).await?;
    }
    for parcel in parcels(rows, PARCEL) {
        let insert =
            sql!("INSERT INTO search_grams (gram, shelves, created_at, updated_at) VALUES (?, ?, ?, ?)");
        let row = |(gram, bits): (String, Bits)| values![gram, bits.into_bytes(), now, now];
        tx.insert_all(insert, parcel.into_iter().map(row).collect()).await?;
    }
    Ok(())
}

/// Of so many bytes at most; a single set may have more.
fn parcels(rows: Vec<(String, Bits)>, most: usize) -> Vec<Vec<(String, Bits)>> {
    let mut parcels = Vec::new();
    let (mut parcel, mut size) = (Vec::new(), 0);
    for (gram, bits) in rows.into_iter().filter(|(_, bits)| !bits.is_empty()) {
        if size > 0 && size + bits.bytes() > most {
            parcels.push(std::mem::take(&mut parcel));
            size = 0;
        }
        size += bits.bytes();
        parcel.push((gram, bits));
    }
    if !parcel.is_empty() {
        parcels.push(parcel);
    }
    parcels
}

/// What filing changes in the grams; stored at its end.
#[derive(Default)]
pub(super) struct Edits {
    /// The sets tell of the ids from eight times this on: new shelves have high ones.
    from: usize,
    set: HashMap<String, Bits>,
    clear: HashMap<String, Bits>,
}

impl Edits {
    /// For shelves with this id and later ones.
    pub fn from(first: i64) -> Self {
        Self { from: usize::try_from(first / 8).unwrap_or(0), ..Self::default() }
    }

    /// About so many bytes are held.
    pub fn weight(&self) -> usize {
        let one = |(gram, bits): (&String, &Bits)| gram.len() + bits.bytes() + 64;
        self.set.iter().chain(&self.clear).map(one).sum()
    }

    /// A shelf that had the grams `old` has `new` from now on.
    pub fn shelf(&mut self, id: i64, old: &HashSet<String>, new: &HashSet<String>) {
        let id = id - i64::try_from(self.from * 8).unwrap_or(0);
        for gram in new.difference(old) {
            self.set.entry(gram.clone()).or_default().set(id);
        }
        for gram in old.difference(new) {
            self.clear.entry(gram.clone()).or_default().set(id);
        }
    }

    /// In pieces of `size` grams, for units that must not take long.
    pub fn split(self, size: usize) -> Vec<Self> {
        let grams: BTreeSet<&String> = self.set.keys().chain(self.clear.keys()).collect();
        let grams: Vec<&String> = grams.into_iter().collect();
        let part = |all: &HashMap<String, Bits>, some: &[&String]| {
            some.iter().filter_map(|gram| Some(((*gram).clone(), all.get(*gram)?.clone()))).collect()
        };
        grams
            .chunks(size)
            .map(|some| Self { from: self.from, set: part(&self.set, some), clear: part(&self.clear, some) })
            .collect()
    }

    pub async fn store(&self, tx: &mut Tx, now: Utc) -> Result<()> {
        let grams: BTreeSet<&str> = self.set.keys().chain(self.clear.keys()).map(String::as_str).collect();
        let grams: Vec<&str> = grams.into_iter().collect();
        for some in grams.chunks(200) {
            let mut known = look_up(tx, some.iter().copied()).await?;
            let former: Vec<String> = known.keys().cloned().collect();
            let row = |gram: &&str| {
                let mut bits = known.remove(*gram).unwrap_or_default();
                if let Some(set) = self.set.get(*gram) {
                    bits.add(set, self.from);
                }
                if let Some(clear) = self.clear.get(*gram) {
                    bits.remove(clear, self.from);
                }
                ((*gram).to_owned(), bits)
            };
            let rows = some.iter().map(row).collect();
            replace(tx, now, &former, rows).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::dates::Dates;
    use super::*;

    #[test]
    fn a_word_is_found_by_its_longest_runs() {
        assert_eq!(of_word("svc-07"), ["svc-", "vc-0", "c-07"]);
        assert_eq!(of_word("pay"), ["pay"]);
        assert_eq!(of_word("äö"), ["äö"]);
        assert!(of_word("ä").is_empty() && of_word("").is_empty());
    }

    #[test]
    fn whatever_a_card_holds_leads_to_its_shelf() {
        let card = Card {
            id: 1,
            traits: Traits(0b0000_1011),
            dates: Dates::default(),
            text: "db-pass\nprod".to_owned(),
        };
        let grams = of_shelf([card].iter());
        for word in ["db", "b-p", "pass", "db-pass", "prod", "od"] {
            assert!(of_word(word).iter().all(|gram| grams.contains(*gram)), "{word}");
        }
        assert!(of_traits(Traits(0b0000_1011), 0xff).iter().all(|gram| grams.contains(gram)));
        assert!(!grams.contains("sspr"));
    }

    #[test]
    fn no_parcel_is_too_heavy_and_none_is_empty() {
        let bits = |bytes: usize| Bits::from_bytes(vec![1; bytes]);
        let rows = [("ab", 6), ("bc", 4), ("cd", 1), ("de", 30), ("ef", 0), ("fg", 2)];
        let rows = rows.map(|(gram, bytes)| (gram.to_owned(), bits(bytes)));
        let names = |rows: Vec<(String, Bits)>| rows.into_iter().map(|row| row.0).collect::<Vec<_>>();
        let told: Vec<Vec<String>> = parcels(rows.to_vec(), 10).into_iter().map(names).collect();
        assert_eq!(told, [vec!["ab", "bc"], vec!["cd"], vec!["de"], vec!["fg"]]);
        assert!(parcels(vec![("ab".to_owned(), Bits::from_bytes(vec![0; 3]))], 10).is_empty());
    }
}
