//! The protocol alone, without a server: an answer, the keys on both sides, and what Keeper makes of it.
use crate::support::idp::{Document, Idp, Metadata, Pair};
use keeper::kit::clock::Utc;
use keeper::remote::saml::{
    Answer, Asked, Expected, Fault, Identity, IdentityProvider, ServiceKey, Verdict, Verifier,
};
use openssl::pkey::{PKey, Public};
use openssl::x509::X509;
use std::sync::{Arc, LazyLock};
use time::Duration;

pub const ACS: &str = "https://keeper.example/saml/acs";
pub const AUDIENCE: &str = "https://keeper.example/saml/metadata";
pub const REQUEST: &str = "_request";

/// Keys take seconds to make: one desk for all stories.
pub static DESK: LazyLock<Desk> = LazyLock::new(Desk::new);

pub struct Desk {
    pub idp: Idp,
    pub provider: Arc<IdentityProvider>,
    pub key: Arc<ServiceKey>,
    /// One that is going, or coming.
    pub other: Arc<ServiceKey>,
    pub public: PKey<Public>,
    pub other_public: PKey<Public>,
    verifier: Verifier,
}

pub fn now() -> Utc {
    Utc::parse("2026-11-30T12:00:00Z").unwrap()
}

fn pair() -> (Arc<ServiceKey>, PKey<Public>) {
    let new = ServiceKey::generate("keeper.example", now()).unwrap();
    let certificate = openssl::base64::decode_block(&new.certificate).unwrap();
    let public = X509::from_der(&certificate).unwrap().public_key().unwrap();
    (Arc::new(ServiceKey::open(&new.private, &new.certificate).unwrap()), public)
}

impl Desk {
    fn new() -> Self {
        let (idp, second) = (Idp::new(), Pair::rsa(2048));
        // A second certificate, as while keys change: which one verified is told.
        let metadata = Metadata::default().signing(&second).signing(&idp.rsa).text();
        let provider = Arc::new(IdentityProvider::parse(&metadata, now(), true).unwrap());
        let ((key, public), (other, other_public)) = (pair(), pair());
        Self { idp, provider, key, other, public, other_public, verifier: Verifier::default() }
    }

    /// The usual answer, unsigned.
    pub fn document() -> Document {
        let at = |seconds| now().plus(Duration::seconds(seconds)).to_seconds();
        Document::new(&[
            ("request", REQUEST),
            ("acs", ACS),
            ("sp", AUDIENCE),
            ("now", &at(0)),
            ("before", &at(-60)),
            ("soon", &at(300)),
            ("long-ago", &at(-86_400)),
            ("some-minutes-ago", &at(-480)),
            ("name", "ada@idp.example"),
            ("response.name", "_r"),
            ("assertion.name", "_a"),
        ])
    }

    pub fn expected() -> Expected {
        Expected {
            request: Some(Asked { id: REQUEST.to_owned(), at: now() }),
            acs_url: ACS.to_owned(),
            audience: AUDIENCE.to_owned(),
            now: now(),
            skew: Duration::seconds(90),
            wants_encrypted: false,
        }
    }

    pub fn read(text: &str) -> Result<Answer, Fault> {
        Answer::read(&openssl::base64::encode_block(text.as_bytes()))
    }

    pub async fn verify(&self, answer: Answer, keys: &[&Arc<ServiceKey>], expected: Expected) -> Verdict {
        let keys = keys.iter().map(|key| Arc::clone(key)).collect();
        self.verifier.verify(answer, self.provider.clone(), keys, expected).await
    }

    pub async fn believe_with(&self, text: &str, keys: &[&Arc<ServiceKey>]) -> Result<Identity, String> {
        let answer = Desk::read(text).map_err(|fault| fault.to_string())?;
        self.verify(answer, keys, Desk::expected()).await.identity.map_err(|fault| fault.to_string())
    }

    pub async fn believe(&self, document: &Document) -> Result<Identity, String> {
        self.believe_with(&document.text(), &[&self.key]).await
    }
}
