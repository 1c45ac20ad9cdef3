//! A message of single logout that has the one admitted shape. Nothing in it is believed before `verify`.
use super::super::{
    ASSERTION, Fault, IdentityProvider, PROTOCOL, census, gate, proof, received, refuse, signature, tree,
};
use super::claims::{self, Logout, LogoutExpected};
use super::query::{self, Signed};
use roxmltree::Document;

/// SAML gives a RelayState 80 bytes; not every provider keeps to it.
const LONGEST_RELAY_STATE: usize = 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoutKind {
    Request,
    Response,
}

impl LogoutKind {
    /// The parameter, or the field of a form, that holds it.
    pub fn field(self) -> &'static str {
        match self {
            Self::Request => "SAMLRequest",
            Self::Response => "SAMLResponse",
        }
    }

    pub(super) fn element(self) -> &'static str {
        match self {
            Self::Request => "LogoutRequest",
            Self::Response => "LogoutResponse",
        }
    }
}

pub struct LogoutMessage {
    kind: LogoutKind,
    issuer: String,
    in_response_to: Option<String>,
    relay_state: Option<String>,
    xml: String,
    proof: Proof,
}

enum Proof {
    /// Beside the document, over the query.
    Query(Signed),
    /// In the document.
    Enveloped,
}

impl LogoutMessage {
    /// From the query of an address, just as the browser sent it.
    pub fn read_query(raw: &str) -> Result<Self, Fault> {
        let read = query::read(raw)?;
        let xml = received::without_mark(read.xml);
        Self::admit(read.kind, xml, read.relay_state, Proof::Query(read.signed))
    }

    /// From a form's field: `SAMLRequest` holds a request, `SAMLResponse` a response.
    pub fn read_form(kind: LogoutKind, encoded: &str, relay_state: Option<&str>) -> Result<Self, Fault> {
        let xml = received::document(encoded, "the message")?;
        Self::admit(kind, xml, relay_state.map(str::to_owned), Proof::Enveloped)
    }

    fn admit(
        kind: LogoutKind,
        xml: String,
        relay_state: Option<String>,
        proof: Proof,
    ) -> Result<Self, Fault> {
        if relay_state.as_ref().is_some_and(|text| text.len() > LONGEST_RELAY_STATE) {
            return refuse("RelayState is longer than 1024 bytes");
        }
        census::count(&xml)?;
        let document = tree::parse(&xml, gate::MOST_NODES)?;
        the_only_message(&document, kind)?;
        gate::names(&document)?;
        gate::ids(&document)?;
        match proof {
            Proof::Query(_) => signature::none(&document)?,
            Proof::Enveloped => signature::of_message(&document)?,
        }
        let root = document.root_element();
        let issuer = tree::text(tree::needed(root, ASSERTION, "Issuer")?)?.trim().to_owned();
        let in_response_to = root.attribute("InResponseTo").map(str::to_owned);
        drop(document);
        Ok(Self { kind, issuer, in_response_to, relay_state, xml, proof })
    }

    pub fn kind(&self) -> LogoutKind {
        self.kind
    }

    /// Who says to have sent it.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Which request of Keeper's it says to answer.
    pub fn in_response_to(&self) -> Option<&str> {
        self.in_response_to.as_deref()
    }

    /// To be given back with the answer. A form's is never proved.
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_deref()
    }

    /// What it says, when every check holds. Calls C code and blocks: see `Verifier::verify_logout`.
    pub fn verify(self, provider: &IdentityProvider, expected: &LogoutExpected) -> Result<Logout, Fault> {
        let verified = match self.proof {
            Proof::Query(signed) => {
                signed.verify(provider)?;
                self.xml
            }
            Proof::Enveloped => proof::verify(&self.xml, provider)?.xml,
        };
        claims::read(&verified, self.kind, provider, expected)
    }
}

/// The root, and no other of either kind in it.
fn the_only_message(document: &Document<'_>, kind: LogoutKind) -> Result<(), Fault> {
    if !tree::is(document.root_element(), PROTOCOL, kind.element()) {
        return refuse(format!("the document is not a {}", kind.element()));
    }
    let named = |kind: LogoutKind| {
        let is_named = move |name: &str| name.eq_ignore_ascii_case(kind.element());
        document.descendants().filter(|node| node.is_element() && is_named(node.tag_name().name())).count()
    };
    if named(LogoutKind::Request) + named(LogoutKind::Response) == 1 {
        Ok(())
    } else {
        refuse("there is more than one message in the document")
    }
}
