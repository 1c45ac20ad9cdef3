//! GET /settings/saml/guides/{name}: what to enter where, at the providers that most people have.
use super::values;
use crate::domain::error::Error;
use crate::web::extract::RequireAdmin;
use crate::web::page::{Answer, html};
use crate::web::views::providers::GuidePage;
use axum::extract::Path;

pub(super) const GUIDES: [(&str, &str); 5] = [
    ("entra", "Microsoft Entra ID"),
    ("okta", "Okta"),
    ("keycloak", "Keycloak"),
    ("google", "Google Workspace"),
    ("simplesamlphp", "SimpleSAMLphp"),
];

pub async fn show(RequireAdmin(user): RequireAdmin, Path(name): Path<String>) -> Answer {
    let (name, title) = *GUIDES.iter().find(|(known, _)| *known == name).ok_or(Error::NotFound)?;
    html(&GuidePage { shell: user.shell("saml", title).await?, name, title, values: values(&user) })
}
