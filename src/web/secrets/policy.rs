//! The fields of a policy, in the forms of a secret and of its rotation: labels, choices, and what was typed.
use crate::crypto::generate::{Encoding, Family, Form as Armour, Kind, Policy, PolicyInput};
use crate::domain::error::Result;
use crate::secrets::Secret;
use crate::web::forms::choices;
use crate::web::views::making::PolicyChoices;
use crate::web::views::parts::{Choice, Form};

pub const LABELS: [(&str, &str); 10] = [
    ("policy", "Made of"),
    ("length", "Length"),
    ("alphabet", "Characters"),
    ("exclude", "Never these"),
    ("word_count", "Words"),
    ("separator", "Separator"),
    ("key_kind", "Kind of key"),
    ("key_form", "Format"),
    ("byte_count", "Bytes"),
    ("encoding", "Written as"),
];

pub fn offer(families: &[Family]) -> PolicyChoices {
    let alphabets = Policy::ALPHABETS.map(|(value, label)| Choice {
        value: value.into(),
        label: label.into(),
        ..Choice::default()
    });
    PolicyChoices {
        families: choices(families, Family::as_str, |family| family.title().to_owned(), ""),
        alphabets: alphabets.to_vec(),
        key_kinds: choices(Kind::ALL, Kind::as_str, |kind| kind.title().to_owned(), ""),
        key_forms: choices(Armour::ALL, Armour::as_str, |form| form.title().to_owned(), ""),
        encodings: choices(Encoding::ALL, Encoding::as_str, |encoding| encoding.to_string(), ""),
    }
}

/// For a secret whose type may be chosen in the same form: all of them, and what fits the type.
pub fn offer_all() -> PolicyChoices {
    let mut offer = offer(Family::ALL);
    offer.families.insert(0, Choice { label: "What fits its type".into(), ..Choice::default() });
    offer
}

pub fn with(form: Form, input: &PolicyInput) -> Form {
    form.with("policy", &input.policy)
        .with("length", &input.length)
        .with("alphabet", &input.alphabet)
        .with("exclude", &input.exclude)
        .with("word_count", &input.word_count)
        .with("separator", &input.separator)
        .with("key_kind", &input.key_kind)
        .with("key_form", &input.key_form)
        .with("byte_count", &input.byte_count)
        .with("encoding", &input.encoding)
}

/// As people say it: "32 letters and digits, 190 bits".
pub fn words(policy: &Policy) -> String {
    format!("{}, {} bits", policy.describe(), policy.bits())
}

/// The same of a secret, with where the policy comes from.
pub fn words_of(secret: &Secret) -> Result<String> {
    Ok(match (secret.made_of()?, secret.kept_policy()?) {
        (None, _) => "made by somebody else".to_owned(),
        (Some(policy), None) => format!("{} (what fits its type)", words(&policy)),
        (Some(policy), Some(_)) => words(&policy),
    })
}
