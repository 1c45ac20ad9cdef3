//! Sealing a value: a fresh data key for each, AES-256-GCM, the data key wrapped by the KMS. Features call it before
//! their transaction. A sealed value opens only in the place that its context names.
use super::Integrity;
use super::aead;
pub use super::context::Context;
use super::data_key::DataKey;
use super::kms::{Kms, Wrapped};
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::chance::Chance;

/// A sealed value as it is stored: four columns of a row.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Sealed {
    pub ciphertext: Vec<u8>,
    pub nonce: Vec<u8>,
    pub wrapped_key: Vec<u8>,
    pub key_id: String,
}

pub async fn seal(kms: &Kms, chance: &Chance, context: &Context<'_>, value: &Plaintext) -> Result<Sealed> {
    let key = DataKey::fresh(chance)?;
    let (ciphertext, nonce) =
        aead::seal(&key, chance, &context.of_value(), value.expose()).map_err(Error::broken)?;
    let Wrapped { key_id, blob } = kms.wrap(&context.of_data_key(), &key, chance).await?;
    Ok(Sealed { ciphertext, nonce: nonce.to_vec(), wrapped_key: blob, key_id })
}

pub async fn open(kms: &Kms, context: &Context<'_>, sealed: &Sealed) -> Result<Plaintext> {
    let wrapped = Wrapped { key_id: sealed.key_id.clone(), blob: sealed.wrapped_key.clone() };
    let key = kms.unwrap(&context.of_data_key(), &wrapped).await?;
    let opened = aead::open(&key, &sealed.nonce, &context.of_value(), &sealed.ciphertext);
    let mut opened =
        opened.map_err(|_| Integrity::error("a sealed value was changed, or belongs to another place"))?;
    Ok(Plaintext::new(std::mem::take(&mut *opened)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::kms::LocalKms;
    use proptest::prelude::*;

    fn kms() -> Kms {
        let folder = tempfile::tempdir().unwrap();
        Kms::of_local(LocalKms::open(&folder.path().join("k"), true, &Chance::System).unwrap())
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    const HOME: Context<'_> =
        Context::Version { uid: "0123456789abcdef0123456789abcdef", number: 3, environment_id: 1 };

    #[test] // S07
    fn a_value_moved_to_another_place_does_not_open() {
        let kms = kms();
        let sealed = run(seal(&kms, &Chance::System, &HOME, &Plaintext::new(b"value".to_vec()))).unwrap();
        assert_eq!(run(open(&kms, &HOME, &sealed)).ok().unwrap().expose(), b"value");
        for place in [
            Context::Version { uid: "f123456789abcdef0123456789abcdef", number: 3, environment_id: 1 },
            Context::Version { uid: "0123456789abcdef0123456789abcdef", number: 4, environment_id: 1 },
            Context::Version { uid: "0123456789abcdef0123456789abcdef", number: 3, environment_id: 2 },
        ] {
            let error = run(open(&kms, &place, &sealed)).err().unwrap();
            assert!(Integrity::behind(&error).is_some(), "{place:?}");
        }
    }

    proptest! {
        #[test]
        fn any_value_opens_as_it_was_and_no_flipped_or_cut_one_opens(value in proptest::collection::vec(any::<u8>(), 1..200), at in any::<prop::sample::Index>()) {
            let kms = kms();
            let sealed = run(seal(&kms, &Chance::System, &HOME, &Plaintext::new(value.clone()))).unwrap();
            let opened = run(open(&kms, &HOME, &sealed)).ok().unwrap();
            prop_assert_eq!(opened.expose(), &value[..]);
            for part in 0..3 {
                let (mut flipped, mut cut) = (sealed.clone(), sealed.clone());
                let of = |s: &mut Sealed| match part { 0 => std::mem::take(&mut s.ciphertext), 1 => std::mem::take(&mut s.nonce), _ => std::mem::take(&mut s.wrapped_key) };
                let put = |s: &mut Sealed, bytes: Vec<u8>| match part { 0 => s.ciphertext = bytes, 1 => s.nonce = bytes, _ => s.wrapped_key = bytes };
                let mut bytes = of(&mut flipped);
                let index = at.index(bytes.len());
                bytes[index] ^= 1;
                put(&mut flipped, bytes);
                let mut bytes = of(&mut cut);
                bytes.truncate(index);
                put(&mut cut, bytes);
                prop_assert!(run(open(&kms, &HOME, &flipped)).is_err());
                prop_assert!(run(open(&kms, &HOME, &cut)).is_err());
            }
        }
    }
}
