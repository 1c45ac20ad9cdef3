//! Accounts of people, for admins.
use super::body::{ValidJson, ValidQuery};
use super::caller::{ApiCaller, Id};
use super::done::{Changed, Done, Of};
use super::error::demand_none;
use super::field::{Field, Unknown};
use super::list::{After, Answer, list};
use super::words;
use crate::domain::enums::{AuthMethod, Role};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::plaintext::Plaintext;
use crate::kit::clock::Utc;
use crate::people::{self, NewUser};
use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An account.
#[derive(Serialize, ToSchema)]
pub struct User {
    #[schema(example = 5)]
    pub id: i64,
    #[schema(example = "ada")]
    pub username: String,
    pub email: Option<String>,
    #[schema(example = "Ada Lovelace")]
    pub display_name: String,
    #[schema(schema_with = words::auth_method)]
    pub auth_method: AuthMethod,
    #[schema(schema_with = words::role)]
    pub role: Role,
    pub is_active: bool,
    /// Signs in by password even where only single sign-on is open.
    pub is_break_glass: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_login_at: Option<Utc>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Utc,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Utc,
}

/// A new account that signs in by password.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"username": "ada", "role": "user", "password": "correct horse battery staple"}))]
pub struct UserCreate {
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 255)]
    username: Field<String>,
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
    /// Absent: the account opens to nobody until an admin sets one. A service account’s token cannot set it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password, write_only)]
    password: Field<Plaintext>,
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
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
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

pub async fn index(caller: ApiCaller, ValidQuery(query): ValidQuery<After>) -> Answer {
    let page = people::accounts(&caller.app, &caller.actor, &query.cursor(), query.limit()).await?;
    list(page, User::of)
}

pub async fn show(caller: ApiCaller, Id(id): Id) -> Answer {
    show_one(&caller, id).await
}

pub async fn show_one(caller: &ApiCaller, id: i64) -> Answer {
    let user = people::account(&caller.app, &caller.actor, id).await?;
    Ok(Json(User::of(user)).into_response())
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
        demand_none(errors)?;
        NewUser::parse(&username, &email, &display_name, &role, password)
    }
}

pub async fn change(caller: ApiCaller, Id(id): Id, ValidJson(asked): ValidJson<UserUpdate>) -> Changed {
    let (app, actor) = (&caller.app, &caller.actor);
    let user = people::account(app, actor, id).await?;
    match asked.read()? {
        (Some(role), None) if role != user.role => people::set_role(app, actor, &user.username, role).await?,
        (None, Some(active)) if active != user.is_active => {
            people::set_active(app, actor, &user.username, active).await?;
        }
        _ => {}
    }
    Ok(Done::one(StatusCode::OK, Of::User, id))
}

impl UserUpdate {
    fn read(self) -> Result<(Option<Role>, Option<bool>)> {
        let mut errors = FieldErrors::default();
        self.rest.refuse(&mut errors);
        let role = self.role.given("role", &mut errors);
        let role = role.and_then(|role| errors.take("role", role.parse::<Role>()));
        let is_active = self.is_active.given("is_active", &mut errors);
        demand_none(errors)?;
        if role.is_some() && is_active.is_some() {
            return Err(Error::invalid("", "change the role or the state, one at a time"));
        }
        Ok((role, is_active))
    }
}
