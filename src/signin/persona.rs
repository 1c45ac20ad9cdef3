//! One-click demo personas: development mode on loopback alone (the settings refuse anything else).
use crate::app::App;
use crate::domain::error::{Error, Result};
use crate::people::{self, User};

pub struct Persona {
    pub username: &'static str,
    pub about: &'static str,
}

const PERSONAS: [Persona; 3] = [
    Persona { username: "demo-user", about: "reads and rotates outside production" },
    Persona { username: "demo-manager", about: "works in production too" },
    Persona { username: "demo-admin", about: "everything, users and environments too" },
];

/// Those that exist here; none unless demo sign-in is on.
pub async fn personas(app: &App) -> Result<Vec<&'static Persona>> {
    let mut found = Vec::new();
    if app.settings.demo {
        let mut conn = app.db.read().await?;
        for persona in &PERSONAS {
            if people::by_username(&mut conn, persona.username).await?.is_some_and(|user| user.is_active) {
                found.push(persona);
            }
        }
    }
    Ok(found)
}

pub async fn sign_in_as(app: &App, username: &str) -> Result<User> {
    app.keys()?;
    if !app.settings.demo || !PERSONAS.iter().any(|persona| persona.username == username) {
        return Err(Error::Forbidden("demo sign-in is off".into()));
    }
    let user = people::by_username(&mut app.db.read().await?, username).await?.filter(|user| user.is_active);
    user.ok_or_else(|| Error::Forbidden("this persona does not exist: run `keeper seed-demo`".into()))
}
