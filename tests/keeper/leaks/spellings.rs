//! How a text can be written: as it is, or in a notation that hides it from somebody who searches for it. Where a notation leaves
//! a choice, both of its ends are here. The words are of Latin-1.
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// Each with its name; two notations may come to the same bytes.
pub fn spellings(word: &str) -> Vec<(&'static str, Vec<u8>)> {
    let mut all = plain(word);
    for (name, texts) in [
        ("base64", base64(word.as_bytes())),
        ("percent", percent(word.as_bytes())),
        ("JSON", json(word)),
        ("HTML", html(word)),
        ("Rust", rust(word)),
    ] {
        all.extend(texts.into_iter().map(|text| (name, text.into_bytes())));
    }
    all
}

fn plain(word: &str) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("as it is", word.into()),
        ("capitals", word.to_uppercase().into()),
        ("hex", hex::encode(word).into()),
        ("hex", hex::encode_upper(word).into()),
        ("UTF-16 LE", word.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("UTF-16 BE", word.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("Latin-1", word.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()),
        ("CSV", word.replace('"', "\"\"").into()),
        ("SQL", word.replace('\'', "''").into()),
    ]
}

/// Three bytes become four letters, so what stands before decides between three spellings; the letters that also hold bits of
/// what stands beside it are left out, and with them the padding.
fn base64(word: &[u8]) -> Vec<String> {
    let at = |before: usize| {
        let (first, last) = ((before * 8).div_ceil(6), (before + word.len()) * 8 / 6);
        let whole = [&vec![0; before], word].concat();
        [STANDARD.encode(&whole), URL_SAFE.encode(&whole)].map(|text| text[first..last].to_owned())
    };
    (0..3).flat_map(at).collect()
}

/// All bytes, or those alone that a part of an address, an address or a form cannot hold.
fn percent(word: &[u8]) -> Vec<String> {
    let write = |kept: fn(u8) -> bool| {
        let escape = |byte: &u8| if kept(*byte) { char::from(*byte).into() } else { format!("%{byte:02X}") };
        word.iter().map(escape).collect::<String>()
    };
    let mut all = vec![
        write(|_| false),
        write(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b)),
        write(|b| b.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&b)),
        write(|b| b.is_ascii_alphanumeric() || b"-_.!~*'();/?:@&=+$,#".contains(&b)),
        write(|b| b.is_ascii_graphic() && !b"\"#%/<>?\\`{}".contains(&b)),
        write(|b| b.is_ascii_graphic() && !b"\"#<>".contains(&b)),
        write(|b| b.is_ascii_graphic() && !b"\"#'<>".contains(&b)),
        url::form_urlencoded::byte_serialize(word).collect(),
    ];
    let small = all.iter().map(|text| small_digits(text, "%", 2)).collect::<Vec<_>>();
    all.extend(small);
    all
}

/// `\uXXXX` for all letters, for those that are not plain, or for none; a solidus with and without; JSON within JSON.
fn json(word: &str) -> Vec<String> {
    let escape = |text: &str, kept: fn(char) -> bool| {
        let unit = |c| format!("\\u{:04X}", u32::from(c));
        text.chars().map(|c| if kept(c) { c.to_string() } else { unit(c) }).collect::<String>()
    };
    let usual = inner(&serde_json::to_string(word).unwrap());
    let solidus = usual.replace('/', "\\/");
    let careful = |text: &str| text.replace('<', "\\u003C").replace('>', "\\u003E").replace('&', "\\u0026");
    let mut all = vec![
        escape(word, |_| false),
        escape(word, |c| c.is_ascii_alphanumeric()),
        escape(word, |c| c.is_ascii_alphanumeric() || c == ' '),
        escape(&usual, |c| c.is_ascii()),
        escape(&solidus, |c| c.is_ascii()),
        careful(&usual),
        careful(&usual).replace('\'', "\\u0027"),
        careful(&escape(&usual, |c| c.is_ascii())),
        inner(&serde_json::to_string(&usual).unwrap()),
        inner(&serde_json::to_string(&solidus).unwrap()),
        solidus,
        usual,
    ];
    let small = all.iter().map(|text| small_digits(text, "\\u", 4)).collect::<Vec<_>>();
    all.extend(small);
    all
}

/// By number for all letters or for some, and by name; what stands between tags needs no escape for its quotes.
fn html(word: &str) -> Vec<String> {
    let by_number = |number: fn(u32) -> String, kept: fn(char) -> bool| {
        word.chars().map(|c| if kept(c) { c.to_string() } else { number(c.into()) }).collect::<String>()
    };
    let mut all = Vec::new();
    for number in [|c| format!("&#{c};"), |c| format!("&#x{c:x};"), |c| format!("&#x{c:X};")] {
        all.push(by_number(number, |_| false));
        all.push(by_number(number, |c| c.is_ascii_alphanumeric()));
        all.push(by_number(number, |c| !"<>&\"'".contains(c)));
        all.push(by_number(number, |c| !"<>&\"'/".contains(c)));
        all.push(by_number(number, |c| c.is_ascii() && !"<>&\"'".contains(c)));
    }
    for (double, single) in
        [("&quot;", "&#39;"), ("&quot;", "&#x27;"), ("&quot;", "&apos;"), ("&quot;", "'"), ("\"", "'")]
    {
        let named = word.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        all.push(named.replace('"', double).replace('\'', single));
    }
    all
}

/// What `{:?}` makes of texts and of bytes, in a line of JSON too.
fn rust(word: &str) -> Vec<String> {
    let bytes = word.as_bytes();
    let mut all = vec![
        inner(&format!("{word:?}")),
        inner(&format!("{bytes:?}")),
        format!("{bytes:?}").replace(", ", ",").trim_matches(['[', ']']).to_owned(),
        word.escape_default().to_string(),
        bytes.escape_ascii().to_string(),
        bytes.escape_ascii().to_string().replace("\\'", "'"),
    ];
    let in_json = all.iter().map(|text| inner(&serde_json::to_string(text).unwrap())).collect::<Vec<_>>();
    all.extend(in_json);
    all
}

/// Without the quotes or brackets around it.
fn inner(text: &str) -> String {
    text[1..text.len() - 1].to_owned()
}

/// The hexadecimal digits after each `mark` in small letters.
fn small_digits(text: &str, mark: &str, digits: usize) -> String {
    let mut parts = text.split(mark);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |written, part| {
        let (number, rest) = part.split_at_checked(digits).unwrap_or((part, ""));
        written + mark + &number.to_ascii_lowercase() + rest
    })
}
