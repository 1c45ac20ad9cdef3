//! What somebody looks for: words that each stand anywhere in the texts, a tag, and the traits that lists filter by.
use super::bits::Bits;
use super::card::{Card, TAG, Traits, fold};
use super::grams::{self, ALWAYS};
use crate::domain::enums::{SecrecyLevel, SecretType};
use memchr::memmem::Finder;
use std::collections::{BTreeSet, HashMap};

/// More words are not looked at.
const MOST_WORDS: usize = 8;

#[derive(Clone)]
pub(in crate::secrets) struct Asked {
    /// Where it is looked for.
    environments: Vec<i64>,
    words: Vec<Word>,
    /// The line of a tag, or the beginning of one when only its key was given.
    tag: Option<String>,
    traits: Traits,
    mask: u8,
}

#[derive(Clone)]
struct Word {
    text: String,
    finder: Finder<'static>,
    /// Environments whose own name holds it: all their secrets do.
    named: BTreeSet<i64>,
}

impl Asked {
    pub fn new(
        environments: &[i64],
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
            environments: environments.to_vec(),
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

    /// An environment is found by its names and its stage, and with it all that lies in it.
    pub(super) fn name(&mut self, environment: i64, texts: &str) {
        let texts = fold(texts);
        for word in self.words.iter_mut().filter(|word| texts.contains(&word.text)) {
            word.named.insert(environment);
        }
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

    /// The grams that lead to it. None: it may stand anywhere.
    pub(super) fn grams(&self) -> BTreeSet<String> {
        let words = self.words.iter().flat_map(|word| grams::of_word(&word.text)).map(str::to_owned);
        let mut all: BTreeSet<String> = words.chain(self.common()).collect();
        if !all.is_empty() {
            all.insert(ALWAYS.to_owned());
        }
        all
    }

    /// Those of the tag and the traits.
    fn common(&self) -> impl Iterator<Item = String> {
        let tag = self.tag.iter().flat_map(|tag| tag.split_whitespace()).flat_map(grams::of_word);
        tag.map(str::to_owned).chain(grams::of_traits(self.traits, self.mask))
    }

    /// On which shelves of an environment it may stand, by the shelves of each gram. `None`: on any.
    pub(super) fn shelves(&self, environment: i64, known: &HashMap<String, Bits>) -> Option<Bits> {
        let words = self.needed(environment).flat_map(|word| grams::of_word(&word.text));
        let mut kept: Option<Bits> = None;
        for gram in words.map(str::to_owned).chain(self.common()) {
            let bits = known.get(&gram).cloned().unwrap_or_default();
            match &mut kept {
                Some(kept) => kept.keep(&bits),
                None => kept = Some(bits),
            }
        }
        if let (Some(kept), Some(always)) = (&mut kept, known.get(ALWAYS)) {
            kept.add(always, 0);
        }
        kept
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
        let asked = Asked::new(&[1], q, tag, None, None, None);
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
