//! New values by a policy: a length and an alphabet, each letter equally likely.
use crate::domain::error::Result;
use crate::domain::plaintext::Plaintext;
use crate::domain::rules::Problem;
use crate::kit::chance::Chance;

const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";
/// No quotes, back-slashes, blanks or dollar signs: they are lost in shells and configuration files.
const SYMBOLS: &str = "!#%*+,-./:=?@_~";

/// What a generated value is made of.
#[derive(Debug, Clone)]
pub struct Policy {
    length: usize,
    classes: Vec<Vec<char>>,
}

impl Policy {
    /// The alphabets that a form offers: spelling, and what it means.
    pub const ALPHABETS: [(&'static str, &'static str); 4] = [
        ("letters_digits", "Letters and digits"),
        ("letters_digits_symbols", "Letters, digits and symbols"),
        ("unambiguous", "Letters and digits that nobody mistakes (no 0 O 1 l I)"),
        ("hex", "Hexadecimal"),
    ];

    pub fn new(length: i64, alphabet: &str) -> std::result::Result<Self, Problem> {
        let classes: Vec<&str> = match alphabet {
            "" | "letters_digits" | "unambiguous" => vec![LETTERS, DIGITS],
            "letters_digits_symbols" => vec![LETTERS, DIGITS, SYMBOLS],
            "hex" => vec!["0123456789abcdef"],
            _ => {
                return Err(Problem::new(format!(
                    "must be one of {}",
                    Self::ALPHABETS.map(|a| a.0).join(", ")
                )));
            }
        };
        let wanted = |c: &char| alphabet != "unambiguous" || !"0O1lI".contains(*c);
        let length = usize::try_from(length)
            .ok()
            .filter(|n| (8..=256).contains(n))
            .ok_or_else(|| Problem::new("must be from 8 to 256"))?;
        Ok(Self {
            length,
            classes: classes.into_iter().map(|class| class.chars().filter(wanted).collect()).collect(),
        })
    }

    /// Each class occurs at least once: a draw without one is thrown away whole, so that all others stay equally likely.
    pub fn generate(&self, chance: &Chance) -> Result<Plaintext> {
        let alphabet: Vec<char> = self.classes.concat();
        let size = u32::try_from(alphabet.len()).unwrap_or(1);
        loop {
            let mut value = Vec::with_capacity(self.length);
            for _ in 0..self.length {
                let letter = alphabet[chance.below(size)? as usize];
                value.push(u8::try_from(letter).unwrap_or(b'x'));
            }
            let value = Plaintext::new(value);
            let holds = |class: &Vec<char>| value.expose().iter().any(|b| class.contains(&char::from(*b)));
            if self.classes.iter().all(holds) {
                return Ok(value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_value_has_its_length_and_a_letter_of_each_class() {
        let chance = Chance::seeded(1);
        for (alphabet, _) in Policy::ALPHABETS {
            for length in [8, 32, 256] {
                let policy = Policy::new(length, alphabet).unwrap();
                let value = policy.generate(&chance).unwrap();
                assert_eq!(value.len(), usize::try_from(length).unwrap());
                let has = |class: &Vec<char>| value.expose().iter().any(|b| class.contains(&char::from(*b)));
                assert!(policy.classes.iter().all(has), "{alphabet}");
            }
        }
        assert!(
            Policy::new(7, "hex").is_err()
                && Policy::new(257, "hex").is_err()
                && Policy::new(32, "emoji").is_err()
        );
    }
}
