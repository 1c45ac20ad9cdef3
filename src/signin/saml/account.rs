//! From a proved identity to an account: its groups give the role, anew at each sign-in; by default nobody gets in.
use super::receive::Stop;
use crate::app::App;
use crate::domain::error::Error;
use crate::people::{self, Arrival, User};
use crate::remote::saml::Identity;

pub(super) async fn find(app: &App, provider: &str, identity: &Identity) -> Result<User, Stop> {
    let saml = &app.settings.saml;
    let Some(role) = saml.role_of(identity.all(&saml.groups_attribute)) else {
        people::send_away(app, provider, &identity.subject).await?;
        let groups = groups(identity, &saml.groups_attribute);
        return Err(Stop::refused(format!("no group gives a role in KEEPER_SAML_GROUP_MAP: {groups}")));
    };
    let email = identity.all(&saml.email_attribute).next();
    let name = identity.all("displayName").next();
    let arrival = Arrival::parse(provider, &identity.subject, email, name, role)?;
    match people::arrive(app, &arrival, saml.jit).await {
        // Two first sign-ins at the same moment: the other one has made the account.
        Err(Error::Conflict(_)) => Ok(people::arrive(app, &arrival, saml.jit).await?),
        arrived => Ok(arrived?),
    }
}

/// The provider's words, but signed ones: an administrator needs them to mend the map.
fn groups(identity: &Identity, attribute: &str) -> String {
    let shown: Vec<String> = identity
        .all(attribute)
        .take(20)
        .map(|group| group.chars().filter(|c| !c.is_control()).take(80).collect())
        .collect();
    if shown.is_empty() {
        format!("there is no attribute {attribute} (KEEPER_SAML_GROUPS_ATTRIBUTE)")
    } else {
        format!("{attribute} is {}", shown.join(", "))
    }
}
