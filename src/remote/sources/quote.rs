//! Names and values inside of a statement. What changes a user takes no parameters on either engine, so it is written
//! here, and nowhere else. `postgres.rs` and `mysql.rs` call it.

/// PostgreSQL's quoted identifier: everything stands for itself but the quote, which is doubled.
pub(super) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A literal of PostgreSQL for what Keeper made itself (a verifier, a time): nothing in it needs an escape, in any mode.
pub(super) fn plain(text: &str) -> Option<String> {
    let harmless = |b: u8| b.is_ascii_alphanumeric() || b"+/=$:-. ".contains(&b);
    text.bytes().all(harmless).then(|| format!("'{text}'"))
}

/// A literal of MySQL. It holds where neither ANSI_QUOTES nor NO_BACKSLASH_ESCAPES is set and the client speaks
/// utf8mb4, which `mysql.rs` sees to first.
pub(super) fn literal(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() * 2 + 2);
    quoted.push('\'');
    for c in text.chars() {
        if matches!(c, '\'' | '\\') {
            quoted.push(c);
        }
        quoted.push(c);
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// How PostgreSQL reads a quoted identifier at the start of a text: its name, and what stands behind it.
    fn read_identifier(text: &str) -> Option<(String, &str)> {
        read(text, '"', false)
    }

    /// How MySQL reads a literal, with its escapes.
    fn read_literal(text: &str) -> Option<(String, &str)> {
        read(text, '\'', true)
    }

    fn read(text: &str, quote: char, escapes: bool) -> Option<(String, &str)> {
        let mut rest = text.strip_prefix(quote)?.char_indices().peekable();
        let mut name = String::new();
        while let Some((at, c)) = rest.next() {
            match c {
                '\\' if escapes => name.push(rest.next()?.1),
                c if c == quote => {
                    if rest.next_if(|(_, next)| *next == quote).is_none() {
                        return Some((name, &text[at + 2..]));
                    }
                    name.push(quote);
                }
                c => name.push(c),
            }
        }
        None
    }

    const ODD: &str = "[\\PC\"'`\\\\;%_ \n\r\t\u{1a}-]{1,40}";

    proptest! {
        #[test]
        fn any_name_comes_back_out_of_its_quotes_and_nothing_follows(name in ODD) {
            let (identifier, literal) = (identifier(&name), literal(&name));
            prop_assert_eq!(read_identifier(&identifier), Some((name.clone(), "")));
            prop_assert_eq!(read_literal(&literal), Some((name, "")));
        }

        #[test]
        fn what_follows_a_name_is_never_part_of_it(name in ODD, tail in ODD) {
            let (statement, rest) = (format!("{} {tail}", identifier(&name)), format!(" {tail}"));
            prop_assert_eq!(read_identifier(&statement), Some((name.clone(), rest.as_str())));
            let statement = format!("{}@{}", literal(&name), literal(&tail));
            let (first, rest) = read_literal(&statement).unwrap();
            prop_assert_eq!(first, name);
            prop_assert_eq!(read_literal(&rest[1..]), Some((tail, "")));
        }

        #[test]
        fn a_plain_literal_takes_nothing_that_could_end_it(text in "\\PC{0,20}") {
            if let Some(quoted) = plain(&text) {
                prop_assert!(!text.contains(['\'', '\\', '"']));
                prop_assert_eq!(quoted.len(), text.len() + 2);
            }
        }
    }
}
