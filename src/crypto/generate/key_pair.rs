//! Key pairs: the private half is the value, the public one is for whoever installs it.
use super::Generated;
use super::openssh::{Parts, number};
use super::pem::armour;
use crate::domain::enums::spelled;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::chance::Chance;
use ed25519_dalek::SigningKey;
use openssl::bn::BigNumRef;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use zeroize::Zeroizing;

spelled!(Kind { Ed25519 = "ed25519", Rsa3072 = "rsa3072", Rsa4096 = "rsa4096" });
spelled!(/// How both halves are written: PKCS#8 and SubjectPublicKeyInfo in PEM, or OpenSSH's file and line.
Form { Pkcs8 = "pkcs8", OpenSsh = "openssh" });

impl Kind {
    pub fn title(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::Rsa3072 => "RSA 3072",
            Self::Rsa4096 => "RSA 4096",
        }
    }
}

impl Form {
    pub fn title(self) -> &'static str {
        match self {
            Self::Pkcs8 => "PEM (PKCS#8)",
            Self::OpenSsh => "OpenSSH",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPair {
    pub kind: Kind,
    pub form: Form,
}

/// RFC 8410: all that stands before the 32 bytes of a private and of a public key.
const PRIVATE: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
const PUBLIC: [u8; 12] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];

impl KeyPair {
    /// NIST SP 800-57 counts 128 bits for all three; the next step begins with RSA of 7680 bits.
    pub(super) const BITS: u32 = 128;

    pub(super) fn generate(&self, chance: &Chance) -> Result<Generated> {
        match self.kind {
            Kind::Ed25519 => ed25519(self.form, chance),
            Kind::Rsa3072 => rsa(3072, self.form, chance),
            Kind::Rsa4096 => rsa(4096, self.form, chance),
        }
    }
}

fn ed25519(form: Form, chance: &Chance) -> Result<Generated> {
    let mut seed = Zeroizing::new([0; 32]);
    chance.fill(&mut *seed)?;
    let public = SigningKey::from_bytes(&seed).verifying_key().to_bytes();
    if form == Form::OpenSsh {
        let both = Zeroizing::new([*seed, public].concat());
        let name = "ssh-ed25519";
        return openssh(&Parts {
            name,
            public: &[&public],
            private: &[&public, &both],
            check: chance.bytes()?,
        });
    }
    let mut private = Zeroizing::new([0; 48]);
    private[..16].copy_from_slice(&PRIVATE);
    private[16..].copy_from_slice(&*seed);
    let public = armour("PUBLIC KEY", &[&PUBLIC[..], &public].concat(), 64)?;
    Ok(pair(armour("PRIVATE KEY", &*private, 64)?, String::from_utf8_lossy(&public).into_owned()))
}

/// The primes are found by OpenSSL, with a generator of its own that the operating system seeds: the one draw that is
/// not handed in, since a search for primes of our own would be worse. It wipes its numbers when they are freed.
fn rsa(bits: u32, form: Form, chance: &Chance) -> Result<Generated> {
    let key = Rsa::generate(bits).map_err(Error::broken)?;
    if form == Form::Pkcs8 {
        let public = key.public_key_to_pem().map_err(Error::broken)?;
        let private =
            PKey::from_rsa(key).and_then(|key| key.private_key_to_pem_pkcs8()).map_err(Error::broken)?;
        return Ok(pair(Zeroizing::new(private), String::from_utf8_lossy(&public).into_owned()));
    }
    let [modulus, public, private, iqmp, p, q] = numbers(&key)?;
    openssh(&Parts {
        name: "ssh-rsa",
        public: &[&public, &modulus],
        private: &[&modulus, &public, &private, &iqmp, &p, &q],
        check: chance.bytes()?,
    })
}

/// In the order of OpenSSH's file.
fn numbers(key: &Rsa<Private>) -> Result<[Zeroizing<Vec<u8>>; 6]> {
    let plain = |part: &BigNumRef| number(&Zeroizing::new(part.to_vec()));
    let (Some(iqmp), Some(p), Some(q)) = (key.iqmp(), key.p(), key.q()) else {
        return Err(Error::broken("a new RSA key came without its primes"));
    };
    Ok([key.n(), key.e(), key.d(), iqmp, p, q].map(plain))
}

fn openssh(parts: &Parts) -> Result<Generated> {
    Ok(pair(parts.private_file()?, parts.public_line()))
}

fn pair(mut private: Zeroizing<Vec<u8>>, public: String) -> Generated {
    Generated { value: Plaintext::new(std::mem::take(&mut *private)), public: Some(public) }
}

#[cfg(test)]
mod tests {
    use super::super::Policy;
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use openssl::pkey::Id;
    use sha2::{Digest, Sha256};

    #[test]
    fn a_pair_in_pkcs8_is_one_that_openssl_reads() {
        let chance = Chance::seeded(6);
        for (kind, id, bits) in [("ed25519", Id::ED25519, 256), ("rsa3072", Id::RSA, 3072)] {
            let policy: Policy = format!("keypair:{kind}:pkcs8").parse().unwrap();
            let made = policy.make(&chance).unwrap();
            let key = PKey::private_key_from_pem(made.value.expose()).unwrap();
            assert_eq!((key.id(), key.bits()), (id, bits));
            assert!(made.value.expose().starts_with(b"-----BEGIN PRIVATE KEY-----\n"));
            let public = String::from_utf8(key.public_key_to_pem().unwrap()).unwrap();
            assert_eq!(made.public.as_deref(), Some(&*public));
            assert_eq!(policy.is_slow(), kind != "ed25519");
        }
    }

    /// The strings of an SSH message, as far as they go.
    fn strings(mut bytes: &[u8]) -> Vec<&[u8]> {
        let mut found = Vec::new();
        while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
            let Some((string, rest)) = rest.split_at_checked(u32::from_be_bytes(*length) as usize) else {
                break;
            };
            found.push(string);
            bytes = rest;
        }
        found
    }

    #[test] // ssh-keygen -y gave this line for the private file, and ssh-keygen -Y took its signatures.
    fn the_same_chance_makes_the_key_that_openssh_read() {
        let policy: Policy = "keypair:ed25519:openssh".parse().unwrap();
        let made = policy.make(&Chance::seeded(7)).unwrap();
        let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIELu6v+dpOPVmhSylTHOyZARrCPhRXuUn9I3fMMhKQTR\n";
        assert_eq!(made.public.as_deref(), Some(line));
        let digest = Sha256::digest(made.value.expose());
        assert_eq!(hex::encode(digest), "3a3a61a0308a1db4a5f8749007bf4823d0eb9ccc5d43603a0b994b05d2c236a1");
    }

    #[test]
    fn a_pair_for_openssh_holds_what_the_format_asks_for() {
        for kind in ["ed25519", "rsa3072"] {
            let policy: Policy = format!("keypair:{kind}:openssh").parse().unwrap();
            let made = policy.make(&Chance::seeded(7)).unwrap();
            let lines: Vec<String> =
                String::from_utf8_lossy(made.value.expose()).lines().map(str::to_owned).collect();
            assert!(lines.iter().all(|line| line.len() <= 70));
            let file = STANDARD.decode(lines[1..lines.len() - 1].concat()).unwrap();
            let rest = file.strip_prefix(b"openssh-key-v1\0").unwrap();
            assert_eq!(
                rest[..20],
                [&[0, 0, 0, 4][..], b"none", &[0, 0, 0, 4], b"none", &[0, 0, 0, 0]].concat()
            );
            assert_eq!(rest[20..24], [0, 0, 0, 1]);
            let [public, private] = strings(&rest[24..])[..] else { panic!("a public and a private part") };
            let line = made.public.unwrap();
            let (name, blob) = line.trim_end().split_once(' ').unwrap();
            assert_eq!(STANDARD.decode(blob).unwrap(), public);
            assert!(private.len().is_multiple_of(8) && private[..4] == private[4..8]);
            let parts = strings(&private[8..]);
            let outside = strings(public);
            assert_eq!((parts[0], outside[0]), (name.as_bytes(), name.as_bytes()));
            if kind == "ed25519" {
                assert_eq!((parts[1], &parts[2][32..]), (outside[1], outside[1]));
                let seed: [u8; 32] = parts[2][..32].try_into().unwrap();
                assert_eq!(
                    ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key().as_bytes(),
                    outside[1]
                );
            } else {
                assert_eq!((parts[1], parts[2]), (outside[2], outside[1]));
                let big = |n: usize| openssl::bn::BigNum::from_slice(parts[n]).unwrap();
                let key = openssl::rsa::RsaPrivateKeyBuilder::new(big(1), big(2), big(3)).unwrap();
                let key = key.set_factors(big(5), big(6)).unwrap().build();
                assert!(key.check_key().unwrap() && parts[1].len() == 385);
                // iqmp · q = 1 (mod p)
                let (mut context, mut one) = (openssl::bn::BigNumContext::new().unwrap(), big(4));
                one.mod_mul(&big(4), &big(6), &big(5), &mut context).unwrap();
                assert_eq!(one, openssl::bn::BigNum::from_u32(1).unwrap());
            }
        }
        assert_eq!(*number(&[0, 0, 0x80]), [0, 0x80]);
        assert_eq!(*number(&[0x7f, 0]), [0x7f, 0]);
    }
}
