//! The one call of samael: signatures are verified with the provider's keys, and everything they do not cover is cut away.
use super::checks::{self, Expected, Identity};
use super::{Answer, Fault, IdentityProvider, refuse};
use samael::crypto::{AllowedSignatureAlgorithm, CertificateDer, Crypto, CryptoProvider, ReduceMode};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

pub(super) const ALGORITHMS: [AllowedSignatureAlgorithm; 3] = [
    AllowedSignatureAlgorithm::RsaSha256,
    AllowedSignatureAlgorithm::RsaSha384,
    AllowedSignatureAlgorithm::RsaSha512,
];
/// How many documents are verified at once: C code that nobody can interrupt must never take all the threads.
const AT_ONCE: usize = 2;
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

pub struct Verifier(pub(super) Arc<Semaphore>);

impl Default for Verifier {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Verifier {
    /// Who the provider says is there, when every check holds.
    pub async fn verify(
        &self,
        answer: Answer,
        provider: Arc<IdentityProvider>,
        expected: Expected,
    ) -> Result<Identity, Fault> {
        let slot = tokio::time::timeout(PATIENCE, self.0.clone().acquire_owned()).await;
        let Ok(Ok(slot)) = slot else { return refuse("too many sign-ins are being checked at this moment") };
        let work = tokio::task::spawn_blocking(move || {
            // Held to the end of the work, not of the waiting.
            let _slot = slot;
            let verified = reduce(&answer, &provider.keys())?;
            checks::all(&verified, &answer, &provider, &expected)
        });
        // A panic in there (samael has some) ends this sign-in and nothing else.
        work.await.unwrap_or_else(|_| refuse("the response broke the parser"))
    }
}

fn reduce(answer: &Answer, keys: &[CertificateDer]) -> Result<String, Fault> {
    if keys.is_empty() {
        return refuse("the identity provider has no usable signing certificate");
    }
    let mode = ReduceMode::ValidateAndMarkNoAncestors;
    Crypto::reduce_xml_to_signed_with_allowed_algorithms(answer.xml(), keys, mode, Some(&ALGORITHMS)).map_err(
        |_| Fault::new("a signature is not valid, or was made with a key that is not in the metadata"),
    )
}
