//! A field of a request: whether it is there, null, of the wrong kind, or given. Reading never fails, so that all that is wrong is
//! told at once, each by its name, and no word of it repeats what was sent.
use crate::domain::fields::FieldErrors;
use crate::domain::plaintext::Plaintext;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// Absent is not null: what is absent stays as it is, null takes it away.
#[derive(Default)]
pub enum Field<T> {
    #[default]
    Absent,
    Null,
    /// What it must be instead.
    Wrong(&'static str),
    Given(T),
}

/// What a field may be.
pub trait Kind: Sized {
    const MUST: &'static str;

    fn of_text(_: &str) -> Option<Self> {
        None
    }
    fn of_number(_: i64) -> Option<Self> {
        None
    }
    fn of_flag(_: bool) -> Option<Self> {
        None
    }
    /// Of an object of texts.
    fn of_pairs(_: BTreeMap<String, String>) -> Option<Self> {
        None
    }
    /// Of a list of texts.
    fn of_list(_: Vec<String>) -> Option<Self> {
        None
    }
}

impl Kind for String {
    const MUST: &'static str = "must be a text in quotes";
    fn of_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl Kind for Plaintext {
    const MUST: &'static str = "must be a text in quotes: another kind would not keep its bytes";
    fn of_text(text: &str) -> Option<Self> {
        Some(Self::from(text.to_owned()))
    }
}

impl Kind for i64 {
    const MUST: &'static str = "must be a whole number, without quotes";
    fn of_number(number: i64) -> Option<Self> {
        Some(number)
    }
}

impl Kind for bool {
    const MUST: &'static str = "must be true or false, without quotes";
    fn of_flag(flag: bool) -> Option<Self> {
        Some(flag)
    }
}

impl Kind for BTreeMap<String, String> {
    const MUST: &'static str = "must be an object of texts";
    fn of_pairs(pairs: BTreeMap<String, String>) -> Option<Self> {
        Some(pairs)
    }
}

impl Kind for Vec<String> {
    const MUST: &'static str = "must be a list of texts";
    fn of_list(list: Vec<String>) -> Option<Self> {
        Some(list)
    }
}

impl<'de, T: Kind> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Any(PhantomData))
    }
}

struct Any<T>(PhantomData<T>);

fn field<T: Kind>(read: Option<T>) -> Field<T> {
    read.map_or(Field::Wrong(T::MUST), Field::Given)
}

impl<'de, T: Kind> Visitor<'de> for Any<T> {
    type Value = Field<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E: Error>(self) -> Result<Field<T>, E> {
        Ok(Field::Null)
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Field<T>, E> {
        Ok(field(T::of_text(text)))
    }
    fn visit_bool<E: Error>(self, flag: bool) -> Result<Field<T>, E> {
        Ok(field(T::of_flag(flag)))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<Field<T>, E> {
        Ok(field(T::of_number(number)))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Field<T>, E> {
        Ok(field(i64::try_from(number).ok().and_then(T::of_number)))
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<Field<T>, E> {
        Ok(Field::Wrong(T::MUST))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Field<T>, A::Error> {
        let (mut texts, mut all) = (Vec::new(), true);
        while let Some(item) = list.next_element::<Field<String>>()? {
            match item {
                Field::Given(text) => texts.push(text),
                _ => all = false,
            }
        }
        Ok(field(if all { T::of_list(texts) } else { None }))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Field<T>, A::Error> {
        let (mut pairs, mut all) = (BTreeMap::new(), true);
        while let Some((key, value)) = map.next_entry::<String, Field<String>>()? {
            match value {
                // A key that stands twice would leave one of the two unsaid.
                Field::Given(text) => all &= pairs.insert(key, text).is_none(),
                _ => all = false,
            }
        }
        Ok(field(if all { T::of_pairs(pairs) } else { None }))
    }
}

impl<T> Field<T> {
    /// What was given; null is as good as absent. What is wrong is told.
    pub fn given(self, name: &str, errors: &mut FieldErrors) -> Option<T> {
        match self {
            Self::Given(it) => Some(it),
            Self::Wrong(must) => {
                errors.add(name, must);
                None
            }
            Self::Absent | Self::Null => None,
        }
    }

    /// What was given, where null is no answer.
    pub fn unless_null(self, name: &str, errors: &mut FieldErrors) -> Option<T>
    where
        T: Kind,
    {
        if matches!(self, Self::Null) {
            errors.add(name, T::MUST);
        }
        self.given(name, errors)
    }

    /// What is given goes over what is there, and null empties it.
    pub fn over(self, name: &str, there: &mut String, errors: &mut FieldErrors)
    where
        T: ToString,
    {
        match self {
            Self::Absent => {}
            Self::Null => there.clear(),
            Self::Wrong(must) => errors.add(name, must),
            Self::Given(it) => *there = it.to_string(),
        }
    }
}

/// A number that is counted from 1, such as that of a version. Null is as good as absent.
pub fn number(name: &str, field: Field<i64>, errors: &mut FieldErrors) -> Option<i64> {
    let number = field.given(name, errors)?;
    if number < 1 {
        errors.add(name, "must be 1 or more");
        return None;
    }
    Some(number)
}

/// The names that a request holds and the type does not: refused by name, because what cannot be set must not seem to be.
#[derive(Default)]
pub struct Unknown(Vec<String>);

/// More than these are not told.
const MOST_TOLD: usize = 20;

impl<'de> Deserialize<'de> for Unknown {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Unknown;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("fields")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Unknown, A::Error> {
                let mut names = Vec::new();
                while let Some((name, _)) = map.next_entry::<String, IgnoredAny>()? {
                    names.push(name);
                }
                Ok(Unknown(names))
            }
        }
        from.deserialize_map(Names)
    }
}

impl Unknown {
    pub fn refuse(&self, errors: &mut FieldErrors) {
        for name in self.0.iter().take(MOST_TOLD) {
            errors.add(&shown(name), "cannot be set here");
        }
    }
}

/// A name that a request holds, as an answer may repeat it.
pub fn shown(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
    if name.is_empty() { "?".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Asked {
        #[serde(default)]
        name: Field<String>,
        #[serde(default)]
        days: Field<i64>,
        #[serde(default)]
        tags: Field<BTreeMap<String, String>>,
        #[serde(flatten)]
        rest: Unknown,
    }

    fn read(text: &str) -> Asked {
        serde_json::from_str(text).unwrap()
    }

    #[test] // S64 S79 S80
    fn what_is_absent_null_wrong_or_unknown_is_told_apart() {
        let asked = read(r#"{"days": null, "tags": {"a": 1}, "id": 7, "creator_id": {"x": []}}"#);
        assert!(matches!(asked.name, Field::Absent) && matches!(asked.days, Field::Null));
        let mut errors = FieldErrors::default();
        assert!(asked.tags.given("tags", &mut errors).is_none());
        asked.rest.refuse(&mut errors);
        let told: Vec<&str> = errors.iter().map(|(name, _)| name).collect();
        assert_eq!(told, ["creator_id", "id", "tags"]);
        for wrong in ["\"7\"", "7.5", "true", "[]", "{}", "18446744073709551615"] {
            let asked = read(&format!("{{\"days\": {wrong}}}"));
            assert!(matches!(asked.days, Field::Wrong(_)), "{wrong}");
        }
    }
}
