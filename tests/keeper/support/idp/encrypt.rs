//! Encrypted assertions, with any algorithm and in any shape, whether good or not.
use super::Document;
use openssl::encrypt::Encrypter;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKeyRef, Public};
use openssl::rsa::Padding;
use openssl::symm::{Cipher, Crypter, Mode, encrypt_aead};

pub(super) const HOLES: &[(&str, &str)] = &[
    (
        "encrypted",
        r#"<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{data}{keys.beside}</saml:EncryptedAssertion>"#,
    ),
    (
        "data",
        r#"<xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"{data.head}>{data.method}<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">{keys.inside}</ds:KeyInfo>{data.cipher}</xenc:EncryptedData>"#,
    ),
    ("data.head", r#" Type="http://www.w3.org/2001/04/xmlenc#Element""#),
    ("data.method", r#"<xenc:EncryptionMethod Algorithm="{cipher.uri}"></xenc:EncryptionMethod>"#),
    ("cipher.uri", "http://www.w3.org/2009/xmlenc11#aes256-gcm"),
    ("data.cipher", "<xenc:CipherData><xenc:CipherValue>{data.text}</xenc:CipherValue></xenc:CipherData>"),
    ("data.text", ""),
    ("keys.inside", "{key}"),
    ("keys.beside", ""),
    ("key", "<xenc:EncryptedKey{key.ns}{key.head}>{key.method}{key.cipher}{key.more}</xenc:EncryptedKey>"),
    // Canonical, an element declares what none around it does.
    ("key.ns", ""),
    ("key.head", ""),
    (
        "key.method",
        r#"<xenc:EncryptionMethod Algorithm="{wrap.uri}">{wrap.digest}{wrap.mask}</xenc:EncryptionMethod>"#,
    ),
    ("key.more", ""),
    ("key.cipher", "<xenc:CipherData><xenc:CipherValue>{key.text}</xenc:CipherValue></xenc:CipherData>"),
    ("key.text", ""),
    ("wrap.uri", "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"),
    ("wrap.digest", ""),
    ("wrap.digest.ns", ""),
    (
        "wrap.digest.there",
        r#"<ds:DigestMethod{wrap.digest.ns} Algorithm="{wrap.digest.uri}"></ds:DigestMethod>"#,
    ),
    ("wrap.digest.uri", "http://www.w3.org/2000/09/xmldsig#sha1"),
    ("wrap.mask", ""),
    (
        "wrap.mask.there",
        r#"<xenc11:MGF xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" Algorithm="{wrap.mask.uri}"></xenc11:MGF>"#,
    ),
    ("wrap.mask.uri", "http://www.w3.org/2009/xmlenc11#mgf1sha1"),
    (
        "pointer",
        r##"<ds:RetrievalMethod Type="http://www.w3.org/2001/04/xmlenc#EncryptedKey" URI="#_k"></ds:RetrievalMethod>"##,
    ),
];

/// One secret for all: these documents have none.
pub fn secret(cipher: &str) -> Vec<u8> {
    vec![7; of(cipher).key_len()]
}

impl Document {
    /// The assertion as it stands now goes in encrypted, in its place.
    pub fn encrypt(self, key: &PKeyRef<Public>) -> Self {
        let plain = self.part("assertion");
        self.encrypt_text(plain.as_bytes(), key)
    }

    pub fn encrypt_text(self, plain: &[u8], key: &PKeyRef<Public>) -> Self {
        let cipher = self.part("cipher.uri");
        let secret = secret(&cipher);
        let text = if cipher.ends_with("gcm") {
            gcm(&cipher, &secret, plain)
        } else {
            cbc(&cipher, &secret, &padded(plain, 0xa5))
        };
        self.seal(&text, &secret, key)
    }

    /// Bytes that the story encrypted, and the secret that it did so with.
    pub fn seal(self, text: &[u8], secret: &[u8], key: &PKeyRef<Public>) -> Self {
        let wrapped = self.wrapped(secret, key);
        self.set("data.text", openssl::base64::encode_block(text))
            .set("key.text", openssl::base64::encode_block(&wrapped))
            .set("assertions", "{encrypted}")
    }

    pub fn wrapped(&self, secret: &[u8], key: &PKeyRef<Public>) -> Vec<u8> {
        let mut encrypter = Encrypter::new(key).unwrap();
        let uri = self.part("wrap.uri");
        if uri.ends_with("rsa-1_5") {
            encrypter.set_rsa_padding(Padding::PKCS1).unwrap();
        } else {
            encrypter.set_rsa_padding(Padding::PKCS1_OAEP).unwrap();
            encrypter.set_rsa_oaep_md(digest(&self.part("wrap.digest.uri"))).unwrap();
            encrypter.set_rsa_mgf1_md(digest(&self.part("wrap.mask.uri"))).unwrap();
        }
        let mut wrapped = vec![0; encrypter.encrypt_len(secret).unwrap()];
        let length = encrypter.encrypt(secret, &mut wrapped).unwrap();
        wrapped.truncate(length);
        wrapped
    }

    /// The key stands behind the data, with or without something that points at it.
    pub fn key_beside(self, pointer: &str) -> Self {
        self.set("keys.inside", pointer)
            .set("keys.beside", "{key}")
            .set("key.ns", r#" xmlns:xenc="http://www.w3.org/2001/04/xmlenc#""#)
            .set("key.head", r#" Id="_k""#)
            .set("wrap.digest.ns", r#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#""#)
    }
}

/// As XML Encryption pads: the last byte counts, the others are anything.
pub fn padded(plain: &[u8], filler: u8) -> Vec<u8> {
    let padding = 16 - plain.len() % 16;
    let mut padded = plain.to_vec();
    padded.resize(plain.len() + padding, filler);
    *padded.last_mut().unwrap() = u8::try_from(padding).unwrap();
    padded
}

/// Whole blocks, padded by the story.
pub fn cbc(cipher: &str, secret: &[u8], blocks: &[u8]) -> Vec<u8> {
    let iv = [3; 16];
    let mut crypter = Crypter::new(of(cipher), Mode::Encrypt, secret, Some(&iv)).unwrap();
    crypter.pad(false);
    let mut text = vec![0; blocks.len() + 16];
    let mut length = crypter.update(blocks, &mut text).unwrap();
    length += crypter.finalize(&mut text[length..]).unwrap();
    [&iv[..], &text[..length]].concat()
}

pub fn gcm(cipher: &str, secret: &[u8], plain: &[u8]) -> Vec<u8> {
    let (iv, mut tag) = ([3; 12], [0; 16]);
    let text = encrypt_aead(of(cipher), secret, Some(&iv), &[], plain, &mut tag).unwrap();
    [&iv[..], &text, &tag].concat()
}

fn of(cipher: &str) -> Cipher {
    match cipher.split('#').next_back() {
        Some("aes128-cbc") => Cipher::aes_128_cbc(),
        Some("aes256-cbc") => Cipher::aes_256_cbc(),
        Some("aes128-gcm") => Cipher::aes_128_gcm(),
        _ => Cipher::aes_256_gcm(),
    }
}

fn digest(uri: &str) -> MessageDigest {
    match uri {
        uri if uri.ends_with("sha256") => MessageDigest::sha256(),
        uri if uri.ends_with("sha384") => MessageDigest::sha384(),
        uri if uri.ends_with("sha512") => MessageDigest::sha512(),
        _ => MessageDigest::sha1(),
    }
}
