//! From a proved identity to an account: its groups give the role and the environments, anew at each sign-in; by default nobody
//! gets in.
use super::receive::Stop;
use super::reports::{Learned, Step};
use crate::app::App;
use crate::audit::{self, Event};
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::environments;
use crate::people::{self, Arrival, User};
use crate::providers::{self, Known};
use crate::remote::saml::Identity;
use crate::tx;

pub(super) async fn find(
    app: &App,
    provider: &Known,
    identity: &Identity,
    learned: &mut Learned,
) -> std::result::Result<User, Stop> {
    learned.step = Step::Role;
    let entity_id = provider.idp.entity_id.as_str();
    let arrival = match arrival(provider, identity) {
        Ok(arrival) => arrival,
        Err(why) => {
            people::send_away(app, entity_id, identity.subject()).await?;
            return Err(why);
        }
    };
    learned.step = Step::Account;
    match let_in(app, provider, identity, &arrival).await {
        // Two first sign-ins at the same moment: the other one has made the account.
        Err(Error::Taken) => Ok(let_in(app, provider, identity, &arrival).await?),
        arrived => Ok(arrived?),
    }
}

/// What a sign-in would do, without doing it.
pub(super) async fn rehearse(
    app: &App,
    provider: &Known,
    identity: &Identity,
    learned: &mut Learned,
) -> std::result::Result<(), Stop> {
    learned.step = Step::Role;
    let arrival = arrival(provider, identity)?;
    learned.step = Step::Account;
    let known =
        people::may_arrive(&mut app.db.read().await?, &arrival, provider.terms.makes_accounts).await?;
    let account = match known {
        Some(user) => format!("the account {}", user.username),
        None => format!("a new account, {}", arrival.username),
    };
    let doors = provider.door_names(identity.all(&provider.terms.groups_attribute));
    let doors =
        if doors.is_empty() { String::new() } else { format!(", member of {} by groups", doors.join(", ")) };
    learned.would = Some(format!("{account}, role {}{doors}", arrival.role));
    Ok(())
}

/// Who would come in, and as what.
pub(super) fn arrival(provider: &Known, identity: &Identity) -> std::result::Result<Arrival, Stop> {
    let Some(role) = provider.role_of(identity.all(&provider.terms.groups_attribute)) else {
        let place = provider.place("Groups", "KEEPER_SAML_GROUP_MAP");
        let groups = groups(provider, identity);
        return Err(Stop::refused(format!("no group gives a role in {place}: {groups}")));
    };
    let email = identity.all(&provider.terms.email_attribute).next();
    let name = identity.all(&provider.terms.name_attribute).next();
    Ok(Arrival::parse(&provider.idp.entity_id, identity.subject(), email, name, role)?)
}

async fn let_in(app: &App, provider: &Known, identity: &Identity, arrival: &Arrival) -> Result<User> {
    let doors = provider.doors_of(identity.all(&provider.terms.groups_attribute));
    tx!(app.db, |tx| {
        providers::demand_active(tx, provider.id).await?;
        let user = people::arrive(app, tx, arrival, provider.terms.makes_accounts).await?;
        let entity_id = provider.idp.entity_id.as_str();
        let moved = environments::set_by_groups(tx, app.now(), user.id, entity_id, &doors).await?;
        if !moved.joined.is_empty() || !moved.left.is_empty() {
            let event = Event::new("environment.members_by_groups", &user.username)
                .with("identity_provider", entity_id)
                .with("joined", moved.joined)
                .with("left", moved.left);
            audit::record(app, tx, &Actor::System, event).await?;
        }
        Ok(user)
    })
}

/// The provider's words, but signed ones: an administrator needs them to mend the map.
fn groups(provider: &Known, identity: &Identity) -> String {
    let attribute = provider.terms.groups_attribute.as_str();
    let shown: Vec<String> = identity
        .all(attribute)
        .take(20)
        .map(|group| group.chars().filter(|c| !c.is_control()).take(80).collect())
        .collect();
    if shown.is_empty() {
        let place = provider.place("Groups attribute", "KEEPER_SAML_GROUPS_ATTRIBUTE");
        format!("there is no attribute {attribute} ({place})")
    } else {
        format!("{attribute} is {}", shown.join(", "))
    }
}
