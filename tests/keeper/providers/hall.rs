//! A house whose admin adds an identity provider on its pages, and people who come through it.
use crate::saml::hostile::court::{Asked, Court};
use crate::support::House;
use crate::support::house::PASSWORD;
use crate::support::idp::{Document, Idp, Metadata, Query};
use crate::support::site::{Answer, Visitor};
use openssl::pkey::{PKey, Public};
use openssl::x509::X509;
use time::Duration;

pub struct Hall {
    pub court: Court,
    pub ada: Visitor,
}

/// Every field of the form; a switch that is off is not sent.
pub const FORM: [(&str, &str); 7] = [
    ("name", "main"),
    ("display_name", "The Company"),
    ("groups_attribute", "groups"),
    ("groups", "staff = user\nleads = manager\nkeeper-admins = admin"),
    ("clock_skew", "120"),
    ("makes_accounts", "true"),
    ("signs_requests", "true"),
];

/// The form with some fields in other words; an empty text takes a field away.
pub fn form<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = FORM.into_iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    kept.chain(changes.iter().copied()).filter(|(_, text)| !text.is_empty()).collect()
}

impl Hall {
    pub async fn build(house: House) -> Self {
        house.add_user("ada", "admin").await;
        let court = Court::of(house, Idp::new()).await;
        let ada = court.site.signed_in("ada", PASSWORD).await;
        Self { court, ada }
    }

    /// With the provider in it.
    pub async fn furnished(house: House, changes: &[(&str, &str)]) -> (Self, i64) {
        let hall = Self::build(house).await;
        let answer = hall.add(changes, &hall.metadata().text()).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let id = answer.new_id();
        (hall, id)
    }

    pub fn metadata(&self) -> Metadata {
        self.court.idp.metadata().logout("http://localhost:9/idp/slo")
    }

    pub async fn add(&self, changes: &[(&str, &str)], metadata: &str) -> Answer {
        self.ada.upload("/settings/saml", &form(changes), ("idp.xml", metadata.as_bytes())).await
    }

    pub async fn edit(&self, id: i64, changes: &[(&str, &str)]) -> Answer {
        let path = format!("/settings/saml/{id}/edit");
        let version = self.ada.get(&path).await.hidden("row_version").to_owned();
        let fields = [form(changes), vec![("row_version", version.as_str())]].concat();
        self.ada.upload(&path, &fields, ("", b"")).await
    }

    /// Somebody of this name, in this group, through the provider.
    pub async fn arrive(&self, name: &str, group: &str) -> (Visitor, Answer) {
        self.arrive_at("", name, group).await
    }

    /// The same where there are several providers.
    pub async fn arrive_at(&self, provider: &str, name: &str, group: &str) -> (Visitor, Answer) {
        let path = format!("/saml/login?idp={provider}&next=/account");
        let asked = self.court.ask_at(self.court.site.visitor(), &path).await;
        let document = asked.document.clone().set("name", name).set("group", group);
        self.answer(asked, document.sign("assertion", &self.court.idp.rsa)).await
    }

    pub async fn answer(&self, asked: Asked, document: Document) -> (Visitor, Answer) {
        let answer = self.court.post(&asked, document.into()).await;
        (asked.visitor, answer)
    }

    pub async fn is_in(&self, visitor: &Visitor) -> bool {
        self.court.is_signed_in(visitor).await
    }

    /// The public keys that Keeper's metadata show, in their order, each once.
    pub async fn keepers_keys(&self) -> Vec<PKey<Public>> {
        let metadata = self.court.site.visitor().get("/saml/metadata").await.body;
        let document = roxmltree::Document::parse(&metadata).unwrap();
        let named =
            |name: &'static str| document.descendants().filter(move |node| node.tag_name().name() == name);
        let mut texts: Vec<&str> = named("X509Certificate").map(|node| node.text().unwrap().trim()).collect();
        texts.dedup();
        texts.sort_unstable();
        texts.dedup();
        let key = |text: &&str| {
            let der = openssl::base64::decode_block(text).unwrap();
            X509::from_der(&der).unwrap().public_key().unwrap()
        };
        texts.iter().map(key).collect()
    }

    /// The provider's own request for the end of a session.
    pub fn logout(&self, id: &str, name: &str, sessions: &str) -> Document {
        Document::logout_request(&self.occasion())
            .set("logout.name", id)
            .set("name", name)
            .set("sessions", sessions)
    }

    pub fn logged_out(&self, request: &str) -> Document {
        Document::logout_response(&self.occasion()).set("request", request).set("logout.name", "_answer")
    }

    fn occasion(&self) -> Vec<(&'static str, &'static str)> {
        let app = &self.court.house.app;
        let at = |seconds| app.now().plus(Duration::seconds(seconds)).to_seconds();
        let slo = format!("{}saml/slo", app.settings.public_url);
        // A test lives as long as its texts.
        let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        vec![("slo", leak(slo)), ("now", leak(at(0))), ("soon", leak(at(300))), ("name", ""), ("request", "")]
    }

    pub async fn say(&self, field: &str, document: &Document) -> Answer {
        let query = Query::new(field, &document.text()).sign(&self.court.idp.rsa.key).text();
        self.court.site.visitor().get(&format!("/saml/slo?{query}")).await
    }
}
