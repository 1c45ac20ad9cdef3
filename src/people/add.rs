//! A new account, from the command line or (for demonstrations) from `seed-demo`.
use super::change::{demand, demand_in_person};
use super::password::{About, acceptable};
use crate::app::App;
use crate::audit::{self, Event};
use crate::crypto::passwords::PasswordHash;
use crate::domain::actor::Actor;
use crate::domain::enums::{AuthMethod, Role};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::names::Username;
use crate::domain::plaintext::Plaintext;
use crate::domain::rules::{self, Text};
use crate::{sql, tx};

pub struct NewUser {
    pub username: Username,
    pub email: Option<String>,
    pub display_name: String,
    pub auth_method: AuthMethod,
    pub role: Role,
    pub password: Option<Plaintext>,
    /// False: it opens to nobody until an admin switches it on.
    pub is_active: bool,
}

impl NewUser {
    /// One that is switched on.
    pub fn parse(
        username: &str,
        email: &str,
        display_name: &str,
        role: &str,
        password: Option<Plaintext>,
    ) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let about = About { username, display_name, email: Some(email) };
        let judged = password.as_ref().map(|password| acceptable(password, &about));
        let username = errors.take("username", Username::parse(username));
        let email = errors.take("email", rules::email(email));
        let display_name = errors.take("display_name", Text::optional(display_name, 255));
        let role = errors.take("role", role.parse::<Role>());
        if let Some(judged) = judged {
            errors.take("password", judged);
        }
        match (username, email, display_name, role) {
            (Some(username), Some(email), Some(display_name), Some(role)) if errors.is_empty() => {
                let display_name = if display_name.is_empty() { username.to_string() } else { display_name };
                let auth_method = AuthMethod::Database;
                Ok(Self { username, email, display_name, auth_method, role, password, is_active: true })
            }
            _ => Err(Error::Invalid(errors)),
        }
    }
}

pub async fn add(app: &App, actor: &Actor, new: NewUser) -> Result<i64> {
    demand(app, actor)?;
    if new.password.is_some() {
        demand_in_person(app, actor)?;
    }
    let hash: Option<PasswordHash> = match &new.password {
        Some(password) => Some(app.hasher.hash(password, &app.chance).await?),
        None => None,
    };
    let hash = hash.as_ref().map(PasswordHash::as_str);
    let added: Result<i64> = tx!(app.db, |tx| {
        let now = app.now();
        let id = tx
            .insert(sql!(
                "INSERT INTO users (username, email, display_name, auth_method, role, password_hash, is_active, auth_epoch, failed_count, created_at, updated_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, 1, 0, ?, ?)",
                new.username.as_str(), new.email.as_deref(), &new.display_name, new.auth_method, new.role, hash, new.is_active, now, now
            ))
            .await?;
        let event = Event::new("user.created", new.username.as_str())
            .with("user_id", id)
            .with("role", new.role.as_str())
            .with("auth_method", new.auth_method.as_str())
            .with("is_active", new.is_active);
        audit::record(app, tx, actor, event).await?;
        Ok(id)
    });
    added.map_err(|e| {
        e.if_taken(|| Error::invalid("username", "is taken: choose another, or change the existing account"))
    })
}
