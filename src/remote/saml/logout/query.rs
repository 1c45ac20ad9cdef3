//! A message in the query of an address (SAML bindings 3.4.4). What is signed are the octets as they were sent, so they
//! are read before any framework decodes them.
use super::super::received::LARGEST;
use super::super::{Fault, IdentityProvider, refuse};
use super::message::LogoutKind;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::{Decompress, FlushDecompress, Status};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::sign::Verifier;
use openssl::x509::X509;
use url::form_urlencoded;

const LONGEST: usize = 64 * 1024;
const DEFLATE: &str = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";
const NAMES: [&str; 6] = ["SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature", "SAMLEncoding"];

pub(super) struct Query {
    pub kind: LogoutKind,
    pub xml: String,
    pub relay_state: Option<String>,
    pub signed: Signed,
}

/// The octets and their signature.
pub(super) struct Signed {
    octets: String,
    digest: MessageDigest,
    value: Vec<u8>,
}

pub(super) fn read(raw: &str) -> Result<Query, Fault> {
    if raw.len() > LONGEST {
        return refuse("the query is longer than 64 KiB");
    }
    let [request, response, relay, method, signature, encoding] = parameters(raw)?;
    let (kind, message) = match (request, response) {
        (Some(message), None) => (LogoutKind::Request, message),
        (None, Some(message)) => (LogoutKind::Response, message),
        (Some(_), Some(_)) => return refuse("the query holds a request and a response"),
        (None, None) => return refuse("the query holds no message"),
    };
    if encoding.is_some_and(|encoding| decoded(encoding) != DEFLATE) {
        return refuse("the message is packed in another way than DEFLATE");
    }
    let (Some(method), Some(signature)) = (method, signature) else {
        return refuse("the message is not signed");
    };
    let mut octets = format!("{}={message}", kind.field());
    if let Some(relay) = relay {
        octets = format!("{octets}&RelayState={relay}");
    }
    let signed = Signed {
        octets: format!("{octets}&SigAlg={method}"),
        digest: digest(&decoded(method))?,
        value: bytes(signature)?,
    };
    Ok(Query { kind, xml: inflate(&bytes(message)?)?, relay_state: relay.map(decoded), signed })
}

/// As they were sent, in the order of `NAMES`. One that is given twice is one thing to one reader and another to the next.
fn parameters(raw: &str) -> Result<[Option<&str>; 6], Fault> {
    let mut found = [None; 6];
    for part in raw.split('&') {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let plain = decoded(name);
        let Some(at) = NAMES.iter().position(|known| *known == plain) else { continue };
        if name != plain {
            return refuse("the name of a parameter is encoded");
        }
        if found[at].replace(value).is_some() {
            return refuse("a parameter is given twice");
        }
    }
    Ok(found)
}

/// Of one name or value.
fn decoded(text: &str) -> String {
    let pair = format!("={text}");
    form_urlencoded::parse(pair.as_bytes()).map(|(_, value)| value.into_owned()).collect()
}

/// Base64, whose plus some senders leave as it is; some break its lines.
fn bytes(value: &str) -> Result<Vec<u8>, Fault> {
    let packed: String =
        decoded(value).replace(' ', "+").chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(packed).map_err(|_| Fault::new("a parameter is not base64"))
}

/// Into a buffer that does not grow: what unpacks to more ends there.
fn inflate(packed: &[u8]) -> Result<String, Fault> {
    let mut plain = Vec::with_capacity(LARGEST);
    match Decompress::new(false).decompress_vec(packed, &mut plain, FlushDecompress::Finish) {
        Ok(Status::StreamEnd) => {}
        Ok(_) if plain.len() >= LARGEST => return refuse("the message is larger than 256 KiB"),
        _ => return refuse("the message is not packed by DEFLATE, or is cut"),
    }
    String::from_utf8(plain).map_err(|_| Fault::new("the message is not UTF-8"))
}

fn digest(method: &str) -> Result<MessageDigest, Fault> {
    match method {
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" => Ok(MessageDigest::sha256()),
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384" => Ok(MessageDigest::sha384()),
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" => Ok(MessageDigest::sha512()),
        _ => refuse("the message is signed by an algorithm that is not RSA with SHA-256 or better"),
    }
}

impl Signed {
    /// By any key of the provider's metadata.
    pub fn verify(&self, provider: &IdentityProvider) -> Result<(), Fault> {
        let by = |der: &[u8]| -> Result<bool, ErrorStack> {
            let key = X509::from_der(der)?.public_key()?;
            Verifier::new(self.digest, &key)?.verify_oneshot(&self.value, self.octets.as_bytes())
        };
        if provider.keys().iter().any(|key| by(key.der_data()).unwrap_or(false)) {
            Ok(())
        } else {
            refuse("a signature is not valid, or was made with a key that is not in the metadata")
        }
    }
}
