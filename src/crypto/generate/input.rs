//! A policy as a form's fields: its family, and what belongs to each. What belongs to another family is passed over, so
//! that a form may show all of them.
use super::{Bytes, Encoding, Family, Form, KeyPair, Kind, Letters, Policy, Words};
use crate::domain::fields::FieldErrors;
use crate::domain::rules::{self, Problem, Text};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::str::FromStr;

/// More than there are signs to exclude.
const LONGEST_EXCLUDE: u64 = 94;

#[derive(Deserialize, Serialize, Default, Debug, Clone)]
#[serde(default)]
pub struct PolicyInput {
    /// A family (`letters`, `words`, `keypair`, `bytes`), a whole policy in its kept spelling, or empty: the secret's own.
    pub policy: String,
    pub length: String,
    pub alphabet: String,
    pub exclude: String,
    pub word_count: String,
    /// One sign, `space`, or empty.
    pub separator: String,
    pub key_kind: String,
    pub key_form: String,
    pub byte_count: String,
    pub encoding: String,
}

impl PolicyInput {
    /// What a form begins with: this policy, and a sensible start for whoever chooses another family.
    pub fn of(policy: Option<&Policy>) -> Self {
        let start = Self {
            policy: policy.map(|policy| policy.family().as_str().to_owned()).unwrap_or_default(),
            length: "32".into(),
            alphabet: "letters_digits".into(),
            exclude: String::new(),
            word_count: "6".into(),
            separator: "-".into(),
            key_kind: Kind::Ed25519.as_str().into(),
            key_form: Form::OpenSsh.as_str().into(),
            byte_count: "32".into(),
            encoding: Encoding::Base64Url.as_str().into(),
        };
        match policy {
            None => start,
            Some(Policy::Letters(letters)) => Self {
                length: letters.length().to_string(),
                alphabet: letters.alphabet().into(),
                exclude: letters.exclude().into(),
                ..start
            },
            Some(Policy::Words(words)) => {
                let separator = match words.separator() {
                    Some(' ') => "space".to_owned(),
                    other => other.map(String::from).unwrap_or_default(),
                };
                Self { word_count: words.count().to_string(), separator, ..start }
            }
            Some(Policy::KeyPair(pair)) => {
                Self { key_kind: pair.kind.as_str().into(), key_form: pair.form.as_str().into(), ..start }
            }
            Some(Policy::Bytes(bytes)) => Self {
                byte_count: bytes.length().to_string(),
                encoding: bytes.encoding().as_str().into(),
                ..start
            },
        }
    }

    /// For one value that somebody asks for now: letters may be few, since some systems take no more. Outside None: a field is
    /// wrong; inside: as the secret says.
    pub fn parse_once(&self, errors: &mut FieldErrors) -> Option<Option<Policy>> {
        // A length alone asks for letters.
        let is_letters = self.policy.is_empty() && !(self.length.is_empty() && self.alphabet.is_empty());
        let family = if is_letters { Family::Letters.as_str() } else { &self.policy };
        if family.trim().is_empty() {
            return Some(None);
        }
        self.parse(family, errors, Letters::of_any_strength).map(Some)
    }

    /// For what is kept, and made unattended: letters have to be enough.
    pub fn parse_kept(&self, errors: &mut FieldErrors) -> Option<Option<Policy>> {
        if self.policy.trim().is_empty() {
            return Some(None);
        }
        self.parse(&self.policy, errors, Letters::new).map(Some)
    }

    fn parse(
        &self,
        family: &str,
        errors: &mut FieldErrors,
        letters: impl Fn(i64, &str, &str) -> Result<Letters, Problem>,
    ) -> Option<Policy> {
        let family = family.trim();
        if family.contains(':') {
            return errors.take("policy", family.parse());
        }
        match errors.take("policy", family.parse::<Family>())? {
            Family::Letters => self.letters(errors, letters).map(Policy::Letters),
            Family::Words => self.words(errors).map(Policy::Words),
            Family::KeyPair => {
                let kind = errors.take("key_kind", chosen(&self.key_kind, Kind::Ed25519));
                let form = errors.take("key_form", chosen(&self.key_form, Form::OpenSsh));
                kind.zip(form).map(|(kind, form)| Policy::KeyPair(KeyPair { kind, form }))
            }
            Family::Bytes => {
                let count = errors.take("byte_count", rules::whole(&self.byte_count, 16, 64));
                let encoding = errors.take("encoding", chosen(&self.encoding, Encoding::Base64Url));
                let (count, encoding) = count.zip(encoding)?;
                errors.take("byte_count", Bytes::new(count.unwrap_or(32), encoding)).map(Policy::Bytes)
            }
        }
    }

    /// Each rule beside the field that can mend it.
    fn letters(
        &self,
        errors: &mut FieldErrors,
        letters: impl Fn(i64, &str, &str) -> Result<Letters, Problem>,
    ) -> Option<Letters> {
        let length = errors.take("length", rules::whole(&self.length, 8, 256));
        let exclude = errors.take("exclude", Text::optional(&self.exclude, LONGEST_EXCLUDE));
        let length = length.map(|length| length.unwrap_or(32));
        let alphabet =
            errors.take("alphabet", Letters::of_any_strength(length.unwrap_or(32), &self.alphabet, ""));
        let (length, alphabet, exclude) = (length?, alphabet?.alphabet(), exclude?);
        errors.take("exclude", Letters::of_any_strength(length, alphabet, &exclude))?;
        errors.take("length", letters(length, alphabet, &exclude))
    }

    fn words(&self, errors: &mut FieldErrors) -> Option<Words> {
        let count = errors.take("word_count", rules::whole(&self.word_count, 4, 12));
        let count = count.map(|count| count.unwrap_or(6));
        let separator = match self.separator.as_str() {
            "space" => " ",
            "none" => "",
            sign => sign,
        };
        let words = errors.take("separator", Words::new(count.unwrap_or(6), separator));
        count.and(words)
    }
}

fn chosen<T: FromStr<Err: Display>>(raw: &str, usual: T) -> Result<T, T::Err> {
    if raw.is_empty() { Ok(usual) } else { raw.parse() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::enums::SecretType;

    fn refused(input: &PolicyInput) -> Vec<String> {
        let mut errors = FieldErrors::default();
        let read = input.parse_kept(&mut errors);
        assert_eq!(read.is_none(), !errors.is_empty(), "{input:?}");
        errors.iter().map(|(field, _)| field.to_owned()).collect()
    }

    #[test]
    fn a_policy_in_a_form_reads_back_as_what_it_was() {
        for text in [
            "letters:40:letters_digits_symbols:-,/:",
            "letters:16:hex",
            "words:5:space",
            "words:4:none",
            "words:12:-",
            "keypair:rsa4096:pkcs8",
            "bytes:64:hex",
        ] {
            let policy: Policy = text.parse().unwrap();
            let mut errors = FieldErrors::default();
            assert_eq!(PolicyInput::of(Some(&policy)).parse_kept(&mut errors), Some(Some(policy.clone())));
            let spelled = PolicyInput { policy: text.into(), ..PolicyInput::default() };
            assert_eq!(spelled.parse_kept(&mut errors), Some(Some(policy)), "{text}");
        }
        // A family alone is a sensible start of it.
        for family in Family::ALL {
            let alone = PolicyInput { policy: family.as_str().into(), ..PolicyInput::default() };
            let read = alone.parse_kept(&mut FieldErrors::default()).flatten().unwrap();
            assert_eq!(read.family(), *family);
        }
        assert_eq!(PolicyInput::of(None).parse_kept(&mut FieldErrors::default()), Some(None));
    }

    #[test]
    fn what_is_wrong_with_a_policy_is_told_beside_the_field_that_mends_it() {
        let start = |policy: &str| PolicyInput { policy: policy.into(), ..PolicyInput::of(None) };
        let letters = || start("letters");
        assert_eq!(refused(&PolicyInput { length: "7".into(), ..letters() }), ["length"]);
        assert_eq!(refused(&PolicyInput { length: "10".into(), ..letters() }), ["length"]);
        assert_eq!(refused(&PolicyInput { alphabet: "emoji".into(), ..letters() }), ["alphabet"]);
        assert_eq!(refused(&PolicyInput { exclude: "0123456789".into(), ..letters() }), ["exclude"]);
        assert_eq!(refused(&PolicyInput { exclude: "a b".into(), ..letters() }), ["exclude"]);
        assert_eq!(refused(&PolicyInput { exclude: "a".repeat(95), ..letters() }), ["exclude"]);
        assert_eq!(refused(&PolicyInput { word_count: "3".into(), ..start("words") }), ["word_count"]);
        assert_eq!(refused(&PolicyInput { separator: "ab".into(), ..start("words") }), ["separator"]);
        assert_eq!(refused(&PolicyInput { key_kind: "dsa".into(), ..start("keypair") }), ["key_kind"]);
        assert_eq!(refused(&PolicyInput { key_form: "pem".into(), ..start("keypair") }), ["key_form"]);
        assert_eq!(refused(&PolicyInput { byte_count: "15".into(), ..start("bytes") }), ["byte_count"]);
        assert_eq!(refused(&PolicyInput { encoding: "base32".into(), ..start("bytes") }), ["encoding"]);
        assert_eq!(refused(&start("emoji")), ["policy"]);
        assert_eq!(refused(&start("letters:8:hex")), ["policy"]);
        // What belongs to another family is passed over, and a short one by hand is somebody's choice.
        assert!(refused(&PolicyInput { separator: "ab".into(), ..letters() }).is_empty());
        let short = PolicyInput { length: "8".into(), alphabet: "hex".into(), ..PolicyInput::default() };
        let mut errors = FieldErrors::default();
        assert_eq!(short.parse_once(&mut errors).flatten().unwrap().bits(), 32);
        assert_eq!(PolicyInput::default().parse_once(&mut errors), Some(None));
        assert_eq!(short.parse_kept(&mut errors), Some(None));
    }

    #[test]
    fn the_usual_policy_of_a_type_fits_it_and_a_foreign_one_does_not() {
        for kind in SecretType::ALL {
            let usual = Policy::fitting(*kind);
            assert_eq!(usual.as_ref().map(Policy::family), Family::fitting(*kind).first().copied(), "{kind}");
            assert!(usual.is_none_or(|policy| policy.fits(*kind).is_ok()));
        }
        let words: Policy = "words:6:-".parse().unwrap();
        assert!(words.fits(SecretType::Password).is_ok());
        let why = |kind| words.fits(kind).unwrap_err().to_string();
        assert_eq!(why(SecretType::SshKey), "must be keypair for a secret of this type");
        assert!(why(SecretType::Certificate).contains("must be empty"));
    }
}
