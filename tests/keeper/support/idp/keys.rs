//! Key pairs with certificates that say nothing but the key.
use openssl::asn1::Asn1Time;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509Name};

pub struct Pair {
    pub key: PKey<Private>,
    pub certificate: X509,
}

impl Pair {
    pub fn rsa(bits: u32) -> Self {
        Self::certified(PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap(), 30)
    }

    pub fn ec() -> Self {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        Self::certified(PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap(), 30)
    }

    /// The same key under a certificate that ends so many days from now (in the past, too).
    pub fn certified(key: PKey<Private>, days: i64) -> Self {
        let mut name = X509Name::builder().unwrap();
        name.append_entry_by_text("CN", "idp of the tests").unwrap();
        let name = name.build();
        let mut x509 = X509::builder().unwrap();
        x509.set_version(2).unwrap();
        x509.set_subject_name(&name).unwrap();
        x509.set_issuer_name(&name).unwrap();
        x509.set_pubkey(&key).unwrap();
        x509.set_not_before(&Asn1Time::from_unix(0).unwrap()).unwrap();
        let today = Asn1Time::days_from_now(0).unwrap();
        let since = Asn1Time::from_unix(0).unwrap().diff(&today).unwrap().days;
        x509.set_not_after(&Asn1Time::from_unix((i64::from(since) + days) * 86_400).unwrap()).unwrap();
        x509.sign(&key, MessageDigest::sha256()).unwrap();
        Self { key, certificate: x509.build() }
    }

    /// As it stands in metadata and in a `KeyInfo`.
    pub fn base64(&self) -> String {
        openssl::base64::encode_block(&self.certificate.to_der().unwrap())
    }
}
