//! Signatures over parts of a document, with any key and any algorithm, whether good or not.
use super::{Document, Pair};
use openssl::ecdsa::EcdsaSig;
use openssl::hash::{MessageDigest, hash};
use openssl::pkey::{Id, PKey, Private};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer};

pub(super) const HOLES: &[(&str, &str)] = &[
    (
        "signature",
        r#"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">{signed-info}<ds:SignatureValue>{value}</ds:SignatureValue>{key-info}{objects}</ds:Signature>"#,
    ),
    ("signed-info", "<ds:SignedInfo>{c14n}{method}{references}</ds:SignedInfo>"),
    // Canonical, a part of a document declares the namespaces that it uses.
    ("signed-info.ns", r#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#""#),
    ("c14n", r#"<ds:CanonicalizationMethod Algorithm="{c14n.uri}"></ds:CanonicalizationMethod>"#),
    ("c14n.uri", "http://www.w3.org/2001/10/xml-exc-c14n#"),
    ("method", r#"<ds:SignatureMethod Algorithm="{method.uri}">{method.more}</ds:SignatureMethod>"#),
    ("method.uri", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"),
    ("method.more", ""),
    ("references", "{reference}"),
    (
        "reference",
        r#"<ds:Reference{uri}>{transforms}<ds:DigestMethod Algorithm="{digest.uri}"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>"#,
    ),
    ("uri", r##" URI="#{signed}""##),
    ("signed", ""),
    ("transforms", "<ds:Transforms>{transforms.list}</ds:Transforms>"),
    ("transforms.list", "{enveloped}{exclusive}"),
    (
        "enveloped",
        r#"<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>"#,
    ),
    ("exclusive", r#"<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform>"#),
    ("digest.uri", "http://www.w3.org/2001/04/xmlenc#sha256"),
    ("digest", ""),
    ("value", ""),
    ("key-info", ""),
    ("objects", ""),
];

impl Document {
    /// Signs `response` or `assertion` as it stands now.
    pub fn sign(self, element: &str, pair: &Pair) -> Self {
        let hole = format!("{element}.signature");
        let signed = self.clone().set(&hole, "").part(element);
        self.sign_text(element, &signed, &pair.key)
    }

    /// A signature for `element` over a text that the story gives: as a verifier's transforms would make it.
    pub fn sign_text(self, element: &str, signed: &str, key: &PKey<Private>) -> Self {
        let digest = hash(digest_of(&self.part("digest.uri")), signed.as_bytes()).unwrap();
        let name = self.part(&format!("{element}.name"));
        let ready = self.set("signed", name).set("digest", openssl::base64::encode_block(&digest));
        let info = ready.part("signed-info");
        let canonical =
            info.replacen("<ds:SignedInfo", &format!("<ds:SignedInfo{}", ready.part("signed-info.ns")), 1);
        let value = sign_bytes(&ready.part("method.uri"), key, canonical.as_bytes());
        let ready = ready.set("value", openssl::base64::encode_block(&value));
        let signature = ready.part("signature");
        ready.set(&format!("{element}.signature"), signature)
    }
}

fn digest_of(uri: &str) -> MessageDigest {
    match uri.to_ascii_lowercase().replace("-mgf1", "") {
        uri if uri.ends_with("sha1") => MessageDigest::sha1(),
        uri if uri.ends_with("sha224") => MessageDigest::sha224(),
        uri if uri.ends_with("sha384") => MessageDigest::sha384(),
        uri if uri.ends_with("sha512") => MessageDigest::sha512(),
        uri if uri.ends_with("md5") => MessageDigest::md5(),
        _ => MessageDigest::sha256(),
    }
}

fn sign_bytes(method: &str, key: &PKey<Private>, bytes: &[u8]) -> Vec<u8> {
    let digest = digest_of(method.trim_end_matches("-rsa-MGF1"));
    let mut signer = Signer::new(digest, key).unwrap();
    if method.ends_with("-rsa-MGF1") {
        signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
        signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).unwrap();
    }
    let value = signer.sign_oneshot_to_vec(bytes).unwrap();
    if key.id() != Id::EC {
        return value;
    }
    // XML wants the two numbers side by side, OpenSSL gives them wrapped.
    let pair = EcdsaSig::from_der(&value).unwrap();
    [pair.r(), pair.s()].iter().flat_map(|number| number.to_vec_padded(32).unwrap()).collect()
}
