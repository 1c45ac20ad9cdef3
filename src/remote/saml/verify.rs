//! From an answer that passed the gate to who is there: what was encrypted is opened, what was signed is verified, what is
//! left is checked. `signin/saml` calls it.
use super::checks::{self, Check, Expected, Identity, Part, Proved, Report, SeenSeal, SeenSignature};
use super::gate::{self, Clear, Signature};
use super::key::ServiceKey;
use super::open::{self, Opened};
use super::{ASSERTION, Answer, Fault, IdentityProvider, PROTOCOL, proof, tree};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// How many documents are verified at once: C code that nobody can interrupt must never take all the threads.
const AT_ONCE: usize = 2;
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

pub struct Verifier(pub(super) Arc<Semaphore>);

/// Who is there, or why nobody is believed to be; and what became of each check.
pub struct Verdict {
    pub identity: Result<Identity, Fault>,
    pub report: Report,
}

impl Default for Verifier {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Verifier {
    /// Who the provider says is there, when every check holds. `keys`: Keeper's own, each of which is tried.
    pub async fn verify(
        &self,
        answer: Answer,
        provider: Arc<IdentityProvider>,
        keys: Vec<Arc<ServiceKey>>,
        expected: Expected,
    ) -> Verdict {
        let slot = tokio::time::timeout(PATIENCE, self.0.clone().acquire_owned()).await;
        let Ok(Ok(slot)) = slot else {
            return Verdict::stopped(&[], "too many sign-ins are being checked at this moment");
        };
        let work = tokio::task::spawn_blocking(move || {
            // Held to the end of the work, not of the waiting.
            let _slot = slot;
            let mut passed = vec![Check::Document, Check::Status];
            let proved = prove(&answer, &provider, &keys, &mut passed);
            proved
                .and_then(|proved| checks::all(&proved, &answer, &provider, &expected))
                .unwrap_or_else(|fault| Verdict::of(&passed, fault))
        });
        // A panic in there (samael has some) ends this sign-in and nothing else.
        work.await.unwrap_or_else(|_| Verdict::stopped(&[], "the response broke the parser"))
    }
}

impl Verdict {
    fn stopped(passed: &[Check], why: &'static str) -> Self {
        // Nothing that the provider sent is to blame.
        Self::of(passed, Fault::new(why).of(Check::Document))
    }

    fn of(passed: &[Check], fault: Fault) -> Self {
        Self { report: Report::stopped(passed, &fault), identity: Err(fault) }
    }
}

fn unsigned(why: &'static str) -> Fault {
    Fault::new(why).of(Check::Signature)
}

fn prove(
    answer: &Answer,
    provider: &IdentityProvider,
    keys: &[Arc<ServiceKey>],
    passed: &mut Vec<Check>,
) -> Result<Proved, Fault> {
    if let Some(clear) = &answer.clear {
        return in_the_clear(answer, clear, provider);
    }
    // The response's signature covers the assertion as it was sent: it comes first, and what it covers is what is opened.
    let outer = answer.response_signature.as_ref().map(|_| proof::verify(answer.xml(), provider));
    let outer = outer.transpose()?;
    let document = tree::parse(outer.as_ref().map_or(answer.xml(), |proof| &proof.xml), gate::MOST_NODES)?;
    if !tree::is(document.root_element(), PROTOCOL, "Response") {
        return Err(unsigned("the signature does not cover the response"));
    }
    let encrypted = tree::needed(document.root_element(), ASSERTION, "EncryptedAssertion")?;
    let opened = open::open(encrypted, keys)?;
    drop(document);
    passed.push(Check::Encryption);
    let (outer_xml, outer_key) = outer.map(|proof| (proof.xml, proof.fingerprint)).unzip();
    let mut proved = opened_one(opened, provider, outer_xml)?;
    let outer = seen(Part::Response, answer.response_signature.as_ref(), outer_key.flatten());
    proved.signatures.extend(outer);
    Ok(proved)
}

fn in_the_clear(answer: &Answer, clear: &Clear, provider: &IdentityProvider) -> Result<Proved, Fault> {
    let proof = proof::verify(answer.xml(), provider)?;
    let signatures = [
        seen(Part::Response, answer.response_signature.as_ref(), proof.fingerprint.clone()),
        seen(Part::Assertion, clear.signature.as_ref(), proof.fingerprint),
    ];
    let is_whole = answer.response_signature.is_some();
    let (response, assertion) = if is_whole { (Some(proof.xml), None) } else { (None, Some(proof.xml)) };
    let signatures = signatures.into_iter().flatten().collect();
    Ok(Proved { response, assertion, assertion_id: clear.id.clone(), signatures, seal: None })
}

/// A signature inside is verified, whatever the one outside says; without either nothing is proved.
fn opened_one(
    opened: Opened,
    provider: &IdentityProvider,
    response: Option<String>,
) -> Result<Proved, Fault> {
    let clear = gate::inner(&tree::parse(&opened.xml, gate::MOST_NODES)?)?;
    let seal = Some(SeenSeal { data: opened.cipher.name().to_owned(), key: opened.wrapping.name() });
    let (assertion, signatures) = if clear.signature.is_some() {
        let proof = proof::verify(&opened.xml, provider)?;
        let signature = seen(Part::Assertion, clear.signature.as_ref(), proof.fingerprint);
        (proof.xml, signature.into_iter().collect())
    } else if response.is_some() {
        (opened.xml, Vec::new())
    } else {
        return Err(unsigned("neither the response nor the assertion is signed"));
    };
    Ok(Proved { response, assertion: Some(assertion), assertion_id: clear.id, signatures, seal })
}

fn seen(part: Part, signature: Option<&Signature>, fingerprint: Option<String>) -> Option<SeenSignature> {
    Some(SeenSignature { part, algorithm: signature?.method.clone(), fingerprint })
}
