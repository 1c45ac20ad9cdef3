//! Good documents, the same to the letter in each run: the provider's key comes from a seed, the time stands still, and a
//! signature of RSA with PKCS #1 is one and no other.
use crate::support::idp::{Document, Metadata, Pair};
use keeper::kit::chance::Chance;
use keeper::kit::clock::Utc;
use openssl::bn::{BigNum, BigNumContext, BigNumContextRef, BigNumRef};
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use time::Duration;

pub const REQUEST: &str = "k0123456789abcdef0123456789abcdef01234567";
pub const ACS: &str = "https://keeper.example/saml/acs";
pub const AUDIENCE: &str = "https://keeper.example/saml/metadata";
/// Any other would do.
const KEY: u64 = 2048;

pub fn now() -> Utc {
    Utc::parse("2026-06-01T12:00:00Z").unwrap()
}

pub struct Seeds {
    /// Of four people, all of them answers to the same request.
    pub documents: Vec<String>,
    pub metadata: String,
}

impl Seeds {
    pub fn grow() -> Self {
        let pair = Pair::certified(key(&Chance::seeded(KEY)), 30);
        let listed = r#"<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="xs xsi"></ec:InclusiveNamespaces></ds:Transform>"#;
        let long = [
            ("method.uri", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"),
            ("digest.uri", "http://www.w3.org/2001/04/xmlenc#sha512"),
            ("exclusive", listed),
        ];
        let documents = vec![
            answer("alice").sign("assertion", &pair).text(),
            answer("bob").sign("response", &pair).text(),
            answer("carol").sign("assertion", &pair).sign("response", &pair).text(),
            answer("dave").with(&long).sign("response", &pair).text(),
        ];
        Self { documents, metadata: Metadata::default().signing(&pair).text() }
    }
}

fn answer(name: &str) -> Document {
    let at = |seconds| now().plus(Duration::seconds(seconds)).to_string();
    Document::new(&[
        ("request", REQUEST),
        ("acs", ACS),
        ("sp", AUDIENCE),
        ("now", &at(0)),
        ("before", &at(-60)),
        ("soon", &at(300)),
        ("name", &format!("{name}@idp.example")),
        ("response.name", &format!("_r-{name}")),
        ("assertion.name", &format!("_a-{name}")),
    ])
}

/// RSA of 2048 bits whose primes are drawn: nobody's secret, and good for tests alone.
fn key(chance: &Chance) -> PKey<Private> {
    let mut context = BigNumContext::new().unwrap();
    let (one, other) = (prime(chance, &mut context), prime(chance, &mut context));
    let (one_less, other_less) = (less(&one), less(&other));
    let public = BigNum::from_u32(65_537).unwrap();
    let modulus = product(&one, &other, &mut context);
    let private = inverse(&public, &product(&one_less, &other_less, &mut context), &mut context);
    let of_one = rest(&private, &one_less, &mut context);
    let of_other = rest(&private, &other_less, &mut context);
    let inverted = inverse(&other, &one, &mut context);
    let rsa = Rsa::from_private_components(modulus, public, private, one, other, of_one, of_other, inverted)
        .unwrap();
    PKey::from_rsa(rsa).unwrap()
}

/// Of 1024 bits, the two highest set, so that two of them make 2048.
fn prime(chance: &Chance, context: &mut BigNumContextRef) -> BigNum {
    loop {
        let mut bytes: [u8; 128] = chance.bytes().unwrap();
        bytes[0] |= 0b1100_0000;
        bytes[127] |= 1;
        let number = BigNum::from_slice(&bytes).unwrap();
        if number.is_prime_fasttest(20, context, true).unwrap() {
            return number;
        }
    }
}

fn less(number: &BigNumRef) -> BigNum {
    let mut less = number.to_owned().unwrap();
    less.sub_word(1).unwrap();
    less
}

fn product(a: &BigNumRef, b: &BigNumRef, context: &mut BigNumContextRef) -> BigNum {
    let mut product = BigNum::new().unwrap();
    product.checked_mul(a, b, context).unwrap();
    product
}

fn inverse(a: &BigNumRef, modulus: &BigNumRef, context: &mut BigNumContextRef) -> BigNum {
    let mut inverse = BigNum::new().unwrap();
    inverse.mod_inverse(a, modulus, context).unwrap();
    inverse
}

fn rest(a: &BigNumRef, modulus: &BigNumRef, context: &mut BigNumContextRef) -> BigNum {
    let mut rest = BigNum::new().unwrap();
    rest.nnmod(a, modulus, context).unwrap();
    rest
}
