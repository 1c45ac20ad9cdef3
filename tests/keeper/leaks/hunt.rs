//! The search: which of the marked texts lie in some bytes, in any spelling.
use super::spellings::spellings;
use keeper::kit::chance::Chance;
use std::collections::{BTreeMap, BTreeSet};

/// What every planted text holds: letters that most notations leave alone, and letters that every notation changes.
pub struct Marks {
    plain: String,
    awkward: String,
}

impl Marks {
    pub fn new() -> Self {
        let fresh = || hex::encode(Chance::System.bytes::<8>().unwrap());
        Self {
            plain: format!("canary{}", fresh()), awkward: format!("{}<&\"' +/\\é>~?{}", fresh(), fresh())
        }
    }

    /// Both, and where they were put in.
    pub fn value(&self, door: &str) -> String {
        format!("{}-{door}-{}", self.plain, self.awkward)
    }

    /// For doors that take letters and digits alone.
    pub fn letters(&self, door: &str) -> String {
        format!("{}{door}", self.plain)
    }

    pub fn words(&self) -> [&str; 2] {
        [&self.plain, &self.awkward]
    }
}

struct Needle {
    what: String,
    spelling: &'static str,
    bytes: Vec<u8>,
    /// Found where people may see it: it proves that the search gets there.
    is_control: bool,
}

/// Needles stand under their first two bytes, so that one walk over the bytes looks for all.
pub struct Hunt {
    needles: Vec<Needle>,
    by_start: Vec<Vec<usize>>,
    /// Place and word, with the first spelling that was met and what stands near it.
    pub leaks: BTreeMap<String, String>,
    pub reached: BTreeSet<String>,
}

impl Hunt {
    pub fn new(control: &str) -> Self {
        let mut hunt = Self {
            needles: Vec::new(),
            by_start: vec![Vec::new(); 1 << 16],
            leaks: BTreeMap::new(),
            reached: BTreeSet::new(),
        };
        hunt.add("the control", "as it is", control.into(), true);
        hunt
    }

    /// Looks for `word` too, whose name is `what`.
    pub fn for_word(mut self, what: &str, word: &str) -> Self {
        for (spelling, bytes) in spellings(word) {
            self.add(what, spelling, bytes, false);
        }
        self
    }

    fn add(&mut self, what: &str, spelling: &'static str, bytes: Vec<u8>, is_control: bool) {
        self.by_start[start(&bytes)].push(self.needles.len());
        self.needles.push(Needle { what: what.to_owned(), spelling, bytes, is_control });
    }

    pub fn look(&mut self, place: &str, bytes: &[u8]) {
        for at in 0..bytes.len().saturating_sub(1) {
            for index in &self.by_start[start(&bytes[at..])] {
                let needle = &self.needles[*index];
                if !bytes[at..].starts_with(&needle.bytes) {
                    continue;
                }
                if needle.is_control {
                    self.reached.insert(place.to_owned());
                } else {
                    let near = &bytes[at.saturating_sub(40)..(at + needle.bytes.len() + 40).min(bytes.len())];
                    let seen = || format!("{} near {}", needle.spelling, near.escape_ascii());
                    self.leaks.entry(format!("{place}: {}", needle.what)).or_insert_with(seen);
                }
            }
        }
    }
}

fn start(bytes: &[u8]) -> usize {
    usize::from(u16::from_le_bytes([bytes[0], bytes[1]]))
}

/// What is found of `bytes` by a search for both words.
fn found(marks: &Marks, bytes: &[u8]) -> BTreeMap<String, String> {
    let [plain, awkward] = marks.words();
    let mut hunt = Hunt::new("a control").for_word("plain", plain).for_word("awkward", awkward);
    hunt.look("here", bytes);
    hunt.leaks
}

// S48: the search itself, seen to find.
#[test]
fn the_search_finds_each_spelling_of_each_word_among_other_bytes() {
    let marks = Marks::new();
    for word in marks.words() {
        for (spelling, bytes) in spellings(word) {
            let hidden = [&b"\0some bytes, "[..], &bytes, b" and others\xff"].concat();
            assert!(!found(&marks, &hidden).is_empty(), "{spelling}: {}", bytes.escape_ascii());
        }
    }
}

// S48: as other programs write them, at any distance from the start.
#[test]
fn the_search_finds_what_other_code_has_written() {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
    let marks = Marks::new();
    for before in ["", "a", "ab", "abc", "abcd"] {
        for after in ["", "z", "zy"] {
            let text = format!("{before}{}{after}", marks.words()[1]);
            let bytes = text.as_bytes();
            let address = url::Url::parse_with_params("http://h/p", [("q", &text)]).unwrap();
            let mut query = address.clone();
            query.set_query(Some(&text));
            let mut path = url::Url::parse("http://h/").unwrap();
            path.path_segments_mut().unwrap().push(&text);
            let mut table = csv::Writer::from_writer(Vec::new());
            table.write_record(["x", &text]).unwrap();
            for (how, written) in [
                ("STANDARD", STANDARD.encode(bytes)),
                ("STANDARD_NO_PAD", STANDARD_NO_PAD.encode(bytes)),
                ("URL_SAFE", URL_SAFE.encode(bytes)),
                ("URL_SAFE_NO_PAD", URL_SAFE_NO_PAD.encode(bytes)),
                ("a query of fields", address.to_string()),
                ("a query", query.to_string()),
                ("a path", path.to_string()),
                ("a table", String::from_utf8(table.into_inner().unwrap()).unwrap()),
                ("JSON", serde_json::json!({ "a": [text] }).to_string()),
                (
                    "JSON in JSON",
                    serde_json::json!({ "a": serde_json::json!([text]).to_string() }).to_string(),
                ),
                ("a template", askama::filters::escape(&text, askama::filters::Html).unwrap().to_string()),
                ("Debug", format!("{:?}", Some(&text))),
                ("Debug of bytes", format!("{bytes:?}")),
                ("Debug in JSON", serde_json::json!({ "error": format!("{text:?}") }).to_string()),
                ("bytes of the web", format!("{:?}", tokio_util::bytes::Bytes::copy_from_slice(bytes))),
            ] {
                assert!(!found(&marks, written.as_bytes()).is_empty(), "{how}, after {before:?}: {written}");
            }
        }
    }
}

#[test]
fn the_search_is_silent_where_nothing_is() {
    let (marks, other) = (Marks::new(), Marks::new());
    for (_, bytes) in other.words().into_iter().flat_map(spellings) {
        assert!(found(&marks, &bytes).is_empty());
    }
    let mut hunt = Hunt::new("a control").for_word("plain", marks.words()[0]);
    hunt.look("short", b"c");
    hunt.look("far", b"there is a control here");
    assert!(hunt.leaks.is_empty() && hunt.reached.len() == 1);
}
