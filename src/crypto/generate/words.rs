//! A passphrase: words of the EFF's large list, each equally likely. For what people must read out or type.
use super::letters::whole;
use crate::domain::error::Result;
use crate::domain::plaintext::Plaintext;
use crate::domain::rules::Problem;
use crate::kit::chance::Chance;
use std::sync::LazyLock;
use zeroize::Zeroizing;

/// Where it comes from is in `vendor.toml`. No word begins another, so a passphrase can be divided in one way only,
/// also without a separator: each choice counts in full.
pub(super) const FILE: &str = include_str!("eff_large_wordlist.txt");

/// Each line is five throws of a die, a tab and a word.
pub(super) static LIST: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| FILE.lines().filter_map(|line| line.split_once('\t')).map(|(_, word)| word).collect());

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    count: usize,
    separator: Option<char>,
}

impl Words {
    /// The separator is empty or one sign, digit or blank: a letter would hide where a word ends.
    pub fn new(count: i64, separator: &str) -> std::result::Result<Self, Problem> {
        let count = usize::try_from(count)
            .ok()
            .filter(|n| (4..=12).contains(n))
            .ok_or_else(|| Problem::new("must be from 4 to 12 words"))?;
        let mut signs = separator.chars();
        match (signs.next(), signs.next()) {
            (None, _) => Ok(Self { count, separator: None }),
            (Some(c), None) if c == ' ' || c.is_ascii_graphic() && !c.is_ascii_alphabetic() => {
                Ok(Self { count, separator: Some(c) })
            }
            _ => Err(Problem::new("must be separated by one ASCII sign, digit or blank, or by nothing")),
        }
    }

    pub fn count(&self) -> usize {
        self.count
    }

    pub fn separator(&self) -> Option<char> {
        self.separator
    }

    pub(super) fn bits(&self) -> u32 {
        whole(self.count as f64 * (LIST.len() as f64).log2())
    }

    pub(super) fn generate(&self, chance: &Chance) -> Result<Plaintext> {
        let size = u32::try_from(LIST.len()).unwrap_or(1);
        // The longest word has nine letters: room for all, so that nothing moves and leaves a copy behind.
        let mut value = Zeroizing::new(Vec::with_capacity(self.count * 16));
        for n in 0..self.count {
            if let Some(separator) = self.separator.filter(|_| n > 0) {
                value.push(u8::try_from(separator).unwrap_or(b'-'));
            }
            value.extend_from_slice(LIST[chance.below(size)? as usize].as_bytes());
        }
        Ok(Plaintext::new(std::mem::take(&mut *value)))
    }
}
