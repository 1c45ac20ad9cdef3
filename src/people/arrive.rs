//! An account of somebody who arrives through an identity provider: found by the provider and its subject, never by a name
//! or an e-mail address that the provider could choose. The provider's word on the role is final, each time anew.
use super::change::put_role;
use super::epoch::{Whose, end_sessions};
use super::row::{User, by_id, by_subject, by_username};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::{Conn, Tx};
use crate::domain::actor::Actor;
use crate::domain::enums::{AuthMethod, Role};
use crate::domain::error::{Error, Result};
use crate::domain::names::Username;
use crate::domain::rules::{self, Text};
use crate::{sql, tx};

pub struct Arrival {
    pub identity_provider: String,
    pub subject: String,
    pub username: Username,
    pub email: Option<String>,
    pub display_name: String,
    pub role: Role,
}

impl Arrival {
    /// What does not fit an account is left out, but for the name: without it there is no account.
    pub fn parse(
        provider: &str,
        subject: &str,
        email: Option<&str>,
        display_name: Option<&str>,
        role: Role,
    ) -> Result<Self> {
        let refused = |problem| Error::Forbidden(format!("the NameID cannot be a user name: it {problem}"));
        let username = Username::of_subject(subject).map_err(refused)?;
        let email = email.and_then(|email| rules::email(email).ok()).flatten();
        let display_name = display_name.and_then(|name| Text::required(name, 255).ok());
        Ok(Self {
            identity_provider: provider.to_owned(),
            subject: subject.to_owned(),
            display_name: display_name.unwrap_or_else(|| username.to_string()),
            username,
            email,
            role,
        })
    }
}

/// The account, made or brought up to date. `Forbidden` says why somebody known to the provider stays outside.
pub async fn arrive(app: &App, tx: &mut Tx, arrival: &Arrival, may_make: bool) -> Result<User> {
    match may_arrive(tx, arrival, may_make).await? {
        Some(user) => update(app, tx, arrival, user).await,
        None => make(app, tx, arrival).await,
    }
}

/// The account that somebody would come in with, if there is one yet. Nothing is changed.
pub async fn may_arrive(conn: &mut Conn, arrival: &Arrival, may_make: bool) -> Result<Option<User>> {
    let forbidden = |why: &str| Err(Error::Forbidden(why.into()));
    match by_subject(conn, &arrival.identity_provider, &arrival.subject).await? {
        Some(user) if !user.is_active => forbidden("the account is disabled"),
        Some(user) => Ok(Some(user)),
        None if !may_make => {
            forbidden("there is no account for this person, and accounts are not made at sign-in")
        }
        None if by_username(conn, arrival.username.as_str()).await?.is_some() => forbidden(
            "another account has this user name: change its way of signing in to this provider, or let the provider send another NameID",
        ),
        None => Ok(None),
    }
}

/// The account of somebody whom an identity provider names, if there is one.
pub async fn of_subject(conn: &mut Conn, provider: &str, subject: &str) -> Result<Option<User>> {
    by_subject(conn, provider, subject).await
}

async fn update(app: &App, tx: &mut Tx, arrival: &Arrival, user: User) -> Result<User> {
    let now = app.now();
    if user.role != arrival.role {
        let provider = Some(arrival.identity_provider.as_str());
        put_role(app, tx, &Actor::System, &user, arrival.role, provider).await?;
    }
    if user.email != arrival.email || user.display_name != arrival.display_name {
        tx.exec(sql!(
            "UPDATE users SET email = ?, display_name = ?, updated_at = ? WHERE id = ?",
            arrival.email.as_deref(),
            &arrival.display_name,
            now,
            user.id
        ))
        .await?;
    }
    by_id(tx, user.id).await?.ok_or(Error::NotFound)
}

async fn make(app: &App, tx: &mut Tx, arrival: &Arrival) -> Result<User> {
    let now = app.now();
    let id = tx
        .insert(sql!(
            "INSERT INTO users (username, email, display_name, auth_method, role, identity_provider, saml_subject_id, is_active, auth_epoch, failed_count, created_at, updated_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 0, ?, ?)",
            arrival.username.as_str(), arrival.email.as_deref(), &arrival.display_name, AuthMethod::Saml, arrival.role,
            &arrival.identity_provider, &arrival.subject, true, now, now
        ))
        .await?;
    let event = Event::new("user.created", arrival.username.as_str())
        .with("user_id", id)
        .with("role", arrival.role.as_str())
        .with("auth_method", AuthMethod::Saml.as_str())
        .with("identity_provider", arrival.identity_provider.as_str());
    audit::record(app, tx, &Actor::System, event).await?;
    by_id(tx, id).await?.ok_or(Error::NotFound)
}

/// Somebody whose groups no longer give a role: what is still open of theirs ends now, not when it grows old.
pub async fn send_away(app: &App, provider: &str, subject: &str) -> Result<()> {
    tx!(app.db, |tx| {
        let Some(user) = by_subject(tx, provider, subject).await? else { return Ok(()) };
        end_sessions(tx, app.now(), Whose::Of(user.id)).await?;
        let event = Event::new("session.ended", &user.username).with("why", "no mapped group any more");
        audit::record(app, tx, &Actor::System, event).await?;
        Ok(())
    })
}
