//! Accounts of people, for admins.
use super::body::{ValidJson, ValidQuery};
use super::caller::{ApiCaller, Id};
use super::done::{Changed, Done, Of, tagged};
use super::error::demand_none;
use super::field::{Field, Unknown};
use super::list::{Answer, list};
use super::matching::IfMatch;
use super::words;
use crate::domain::enums::{AuthMethod, Role};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::plaintext::Plaintext;
use crate::kit::clock::Utc;
use crate::kit::page::{self, Cursor};
use crate::people::{self, NewUser};
use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An account.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": 5, "username": "ada", "email": "ada@example.com", "display_name": "Ada Lovelace", "auth_method": "database", "role": "manager",
    "is_active": true, "is_break_glass": false, "last_login_at": "2026-01-31T09:58:00.000000Z",
    "created_at": "2025-11-03T08:00:00.000000Z", "updated_at": "2026-01-31T09:58:00.000000Z"
}))]
pub struct User {
    /// Its id, in addresses.
    pub id: i64,
    /// The name by which the person signs in.
    pub username: String,
    /// The person’s e-mail address, if one is known.
    pub email: Option<String>,
    /// The person’s name for people.
    pub display_name: String,
    #[schema(schema_with = words::auth_method)]
    pub auth_method: AuthMethod,
    #[schema(schema_with = words::role)]
    pub role: Role,
    /// False: it opens to nobody.
    pub is_active: bool,
    /// Signs in by password even where only single sign-on is open.
    pub is_break_glass: bool,
    /// When the person last signed in.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_login_at: Option<Utc>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Utc,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Utc,
}

/// A new account that signs in by password.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"username": "ada", "email": "ada@example.com", "display_name": "Ada Lovelace", "role": "user"}))]
pub struct UserCreate {
    /// ASCII letters and digits with `-`, `_`, `.`, `@`, `+`; lower-cased.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 255, pattern = "^\\s*[A-Za-z0-9_.@+-]+\\s*$")]
    username: Field<String>,
    /// An e-mail address.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255)]
    email: Field<String>,
    /// The user name, where it is absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255)]
    display_name: Field<String>,
    #[serde(default)]
    #[schema(schema_with = words::role, required = true)]
    role: Field<String>,
    /// At least 15 characters that are hard to guess. Absent: the account opens to nobody until an admin sets one. A service
    /// account’s token cannot set it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password, write_only, min_length = 15, max_length = 1024)]
    password: Field<Plaintext>,
    /// True, where it is absent. False: it opens to nobody until an admin switches it on.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    is_active: Field<bool>,
    #[serde(flatten)]
    #[schema(ignore)]
    rest: Unknown,
}

/// What changes of an account: its role, or whether it is active. One of them at a time; either ends the account's sessions.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"role": "manager"}))]
pub struct UserUpdate {
    #[serde(default)]
    #[schema(schema_with = words::role, required = false)]
    role: Field<String>,
    /// False: it opens to nobody from now on.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    is_active: Field<bool>,
    #[serde(flatten)]
    #[schema(ignore)]
    rest: Unknown,
}

impl User {
    fn of(user: people::User) -> Self {
        Self {
            id: user.id,
            username: user.username,
            email: user.email,
            display_name: user.display_name,
            auth_method: user.auth_method,
            role: user.role,
            is_active: user.is_active,
            is_break_glass: user.is_break_glass,
            last_login_at: user.last_login_at,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}

/// An account's name begins so.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    q: String,
    after: String,
    before: String,
    limit: Option<u32>,
}

pub async fn index(caller: ApiCaller, ValidQuery(query): ValidQuery<Asked>) -> Answer {
    let place = (&Cursor::read(&query.after, &query.before), page::limit(query.limit));
    let page = people::accounts(&caller.app, &caller.actor, &query.q, place).await?;
    list(page, User::of)
}

pub async fn show(caller: ApiCaller, Id(id): Id) -> Answer {
    show_one(&caller, id).await
}

pub async fn show_one(caller: &ApiCaller, id: i64) -> Answer {
    let user = people::account(&caller.app, &caller.actor, id).await?;
    let version = user.version();
    Ok(tagged(Json(User::of(user)).into_response(), &version))
}

pub async fn create(caller: ApiCaller, ValidJson(asked): ValidJson<UserCreate>) -> Changed {
    let id = people::add(&caller.app, &caller.actor, asked.read()?).await?;
    Ok(Done::one(StatusCode::CREATED, Of::User, id))
}

impl UserCreate {
    fn read(self) -> Result<NewUser> {
        let mut errors = FieldErrors::default();
        let e = &mut errors;
        self.rest.refuse(e);
        let (mut username, mut email, mut display_name, mut role) =
            (String::new(), String::new(), String::new(), String::new());
        self.username.over("username", &mut username, e);
        self.email.over("email", &mut email, e);
        self.display_name.over("display_name", &mut display_name, e);
        self.role.over("role", &mut role, e);
        let password = self.password.given("password", e);
        let is_active = self.is_active.unless_null("is_active", e).unwrap_or(true);
        demand_none(errors)?;
        let new = NewUser::parse(&username, &email, &display_name, &role, password)?;
        Ok(NewUser { is_active, ..new })
    }
}

pub async fn change(
    caller: ApiCaller,
    Id(id): Id,
    if_match: IfMatch,
    ValidJson(asked): ValidJson<UserUpdate>,
) -> Changed {
    let (app, actor) = (&caller.app, &caller.actor);
    let user = people::account(app, actor, id).await?;
    if_match.demand(user.version())?;
    let seen = if_match.is_given().then_some(&user);
    match asked.read()? {
        (Some(role), None) if role != user.role => {
            people::set_role_as_seen(app, actor, &user.username, role, seen).await?;
        }
        (None, Some(active)) if active != user.is_active => {
            people::set_active_as_seen(app, actor, &user.username, active, seen).await?;
        }
        _ => {}
    }
    Ok(Done::one(StatusCode::OK, Of::User, id))
}

impl UserUpdate {
    fn read(self) -> Result<(Option<Role>, Option<bool>)> {
        let mut errors = FieldErrors::default();
        self.rest.refuse(&mut errors);
        let role = self.role.unless_null("role", &mut errors);
        let role = role.and_then(|role| errors.take("role", role.parse::<Role>()));
        let is_active = self.is_active.unless_null("is_active", &mut errors);
        demand_none(errors)?;
        if role.is_some() && is_active.is_some() {
            return Err(Error::invalid("", "change the role or the state, one at a time"));
        }
        Ok((role, is_active))
    }
}
