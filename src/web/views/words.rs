//! Words as pages show them.

/// With a capital at its head: messages are written to follow the name of what they are about.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The same where it stands alone, with a full stop.
pub fn whole_sentence(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{}.", sentence(text)) }
}

/// Text for a <pre> that must come out byte for byte: besides the usual five signs a carriage return is written as a
/// character reference, because an HTML parser turns a bare one into a line feed.
pub struct Exact<'a>(pub &'a str);

impl askama::filters::HtmlSafe for Exact<'_> {}

impl std::fmt::Display for Exact<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'', '\r']) {
            out.write_str(&rest[..at])?;
            out.write_str(match rest.as_bytes()[at] {
                b'&' => "&#38;",
                b'<' => "&#60;",
                b'>' => "&#62;",
                b'"' => "&#34;",
                b'\'' => "&#39;",
                _ => "&#13;",
            })?;
            rest = &rest[at + 1..];
        }
        out.write_str(rest)
    }
}
