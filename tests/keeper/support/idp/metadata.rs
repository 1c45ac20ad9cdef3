//! Metadata documents: a usual one, with any part changed.
use super::{ENTITY_ID, Pair, SSO};

/// The parts between which a story chooses. All are texts, so that all can be wrong.
pub struct Metadata {
    pub before: String,
    pub attributes: String,
    pub keys: String,
    /// Where it is told of the end of a session.
    pub logout: String,
    pub sso: String,
}

impl Default for Metadata {
    fn default() -> Self {
        Self {
            before: String::new(),
            attributes: format!(" entityID=\"{ENTITY_ID}\""),
            keys: String::new(),
            logout: String::new(),
            sso: SSO.to_owned(),
        }
    }
}

impl Metadata {
    pub fn signing(self, pair: &Pair) -> Self {
        self.key(" use=\"signing\"", &pair.base64())
    }

    /// One more key descriptor, behind those that are there.
    pub fn key(self, used: &str, certificate: &str) -> Self {
        let key = format!(
            r#"<md:KeyDescriptor{used}><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"#
        );
        Self { keys: self.keys + &key, ..self }
    }

    pub fn logout(self, url: &str) -> Self {
        self.logout_by("HTTP-Redirect", url)
    }

    pub fn logout_by(self, binding: &str, url: &str) -> Self {
        let logout = format!(
            r#"<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:{binding}" Location="{url}"/>"#
        );
        Self { logout, ..self }
    }

    pub fn text(&self) -> String {
        let Self { before, attributes, keys, logout, sso } = self;
        format!(
            r#"{before}<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"{attributes}><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">{keys}{logout}<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{sso}"/></md:IDPSSODescriptor></md:EntityDescriptor>"#
        )
    }
}
