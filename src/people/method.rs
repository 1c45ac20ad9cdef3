//! How somebody signs in: by password, or through an identity provider that vouches for them under a name of its own.
use super::change::{demand_in_person, spare_the_last, target};
use super::epoch::{Whose, end_sessions};
use super::password::hashed;
use super::row::{User, by_subject, by_username};
use super::second;
use crate::app::App;
use crate::audit::{self, Event};
use crate::crypto::passwords::PasswordHash;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::{AuthMethod, Role};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::plaintext::Plaintext;
use crate::domain::rules::Text;
use crate::{sql, tx};

pub enum NewMethod {
    Saml { identity_provider: String, name_id: String },
    Database { password: Plaintext },
}

impl NewMethod {
    /// The identity provider's entityID, and what it calls the person.
    pub fn saml(identity_provider: &str, name_id: &str) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let provider = errors.take("identity_provider", Text::required(identity_provider, 255));
        let name_id = errors.take("name_id", Text::required(name_id, 255));
        match (provider, name_id) {
            (Some(identity_provider), Some(name_id)) => Ok(Self::Saml { identity_provider, name_id }),
            _ => Err(Error::Invalid(errors)),
        }
    }
}

/// What the former method rested on goes: the password's hash, or the identity provider's name for the person.
pub async fn set_method(app: &App, actor: &Actor, username: &str, new: NewMethod) -> Result<()> {
    demand_in_person(app, actor)?;
    let hash = match &new {
        NewMethod::Saml { .. } => None,
        NewMethod::Database { password } => {
            let name = username.trim().to_ascii_lowercase();
            let user = by_username(&mut app.db.read().await?, &name).await?.ok_or(Error::NotFound)?;
            Some(hashed(app, password, &user).await?)
        }
    };
    tx!(app.db, |tx| {
        let user = target(tx, actor, username).await?;
        let (method, provider, name_id) = match &new {
            NewMethod::Saml { identity_provider, name_id } => {
                (AuthMethod::Saml, Some(identity_provider.as_str()), Some(name_id.as_str()))
            }
            NewMethod::Database { .. } => (AuthMethod::Database, None, None),
        };
        if let (Some(provider), Some(name_id)) = (provider, name_id) {
            may_go_to(tx, &user, provider, name_id).await?;
        } else if user.auth_method == AuthMethod::Database {
            return Err(Error::Conflict("this account signs in by password already".into()));
        }
        let (now, hash) = (app.now(), hash.as_ref().map(PasswordHash::as_str));
        tx.exec(sql!(
            "UPDATE users SET auth_method = ?, password_hash = ?, identity_provider = ?, saml_subject_id = ?, is_break_glass = ?,
               failed_count = 0, updated_at = ? WHERE id = ?",
            method, hash, provider, name_id, false, now, user.id
        ))
        .await?;
        end_sessions(tx, now, Whose::Of(user.id)).await?;
        second::forget(tx, user.id).await?;
        // What only groups at the former provider gave.
        tx.exec(sql!(
            "DELETE FROM environment_members WHERE user_id = ? AND identity_provider IS NOT NULL",
            user.id
        ))
        .await?;
        let mut event = Event::new("user.method_changed", &user.username)
            .with("from", user.auth_method.as_str())
            .with("to", method.as_str());
        if let (Some(provider), Some(name_id)) = (provider, name_id) {
            event = event.with("identity_provider", provider).with("name_id", name_id);
        }
        audit::record(app, tx, actor, event).await.map(drop)
    })
}

/// An admin who has never been seen to arrive may turn out to be locked out: another one has to be there.
async fn may_go_to(tx: &mut Tx, user: &User, provider: &str, name_id: &str) -> Result<()> {
    if by_subject(tx, provider, name_id).await?.is_some_and(|other| other.id != user.id) {
        return Err(Error::invalid("name_id", "belongs to another account at this identity provider"));
    }
    if user.role == Role::Admin && user.is_active {
        spare_the_last(tx, user).await?;
    }
    Ok(())
}
