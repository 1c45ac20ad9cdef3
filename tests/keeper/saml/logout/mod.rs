//! Single logout in the protocol: honest messages are understood, hostile ones end nothing. No server: whoever calls these
//! does nothing without their answer.
mod forms;
mod honest;
mod hostile;

use crate::support::idp::{Document, Idp, Query};
use keeper::kit::clock::Utc;
use keeper::remote::saml::{IdentityProvider, Logout, LogoutExpected, LogoutKind, LogoutMessage};
use time::Duration;

const SLO: &str = "https://keeper.example/saml/slo";

struct Scene {
    idp: Idp,
    provider: IdentityProvider,
}

impl Scene {
    fn new() -> Self {
        let idp = Idp::new();
        let provider = IdentityProvider::parse(&idp.metadata().text(), now(), true).ok().unwrap();
        Self { idp, provider }
    }

    fn expected() -> LogoutExpected {
        LogoutExpected { slo_url: SLO.to_owned(), now: now(), skew: Duration::minutes(2) }
    }

    fn by_query(&self, raw: &str) -> Result<Logout, String> {
        let message = LogoutMessage::read_query(raw).map_err(|fault| fault.to_string())?;
        message.verify(&self.provider, &Self::expected()).map_err(|fault| fault.to_string())
    }

    fn by_form(&self, kind: LogoutKind, document: &str) -> Result<Logout, String> {
        let encoded = openssl::base64::encode_block(document.as_bytes());
        let message =
            LogoutMessage::read_form(kind, &encoded, Some("canary")).map_err(|fault| fault.to_string())?;
        message.verify(&self.provider, &Self::expected()).map_err(|fault| fault.to_string())
    }

    /// The query of a document, signed by the provider.
    fn query(&self, document: &Document) -> Query {
        let name = if document.part("element") == "LogoutRequest" { "SAMLRequest" } else { "SAMLResponse" };
        Query::new(name, &document.text()).sign(&self.idp.rsa.key)
    }
}

fn now() -> Utc {
    Utc::parse("2026-11-30T12:00:00Z").unwrap()
}

fn at(seconds: i64) -> String {
    now().plus(Duration::seconds(seconds)).to_string()
}

fn occasion() -> Vec<(&'static str, String)> {
    vec![
        ("slo", SLO.to_owned()),
        ("request", "_ours".to_owned()),
        ("name", "canary@idp.example".to_owned()),
        ("now", at(0)),
        ("soon", at(300)),
    ]
}

fn request() -> Document {
    let occasion = occasion();
    let occasion: Vec<(&str, &str)> = occasion.iter().map(|(hole, text)| (*hole, text.as_str())).collect();
    Document::logout_request(&occasion)
}

fn response() -> Document {
    let occasion = occasion();
    let occasion: Vec<(&str, &str)> = occasion.iter().map(|(hole, text)| (*hole, text.as_str())).collect();
    Document::logout_response(&occasion)
}
