//! A first look at the text of a message, before any parser sees it: parsers take quadratic time, or worse, over what is
//! deep or crowded. What no identity provider sends (DOCTYPE, comments, processing instructions, CDATA) ends here too.
use super::{Fault, refuse};

/// A real answer has about 10 levels and 20 attributes on its longest path.
const DEEPEST: usize = 32;
const MOST_ATTRIBUTES_ON_A_PATH: usize = 128;
const MOST_ELEMENTS: usize = 5_000;
const LONGEST_TAG: usize = 16 * 1024;

pub(super) fn count(xml: &str) -> Result<(), Fault> {
    letters(xml)?;
    let mut rest = after_declaration(xml)?;
    let mut open: Vec<usize> = Vec::new();
    let (mut on_path, mut elements) = (0, 0);
    while let Some(at) = rest.find('<') {
        let tag = tag(&rest[at + 1..])?;
        rest = &rest[at + 1 + tag.len()..];
        match tag.as_bytes().first() {
            Some(b'!' | b'?') => {
                return refuse("the document holds a DOCTYPE, a comment, CDATA or a processing instruction");
            }
            Some(b'/') => match open.pop() {
                Some(attributes) => on_path -= attributes,
                None => return refuse("the document closes what it did not open"),
            },
            _ => {
                elements += 1;
                let attributes = equal_signs(tag);
                if open.len() >= DEEPEST
                    || on_path + attributes > MOST_ATTRIBUTES_ON_A_PATH
                    || elements > MOST_ELEMENTS
                {
                    return refuse("the document is too deep or too crowded");
                }
                if !tag.ends_with('/') {
                    on_path += attributes;
                    open.push(attributes);
                }
            }
        }
    }
    Ok(())
}

/// A reference to what is no letter of XML is one thing to one parser and nothing to the next; so is a second mark of the
/// byte order.
fn letters(xml: &str) -> Result<(), Fault> {
    if xml.starts_with('\u{feff}') {
        return refuse("the document begins with two byte order marks");
    }
    let is_letter = |reference: &str| {
        let digits = reference.split(';').next().unwrap_or_default();
        let number = match digits.strip_prefix('x') {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => digits.parse(),
        };
        let legal = |c: char| c >= ' ' || matches!(c, '\t' | '\n' | '\r');
        let letter = number.ok().and_then(char::from_u32);
        letter.is_some_and(|c| legal(c) && !matches!(c, '\u{fffe}' | '\u{ffff}'))
    };
    if xml.split("&#").skip(1).all(is_letter) {
        Ok(())
    } else {
        refuse("the document refers to a letter that XML does not have")
    }
}

/// An XML declaration may stand in front, of version 1.0 and in UTF-8: other parsers would read another text in it. A space
/// follows `<?xml`, as everybody writes it: with a line break there one of our two parsers takes it for a processing instruction.
fn after_declaration(xml: &str) -> Result<&str, Fault> {
    let Some(rest) = xml.strip_prefix("<?xml ") else { return Ok(xml) };
    let (declaration, rest) =
        rest.split_once("?>").ok_or_else(|| Fault::new("the XML declaration does not end"))?;
    let plain: String = declaration.replace('\'', "\"").split_whitespace().collect::<Vec<_>>().join(" ");
    let known = ["version=\"1.0\"", "encoding=\"utf-8\"", "standalone=\"no\"", "standalone=\"yes\""];
    if plain.split(' ').all(|part| known.contains(&part.to_ascii_lowercase().as_str())) {
        Ok(rest)
    } else {
        refuse("the XML declaration names something else than version 1.0 and UTF-8")
    }
}

/// Up to the `>` that ends the tag: one inside quotes does not.
fn tag(text: &str) -> Result<&str, Fault> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().take(LONGEST_TAG) {
        match (quote, byte) {
            (None, b'>') => return Ok(&text[..at]),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            (None, b'<') => return refuse("the document is not well-formed"),
            _ => {}
        }
    }
    refuse("the document has a tag that does not end or is too long")
}

/// Each attribute, namespace declarations included, has one outside its quotes.
fn equal_signs(tag: &str) -> usize {
    let mut quote = None;
    let mut count = 0;
    for byte in tag.bytes() {
        match (quote, byte) {
            (None, b'=') => count += 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_plain_document_passes() {
        for xml in [
            "<a/>",
            "<?xml version='1.0' encoding='UTF-8'?>\n<a b='>' c=\"/\"><d/>text</a>",
            "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"no\"?><a></a>",
            "<a>&#65;&#x1F600;&#xA;&#13;&amp;</a>",
        ] {
            assert_eq!(count(xml), Ok(()), "{xml}");
        }
    }

    #[test] // S04: rule 1 of the gate
    fn what_no_provider_sends_is_refused_before_a_parser_sees_it() {
        let deep = "<a>".repeat(33);
        let tag = |attributes: usize| format!("<a {}>", "a='' ".repeat(attributes));
        let (crowded, on_a_path) = (tag(129), tag(10).repeat(14));
        let many = "<a/>".repeat(5_001);
        let long = format!("<{}>", "a".repeat(20_000));
        for xml in [
            "<!DOCTYPE a><a/>",
            "<a><!-- x --></a>",
            "<a><![CDATA[x]]></a>",
            "<a><?p x?></a>",
            "</a>",
            "<a",
            "<a <b>",
            "<?xml version='1.1'?><a/>",
            "<?xml version='1.0' encoding='UTF-16'?><a/>",
            "<?xml version='1.0'",
            "<?xml\nversion='1.0'?><a/>",
            "<?xml\tversion='1.0'?><a/>",
            "\u{feff}<a/>",
            "<a>&#xD800;</a>",
            "<a>&#x110000;</a>",
            "<a>&#0;</a>",
            "<a>&#xFFFF;</a>",
            "<a>&#x;</a>",
            &deep,
            &crowded,
            &on_a_path,
            &many,
            &long,
        ] {
            assert!(count(xml).is_err(), "{}", &xml[..xml.len().min(60)]);
        }
    }
}
