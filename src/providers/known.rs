//! An identity provider as sign-in needs it, whether configured or an admin's: whose word it is, how its answers are read, and
//! what they open.
use super::configured;
use super::grants::{self, Grant};
use super::read;
use super::row::{self, Provider};
use super::terms::Terms;
use crate::app::App;
use crate::db::{Conn, Tx, Value};
use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::remote::saml::IdentityProvider;
use crate::sql;
use std::collections::BTreeSet;
use std::sync::Arc;
use time::Duration;

pub struct Known {
    /// `None`: the one that is configured.
    pub id: Option<i64>,
    pub display_name: String,
    pub idp: Arc<IdentityProvider>,
    pub terms: Terms,
    grants: Vec<Grant>,
}

impl Known {
    /// How far its clock may be from ours.
    pub fn skew(&self) -> Duration {
        Duration::seconds(self.terms.clock_skew)
    }

    pub fn role_of<'a>(&self, groups: impl Iterator<Item = &'a str>) -> Option<Role> {
        grants::role_of(&self.grants, groups)
    }

    pub fn doors_of<'a>(&self, groups: impl Iterator<Item = &'a str>) -> BTreeSet<i64> {
        grants::doors_of(&self.grants, groups)
    }

    /// The same by their names.
    pub fn door_names<'a>(&self, groups: impl Iterator<Item = &'a str>) -> Vec<String> {
        let ids = self.doors_of(groups);
        let mut names: Vec<&str> = self
            .grants
            .iter()
            .flat_map(|g| &g.doors)
            .filter(|door| ids.contains(&door.environment_id))
            .map(|door| door.name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(str::to_owned).collect()
    }

    /// Where somebody mends what a sign-in was refused for.
    pub fn place(&self, setting: &str, variable: &str) -> String {
        if self.id.is_some() {
            format!("“{setting}” in Keeper’s settings for this provider")
        } else {
            variable.to_owned()
        }
    }
}

/// A button on the sign-in page.
#[derive(sqlx::FromRow)]
pub struct Shown {
    pub name: String,
    pub display_name: String,
    pub makes_accounts: bool,
}

/// Those that people may sign in through. Asked by everybody who comes to the sign-in page: no document is read for it.
pub async fn shown(app: &App) -> Result<Vec<Shown>> {
    let mut all = Vec::new();
    if app.settings.saml.metadata.is_some() {
        // Its metadata may not be there yet: then the button's page says so.
        let known = app.identity_provider();
        let display_name = known.map_or("single sign-on".to_owned(), |(idp, _)| idp.display_name.clone());
        let makes_accounts = app.settings.saml.jit;
        all.push(Shown { name: configured::NAME.to_owned(), display_name, makes_accounts });
    }
    let query = sql!(
        "SELECT name, display_name, makes_accounts FROM identity_providers WHERE is_active = ? ORDER BY display_name, id",
        true
    );
    all.extend(app.db.read().await?.all::<Shown>(query).await?);
    Ok(all)
}

/// Whether each provider that is in use gets signed requests.
pub async fn all_see_signatures(app: &App) -> Result<bool> {
    let query = sql!(
        "SELECT COUNT(*) FROM identity_providers WHERE is_active = ? AND signs_requests = ?",
        true,
        false
    );
    Ok(app.db.read().await?.number(query).await? == 0)
}

/// By the name that an address gave. No name: the only one there is.
pub async fn by_name(app: &App, name: &str) -> Result<Known> {
    let name = match name {
        "" => match shown(app).await?.as_slice() {
            [] => return Err(Error::NotFound),
            [one, ..] => one.name.clone(),
        },
        name => name.to_owned(),
    };
    if name == configured::NAME {
        return configured(app);
    }
    // PostgreSQL takes none in a text.
    if name.contains('\0') {
        return Err(Error::NotFound);
    }
    let mut query = row::select();
    query.push(" AND name = ?", [Value::from(&name)]);
    managed(app, query).await
}

/// The one that a request was sent to.
pub async fn by_id(app: &App, id: Option<i64>) -> Result<Known> {
    let Some(id) = id else { return configured(app) };
    let mut query = row::select();
    query.push(" AND id = ?", [Value::from(id)]);
    managed(app, query).await
}

/// The one that a message says it comes from; what the message says is proved afterwards, by this one's keys.
pub async fn by_entity_id(app: &App, entity_id: &str) -> Result<Known> {
    if let Ok(known) = configured(app)
        && known.idp.entity_id == entity_id
    {
        return Ok(known);
    }
    let mut query = row::select();
    query.push(" AND entity_id = ?", [Value::from(entity_id)]);
    let known = managed(app, query).await?;
    // MySQL's collations ignore blanks at the end of a text.
    if known.idp.entity_id == entity_id { Ok(known) } else { Err(Error::NotFound) }
}

fn configured(app: &App) -> Result<Known> {
    let saml = &app.settings.saml;
    if saml.metadata.is_none() {
        return Err(Error::NotFound);
    }
    let idp = app.identity_provider().map(|(idp, _)| idp);
    let idp = usable(app, idp)?;
    let grants = saml.group_map.iter();
    let grants =
        grants.map(|(group, role)| Grant { group: group.clone(), role: Some(*role), doors: Vec::new() });
    Ok(Known {
        id: None,
        display_name: idp.display_name.clone(),
        idp,
        terms: Terms {
            groups_attribute: saml.groups_attribute.clone(),
            email_attribute: saml.email_attribute.clone(),
            name_attribute: "displayName".to_owned(),
            makes_accounts: saml.jit,
            signs_requests: true,
            asks_again: false,
            allows_unasked: false,
            wants_encrypted: false,
            clock_skew: saml.clock_skew.whole_seconds(),
        },
        grants: grants.collect(),
    })
}

async fn managed(app: &App, query: crate::db::Query) -> Result<Known> {
    let mut conn = app.db.read().await?;
    let row = conn.maybe::<Provider>(query).await?.filter(|row| row.is_active).ok_or(Error::NotFound)?;
    known(app, &mut conn, row).await
}

/// Whether it is believed at this moment, held until the unit ends. `Forbidden`: it is not.
pub async fn demand_active(tx: &mut Tx, id: Option<i64>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    let found = tx
        .maybe::<(i64,)>(sql!(
            "SELECT id FROM identity_providers WHERE id = ? AND is_active = ? {lock}",
            id,
            true
        ))
        .await?;
    found.map(drop).ok_or_else(|| Error::Forbidden("the identity provider was switched off meanwhile".into()))
}

async fn known(app: &App, conn: &mut Conn, row: Provider) -> Result<Known> {
    // Of two with one entity id, which a configuration that came later makes possible, the configured one counts.
    if app.identity_provider().is_some_and(|(idp, _)| idp.entity_id == row.entity_id) {
        return Err(Error::NotFound);
    }
    let idp = usable(app, Some(metadata_of(app, &row)?))?;
    Ok(Known {
        id: Some(row.id),
        display_name: row.display_name,
        idp,
        terms: row.terms,
        grants: row::grants_in(conn, row.id).await?,
    })
}

/// Read once for as long as they do not change.
pub fn metadata_of(app: &App, row: &Provider) -> Result<Arc<IdentityProvider>> {
    if let Some(idp) = app.memo.get::<IdentityProvider>(row.id, row.serial) {
        return Ok(idp);
    }
    let idp =
        read::parse(app, &row.metadata).map_err(|fault| Error::unavailable(format!("{AWAY}: {fault}")))?;
    let idp = Arc::new(idp);
    app.memo.put(row.id, row.serial, &idp);
    Ok(idp)
}

const AWAY: &str =
    "single sign-on is not available: the identity provider's metadata could not be read, or have expired";

fn usable(app: &App, idp: Option<Arc<IdentityProvider>>) -> Result<Arc<IdentityProvider>> {
    idp.filter(|idp| !idp.has_expired(app.now())).ok_or_else(|| Error::unavailable(AWAY))
}
