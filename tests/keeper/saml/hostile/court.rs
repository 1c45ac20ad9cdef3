//! The running server, its identity provider, and what is sent to it: one row, one fresh request.
use super::verdict::Verdict;
use crate::support::House;
use crate::support::idp::{Document, Idp, Metadata};
use crate::support::site::{Answer, Site, Visitor};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use keeper::audit;
use keeper::db::Engine;
use keeper::kit::clock::Clock;
use keeper::providers;
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use time::Duration;
use tokio::net::TcpListener;

/// Stands in every hostile document where a page could be tempted to repeat it.
pub const CANARY: &str = "canary";

pub struct Court {
    pub house: House,
    pub site: Site,
    pub idp: Idp,
    /// An address on this machine that nobody must call, and how often somebody did.
    pub trap: String,
    pub calls: Arc<AtomicUsize>,
    count: AtomicUsize,
}

/// What the browser sends as `SAMLResponse`.
pub enum Sent {
    Xml(String),
    Bytes(Vec<u8>),
    /// The parameter itself, already encoded, or not.
    Parameter(String),
}

impl From<String> for Sent {
    fn from(xml: String) -> Self {
        Self::Xml(xml)
    }
}

impl From<Document> for Sent {
    fn from(document: Document) -> Self {
        Self::Xml(document.text())
    }
}

impl Sent {
    pub fn parameter(self) -> String {
        match self {
            Self::Xml(text) => STANDARD.encode(text),
            Self::Bytes(bytes) => STANDARD.encode(bytes),
            Self::Parameter(text) => text,
        }
    }
}

/// A browser that has been sent to the identity provider, and the usual answer to what it was sent with.
pub struct Asked {
    pub visitor: Visitor,
    pub relay: String,
    pub request: String,
    pub document: Document,
}

impl Court {
    pub async fn open(engine: Engine) -> Option<Self> {
        let idp = Idp::new();
        let metadata = idp.metadata();
        Self::with(engine, idp, &metadata).await
    }

    pub async fn with(engine: Engine, idp: Idp, metadata: &Metadata) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("idp.xml");
        std::fs::write(&path, metadata.text()).unwrap();
        let path = path.display().to_string();
        let house = House::with(engine, &[("KEEPER_SAML_IDP_METADATA", &path)]).await?;
        providers::open(&house.app).await.unwrap();
        Some(Self::of(house, idp).await)
    }

    /// In a house that knows the provider already, or is yet to learn of it.
    pub async fn of(house: House, idp: Idp) -> Self {
        let site = Site::start(&house.app).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let trap = format!("127.0.0.1:{}", listener.local_addr().unwrap().port());
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = calls.clone();
        tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { house, site, idp, trap, calls, count: AtomicUsize::new(0) }
    }

    /// A new browser goes to `/saml/login`.
    pub async fn ask(&self) -> Asked {
        self.ask_as(self.site.visitor()).await
    }

    pub async fn ask_as(&self, visitor: Visitor) -> Asked {
        self.ask_at(visitor, "/saml/login?next=/account").await
    }

    pub async fn ask_at(&self, visitor: Visitor, path: &str) -> Asked {
        self.keep_time();
        let answer = visitor.get(path).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let url = url::Url::parse(answer.location()).unwrap();
        let query: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        let mut request = String::new();
        let deflated = STANDARD.decode(&query["SAMLRequest"]).unwrap();
        DeflateDecoder::new(deflated.as_slice()).read_to_string(&mut request).unwrap();
        let id =
            roxmltree::Document::parse(&request).unwrap().root_element().attribute("ID").unwrap().to_owned();
        let relay = query.get("RelayState").cloned().unwrap_or_default();
        Asked { visitor, relay, document: self.document(&id), request: id }
    }

    /// The usual answer to a request, unsigned.
    pub fn document(&self, request: &str) -> Document {
        let number = self.count.fetch_add(1, Ordering::SeqCst);
        let public = self.house.app.settings.public_url.as_str();
        let now = self.house.app.now();
        let at = |seconds| now.plus(Duration::seconds(seconds)).to_string();
        Document::new(&[
            ("request", request),
            ("acs", &format!("{public}saml/acs")),
            ("sp", &format!("{public}saml/metadata")),
            ("now", &at(0)),
            ("before", &at(-60)),
            ("soon", &at(300)),
            ("long-ago", &at(-86_400)),
            ("just-ended", &at(-140)),
            ("in-a-minute", &at(60)),
            ("tomorrow", &at(86_400)),
            ("trap", &self.trap),
            ("name", &format!("{CANARY}-{number}@idp.example")),
            ("response.name", &format!("_{CANARY}-r{number}")),
            ("assertion.name", &format!("_{CANARY}-a{number}")),
        ])
    }

    /// The library reads the machine's clock, Keeper the house's: they go together.
    fn keep_time(&self) {
        let clock = &self.house.app.clock;
        let late = Clock::System.now().since(clock.now());
        if late.is_positive() {
            clock.advance(late);
        }
    }

    pub async fn post(&self, asked: &Asked, sent: Sent) -> Answer {
        let fields = [("SAMLResponse", sent.parameter()), ("RelayState", asked.relay.clone())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        asked.visitor.post_bare("/saml/acs", &fields, &[("origin", "http://localhost:9")]).await
    }

    pub async fn is_signed_in(&self, visitor: &Visitor) -> bool {
        visitor.get("/account").await.status == 200
    }

    /// Sends one document and looks at all that a refusal owes.
    pub async fn judge(
        &self,
        class: &'static str,
        name: &str,
        make: &(dyn Fn(&Idp, Document) -> Sent + Send + Sync),
    ) -> Verdict {
        let asked = self.ask().await;
        let sent = make(&self.idp, asked.document.clone());
        let before = self.last_event().await;
        let begun = tokio::time::Instant::now();
        let answer = self.post(&asked, sent).await;
        let took = begun.elapsed();
        let events = self.events_since(before).await;
        let entered = self.is_signed_in(&asked.visitor).await;
        Verdict::new(class, name, took, &answer, &events, entered)
    }

    /// The last event's details, for the message of a test that fails.
    pub async fn why(&self) -> String {
        format!("{:?}", self.events_since(-1).await.first().map(audit::Line::details))
    }

    async fn last_event(&self) -> i64 {
        self.events_since(-1).await.first().map_or(0, |line| line.seq)
    }

    /// Newest first.
    pub async fn events_since(&self, seq: i64) -> Vec<audit::Line> {
        let filter = audit::Filter { limit: 20, ..audit::Filter::default() };
        let lines = audit::list(&self.house.app, &filter).await.unwrap().items;
        lines.into_iter().filter(|line| line.seq > seq).collect()
    }
}
