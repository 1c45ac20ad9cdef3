//! What is changed in a good document: its bytes, or its tree as far as tags tell it. Most of what comes out is no XML any
//! more; much of the rest is what somebody would try who has one good response and wants another.
use super::dice::Dice;
use std::ops::Range;

const LONGEST: usize = 400_000;

type Change = fn(&str, &[String], &Dice) -> String;

const CHANGES: [Change; 18] = [
    cut,
    removed,
    doubled,
    swapped,
    moved,
    copied,
    wrapped,
    replaced,
    spliced,
    put_in,
    attribute_put_in,
    attribute_taken_out,
    attribute_doubled,
    value_changed,
    renamed,
    renamed_once,
    text_put_in,
    spread,
];

/// Up to three changes of the tree, and up to three of the bytes; never none.
pub fn changed(good: &[String], dice: &Dice) -> Vec<u8> {
    let mut text = dice.one(good).unwrap().clone();
    let of_tree = dice.below(4);
    for _ in 0..of_tree {
        text = dice.one(&CHANGES).unwrap()(&text, good, dice);
        text.truncate(text.floor_char_boundary(LONGEST));
    }
    let mut bytes = text.into_bytes();
    let of_bytes = if of_tree == 0 { 1 + dice.below(3) } else { dice.below(4).saturating_sub(2) };
    for _ in 0..of_bytes {
        change_bytes(&mut bytes, dice);
    }
    bytes
}

fn change_bytes(bytes: &mut Vec<u8>, dice: &Dice) {
    let at = dice.below(bytes.len() + 1);
    let any = || u8::try_from(dice.below(256)).unwrap();
    match dice.below(6) {
        0 | 1 => {
            let flipped = if dice.below(2) == 0 { any() } else { 1_u8 << dice.below(8) };
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= flipped;
            }
        }
        2 => bytes.insert(at, any()),
        3 => bytes.insert(at, b"<>&\"'/=! \n#;:"[dice.below(13)]),
        4 => drop(bytes.drain(dice.stretch(bytes.len(), 12))),
        _ => bytes.extend_from_within(dice.stretch(bytes.len(), 40)),
    }
}

/// Each tag, from its `<` to behind its `>`.
fn tags(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find('<').map(|at| from + at) {
        let Some(end) = text[start..].find('>').map(|at| start + at + 1) else { break };
        found.push(start..end);
        from = end;
    }
    found
}

fn is_start(tag: &str) -> bool {
    !tag.starts_with("</") && !tag.starts_with("<!") && !tag.starts_with("<?")
}

/// Each element, with its tags.
fn elements(text: &str) -> Vec<Range<usize>> {
    let (mut open, mut found) = (Vec::new(), Vec::new());
    for tag in tags(text) {
        let written = &text[tag.clone()];
        if written.starts_with("</") {
            found.extend(open.pop().map(|start| start..tag.end));
        } else if is_start(written) && written.ends_with("/>") {
            found.push(tag);
        } else if is_start(written) {
            open.push(tag.start);
        }
    }
    found
}

/// Each attribute that stands in double quotes, with the blank before it.
fn attributes(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for tag in tags(text) {
        let mut from = tag.start;
        while let Some(equals) = text[from..tag.end].find("=\"").map(|at| from + at) {
            let Some(end) = text[equals + 2..tag.end].find('"').map(|at| equals + at + 3) else { break };
            found.extend(text[from..equals].rfind(' ').map(|blank| from + blank..end));
            from = end;
        }
    }
    found
}

/// Where something may be put: before or behind a tag.
fn gap(text: &str, dice: &Dice) -> usize {
    let all = tags(text);
    dice.one(&all).map_or(0, |tag| if dice.below(2) == 0 { tag.start } else { tag.end })
}

/// Where an attribute may be put: at the end of a start tag.
fn end_of_a_tag(text: &str, dice: &Dice) -> Option<usize> {
    let starts: Vec<Range<usize>> =
        tags(text).into_iter().filter(|tag| is_start(&text[tag.clone()])).collect();
    let tag = dice.one(&starts)?;
    let closes_itself = text[tag.clone()].ends_with("/>");
    Some(tag.end - if closes_itself { 2 } else { 1 })
}

fn with(text: &str, at: usize, piece: &str) -> String {
    [&text[..at], piece, &text[at..]].concat()
}

fn without(text: &str, range: &Range<usize>) -> String {
    [&text[..range.start], &text[range.end..]].concat()
}

fn instead(text: &str, range: &Range<usize>, piece: &str) -> String {
    [&text[..range.start], piece, &text[range.end..]].concat()
}

/// Changes one of the ranges; where there is none, nothing.
fn at_one(text: &str, all: &[Range<usize>], dice: &Dice, change: impl Fn(&Range<usize>) -> String) -> String {
    dice.one(all).map_or_else(|| text.to_owned(), change)
}

fn cut(text: &str, _: &[String], dice: &Dice) -> String {
    let at = text.floor_char_boundary(dice.below(text.len() + 1));
    if dice.below(2) == 0 { text[..at].to_owned() } else { text[at..].to_owned() }
}

fn removed(text: &str, _: &[String], dice: &Dice) -> String {
    at_one(text, &elements(text), dice, |element| without(text, element))
}

/// Beside itself, once or often.
fn doubled(text: &str, _: &[String], dice: &Dice) -> String {
    let times = [1, 1, 1, 1, 2, 2, 3, 40][dice.below(8)];
    at_one(text, &elements(text), dice, |element| {
        with(text, element.end, &text[element.clone()].repeat(times))
    })
}

/// Two elements change places; where one stands in the other, it takes its place.
fn swapped(text: &str, _: &[String], dice: &Dice) -> String {
    let all = elements(text);
    let (Some(one), Some(other)) = (dice.one(&all), dice.one(&all)) else { return text.to_owned() };
    let (first, second) = if one.start <= other.start { (one, other) } else { (other, one) };
    if second.start < first.end {
        return instead(text, first, &text[second.clone()]);
    }
    [
        &text[..first.start],
        &text[second.clone()],
        &text[first.end..second.start],
        &text[first.clone()],
        &text[second.end..],
    ]
    .concat()
}

fn moved(text: &str, _: &[String], dice: &Dice) -> String {
    at_one(text, &elements(text), dice, |element| {
        let rest = without(text, element);
        with(&rest, gap(&rest, dice), &text[element.clone()])
    })
}

fn copied(text: &str, _: &[String], dice: &Dice) -> String {
    at_one(text, &elements(text), dice, |element| with(text, gap(text, dice), &text[element.clone()]))
}

/// In itself, in another response, or in nothing that is known, once or often.
fn wrapped(text: &str, _: &[String], dice: &Dice) -> String {
    const AROUND: [(&str, &str); 5] = [
        ("<x>", "</x>"),
        ("<samlp:Extensions>", "</samlp:Extensions>"),
        ("<saml:Advice xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">", "</saml:Advice>"),
        ("<ds:Object xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">", "</ds:Object>"),
        ("<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\">", "</samlp:Response>"),
    ];
    let times = [1, 1, 2, 40][dice.below(4)];
    let (before, behind) = AROUND[dice.below(AROUND.len())];
    at_one(text, &elements(text), dice, |element| {
        let inside = &text[element.clone()];
        let (before, behind) = (before.repeat(times), behind.repeat(times));
        instead(text, element, &[before.as_str(), inside, behind.as_str()].concat())
    })
}

/// By one of another good document.
fn replaced(text: &str, good: &[String], dice: &Dice) -> String {
    let other = dice.one(good).unwrap();
    let theirs = elements(other);
    let Some(theirs) = dice.one(&theirs) else { return text.to_owned() };
    at_one(text, &elements(text), dice, |element| instead(text, element, &other[theirs.clone()]))
}

/// The head of this one, the tail of another.
fn spliced(text: &str, good: &[String], dice: &Dice) -> String {
    let other = dice.one(good).unwrap();
    [&text[..gap(text, dice)], &other[gap(other, dice)..]].concat()
}

fn put_in(text: &str, _: &[String], dice: &Dice) -> String {
    const PIECES: [&str; 28] = [
        "<!-- x -->",
        "<!--",
        "-->",
        "<?x y?>",
        "<?xml version=\"1.0\"?>",
        "<![CDATA[x]]>",
        "]]>",
        "<!DOCTYPE x>",
        "<!DOCTYPE x [<!ENTITY e \"x\">]>",
        "&e;",
        "&amp;",
        "&#65;",
        "&#x1F600;",
        "&#0;",
        "&#xD800;",
        "&#x110000;",
        "&",
        "<",
        ">",
        "</saml:Assertion>",
        "</samlp:Response>",
        "<saml:Assertion>",
        "<x/>",
        "<x xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>",
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>",
        "\u{feff}",
        "\u{0}",
        "\u{202e}\u{e9}\u{10ffff}",
    ];
    let anywhere = text.floor_char_boundary(dice.below(text.len() + 1));
    let at = if dice.below(3) == 0 { anywhere } else { gap(text, dice) };
    with(text, at, PIECES[dice.below(PIECES.len())])
}

fn attribute_put_in(text: &str, _: &[String], dice: &Dice) -> String {
    const ATTRIBUTES: [&str; 20] = [
        " ID=\"_x\"",
        " ID=\"_a-alice\"",
        " Id=\"_r-bob\"",
        " id=\"x\"",
        " xml:id=\"_a-carol\"",
        " x:ID=\"_x\" xmlns:x=\"urn:x\"",
        " x:URI=\"\" xmlns:x=\"urn:x\"",
        " URI=\"\"",
        " URI=\"http://localhost:9/\"",
        " URI=\"#xpointer(/)\"",
        " Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"",
        " InResponseTo=\"k1\"",
        " Version=\"2.0\"",
        " xmlns=\"\"",
        " xmlns=\"urn:x\"",
        " xmlns:saml=\"urn:x\"",
        " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
        " xmlns:ds=\"urn:x\"",
        " xmlns:x=\"http://www.w3.org/2000/09/xmldsig#\"",
        " x='\"' y=\"'>\"",
    ];
    let piece = ATTRIBUTES[dice.below(ATTRIBUTES.len())];
    end_of_a_tag(text, dice).map_or_else(|| text.to_owned(), |at| with(text, at, piece))
}

fn attribute_taken_out(text: &str, _: &[String], dice: &Dice) -> String {
    at_one(text, &attributes(text), dice, |attribute| without(text, attribute))
}

/// Beside itself, in another place, or under a prefix, by which one parser tells them apart and the next does not.
fn attribute_doubled(text: &str, _: &[String], dice: &Dice) -> String {
    at_one(text, &attributes(text), dice, |attribute| {
        let written = &text[attribute.clone()];
        match dice.below(3) {
            0 => with(text, attribute.end, written),
            1 => end_of_a_tag(text, dice).map_or_else(|| text.to_owned(), |at| with(text, at, written)),
            _ => with(text, attribute.start, &format!(" xmlns:x=\"urn:x\" x:{}", written.trim_start())),
        }
    })
}

fn value_changed(text: &str, _: &[String], dice: &Dice) -> String {
    const VALUES: [&str; 14] = [
        "",
        " ",
        "#",
        "0",
        "-1",
        "1e309",
        "340282366920938463463374607431768211457",
        "9999-12-31T23:59:60.999999999999999999Z",
        "2.0",
        "&#65;",
        "&quot;",
        "\u{202e}\u{e9}",
        "urn:oasis:names:tc:SAML:2.0:status:Responder",
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    ];
    let all = attributes(text);
    let value = |attribute: &Range<usize>| {
        let equals = text[attribute.clone()].find("=\"").unwrap_or_default();
        attribute.start + equals + 2..attribute.end - 1
    };
    let another = dice.one(&all).map(|attribute| &text[value(attribute)]).unwrap_or_default();
    let new = if dice.below(2) == 0 { another } else { VALUES[dice.below(VALUES.len())] };
    at_one(text, &all, dice, |attribute| instead(text, &value(attribute), new))
}

const WORDS: [(&str, &str); 16] = [
    ("saml:", "samlp:"),
    ("samlp:", "saml:"),
    ("ds:", "saml:"),
    ("ds:", ""),
    ("ds:", "x:"),
    (":ds=", ":x="),
    ("Assertion", "assertion"),
    ("Response", "response"),
    ("Signature", "signature"),
    ("saml:Issuer", "saml:Assertion"),
    ("Reference", "Manifest"),
    (" ID=", " Id="),
    ("sha256", "sha1"),
    ("2.0:assertion", "1.0:assertion"),
    ("\"", "'"),
    ("alice", "bob"),
];

fn renamed(text: &str, _: &[String], dice: &Dice) -> String {
    let (word, other) = WORDS[dice.below(WORDS.len())];
    text.replace(word, other)
}

fn renamed_once(text: &str, _: &[String], dice: &Dice) -> String {
    let (word, other) = WORDS[dice.below(WORDS.len())];
    let all: Vec<Range<usize>> = text.match_indices(word).map(|(at, _)| at..at + word.len()).collect();
    at_one(text, &all, dice, |found| instead(text, found, other))
}

/// Where a text stands, or could.
fn text_put_in(text: &str, _: &[String], dice: &Dice) -> String {
    let piece = match dice.below(30) {
        0 => "x ".repeat(140_000),
        1..10 => "9".repeat(1 + dice.below(5_000)),
        10..20 => "\u{e9}\u{1f600}".repeat(1 + dice.below(1_000)),
        20..25 => "\r\n\t".to_owned(),
        _ => "admin".to_owned(),
    };
    with(text, gap(text, dice), &piece)
}

/// Blanks where they mean nothing: some of what is changed stays good.
fn spread(text: &str, _: &[String], dice: &Dice) -> String {
    let blank = [" ", "\n", "\t  ", "\r\n"][dice.below(4)];
    match dice.below(3) {
        0 => at_one(text, &attributes(text), dice, |attribute| with(text, attribute.start, blank)),
        1 => [text, blank].concat(),
        _ => ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", blank, text].concat(),
    }
}
