//! A length and an alphabet, each letter equally likely.
use crate::domain::error::Result;
use crate::domain::plaintext::Plaintext;
use crate::domain::rules::Problem;
use crate::kit::chance::Chance;
use std::collections::BTreeSet;
use zeroize::Zeroizing;

const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";
/// No quotes, back-slashes, blanks or dollar signs: they are lost in shells and configuration files.
const SYMBOLS: &str = "!#%*+,-./:=?@_~";

pub(super) const ALPHABETS: [(&str, &str); 4] = [
    ("letters_digits", "Letters and digits"),
    ("letters_digits_symbols", "Letters, digits and symbols"),
    ("unambiguous", "Letters and digits that nobody mistakes (no 0 O 1 l I)"),
    ("hex", "Hexadecimal"),
];

/// What a value that is drawn unattended must at least have: out of reach for whoever can try billions a second.
const LEAST_BITS: u32 = 64;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letters {
    length: usize,
    alphabet: &'static str,
    /// Sorted, each once.
    exclude: String,
    classes: Vec<Vec<u8>>,
}

impl Letters {
    /// Refuses what would be too easily guessed.
    pub fn new(length: i64, alphabet: &str, exclude: &str) -> std::result::Result<Self, Problem> {
        let letters = Self::of_any_strength(length, alphabet, exclude)?;
        let bits = letters.bits();
        if bits >= LEAST_BITS {
            return Ok(letters);
        }
        let why =
            format!("leaves {bits} bits of entropy, and at least {LEAST_BITS} are needed: take more letters");
        Err(Problem::new(if exclude.is_empty() { why } else { why + ", or exclude fewer" }))
    }

    pub(super) fn of_any_strength(
        length: i64,
        alphabet: &str,
        exclude: &str,
    ) -> std::result::Result<Self, Problem> {
        let (alphabet, classes): (_, &[&str]) = match alphabet {
            "" | "letters_digits" => ("letters_digits", &[LETTERS, DIGITS]),
            "letters_digits_symbols" => ("letters_digits_symbols", &[LETTERS, DIGITS, SYMBOLS]),
            "unambiguous" => ("unambiguous", &[LETTERS, DIGITS]),
            "hex" => ("hex", &["0123456789abcdef"]),
            _ => {
                return Err(Problem::new(format!("must be one of {}", ALPHABETS.map(|a| a.0).join(", "))));
            }
        };
        let length = usize::try_from(length)
            .ok()
            .filter(|n| (8..=256).contains(n))
            .ok_or_else(|| Problem::new("must be from 8 to 256"))?;
        if !exclude.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Problem::new("excludes only ASCII letters, digits and signs, without blanks"));
        }
        let exclude: String = exclude.chars().collect::<BTreeSet<char>>().into_iter().collect();
        let wanted =
            |b: &u8| !(alphabet == "unambiguous" && b"0O1lI".contains(b) || exclude.as_bytes().contains(b));
        let classes: Vec<Vec<u8>> =
            classes.iter().map(|class| class.bytes().filter(wanted).collect()).collect();
        if let Some(empty) = classes.iter().position(Vec::is_empty) {
            let name = if alphabet == "hex" { "digits" } else { ["letters", "digits", "symbols"][empty] };
            return Err(Problem::new(format!(
                "excludes all {name}: leave at least one, or choose another alphabet"
            )));
        }
        Ok(Self { length, alphabet, exclude, classes })
    }

    pub fn length(&self) -> usize {
        self.length
    }

    pub fn alphabet(&self) -> &'static str {
        self.alphabet
    }

    pub fn exclude(&self) -> &str {
        &self.exclude
    }

    /// The values without a letter of some class are never drawn; they are taken off by counting: all of them,
    /// less those that lack a class, plus those that lack two, and so on.
    pub(super) fn bits(&self) -> u32 {
        let all: usize = self.classes.iter().map(Vec::len).sum();
        let length = self.length as f64;
        let mut share = 0.0;
        for lacking in 0..1_u32 << self.classes.len() {
            let gone: usize = self
                .classes
                .iter()
                .enumerate()
                .filter(|(n, _)| lacking & 1 << n != 0)
                .map(|(_, class)| class.len())
                .sum();
            let sign = if lacking.count_ones() % 2 == 0 { 1.0 } else { -1.0 };
            share += sign * ((all - gone) as f64 / all as f64).powf(length);
        }
        whole(length * (all as f64).log2() + share.log2())
    }

    /// Each class occurs at least once: a draw without one is thrown away whole, so that all others stay equally likely.
    pub(super) fn generate(&self, chance: &Chance) -> Result<Plaintext> {
        let alphabet: Vec<u8> = self.classes.concat();
        let size = u32::try_from(alphabet.len()).unwrap_or(1);
        loop {
            let mut value = Zeroizing::new(Vec::with_capacity(self.length));
            for _ in 0..self.length {
                value.push(alphabet[chance.below(size)? as usize]);
            }
            if self.classes.iter().all(|class| value.iter().any(|b| class.contains(b))) {
                return Ok(Plaintext::new(std::mem::take(&mut *value)));
            }
        }
    }
}

/// Bits are counted down: a page never promises more than there is.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to a few thousand")]
pub(super) fn whole(bits: f64) -> u32 {
    bits.max(0.0).floor() as u32
}
