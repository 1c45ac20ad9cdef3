//! What somebody looks for: words that each stand anywhere in the texts, a tag, and the traits that lists filter by.
use super::bits::Bits;
use super::card::{Card, TAG, Traits, fold};
use super::grams::{self, ALWAYS};
use crate::db::{Conn, Value};
use crate::domain::enums::{SecrecyLevel, SecretType};
use crate::domain::error::Result;
use crate::sql;
use memchr::memmem::Finder;
use std::collections::{BTreeSet, HashMap};

/// More words are not looked at.
const MOST_WORDS: usize = 8;

pub(in crate::secrets) struct Asked {
    environments: Vec<i64>,
    words: Vec<Word>,
    /// The line of a tag, or the beginning of one when only its key was given.
    tag: Option<String>,
    traits: Traits,
    mask: u8,
}

struct Word {
    text: String,
    finder: Finder<'static>,
    /// Environments whose own name holds it: all their secrets do.
    named: BTreeSet<i64>,
}

impl Asked {
    pub fn new(
        q: &str,
        tag: &str,
        kind: Option<SecretType>,
        level: Option<SecrecyLevel>,
        active: Option<bool>,
    ) -> Self {
        let words = fold(q).split_whitespace().take(MOST_WORDS).map(str::to_owned).collect::<BTreeSet<_>>();
        let word = |text: String| {
            let finder = Finder::new(text.as_bytes()).into_owned();
            Word { text, finder, named: BTreeSet::new() }
        };
        Self {
            environments: Vec::new(),
            words: words.into_iter().map(word).collect(),
            tag: Some(fold(tag.trim())).filter(|tag| !tag.is_empty()).map(|tag| format!("{TAG}{tag}")),
            traits: Traits::of(kind, level, active),
            mask: Traits::mask(kind, level, active),
        }
    }

    /// Nothing is asked but perhaps whether it is switched on.
    pub fn is_plain(&self) -> bool {
        self.has_no_text() && self.mask & !1 == 0
    }

    pub fn has_no_text(&self) -> bool {
        self.words.is_empty() && self.tag.is_none()
    }

    pub(super) fn environments(&self) -> &[i64] {
        &self.environments
    }

    /// Where it is looked for. An environment is found by its names and its stage, and with it all that lies in it.
    pub async fn within(mut self, conn: &mut Conn, environments: &[i64]) -> Result<Self> {
        environments.clone_into(&mut self.environments);
        if self.words.is_empty() {
            return Ok(self);
        }
        let mut query = sql!("SELECT id, name, display_name, stage FROM environments WHERE 1 = 1");
        query.push_list(" AND id IN ", environments.iter().copied().map(Value::from));
        let rows: Vec<(i64, String, String, String)> = conn.all(query).await?;
        for (id, name, display_name, stage) in rows {
            let text = format!("{name}\n{}\n{stage}", fold(&display_name));
            for word in self.words.iter_mut().filter(|word| text.contains(&word.text)) {
                word.named.insert(id);
            }
        }
        Ok(self)
    }

    pub(super) fn fits(&self, environment: i64, traits: Traits, text: &[u8]) -> bool {
        self.fits_all_but_words(traits, text)
            && self.needed(environment).all(|word| word.finder.find(text).is_some())
    }

    pub(super) fn fits_card(&self, environment: i64, card: &Card) -> bool {
        self.fits(environment, card.traits, card.text.as_bytes())
    }

    /// The paths of its copies may hold the words that it lacks.
    pub(super) fn may_fit_paths(&self, environment: i64, card: &Card) -> bool {
        self.fits_all_but_words(card.traits, card.text.as_bytes())
            && self.needed(environment).next().is_some()
    }

    fn fits_all_but_words(&self, traits: Traits, text: &[u8]) -> bool {
        traits.0 & self.mask == self.traits.0 && self.tag.as_ref().is_none_or(|tag| has_tag(text, tag))
    }

    fn needed(&self, environment: i64) -> impl Iterator<Item = &Word> {
        self.words.iter().filter(move |word| !word.named.contains(&environment))
    }

    /// On which shelves of each environment it may stand. `None`: on any.
    pub(super) async fn shelves(
        &self,
        conn: &mut Conn,
        environments: &[i64],
    ) -> Result<HashMap<i64, Option<Bits>>> {
        let traits = grams::of_traits(self.traits, self.mask);
        let tag = self.tag.iter().flat_map(|tag| tag.split_whitespace()).flat_map(grams::of_word);
        let common: Vec<&str> = tag.chain(traits.iter().map(String::as_str)).collect();
        let words = self.words.iter().flat_map(|word| grams::of_word(&word.text));
        let all: BTreeSet<&str> = words.chain(common.iter().copied()).collect();
        if all.is_empty() {
            return Ok(environments.iter().map(|id| (*id, None)).collect());
        }
        let known = grams::look_up(conn, all.into_iter().chain([ALWAYS])).await?;
        let of = |environment: i64| {
            let words = self.needed(environment).flat_map(|word| grams::of_word(&word.text));
            let mut kept: Option<Bits> = None;
            for gram in words.chain(common.iter().copied()) {
                let bits = known.get(gram).cloned().unwrap_or_default();
                match &mut kept {
                    Some(kept) => kept.keep(&bits),
                    None => kept = Some(bits),
                }
            }
            if let (Some(kept), Some(always)) = (&mut kept, known.get(ALWAYS)) {
                kept.add(always);
            }
            kept
        };
        Ok(environments.iter().map(|id| (*id, of(*id))).collect())
    }
}

/// `#team=pay` is that very line, `#team` any line with that key.
fn has_tag(text: &[u8], tag: &str) -> bool {
    text.split(|byte| *byte == b'\n').skip(1).any(|line| {
        line.strip_prefix(tag.as_bytes())
            .is_some_and(|rest| rest.is_empty() || (rest[0] == b'=' && !tag.contains('=')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(q: &str, tag: &str, text: &str) -> bool {
        let asked = Asked::new(q, tag, None, None, None);
        asked.fits(1, Traits(0), text.as_bytes())
    }

    #[test]
    fn each_word_stands_anywhere_and_a_tag_is_a_whole_one() {
        let text = "stripe-live-key\nstripe (live)\ncheckout\n#team=payments\n#pci=";
        for q in ["", "live", "IPE-li", "out STRIPE", "  team=pay  ", "#pci"] {
            assert!(fits(q, "", text), "{q}");
        }
        for q in ["stripe test", "keystripe", "key stripe-live-keys"] {
            assert!(!fits(q, "", text), "{q}");
        }
        for (tag, found) in [
            ("team=payments", true),
            ("Team", true),
            ("team=pay", false),
            ("eam", false),
            ("pci=", true),
            ("live", false),
        ] {
            assert_eq!(fits("", tag, text), found, "{tag}");
        }
    }
}
