//! An identity provider's metadata (SAML metadata 2.0): its name, where people are sent, and the keys that its signatures
//! are believed by. Without a usable key there is no identity provider: samael would skip the check (security.md, rule 2).
use super::binding::Binding;
use super::certificate::{self, Certificate};
use super::endpoints::{self, SingleLogout};
use super::{DSIG, Fault, refuse, tree};
use crate::kit::clock::Utc;
use roxmltree::Node;
use samael::crypto::CertificateDer;
use time::Duration;
use url::Url;

pub(super) const MD: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const UI: &str = "urn:oasis:names:tc:SAML:metadata:ui";
const LARGEST: usize = 1024 * 1024;
const MOST_NAMESPACES: usize = 1_000;
/// With the text behind it, which may be a certificate.
const LONGEST_TAG: usize = 64 * 1024;

/// An identity provider that may be believed.
pub struct IdentityProvider {
    pub entity_id: String,
    /// For the button on the sign-in page.
    pub display_name: String,
    pub sso_url: Url,
    /// How requests for sign-in go there.
    pub sso_binding: Binding,
    /// `None`: the provider takes no messages of logout.
    pub single_logout: Option<SingleLogout>,
    /// It takes signed requests for sign-in alone.
    pub wants_signed_requests: bool,
    /// What cannot be used, and was set aside.
    oddities: Vec<String>,
    pub valid_until: Option<Utc>,
    certificates: Vec<Certificate>,
}

impl IdentityProvider {
    pub fn parse(xml: &str, now: Utc, allow_http: bool) -> Result<Self, Fault> {
        if xml.len() > LARGEST {
            return refuse("the metadata are larger than 1 MiB");
        }
        // The parser takes cubic time over nested declarations and quadratic time over attributes.
        let is_crowded = xml.matches("xmlns").count() > MOST_NAMESPACES;
        if is_crowded || xml.split('<').any(|tag| tag.len() > LONGEST_TAG) {
            return refuse(
                "the metadata are too crowded: namespaces are declared more than 1,000 times, or a tag is larger than 64 KiB",
            );
        }
        let document = tree::parse(xml.trim_start_matches('\u{feff}'), 200_000)?;
        let entity = the_entity(document.root_element())?;
        let role = tree::needed(entity, MD, "IDPSSODescriptor")?;
        let mut valid_until = None;
        for node in [document.root_element(), entity, role] {
            if let Some(until) = node.attribute("validUntil") {
                let until =
                    Utc::parse(until).ok_or_else(|| Fault::new("validUntil is not a date and time"))?;
                valid_until = Some(valid_until.map_or(until, |first: Utc| first.min(until)));
            }
        }
        if valid_until.is_some_and(|until| until <= now) {
            return refuse("the metadata have expired (validUntil)");
        }
        let entity_id = entity.attribute("entityID").unwrap_or_default().to_owned();
        if entity_id.is_empty() || entity_id.chars().count() > 255 {
            return refuse("the metadata name no entityID of 1 to 255 characters");
        }
        let (certificates, mut oddities) = certificates(role)?;
        let (sso_binding, sso_url) = endpoints::sign_in(role, allow_http)?;
        let single_logout = endpoints::single_logout(role, allow_http, &mut oddities);
        let display_name = display_name(entity)
            .unwrap_or_else(|| sso_url.host_str().unwrap_or("your identity provider").to_owned());
        Ok(Self {
            entity_id,
            display_name,
            sso_url,
            sso_binding,
            single_logout,
            wants_signed_requests: is_true(role.attribute("WantAuthnRequestsSigned")),
            oddities,
            valid_until,
            certificates,
        })
    }

    /// What an administrator should know and mend, though sign-in works.
    pub fn warnings(&self, now: Utc) -> Vec<String> {
        let mut all = self.oddities.clone();
        all.extend(self.certificates.iter().filter_map(|certificate| certificate.warning(now)));
        if let Some(until) = self.valid_until.filter(|until| *until < now.plus(Duration::days(7))) {
            let day = until.get().date();
            all.push(format!("the metadata are valid until {day} alone (validUntil): give newer ones"));
        }
        all
    }

    pub fn has_expired(&self, now: Utc) -> bool {
        self.valid_until.is_some_and(|until| until <= now)
    }

    /// Those whose keys are believed; never none.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    pub fn fingerprints(&self) -> Vec<&str> {
        self.certificates.iter().map(|certificate| certificate.fingerprint.as_str()).collect()
    }

    pub(super) fn keys(&self) -> Vec<CertificateDer> {
        self.certificates.iter().map(|certificate| certificate.der.clone()).collect()
    }
}

/// The document's only entity that signs people in; a federation's list names many, and choosing is not ours.
fn the_entity<'a, 'i>(root: Node<'a, 'i>) -> Result<Node<'a, 'i>, Fault> {
    let is_provider = |node: &Node<'a, 'i>| {
        tree::is(*node, MD, "EntityDescriptor")
            && tree::children(*node, MD, "IDPSSODescriptor").next().is_some()
    };
    let mut all = root.descendants().filter(is_provider);
    match (all.next(), all.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => {
            refuse("the document is not the metadata of a SAML identity provider (no IDPSSODescriptor)")
        }
        _ => refuse("the metadata name several identity providers: give a document with one"),
    }
}

fn certificates(role: Node<'_, '_>) -> Result<(Vec<Certificate>, Vec<String>), Fault> {
    let (mut usable, mut warnings) = (Vec::new(), Vec::new());
    let signing = |key: &Node<'_, '_>| matches!(key.attribute("use"), None | Some("signing" | ""));
    let texts = tree::children(role, MD, "KeyDescriptor")
        .filter(signing)
        .flat_map(|key| key.descendants().filter(|node| tree::is(*node, DSIG, "X509Certificate")));
    for (at, node) in texts.enumerate() {
        let number = at + 1;
        match certificate::read(&tree::text(node)?, number) {
            Ok(found) => usable.push(found),
            Err(why) => warnings.push(format!("signing certificate {number} {why}: set aside")),
        }
    }
    if usable.is_empty() {
        let why = warnings.first().map(|first| format!(" ({first})")).unwrap_or_default();
        return refuse(format!(
            "the metadata hold no usable signing certificate: RSA of 2048 bits or more is needed{why}"
        ));
    }
    Ok((usable, warnings))
}

/// As XML Schema writes a boolean.
fn is_true(text: Option<&str>) -> bool {
    matches!(text.map(str::trim), Some("true" | "1"))
}

/// mdui:DisplayName, or the organisation's; English if there is a choice.
fn display_name(entity: Node<'_, '_>) -> Option<String> {
    let named = |namespace: &'static str, name: &'static str| {
        let all: Vec<Node<'_, '_>> =
            entity.descendants().filter(|node| tree::is(*node, namespace, name)).collect();
        let english =
            all.iter().find(|node| node.attributes().any(|a| a.name() == "lang" && a.value() == "en"));
        english.or(all.first()).and_then(|node| tree::text(*node).ok())
    };
    let found = named(UI, "DisplayName").or_else(|| named(MD, "OrganizationDisplayName"))?;
    let shown: String = found.chars().filter(|c| !c.is_control()).take(60).collect();
    Some(shown.trim().to_owned()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::saml::ServiceKey;
    use std::sync::LazyLock;

    static CERTIFICATE: LazyLock<String> =
        LazyLock::new(|| ServiceKey::generate("login.example", at(0)).unwrap().certificate);

    fn at(days: i64) -> Utc {
        Utc::parse("2026-11-30T12:00:00Z").unwrap().plus(Duration::days(days))
    }

    fn service(name: &str, binding: &str, attributes: &str) -> String {
        format!(r#"<md:{name} Binding="urn:oasis:names:tc:SAML:2.0:bindings:{binding}" {attributes}/>"#)
    }

    fn read(attributes: &str, services: &[String], now: Utc) -> Result<IdentityProvider, Fault> {
        let (certificate, services) = (CERTIFICATE.as_str(), services.concat());
        let text = format!(
            r#"<md:EntityDescriptor xmlns:md="{MD}" entityID="https://login.example/idp"><md:IDPSSODescriptor {attributes} protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{DSIG}"><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>{services}</md:IDPSSODescriptor></md:EntityDescriptor>"#
        );
        IdentityProvider::parse(&text, now, false)
    }

    fn sso(binding: &str) -> String {
        service("SingleSignOnService", binding, &format!(r#"Location="https://login.example/{binding}""#))
    }

    #[test] // S04: some providers take forms alone
    fn requests_go_by_redirect_where_they_can_and_by_form_else() {
        let both = read("", &[sso("SOAP"), sso("HTTP-POST"), sso("HTTP-Redirect")], at(0)).ok().unwrap();
        assert_eq!(both.sso_binding, Binding::Redirect);
        assert_eq!(both.sso_url.as_str(), "https://login.example/HTTP-Redirect");
        assert!(
            both.single_logout.is_none() && !both.wants_signed_requests && both.warnings(at(0)).is_empty()
        );
        let form = read(r#"WantAuthnRequestsSigned="1""#, &[sso("HTTP-POST")], at(0)).ok().unwrap();
        assert_eq!((form.sso_binding, form.wants_signed_requests), (Binding::Post, true));
        let why = read("", &[sso("SOAP")], at(0)).err().unwrap().to_string();
        assert_eq!(why, "the metadata name no SingleSignOnService for HTTP-Redirect or HTTP-POST");
    }

    #[test] // S41
    fn a_bad_address_of_logout_is_set_aside_and_told_and_sign_in_works() {
        let slo = |binding: &str, attributes: &str| service("SingleLogoutService", binding, attributes);
        let good = slo(
            "HTTP-POST",
            r#"Location="https://login.example/out" ResponseLocation="https://login.example/in""#,
        );
        let expected = SingleLogout {
            binding: Binding::Post,
            url: Url::parse("https://login.example/out").unwrap(),
            response_url: Url::parse("https://login.example/in").unwrap(),
        };
        for bad in [
            r#"Location="javascript:alert(1)""#,
            r#"Location="http://login.example/out""#,
            r#"Location="https://login.example/out" ResponseLocation="/in""#,
            "",
        ] {
            let bad = slo("HTTP-Redirect", bad);
            let alone = read("", &[bad.clone(), sso("HTTP-Redirect")], at(0)).ok().unwrap();
            assert_eq!(alone.single_logout, None);
            let [why] = &alone.warnings(at(0))[..] else { panic!("{:?}", alone.warnings(at(0))) };
            assert!(why.starts_with("the address of SingleLogoutService") && why.ends_with(": set aside"));
            let beside = read("", &[good.clone(), bad, sso("HTTP-Redirect")], at(0)).ok().unwrap();
            assert_eq!((beside.single_logout.as_ref(), beside.warnings(at(0)).len()), (Some(&expected), 1));
        }
        let soap = slo("SOAP", r#"Location="https://login.example/soap""#);
        let soap = read("", &[soap, sso("HTTP-Redirect")], at(0)).ok().unwrap();
        assert!(soap.single_logout.is_none() && soap.warnings(at(0)).is_empty());
    }

    #[test] // S04: rule 2, told while there is time
    fn what_ends_soon_is_told() {
        let services = [sso("HTTP-Redirect")];
        let years = 5 * 365;
        // As they are warned of later, of what was read at first.
        let warnings =
            |attributes: &str, days| read(attributes, &services, at(0)).ok().unwrap().warnings(at(days));
        assert!(warnings("", years - 31).is_empty());
        let expires = at(years).get().date();
        assert_eq!(
            warnings("", years - 29),
            [format!("signing certificate 1 expires on {expires}: ask the provider for its next one")]
        );
        assert_eq!(warnings("", years + 1), ["signing certificate 1 has expired; its key is still believed"]);
        let until = r#"validUntil="2026-12-12T00:00:00Z""#;
        assert!(warnings(until, 4).is_empty());
        let [why] = warnings(until, 5).try_into().unwrap();
        assert!(why.contains("2026-12-12") && why.contains("validUntil"), "{why}");
        assert!(read(until, &services, at(12)).is_err());
        let provider = read("", &services, at(0)).ok().unwrap();
        let [certificate] = provider.certificates() else { panic!("not one certificate") };
        assert_eq!((certificate.subject.as_str(), certificate.expires_at), ("CN=login.example", at(years)));
        assert_eq!(provider.fingerprints(), [certificate.fingerprint.as_str()]);
    }
}
