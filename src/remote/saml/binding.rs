//! How a message of Keeper's travels with the browser (SAML bindings 3.4 and 3.5): in the query of an address, signed
//! over the octets of that query, or as a field of a form, signed inside the document.
use super::{Fault, ServiceKey, canonical};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::{self, Write};
use url::{Url, form_urlencoded};

pub(super) const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    Redirect,
    Post,
}

/// A message on its way to the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// The browser is sent there.
    Redirect(Url),
    /// The browser sends a form there: `message` in the field `field`, and `RelayState` where there is one.
    Post { action: Url, field: &'static str, message: String, relay_state: Option<String> },
}

/// A document before it is signed.
pub(super) struct Draft<'a> {
    /// `SAMLRequest` or `SAMLResponse`.
    pub field: &'static str,
    pub id: &'a str,
    pub relay_state: Option<&'a str>,
    pub key: Option<&'a ServiceKey>,
}

impl Draft<'_> {
    /// `write` gives the document with this text where the signature stands.
    pub fn send(
        self,
        binding: Binding,
        to: &Url,
        write: impl Fn(&str) -> Result<String, Fault>,
    ) -> Result<Sent, Fault> {
        let plain = write("")?;
        match binding {
            Binding::Redirect => self.redirect(to, &plain),
            Binding::Post => {
                let document = match self.key {
                    Some(key) => write(&canonical::signature(&plain, self.id, key)?)?,
                    None => plain,
                };
                Ok(Sent::Post {
                    action: to.clone(),
                    field: self.field,
                    message: STANDARD.encode(document),
                    relay_state: self.relay_state.map(str::to_owned),
                })
            }
        }
    }

    /// The signature covers the octets as they are sent, in the order of the standard (3.4.4.1).
    fn redirect(&self, to: &Url, document: &str) -> Result<Sent, Fault> {
        let packed =
            deflate(document).map_err(|_| Fault::new("a message of Keeper’s could not be packed"))?;
        let mut query = format!("{}={}", self.field, encode(&STANDARD.encode(packed)));
        if let Some(relay_state) = self.relay_state.filter(|text| !text.is_empty()) {
            query = format!("{query}&RelayState={}", encode(relay_state));
        }
        if let Some(key) = self.key {
            query = format!("{query}&SigAlg={}", encode(RSA_SHA256));
            let signature = canonical::sign(query.as_bytes(), key)?;
            query = format!("{query}&Signature={}", encode(&signature));
        }
        let mut url = to.clone();
        // The provider's own parameters stay in front; nothing stands behind what is signed.
        let query = match to.query().filter(|own| !own.is_empty()) {
            Some(own) => format!("{own}&{query}"),
            None => query,
        };
        url.set_query(Some(&query));
        Ok(Sent::Redirect(url))
    }
}

fn deflate(document: &str) -> io::Result<Vec<u8>> {
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
    deflated.write_all(document.as_bytes())?;
    deflated.finish()
}

/// A blank as `%20`: a provider that puts the octets together anew reads a plus as one or the other.
fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}
