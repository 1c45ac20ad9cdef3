//! A policy as one compact text, for a secret's column, a form and the API: `letters:32:unambiguous`,
//! `letters:40:letters_digits_symbols:-,/` (without these signs), `words:6:-`, `words:5:space`, `words:4:none`,
//! `keypair:ed25519:openssh`, `bytes:32:base64url`.
use super::{Bytes, KeyPair, Letters, Policy, Words};
use crate::domain::rules::Problem;
use std::fmt;
use std::str::FromStr;

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Letters(l) if l.exclude().is_empty() => {
                write!(f, "letters:{}:{}", l.length(), l.alphabet())
            }
            Self::Letters(l) => write!(f, "letters:{}:{}:-{}", l.length(), l.alphabet(), l.exclude()),
            // Spelled out: a column or a form may trim a blank at the end.
            Self::Words(w) => match w.separator() {
                None => write!(f, "words:{}:none", w.count()),
                Some(' ') => write!(f, "words:{}:space", w.count()),
                Some(sign) => write!(f, "words:{}:{sign}", w.count()),
            },
            Self::KeyPair(pair) => write!(f, "keypair:{}:{}", pair.kind, pair.form),
            Self::Bytes(b) => write!(f, "bytes:{}:{}", b.length(), b.encoding()),
        }
    }
}

impl Policy {
    /// "32 letters and digits, without 0O", for a page.
    pub fn describe(&self) -> String {
        match self {
            Self::Letters(letters) => {
                let n = letters.length();
                let words = match letters.alphabet() {
                    "hex" => format!("{n} hexadecimal digits"),
                    "unambiguous" => format!("{n} letters and digits that nobody mistakes"),
                    "letters_digits_symbols" => format!("{n} letters, digits and symbols"),
                    _ => format!("{n} letters and digits"),
                };
                match letters.exclude() {
                    "" => words,
                    exclude => format!("{words}, without {exclude}"),
                }
            }
            Self::Words(words) => match words.separator() {
                None => format!("{} words, written as one", words.count()),
                Some(' ') => format!("{} words, separated by blanks", words.count()),
                Some(sign) => format!("{} words, separated by {sign}", words.count()),
            },
            Self::KeyPair(pair) => format!("{} key pair, {}", pair.kind.title(), pair.form.title()),
            Self::Bytes(bytes) => format!("{} random bytes in {}", bytes.length(), bytes.encoding()),
        }
    }
}

impl FromStr for Policy {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        read(text, Letters::new)
    }
}

impl Policy {
    /// As it was asked for once and written down meanwhile: letters may be few.
    pub fn asked_once(text: &str) -> Result<Self, Problem> {
        read(text, Letters::of_any_strength)
    }
}

fn read(
    text: &str,
    letters: impl Fn(i64, &str, &str) -> Result<Letters, Problem>,
) -> Result<Policy, Problem> {
    let (kind, rest) = text.split_once(':').ok_or_else(unread)?;
    let (first, rest) = rest.split_once(':').ok_or_else(unread)?;
    match kind {
        "letters" => {
            // What is excluded may hold colons itself: it is all that follows.
            let (alphabet, exclude) = match rest.split_once(':') {
                Some((alphabet, exclude)) => (alphabet, exclude.strip_prefix('-').ok_or_else(unread)?),
                None => (rest, ""),
            };
            letters(number(first)?, alphabet, exclude).map(Policy::Letters)
        }
        "words" => {
            let separator = match rest {
                "none" => "",
                "space" => " ",
                "" => return Err(unread()),
                sign => sign,
            };
            Words::new(number(first)?, separator).map(Policy::Words)
        }
        "keypair" => Ok(Policy::KeyPair(KeyPair { kind: spelled(first)?, form: spelled(rest)? })),
        "bytes" => Bytes::new(number(first)?, spelled(rest)?).map(Policy::Bytes),
        _ => Err(unread()),
    }
}

fn number(text: &str) -> Result<i64, Problem> {
    text.parse().map_err(|_| unread())
}

fn spelled<T: FromStr<Err: fmt::Display>>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|e: T::Err| Problem::new(e.to_string()))
}

fn unread() -> Problem {
    Problem::new(
        "must be a policy such as letters:32:letters_digits, words:6:-, keypair:ed25519:openssh or bytes:32:base64url",
    )
}
