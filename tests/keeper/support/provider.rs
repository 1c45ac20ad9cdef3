//! Real SAML identity providers, as the scripts start them. Keeper is at 127.0.0.1 and they are at localhost: two sites.
use super::env_or_skip;
use super::served::Served;
use std::path::PathBuf;

pub struct Provider {
    pub metadata: String,
    pub password: String,
    /// Asks for the password when Keeper wants a fresh proof, whatever session of its own there is.
    pub asks_again: bool,
    /// Where it looks for the metadata of those that it answers; without one it answers everybody.
    known: Option<PathBuf>,
}

/// What SimpleSAMLphp signs.
#[derive(Clone, Copy, Debug)]
pub enum Signed {
    Both,
    Response,
    Assertion,
    /// Both, of somebody whose name does not last.
    Transient,
    /// Both, and the assertion is encrypted.
    Encrypted,
    /// The same, and requests are believed if they are signed.
    Closed,
}

/// A service provider that the identity provider knows, for as long as this is kept.
pub struct Known(Option<PathBuf>);

impl Drop for Known {
    fn drop(&mut self) {
        if let Some(file) = &self.0 {
            let _ = std::fs::remove_file(file);
        }
    }
}

impl Provider {
    pub fn simplesaml() -> Option<Self> {
        Some(Self {
            metadata: env_or_skip("KEEPER_TEST_SIMPLESAML_URL")?,
            password: env_or_skip("KEEPER_TEST_SIMPLESAML_PASSWORD")?,
            asks_again: true,
            known: Some(env_or_skip("KEEPER_TEST_SIMPLESAML_SP")?.into()),
        })
    }

    pub fn nanoidp() -> Option<Self> {
        Some(Self {
            metadata: env_or_skip("KEEPER_TEST_NANOIDP_URL")?,
            password: env_or_skip("KEEPER_TEST_NANOIDP_PASSWORD")?,
            asks_again: false,
            known: None,
        })
    }

    pub fn settings(&self) -> [(&str, &str); 1] {
        [("KEEPER_SAML_IDP_METADATA", &self.metadata)]
    }

    /// Gives it Keeper's own metadata: what Keeper says of itself must be enough.
    pub async fn introduce(&self, served: &Served, signed: Signed) -> Known {
        let Some(folder) = &self.known else { return Known(None) };
        let answer = reqwest::get(format!("{}/saml/metadata", served.url)).await.unwrap();
        let metadata = answer.error_for_status().unwrap().text().await.unwrap();
        let port = served.url.rsplit(':').next().unwrap();
        let file = folder.join(match signed {
            Signed::Both => format!("{port}.xml"),
            Signed::Response => format!("{port}.response.xml"),
            Signed::Assertion => format!("{port}.assertion.xml"),
            Signed::Transient => format!("{port}.transient.xml"),
            Signed::Encrypted => format!("{port}.encrypted.xml"),
            Signed::Closed => format!("{port}.closed.xml"),
        });
        std::fs::write(&file, metadata).unwrap();
        Known(Some(file))
    }
}
