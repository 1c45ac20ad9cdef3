//! What is typed into a field that should not be.
use crate::support::html::Field;
use keeper::db::Engine;

/// The fields of a form as they are sent, in order.
pub type Sent = Vec<(String, String)>;

pub struct Trial {
    pub what: &'static str,
    pub values: Vec<String>,
    /// Never right in a field that people type words into.
    pub is_wrong: bool,
}

impl Trial {
    pub fn put(&self, sent: Sent, field: &str) -> Sent {
        let others = sent.into_iter().filter(|(name, _)| name != field);
        let these = self.values.iter().map(|value| (field.to_owned(), value.clone()));
        others.chain(these).collect()
    }
}

pub const SCRIPT: &str = "\"'><script>fuzz()</script>";

/// `room`: how much a field may be sent at all; the address of a page holds less than the body of a form.
pub fn of(field: &Field, engine: Engine, room: usize) -> Vec<Trial> {
    let one = |what, value: &str, is_wrong| Trial { what, values: vec![value.to_owned()], is_wrong };
    let text = field.is_text();
    let choice = matches!(field.kind.as_str(), "select" | "radio");
    let mut trials = vec![
        one("script", SCRIPT, choice),
        one("a NUL", "a\0b", text || choice),
        one("a direction", "a\u{202e}b\u{2066}", text || choice),
        one("letters of four bytes", "\u{1f511}\u{1f511}", choice),
        one("half a pair", "a\u{fffd}\u{fdd0}\u{10ffff}", choice),
        one("the largest number", "9223372036854775807", choice),
        one("more than the largest number", "9223372036854775808", choice),
    ];
    if let Some(longest) = field.longest {
        trials.push(one("the limit", &"a".repeat(longest), false));
        trials.push(one("the limit of the widest letters", &"\u{1f511}".repeat(longest), false));
        trials.push(one("one above the limit", &"a".repeat(longest + 1), text));
    }
    // What no database sees is the same on all of them.
    if engine == Engine::Sqlite {
        trials.extend([
            one("nothing", "", false),
            one("a blank", " ", false),
            one("a control character", "a\u{1}\u{7f}\u{9b}b", text || choice),
            one("SQL", "' OR 1=1 --", choice),
            one("a formula", "=cmd|' /C calc'!A0", choice),
            one("a header", "a\r\nSet-Cookie: fuzz=1", choice),
            one("a path", "../../../../etc/passwd", choice),
            one("an address", "//evil.example/\\", choice),
            one("a template", "{{7*7}}${7*7}", choice),
            one("less than nothing", "-1", choice),
            one("a part of a number", "1.5", choice),
            one("a list", "[1]", choice),
            one("percents", "%00%0d%0a%ff%", choice),
            one("far too much", &"a".repeat(room), text),
            Trial { what: "not sent", values: Vec::new(), is_wrong: false },
            Trial { what: "sent twice", values: vec!["1".into(), "2".into()], is_wrong: false },
        ]);
    }
    trials
}
