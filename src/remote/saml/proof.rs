//! The one call of samael: signatures are verified with the provider's keys, and everything they do not cover is cut away.
use super::checks::Check;
use super::{Fault, IdentityProvider};
use samael::crypto::{AllowedSignatureAlgorithm, CertificateDer, Crypto, CryptoProvider, ReduceMode};

pub(super) const ALGORITHMS: [AllowedSignatureAlgorithm; 3] = [
    AllowedSignatureAlgorithm::RsaSha256,
    AllowedSignatureAlgorithm::RsaSha384,
    AllowedSignatureAlgorithm::RsaSha512,
];

/// What the signatures cover, and whose certificate has the key that verifies them.
pub(super) struct Proof {
    pub xml: String,
    /// None where two signatures of one document were made with two keys.
    pub fingerprint: Option<String>,
}

pub(super) fn verify(xml: &str, provider: &IdentityProvider) -> Result<Proof, Fault> {
    let refuse = |why| Err(Fault::new(why).of(Check::Signature));
    let keys = provider.keys();
    if keys.is_empty() {
        return refuse("the identity provider has no usable signing certificate");
    }
    let Some(covered) = reduce(xml, &keys) else {
        return refuse("a signature is not valid, or was made with a key that is not in the metadata");
    };
    // samael does not tell which key it was. Only a good document is worth the asking.
    let mut each = keys.iter().zip(provider.fingerprints());
    let found = each.find(|(key, _)| keys.len() == 1 || reduce(xml, std::slice::from_ref(key)).is_some());
    Ok(Proof { xml: covered, fingerprint: found.map(|(_, fingerprint)| fingerprint.to_owned()) })
}

fn reduce(xml: &str, keys: &[CertificateDer]) -> Option<String> {
    let mode = ReduceMode::ValidateAndMarkNoAncestors;
    Crypto::reduce_xml_to_signed_with_allowed_algorithms(xml, keys, mode, Some(&ALGORITHMS)).ok()
}
