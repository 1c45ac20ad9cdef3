//! New values by a policy: letters, a passphrase, a key pair or random bytes. A person's form and the schedules ask for
//! them. What is random is drawn from the chance that is handed in, and ends in a `Plaintext`, with no copy that is not wiped.
mod aside;
mod bytes;
mod fit;
mod input;
mod key_pair;
mod letters;
mod openssh;
mod pem;
mod text;
mod words;

use crate::domain::error::Result;
use crate::domain::plaintext::Plaintext;
use crate::domain::rules::Problem;
use crate::kit::chance::Chance;

pub use bytes::{Bytes, Encoding};
pub use fit::Family;
pub use input::PolicyInput;
pub use key_pair::{Form, KeyPair, Kind};
pub use letters::Letters;
pub use words::Words;

/// What a generated value is made of. Its text (`Display`) is what a secret's column and the API hold; `FromStr` reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Policy {
    Letters(Letters),
    Words(Words),
    KeyPair(KeyPair),
    Bytes(Bytes),
}

/// A new value, and the half of a key pair that somebody must install elsewhere.
pub struct Generated {
    pub value: Plaintext,
    pub public: Option<String>,
}

impl Policy {
    /// The alphabets that a form offers: spelling, and what it means.
    pub const ALPHABETS: [(&'static str, &'static str); 4] = letters::ALPHABETS;

    /// Letters for one value that a person asks for and sees to: short ones are that person's choice, since some
    /// systems take no more. A policy that is kept is read by `parse`, and asks for enough entropy.
    pub fn new(length: i64, alphabet: &str) -> std::result::Result<Self, Problem> {
        Letters::of_any_strength(length, alphabet, "").map(Self::Letters)
    }

    /// How hard the value is to guess, in bits, rounded down. Of a key pair: its strength, as NIST counts it.
    pub fn bits(&self) -> u32 {
        match self {
            Self::Letters(letters) => letters.bits(),
            Self::Words(words) => words.bits(),
            Self::KeyPair(_) => KeyPair::BITS,
            Self::Bytes(bytes) => bytes.bits(),
        }
    }

    /// Whether making one keeps a core busy for a second or more: such work belongs on a thread that may block.
    pub fn is_slow(&self) -> bool {
        matches!(self, Self::KeyPair(pair) if pair.kind != Kind::Ed25519)
    }

    pub fn generate(&self, chance: &Chance) -> Result<Plaintext> {
        self.make(chance).map(|made| made.value)
    }

    /// The value with what belongs to it.
    pub fn make(&self, chance: &Chance) -> Result<Generated> {
        let alone = |value| Generated { value, public: None };
        match self {
            Self::Letters(letters) => letters.generate(chance).map(alone),
            Self::Words(words) => words.generate(chance).map(alone),
            Self::Bytes(bytes) => bytes.generate(chance).map(alone),
            Self::KeyPair(pair) => pair.generate(chance),
        }
    }
}

#[cfg(test)]
mod tests;
