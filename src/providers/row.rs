//! Rows of `identity_providers`, with what their groups give.
use super::grants::{Door, Grant};
use super::terms::Terms;
use crate::app::App;
use crate::db::{Conn, Query, Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::sql;
use std::collections::HashMap;

/// One that an admin manages.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Provider {
    pub id: i64,
    /// How addresses name it: `/saml/login?idp=NAME`.
    pub name: String,
    /// For the button on the sign-in page.
    pub display_name: String,
    pub entity_id: String,
    /// Empty: the metadata were given as a text.
    pub metadata_url: String,
    /// The last good copy.
    pub metadata: String,
    #[sqlx(flatten)]
    pub terms: Terms,
    pub is_active: bool,
    /// Rises with the metadata.
    pub serial: i64,
    pub fetched_at: Option<Utc>,
    pub fetch_error: String,
    pub row_version: i64,
    pub created_at: Utc,
    pub updated_at: Utc,
}

pub(super) fn select() -> Query {
    sql!(
        "SELECT id, name, display_name, entity_id, metadata_url, metadata, groups_attribute, email_attribute, name_attribute, makes_accounts,
           signs_requests, asks_again, allows_unasked, wants_encrypted, clock_skew, is_active, serial, fetched_at, fetch_error, row_version, created_at, updated_at
         FROM identity_providers WHERE 1 = 1"
    )
}

/// All of them, by name.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Provider>> {
    demand_to_see(actor)?;
    let mut query = select();
    query.push(" ORDER BY name", []);
    app.db.read().await?.all(query).await
}

pub async fn find(app: &App, actor: &Actor, id: i64) -> Result<Provider> {
    demand_to_see(actor)?;
    one(&mut app.db.read().await?, id).await?.ok_or(Error::NotFound)
}

fn demand_to_see(actor: &Actor) -> Result<()> {
    actor.demand(Role::Admin, "looking at identity providers")
}

pub(super) async fn one(conn: &mut Conn, id: i64) -> Result<Option<Provider>> {
    let mut query = select();
    query.push(" AND id = ?", [Value::from(id)]);
    conn.maybe(query).await
}

/// Held until the unit ends.
pub(super) async fn locked(tx: &mut Tx, id: i64) -> Result<Provider> {
    let mut query = select();
    query.push(" AND id = ? {lock}", [Value::from(id)]);
    tx.one(query).await
}

#[derive(sqlx::FromRow)]
struct GrantRow {
    id: i64,
    group_name: String,
    role: Option<String>,
}

/// What the groups of one provider give, in the order in which somebody wrote them.
pub async fn grants_of(app: &App, provider_id: i64) -> Result<Vec<Grant>> {
    grants_in(&mut app.db.read().await?, provider_id).await
}

pub(super) async fn grants_in(conn: &mut Conn, provider_id: i64) -> Result<Vec<Grant>> {
    let query = sql!(
        "SELECT id, group_name, role FROM identity_provider_groups WHERE identity_provider_id = ? ORDER BY position",
        provider_id
    );
    let rows: Vec<GrantRow> = conn.all(query).await?;
    let query = sql!(
        "SELECT d.group_id, d.environment_id, e.name FROM identity_provider_doors d
         JOIN identity_provider_groups g ON g.id = d.group_id JOIN environments e ON e.id = d.environment_id
         WHERE g.identity_provider_id = ? ORDER BY e.name",
        provider_id
    );
    let mut doors: HashMap<i64, Vec<Door>> = HashMap::new();
    for (group_id, environment_id, name) in conn.all::<(i64, i64, String)>(query).await? {
        doors.entry(group_id).or_default().push(Door { environment_id, name });
    }
    let grant = |row: GrantRow| {
        let role = row
            .role
            .map(|role| role.parse::<Role>())
            .transpose()
            .map_err(|e| Error::broken(e.to_string()))?;
        Ok(Grant { doors: doors.remove(&row.id).unwrap_or_default(), group: row.group_name, role })
    };
    rows.into_iter().map(grant).collect()
}
