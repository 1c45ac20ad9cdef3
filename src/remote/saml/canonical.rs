//! Texts and signatures of the messages that Keeper writes. Their templates stand in exclusive canonical form already
//! (attributes in order, namespaces declared where they are used, no empty-element tags), so that what a verifier
//! canonicalises is what was written, and a digest is taken of the text itself.
use super::{Fault, ServiceKey};
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::sha::sha256;
use openssl::sign::Signer;
use std::fmt;

/// A text between two tags, as canonical XML escapes it.
pub(super) struct Text<'a>(pub &'a str);

/// The value of an attribute.
pub(super) struct Value<'a>(pub &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(self.0, f, |c| match c {
            '&' => Some("&amp;"),
            '<' => Some("&lt;"),
            '>' => Some("&gt;"),
            '\r' => Some("&#xD;"),
            _ => None,
        })
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(self.0, f, |c| match c {
            '&' => Some("&amp;"),
            '<' => Some("&lt;"),
            '"' => Some("&quot;"),
            '\t' => Some("&#x9;"),
            '\n' => Some("&#xA;"),
            '\r' => Some("&#xD;"),
            _ => None,
        })
    }
}

fn escape(
    text: &str,
    f: &mut fmt::Formatter<'_>,
    reference: fn(char) -> Option<&'static str>,
) -> fmt::Result {
    text.chars().try_for_each(|c| match reference(c) {
        Some(reference) => f.write_str(reference),
        None => fmt::Write::write_char(f, c),
    })
}

#[derive(Template)]
#[template(path = "saml/signed_info.xml", escape = "none")]
struct SignedInfo<'a> {
    id: Value<'a>,
    digest: String,
}

#[derive(Template)]
#[template(path = "saml/signature.xml", escape = "none")]
struct Signature {
    info: String,
    value: String,
    certificate: String,
}

/// The signature that goes into `message`, whose ID is `id`. It stands behind the issuer, as the schema has it.
pub(super) fn signature(message: &str, id: &str, key: &ServiceKey) -> Result<String, Fault> {
    let info = SignedInfo { id: Value(id), digest: STANDARD.encode(sha256(message.as_bytes())) };
    let info = render(&info)?;
    let value = sign(info.as_bytes(), key)?;
    let certificate = key.certificate().ok_or_else(unsigned)?;
    render(&Signature { info, value, certificate })
}

/// RSA with SHA-256, in base64.
pub(super) fn sign(bytes: &[u8], key: &ServiceKey) -> Result<String, Fault> {
    let signed = |bytes| -> Result<Vec<u8>, ErrorStack> {
        Signer::new(MessageDigest::sha256(), &key.key)?.sign_oneshot_to_vec(bytes)
    };
    signed(bytes).map(|value| STANDARD.encode(value)).map_err(|_| unsigned())
}

pub(super) fn render(template: &impl Template) -> Result<String, Fault> {
    template.render().map_err(|_| Fault::new("a message of Keeper’s could not be written"))
}

fn unsigned() -> Fault {
    Fault::new("a message of Keeper’s could not be signed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // S41: a name with a sign in it is signed as every verifier reads it
    fn signs_are_escaped_as_canonical_xml_has_them() {
        let text = "a&<>\"'\t\n\rü";
        assert_eq!(Text(text).to_string(), "a&amp;&lt;&gt;\"'\t\n&#xD;ü");
        assert_eq!(Value(text).to_string(), "a&amp;&lt;>&quot;'&#x9;&#xA;&#xD;ü");
    }
}
