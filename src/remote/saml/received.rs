//! A document as a form's field brings it, before anything looks into it.
use super::{Fault, refuse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// 256 KiB: a person in a thousand groups has about a tenth of it; a usual message has two.
pub(super) const LARGEST: usize = 256 * 1024;

/// Some providers break the lines of their base64. `what`: the response, the message.
pub(super) fn document(encoded: &str, what: &'static str) -> Result<String, Fault> {
    let too_large = || refuse(format!("{what} is larger than 256 KiB"));
    if encoded.len() > LARGEST * 3 / 2 {
        return too_large();
    }
    let packed: String = encoded.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let bytes = STANDARD.decode(packed).map_err(|_| Fault::new(format!("{what} is not base64")))?;
    if bytes.len() > LARGEST {
        return too_large();
    }
    let xml = String::from_utf8(bytes).map_err(|_| Fault::new(format!("{what} is not UTF-8")))?;
    Ok(without_mark(xml))
}

/// One byte order mark may stand in front; a second one is refused later.
pub(super) fn without_mark(xml: String) -> String {
    if let Some(rest) = xml.strip_prefix('\u{feff}') { rest.to_owned() } else { xml }
}
