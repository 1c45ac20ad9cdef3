//! Opening an encrypted assertion with Keeper's keys. Every way to fail has one and the same words: which step it was
//! would tell an attacker about a text that is not theirs. The text is personal data and goes into no log.
use super::checks::Check;
use super::key::ServiceKey;
use super::sealed::{Cipher, Digest, Sealed, SealedKey, Wrapping};
use super::{ASSERTION, Fault, census, gate, tree};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::encrypt::Decrypter;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::rsa::Padding;
use openssl::symm::{self, Crypter, Mode};
use roxmltree::Node;
use std::sync::Arc;
use zeroize::Zeroizing;

const BLOCK: usize = 16;
const GCM_IV: usize = 12;
const GCM_TAG: usize = 16;

/// What was inside, and what it was sealed with.
pub(super) struct Opened {
    pub xml: String,
    pub cipher: Cipher,
    pub wrapping: Wrapping,
}

fn closed() -> Fault {
    Fault::new("the encrypted assertion cannot be opened with Keeper's keys").of(Check::Encryption)
}

/// `encrypted`: where the response is signed, as its signature covers it.
pub(super) fn open(encrypted: Node<'_, '_>, keys: &[Arc<ServiceKey>]) -> Result<Opened, Fault> {
    let sealed = Sealed::read(encrypted)?;
    if keys.is_empty() {
        let why = "the assertion is encrypted, and Keeper has no key to open it: make one, or switch encryption off at the provider";
        return Err(Fault::new(why).of(Check::Encryption));
    }
    let declared = declarations(encrypted);
    let text = unpack(&sealed.text).ok_or_else(closed)?;
    let pairs = sealed.keys.iter().flat_map(|sealed| keys.iter().map(move |key| (sealed, key)));
    for (wrapped, key) in pairs {
        let Some(secret) = unwrap(wrapped, key, sealed.cipher) else { continue };
        let Some(bytes) = decrypt(sealed.cipher, &secret, &text) else { continue };
        let Some(xml) = String::from_utf8(bytes).ok().and_then(|xml| standing_alone(xml, &declared)) else {
            continue;
        };
        return Ok(Opened { xml, cipher: sealed.cipher, wrapping: wrapped.wrapping });
    }
    Err(closed())
}

fn unpack(text: &str) -> Option<Vec<u8>> {
    let packed: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(packed).ok()
}

fn unwrap(wrapped: &SealedKey, key: &ServiceKey, cipher: Cipher) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = unpack(&wrapped.text)?;
    let secret = oaep(wrapped.wrapping, key, &bytes).ok()?;
    (secret.len() == cipher.of_openssl().key_len()).then_some(secret)
}

fn oaep(wrapping: Wrapping, key: &ServiceKey, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, ErrorStack> {
    let mut decrypter = Decrypter::new(&key.key)?;
    decrypter.set_rsa_padding(Padding::PKCS1_OAEP)?;
    decrypter.set_rsa_oaep_md(wrapping.digest.of_openssl())?;
    decrypter.set_rsa_mgf1_md(wrapping.mask.of_openssl())?;
    let mut secret = Zeroizing::new(vec![0; decrypter.decrypt_len(bytes)?]);
    let length = decrypter.decrypt(bytes, &mut secret)?;
    secret.truncate(length);
    Ok(secret)
}

fn decrypt(cipher: Cipher, secret: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    match cipher {
        Cipher::Aes128Cbc | Cipher::Aes256Cbc => cbc(cipher, secret, bytes),
        Cipher::Aes128Gcm | Cipher::Aes256Gcm => {
            let (iv, rest) = bytes.split_at_checked(GCM_IV)?;
            let (text, tag) = rest.split_at_checked(rest.len().checked_sub(GCM_TAG)?)?;
            symm::decrypt_aead(cipher.of_openssl(), secret, Some(iv), &[], text, tag).ok()
        }
    }
}

/// XML Encryption 5.2: the last byte says how many go; the others of the padding may be anything.
fn cbc(cipher: Cipher, secret: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let (iv, text) = bytes.split_at_checked(BLOCK)?;
    if text.is_empty() || !text.len().is_multiple_of(BLOCK) {
        return None;
    }
    let mut crypter = Crypter::new(cipher.of_openssl(), Mode::Decrypt, secret, Some(iv)).ok()?;
    crypter.pad(false);
    let mut plain = vec![0; text.len() + BLOCK];
    let mut length = crypter.update(text, &mut plain).ok()?;
    length += crypter.finalize(&mut plain[length..]).ok()?;
    let padding = usize::from(*plain[..length].last()?);
    if !(1..=BLOCK).contains(&padding) {
        return None;
    }
    plain.truncate(length.checked_sub(padding)?);
    Some(plain)
}

/// An assertion as a document of its own. Where it leans on declarations from around it, they are written into its tag.
fn standing_alone(xml: String, declared: &[(String, String)]) -> Option<String> {
    if is_assertion(&xml) {
        return Some(xml);
    }
    let from = xml.find('<')? + 1;
    let to = from + xml[from..].find(|c: char| c.is_whitespace() || c == '>' || c == '/')?;
    let tag = &xml[to..to + xml[to..].find('>')?];
    let missing: String = declared
        .iter()
        .filter(|(name, _)| !tag.contains(&format!("{name}=")))
        .map(|(_, attribute)| attribute.as_str())
        .collect();
    Some(format!("{}{missing}{}", &xml[..to], &xml[to..])).filter(|xml| is_assertion(xml))
}

fn is_assertion(xml: &str) -> bool {
    census::count(xml).is_ok()
        && tree::parse(xml, gate::MOST_NODES)
            .is_ok_and(|document| tree::is(document.root_element(), ASSERTION, "Assertion"))
}

/// The namespaces in scope: the names of their declarations, and these as they are written.
fn declarations(node: Node<'_, '_>) -> Vec<(String, String)> {
    let escaped = |uri: &str| uri.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    node.namespaces()
        .filter(|namespace| namespace.name() != Some("xml"))
        .map(|namespace| {
            let name = namespace.name().map_or("xmlns".to_owned(), |prefix| format!("xmlns:{prefix}"));
            let attribute = format!(" {name}=\"{}\"", escaped(namespace.uri()));
            (name, attribute)
        })
        .collect()
}

impl Cipher {
    fn of_openssl(self) -> symm::Cipher {
        match self {
            Self::Aes128Cbc => symm::Cipher::aes_128_cbc(),
            Self::Aes256Cbc => symm::Cipher::aes_256_cbc(),
            Self::Aes128Gcm => symm::Cipher::aes_128_gcm(),
            Self::Aes256Gcm => symm::Cipher::aes_256_gcm(),
        }
    }
}

impl Digest {
    fn of_openssl(self) -> MessageDigest {
        match self {
            Self::Sha1 => MessageDigest::sha1(),
            Self::Sha256 => MessageDigest::sha256(),
            Self::Sha384 => MessageDigest::sha384(),
            Self::Sha512 => MessageDigest::sha512(),
        }
    }
}
