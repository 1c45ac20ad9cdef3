//! A value that is a login: a JSON object with the texts `username` and `password`. It is read where it lies, and
//! changed by putting new texts in the places of the old, so that all else stays as it was, byte for byte.
//!
//! A general reader would leave copies of the password in buffers that nobody wipes. So `serde_json` is only asked
//! whether the text is JSON, for which it copies nothing, and what it approved is walked through here.
use crate::domain::plaintext::Plaintext;
use serde::de::IgnoredAny;
use std::ops::Range;
use std::str::Chars;
use zeroize::Zeroizing;

/// Why a value is not what the strategy takes. Reads after "the value", and never repeats any of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("is not a JSON object with the texts \"username\" and \"password\"")]
    NoLogin,
    #[error("holds \"username\" or \"password\" twice")]
    Twice,
    #[error("names a user that is not one of this secret's users at the source")]
    Stranger,
    #[error("is not text in UTF-8, which JSON asks for")]
    NoText,
}

pub(super) struct Login<'a> {
    text: &'a str,
    /// Without their quotes.
    username: Range<usize>,
    password: Range<usize>,
}

impl<'a> Login<'a> {
    pub(super) fn read(value: &'a Plaintext) -> Result<Self, Unfit> {
        let text = std::str::from_utf8(value.expose()).map_err(|_| Unfit::NoLogin)?;
        let is_json = serde_json::from_str::<IgnoredAny>(text).is_ok();
        let members = is_json.then(|| members(text)).flatten().ok_or(Unfit::NoLogin)?;
        let (mut username, mut password) = (None, None);
        for (name, value) in members {
            let name = unescaped(&text[name]).ok_or(Unfit::NoLogin)?;
            let place = match name.as_str() {
                "username" => &mut username,
                "password" => &mut password,
                _ => continue,
            };
            let within = text[value.clone()].starts_with('"').then_some(value.start + 1..value.end - 1);
            if place.replace(within.ok_or(Unfit::NoLogin)?).is_some() {
                return Err(Unfit::Twice);
            }
        }
        match (username, password) {
            (Some(username), Some(password)) => Ok(Self { text, username, password }),
            _ => Err(Unfit::NoLogin),
        }
    }

    pub(super) fn username(&self) -> Result<Zeroizing<String>, Unfit> {
        unescaped(&self.text[self.username.clone()]).ok_or(Unfit::NoLogin)
    }

    pub(super) fn password(&self) -> Result<Plaintext, Unfit> {
        let mut text = unescaped(&self.text[self.password.clone()]).ok_or(Unfit::NoLogin)?;
        Ok(Plaintext::from(std::mem::take(&mut *text)))
    }

    /// The same object for another login.
    pub(super) fn with(&self, username: &str, password: &Plaintext) -> Result<Plaintext, Unfit> {
        let password = std::str::from_utf8(password.expose()).map_err(|_| Unfit::NoText)?;
        let mut parts = [(&self.username, username), (&self.password, password)];
        parts.sort_by_key(|(place, _)| place.start);
        // Room for the longest way to write each letter: a buffer that grows leaves its former self behind.
        let room = self.text.len() + 6 * (username.len() + password.len());
        let mut text = String::with_capacity(room);
        let mut from = 0;
        for (place, new) in parts {
            text.push_str(&self.text[from..place.start]);
            escape(new, &mut text);
            from = place.end;
        }
        text.push_str(&self.text[from..]);
        Ok(Plaintext::from(text))
    }
}

type Member = (Range<usize>, Range<usize>);

/// The members of an object: their names without quotes, and their values. The text is known to be JSON.
fn members(text: &str) -> Option<Vec<Member>> {
    let bytes = text.as_bytes();
    let mut at = past_blanks(bytes, 0);
    if *bytes.get(at)? != b'{' {
        return None;
    }
    at = past_blanks(bytes, at + 1);
    let mut found = Vec::new();
    while *bytes.get(at)? != b'}' {
        let name = at + 1..end(bytes, at)? - 1;
        let colon = past_blanks(bytes, name.end + 1);
        let begin = past_blanks(bytes, colon + 1);
        let value = begin..end(bytes, begin)?;
        at = past_blanks(bytes, value.end);
        if *bytes.get(at)? == b',' {
            at = past_blanks(bytes, at + 1);
        }
        found.push((name, value));
    }
    Some(found)
}

fn past_blanks(bytes: &[u8], from: usize) -> usize {
    let blank = |b: &&u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
    from + bytes.get(from..).unwrap_or_default().iter().take_while(blank).count()
}

/// Where the value that begins here is over.
fn end(bytes: &[u8], begin: usize) -> Option<usize> {
    let (mut at, mut depth) = (begin, 0_usize);
    loop {
        match *bytes.get(at)? {
            b'"' => {
                at = end_of_text(bytes, at)?;
                if depth == 0 {
                    return Some(at);
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => return Some(at),
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

fn end_of_text(bytes: &[u8], begin: usize) -> Option<usize> {
    let mut at = begin + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            b'"' => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// A JSON text without its quotes as what it says, which is never longer.
fn unescaped(raw: &str) -> Option<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::with_capacity(raw.len()));
    let mut letters = raw.chars();
    while let Some(letter) = letters.next() {
        let said = match letter {
            '\\' => match letters.next()? {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => code_point(&mut letters)?,
                itself => itself,
            },
            itself => itself,
        };
        text.push(said);
    }
    Some(text)
}

/// Four digits, or eight in two halves for what lies beyond them. Half of a pair is no letter.
fn code_point(letters: &mut Chars<'_>) -> Option<char> {
    let first = unit(letters)?;
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first);
    }
    if (letters.next()?, letters.next()?) != ('\\', 'u') {
        return None;
    }
    let second = unit(letters).filter(|second| (0xdc00..0xe000).contains(second))?;
    char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00))
}

fn unit(letters: &mut Chars<'_>) -> Option<u32> {
    (0..4).try_fold(0, |sum, _| Some(sum * 16 + letters.next()?.to_digit(16)?))
}

fn escape(raw: &str, text: &mut String) {
    for letter in raw.chars() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            '\0'..='\u{1f}' => {
                let half = |n: u32| char::from_digit(n, 16).unwrap_or('0');
                let code = u32::from(letter);
                text.push_str("\\u00");
                text.extend([half(code >> 4), half(code & 0xf)]);
            }
            letter => text.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn plain(text: &str) -> Plaintext {
        Plaintext::from(text.to_owned())
    }

    fn text(value: &Plaintext) -> &str {
        std::str::from_utf8(value.expose()).unwrap()
    }

    #[test]
    fn a_login_is_changed_and_all_else_stays_byte_for_byte() {
        let value = plain(
            " {\"host\" :\t\"db\\u002e1\",\n \"password\":\"o\\\"ld\" , \"port\":5.4320e3,\"nested\":{\"password\":[1,\"}\"]},\"username\":\"app\"}\n",
        );
        let login = Login::read(&value).unwrap();
        assert_eq!(login.username().unwrap().as_str(), "app");
        assert_eq!(text(&login.password().unwrap()), "o\"ld");
        assert_eq!(
            text(&login.with("app_b", &plain("ne\\w\n\u{1f511}")).unwrap()),
            " {\"host\" :\t\"db\\u002e1\",\n \"password\":\"ne\\\\w\\u000a\u{1f511}\" , \"port\":5.4320e3,\"nested\":{\"password\":[1,\"}\"]},\"username\":\"app_b\"}\n"
        );
        assert_eq!(login.with("a", &Plaintext::new(vec![0xff])).err(), Some(Unfit::NoText));
    }

    #[test]
    fn what_is_no_login_is_refused() {
        for raw in [
            "",
            "{}",
            "[]",
            "\"x\"",
            "7",
            "pass",
            "{\"username\":\"a\"}",
            "{\"password\":\"a\"}",
            "{\"username\":\"a\",\"password\":7}",
            "{\"username\":null,\"password\":\"a\"}",
            "{\"username\":\"a\",\"password\":\"b\"",
            "{\"username\":\"a\",\"password\":\"b\"} x",
            "[{\"username\":\"a\",\"password\":\"b\"}]",
            "{\"a\":{\"username\":\"a\",\"password\":\"b\"}}",
        ] {
            assert_eq!(Login::read(&plain(raw)).err(), Some(Unfit::NoLogin), "{raw}");
        }
        for raw in ["\"username\":\"a\"", "\"password\":\"c\"", "\"pass\\u0077ord\":\"c\""] {
            let value = plain(&format!("{{\"username\":\"a\",\"password\":\"b\",{raw}}}"));
            assert_eq!(Login::read(&value).err(), Some(Unfit::Twice), "{raw}");
        }
        // Half of a pair is no letter.
        for half in ["\\ud83d", "\\udd11", "\\ud83dx", "\\ud83d\\u0041"] {
            let value = plain(&format!("{{\"username\":\"a\",\"password\":\"{half}\"}}"));
            assert!(Login::read(&value).unwrap().password().is_err(), "{half}");
        }
    }

    #[test]
    fn a_text_may_be_written_in_any_way_that_json_has() {
        let value = plain(r#"{"user\u006eame":"\u00e4\ud83d\udd11\/\b\f\n\r\t\\\"","password":"\u0000"}"#);
        let login = Login::read(&value).unwrap();
        assert_eq!(login.username().unwrap().as_str(), "\u{e4}\u{1f511}/\u{8}\u{c}\n\r\t\\\"");
        assert_eq!(text(&login.password().unwrap()), "\0");
    }

    proptest! {
        #[test]
        fn it_is_read_and_written_as_any_other_program_does(
            name in any::<String>(), password in any::<String>(), new in any::<String>(), other in any::<String>(), key in "[a-z\"\\\\]{1,5}",
        ) {
            let object = json!({ &key: [&other, { &key: &other }], "password": &password, "username": &name });
            for written in [object.to_string(), serde_json::to_string_pretty(&object).unwrap()] {
                let value = plain(&written);
                let login = Login::read(&value).unwrap();
                let (read_name, read_password) = (login.username().unwrap(), login.password().unwrap());
                prop_assert_eq!(read_name.as_str(), &name);
                prop_assert_eq!(text(&read_password), &password);
                let changed = login.with(&other, &plain(&new)).unwrap();
                let read: Value = serde_json::from_slice(changed.expose()).unwrap();
                prop_assert_eq!(&read, &json!({ &key: [&other, { &key: &other }], "password": &new, "username": &other }));
            }
        }

        #[test]
        fn nothing_that_is_typed_brings_it_down(raw in any::<String>(), braces in "[{}\\[\\]\",:a\\\\ ]{0,40}") {
            let _ = (Login::read(&plain(&raw)).is_ok(), Login::read(&plain(&braces)).is_ok());
        }
    }
}
