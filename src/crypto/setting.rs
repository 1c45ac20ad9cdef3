//! A setting that the key service seals, as it stands in `keeper.toml`: `sealed:v1:` and four parts in base64url, joined by dots.
use super::Integrity;
use super::kms::Kms;
use super::seal::{self, Context, Sealed};
use crate::domain::error::Result;
use crate::domain::plaintext::Plaintext;
use crate::kit::chance::Chance;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const BEGINS: &str = "sealed:v1:";

/// `name`: the setting's; under another it does not open.
pub async fn seal(kms: &Kms, chance: &Chance, name: &str, value: &Plaintext) -> Result<String> {
    let sealed = seal::seal(kms, chance, &Context::Setting { name }, value).await?;
    let parts = [sealed.key_id.as_bytes(), &sealed.wrapped_key, &sealed.nonce, &sealed.ciphertext];
    Ok(format!("{BEGINS}{}", parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")))
}

pub async fn open(kms: &Kms, name: &str, text: &str) -> Result<Plaintext> {
    let sealed = parse(text).ok_or_else(|| Integrity::error("it is cut off, or was changed"))?;
    seal::open(kms, &Context::Setting { name }, &sealed).await
}

fn parse(text: &str) -> Option<Sealed> {
    let parts = text.trim().strip_prefix(BEGINS)?.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let [key_id, wrapped_key, nonce, ciphertext] = parts.collect::<Option<Vec<_>>>()?.try_into().ok()?;
    Some(Sealed { ciphertext, nonce, wrapped_key, key_id: String::from_utf8(key_id).ok()? })
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

    #[tokio::test] // S07
    async fn a_sealed_setting_opens_under_its_own_name_and_key_alone() {
        let (ours, other) = (kms(), kms());
        let value = Plaintext::from("postgres://keeper:the-password@db/keeper".to_owned());
        let text = seal(&ours, &Chance::System, "database_url", &value).await.unwrap();
        assert!(!text.contains("password") && text.bytes().all(|b| b.is_ascii_graphic() && b != b'"'));
        assert!(open(&ours, "database_url", &text).await.unwrap().same_as(&value));
        assert!(
            open(&ours, "other", &text).await.is_err() && open(&other, "database_url", &text).await.is_err()
        );
        for cut in [&text[..text.len() - 3], "sealed:v1:", "sealed:v1:a.b.c", "sealed:v2:a.b.c.d", ""] {
            assert!(open(&ours, "database_url", cut).await.is_err(), "{cut}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text: String) {
            let _ = parse(&text);
            let _ = parse(&format!("{BEGINS}{text}"));
        }
    }
}
