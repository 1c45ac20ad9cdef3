//! Where a command finds what it works with: here, in this machine's database, or far, at the API of another Keeper. What a command
//! makes of it is the same.
mod far;
mod pieces;
mod server;

pub use pieces::Pieces;
pub use server::Server;

use super::exit::{Exit, Stop};
use super::{harden, open};
use crate::app::Shared;
use crate::config::Overrides;
use crate::domain::plaintext::Plaintext;
use crate::environments;
use crate::kit::page::Cursor;
use crate::remote::keeper::Keeper;
use crate::secrets::{self, Filter};

/// How many secrets are listed at once.
const PAGE: u32 = 500;
/// How many values are asked for at the same time, of a Keeper that is far.
const HANDS: usize = 4;

pub enum Source {
    Here(Shared),
    Far(Box<Keeper>),
}

/// An environment.
pub struct Home {
    pub id: i64,
    pub name: String,
    pub display_name: String,
}

/// A secret, as far as which it is.
pub struct Named {
    pub id: i64,
    pub name: String,
    pub is_active: bool,
}

impl Source {
    /// Nothing of this machine is opened when the Keeper is far: no database, no key; of the settings the names alone are looked at.
    pub async fn open(overrides: &Overrides, server: &Server) -> Result<Self, Stop> {
        harden::keep_private();
        match server.keeper(overrides)? {
            Some(keeper) => Ok(Self::Far(Box::new(keeper))),
            None => Ok(Self::Here(open::app(overrides).await?)),
        }
    }

    /// Those that are open.
    pub async fn homes(&self) -> Result<Vec<Home>, Stop> {
        match self {
            Self::Here(app) => {
                let places = environments::visible(app, &open::operator()).await?;
                let home = |place: environments::Place| {
                    let it = place.environment;
                    Home { id: it.id, name: it.name, display_name: it.display_name }
                };
                Ok(places.into_iter().map(home).collect())
            }
            Self::Far(keeper) => far::homes(keeper).await,
        }
    }

    pub async fn home(&self, name: &str) -> Result<Home, Stop> {
        let mut homes = self.homes().await?;
        let names: Vec<&str> = homes.iter().map(|home| home.name.as_str()).collect();
        let index = index(&names, name)?;
        Ok(homes.swap_remove(index))
    }

    /// The secrets of an environment that are switched on, in the order of their names.
    pub async fn active(&self, home: &Home) -> Result<Vec<Named>, Stop> {
        let app = match self {
            Self::Here(app) => app,
            Self::Far(keeper) => return far::every(keeper, home, "true").await,
        };
        let mut filter = Filter { environments: vec![home.id], limit: PAGE, ..Filter::default() };
        let mut all = Vec::new();
        loop {
            let page = secrets::list(app, &filter).await?;
            all.extend(page.items.into_iter().map(Named::of));
            let Some(next) = page.next else { return Ok(all) };
            filter.cursor = Cursor::After(next);
        }
    }

    /// Those of these names, switched on or off, in the order of their names.
    pub async fn named(&self, home: &Home, names: &[String]) -> Result<Vec<Named>, Stop> {
        let mut found = match self {
            Self::Here(app) => {
                let wanted: Vec<&str> = names.iter().map(String::as_str).collect();
                let found = secrets::named(&mut app.db.read().await?, home.id, &wanted, false).await?;
                found.into_iter().map(Named::of).collect()
            }
            Self::Far(keeper) => far::named(keeper, home, names).await?,
        };
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// Each is an event in the audit log, stored before the value leaves.
    pub async fn reveal(&self, id: i64, reason: &str) -> Result<Plaintext, Stop> {
        match self {
            Self::Here(app) => Ok(secrets::reveal(app, &open::operator(), id, None, reason).await?.value),
            Self::Far(keeper) => Ok(keeper.reveal(id, reason).await?),
        }
    }

    /// How much is asked for at the same time: here the database is no further than the next line.
    pub fn hands(&self) -> usize {
        match self {
            Self::Here(_) => 1,
            Self::Far(_) => HANDS,
        }
    }

    pub async fn close(&self) {
        if let Self::Here(app) = self {
            app.db.close().await;
        }
    }
}

impl Named {
    fn of(secret: secrets::Secret) -> Self {
        Self { id: secret.id, name: secret.name, is_active: secret.is_active }
    }
}

/// Which of these environments has the name that somebody typed.
pub fn index(names: &[&str], typed: &str) -> Result<usize, Stop> {
    let typed = typed.trim().to_ascii_lowercase();
    names.iter().position(|name| *name == typed).ok_or_else(|| {
        let known = if names.is_empty() {
            "there is none yet".to_owned()
        } else {
            format!("there are {}", names.join(", "))
        };
        Stop(Exit::Usage, format!("--environment: there is no environment {typed:?}; {known}"))
    })
}
