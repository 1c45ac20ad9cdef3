//! The shape of an `EncryptedAssertion` (XML Encryption 1.1, SAML core 2.3.4), and what it is encrypted with. All of it is
//! judged before any key of Keeper's is used, so that what is said here helps nobody who guesses at a text.
use super::checks::Check;
use super::{DSIG, Fault, XENC, tree};
use roxmltree::Node;

const XENC11: &str = "http://www.w3.org/2009/xmlenc11#";
/// For several readers, or for several of Keeper's own keys while they change.
const MOST_KEYS: usize = 4;

pub(super) struct Sealed {
    pub cipher: Cipher,
    /// In base64, as it stands.
    pub text: String,
    pub keys: Vec<SealedKey>,
}

pub(super) struct SealedKey {
    pub wrapping: Wrapping,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipher {
    Aes128Cbc,
    Aes256Cbc,
    Aes128Gcm,
    Aes256Gcm,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digest {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

/// RSA-OAEP with a digest and a mask generating function over another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wrapping {
    pub digest: Digest,
    pub mask: Digest,
}

fn refuse<T>(why: &'static str) -> Result<T, Fault> {
    Err(Fault::new(why).of(Check::Encryption))
}

impl Sealed {
    pub(super) fn read(encrypted: Node<'_, '_>) -> Result<Self, Fault> {
        Self::parts(encrypted).map_err(|fault| fault.of(Check::Encryption))
    }

    fn parts(encrypted: Node<'_, '_>) -> Result<Self, Fault> {
        allow(encrypted, &[(XENC, "EncryptedData"), (XENC, "EncryptedKey")])?;
        let data = tree::needed(encrypted, XENC, "EncryptedData")?;
        if data.attribute("Type").is_some_and(|kind| kind != "http://www.w3.org/2001/04/xmlenc#Element") {
            return refuse("the encrypted assertion is said not to be an element");
        }
        if data.attribute("Encoding").is_some() {
            return refuse("the encrypted assertion has an encoding of its own");
        }
        allow(data, &[(XENC, "EncryptionMethod"), (DSIG, "KeyInfo"), (XENC, "CipherData")])?;
        let method = tree::needed(data, XENC, "EncryptionMethod")?;
        allow(method, &[(XENC, "KeySize")])?;
        let cipher = Cipher::named(method.attribute("Algorithm").unwrap_or_default())?;
        let keys = keys(encrypted, tree::only(data, DSIG, "KeyInfo")?)?;
        Ok(Self { cipher, text: value(data)?, keys })
    }
}

/// Inside the data's `KeyInfo`, or beside the data; a `RetrievalMethod` may point at one of the latter.
fn keys(encrypted: Node<'_, '_>, info: Option<Node<'_, '_>>) -> Result<Vec<SealedKey>, Fault> {
    let mut all: Vec<Node<'_, '_>> = tree::children(encrypted, XENC, "EncryptedKey").collect();
    if let Some(info) = info {
        let known =
            [(XENC, "EncryptedKey"), (DSIG, "RetrievalMethod"), (DSIG, "KeyName"), (DSIG, "X509Data")];
        allow(info, &known)?;
        for method in tree::children(info, DSIG, "RetrievalMethod") {
            let id = method.attribute("URI").and_then(|uri| uri.strip_prefix('#'));
            let found = id.is_some_and(|id| all.iter().any(|key| key.attribute("Id") == Some(id)));
            if !found || method.has_children() {
                return refuse("the encrypted assertion looks for its key elsewhere than beside it");
            }
        }
        all.extend(tree::children(info, XENC, "EncryptedKey"));
    }
    if all.is_empty() {
        return refuse("the encrypted assertion comes without an encrypted key");
    }
    if all.len() > MOST_KEYS {
        return refuse("the encrypted assertion comes with more than 4 encrypted keys");
    }
    all.into_iter().map(SealedKey::read).collect()
}

impl SealedKey {
    fn read(key: Node<'_, '_>) -> Result<Self, Fault> {
        let parts = [
            (XENC, "EncryptionMethod"),
            (DSIG, "KeyInfo"),
            (XENC, "CipherData"),
            (XENC, "ReferenceList"),
            (XENC, "CarriedKeyName"),
        ];
        allow(key, &parts)?;
        let wrapping = Wrapping::read(tree::needed(key, XENC, "EncryptionMethod")?)?;
        Ok(Self { wrapping, text: value(key)? })
    }
}

impl Wrapping {
    fn read(method: Node<'_, '_>) -> Result<Self, Fault> {
        allow(method, &[(XENC, "KeySize"), (DSIG, "DigestMethod"), (XENC11, "MGF")])?;
        let digest = match tree::only(method, DSIG, "DigestMethod")? {
            None => Digest::Sha1,
            Some(digest) => Digest::named(digest.attribute("Algorithm").unwrap_or_default())?,
        };
        let mask = tree::only(method, XENC11, "MGF")?;
        match method.attribute("Algorithm") {
            Some("http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p") if mask.is_none() => {
                Ok(Self { digest, mask: Digest::Sha1 })
            }
            Some("http://www.w3.org/2009/xmlenc11#rsa-oaep") => {
                let named = mask.map(|mask| mask.attribute("Algorithm").unwrap_or_default());
                Ok(Self { digest, mask: named.map_or(Ok(Digest::Sha1), Digest::mask)? })
            }
            Some("http://www.w3.org/2001/04/xmlenc#rsa-1_5") => refuse(
                "the key of the encrypted assertion is wrapped with RSA 1.5, which is broken: choose RSA-OAEP at the provider",
            ),
            _ => refuse("the key of the encrypted assertion is not wrapped with RSA-OAEP"),
        }
    }

    pub(super) fn name(self) -> String {
        format!("RSA-OAEP, {}, MGF1 with {}", self.digest.name(), self.mask.name())
    }
}

impl Cipher {
    fn named(uri: &str) -> Result<Self, Fault> {
        match uri {
            "http://www.w3.org/2001/04/xmlenc#aes128-cbc" => Ok(Self::Aes128Cbc),
            "http://www.w3.org/2001/04/xmlenc#aes256-cbc" => Ok(Self::Aes256Cbc),
            "http://www.w3.org/2009/xmlenc11#aes128-gcm" => Ok(Self::Aes128Gcm),
            "http://www.w3.org/2009/xmlenc11#aes256-gcm" => Ok(Self::Aes256Gcm),
            _ => refuse("the assertion is encrypted with something else than AES-128 or AES-256, GCM or CBC"),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Aes128Cbc => "AES-128-CBC",
            Self::Aes256Cbc => "AES-256-CBC",
            Self::Aes128Gcm => "AES-128-GCM",
            Self::Aes256Gcm => "AES-256-GCM",
        }
    }
}

impl Digest {
    fn named(uri: &str) -> Result<Self, Fault> {
        match uri {
            "http://www.w3.org/2000/09/xmldsig#sha1" => Ok(Self::Sha1),
            "http://www.w3.org/2001/04/xmlenc#sha256" => Ok(Self::Sha256),
            "http://www.w3.org/2001/04/xmldsig-more#sha384" | "http://www.w3.org/2001/04/xmlenc#sha384" => {
                Ok(Self::Sha384)
            }
            "http://www.w3.org/2001/04/xmlenc#sha512" => Ok(Self::Sha512),
            _ => refuse(
                "the key of the encrypted assertion is wrapped with a digest that Keeper does not know",
            ),
        }
    }

    fn mask(uri: &str) -> Result<Self, Fault> {
        match uri.strip_prefix(XENC11) {
            Some("mgf1sha1") => Ok(Self::Sha1),
            Some("mgf1sha256") => Ok(Self::Sha256),
            Some("mgf1sha384") => Ok(Self::Sha384),
            Some("mgf1sha512") => Ok(Self::Sha512),
            _ => {
                refuse("the key of the encrypted assertion is wrapped with a mask that Keeper does not know")
            }
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }
}

/// The text itself: a `CipherReference` would have Keeper go and fetch it.
fn value(parent: Node<'_, '_>) -> Result<String, Fault> {
    let data = tree::needed(parent, XENC, "CipherData")?;
    if tree::children(data, XENC, "CipherReference").next().is_some() {
        return refuse("the encrypted assertion lies elsewhere (CipherReference)");
    }
    allow(data, &[(XENC, "CipherValue")])?;
    tree::text(tree::needed(data, XENC, "CipherValue")?)
}

fn allow(node: Node<'_, '_>, known: &[(&str, &str)]) -> Result<(), Fault> {
    let is_known = |child: Node<'_, '_>| known.iter().any(|(ns, name)| tree::is(child, ns, name));
    if node.children().filter(Node::is_element).all(is_known) {
        Ok(())
    } else {
        refuse("the encrypted assertion holds something that none needs")
    }
}
