//! A file between its preview and its confirmation: sealed like a value, its owner's alone, and gone after half an hour.
use super::format::{Format, LONGEST};
use super::read::{self, Defaults};
use crate::app::App;
use crate::audit::{self, Event};
use crate::crypto::seal::{self, Context, Sealed};
use crate::db::{Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::{Backend, Role, Scope, SecrecyLevel, SecretType};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::plaintext::Plaintext;
use crate::domain::rules;
use crate::environments::{self, Act};
use crate::kit::clock::Utc;
use crate::{sql, tx};
use time::Duration;

const KEPT: Duration = Duration::minutes(30);
/// A person holds this many files at most: the oldest makes room.
const MOST_HELD: usize = 4;

/// What a form or a command says of a file.
#[derive(Default)]
pub struct UploadInput {
    pub environment_id: String,
    /// Empty: guessed.
    pub format: String,
    pub secret_type: String,
    pub secrecy_level: String,
    pub file_name: String,
    pub content: Option<Plaintext>,
}

pub struct Upload {
    pub environment_id: i64,
    pub format: Option<Format>,
    pub defaults: Defaults,
    pub file_name: String,
    pub content: Plaintext,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Held {
    pub id: i64,
    pub uid: String,
    pub environment_id: i64,
    #[sqlx(try_from = "String")]
    pub format: Format,
    origin: Option<String>,
    #[sqlx(try_from = "String")]
    pub secret_type: SecretType,
    #[sqlx(try_from = "String")]
    pub secrecy_level: SecrecyLevel,
    pub row_count: i64,
    pub outcome: Option<String>,
    pub expires_at: Utc,
    pub updated_at: Utc,
}

impl Held {
    /// The backend that it was read from; `None`: it is a file.
    pub fn origin(&self) -> Option<Backend> {
        self.origin.as_deref()?.parse().ok()
    }
}

impl UploadInput {
    pub fn parse(self) -> Result<Upload> {
        let mut errors = FieldErrors::default();
        let environment_id = errors.take("environment_id", rules::id(&self.environment_id));
        let format = match self.format.as_str() {
            "" => Some(None),
            text => errors.take("format", text.parse().map(Some)),
        };
        let secret_type = errors.take("secret_type", self.secret_type.parse::<SecretType>());
        let secrecy_level = errors.take("secrecy_level", self.secrecy_level.parse::<SecrecyLevel>());
        let content = self.content.filter(|content| !content.is_empty());
        if content.is_none() {
            errors.add("file", "is missing: choose a file, or paste its text");
        }
        match (environment_id, format, secret_type, secrecy_level, content) {
            (Some(environment_id), Some(format), Some(secret_type), Some(secrecy_level), Some(content))
                if errors.is_empty() =>
            {
                let defaults = Defaults { secret_type, secrecy_level };
                Ok(Upload { environment_id, format, defaults, file_name: self.file_name, content })
            }
            _ => Err(Error::Invalid(errors)),
        }
    }
}

/// Reads the file once, so that one that cannot be read is told at once, and seals it. Gives the id of its preview.
pub async fn hold(app: &App, actor: &Actor, upload: Upload) -> Result<i64> {
    actor.demand_with(Scope::SecretsWrite, Role::Manager, "importing")?;
    let place = environments::enter(app, actor, upload.environment_id).await?;
    place.demand(actor, Act::Change, SecrecyLevel::Internal)?;
    if upload.content.len() > LONGEST {
        return Err(Error::invalid("file", "is larger than 4 MiB: divide it, and send each part"));
    }
    let text = read::text(&upload.content)?;
    let format = upload.format.unwrap_or_else(|| Format::guess(&upload.file_name, text));
    let rows = read::rows(format, text)?.len();
    let event = Event::new("import.uploaded", &place.environment.name)
        .with("format", format.as_str())
        .with("rows", rows);
    let holding = Holding {
        environment_id: upload.environment_id,
        format,
        origin: None,
        defaults: upload.defaults,
        rows,
        content: &upload.content,
    };
    keep(app, actor, &holding, &event).await
}

/// What waits for its confirmation: a file as it came, or what was read from a backend.
pub(super) struct Holding<'a> {
    pub environment_id: i64,
    pub format: Format,
    pub origin: Option<Backend>,
    pub defaults: Defaults,
    pub rows: usize,
    pub content: &'a Plaintext,
}

/// Sealed, with the event that tells where it came from.
pub(super) async fn keep(app: &App, actor: &Actor, holding: &Holding<'_>, event: &Event) -> Result<i64> {
    let uid = hex::encode(app.chance.bytes::<16>()?);
    let context = Context::Import { uid: &uid, environment_id: holding.environment_id };
    let sealed = seal::seal(&app.kms, &app.chance, &context, holding.content).await?;
    let Holding { environment_id, format, origin, defaults, rows, .. } = *holding;
    let rows = i64::try_from(rows).map_err(Error::broken)?;
    tx!(app.db, |tx| {
        let now = app.now();
        let place = environments::enter_in(tx, actor, environment_id).await?;
        let id = tx
            .insert(sql!(
                "INSERT INTO imports (uid, user_id, environment_id, format, origin, secret_type, secrecy_level, row_count, ciphertext, nonce, wrapped_key, key_id,
                   outcome, expires_at, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, ?)",
                &uid, actor.id(), place.environment.id, format.as_str(), origin.map(Backend::as_str), defaults.secret_type, defaults.secrecy_level, rows,
                sealed.ciphertext.clone(), sealed.nonce.clone(), sealed.wrapped_key.clone(), &sealed.key_id, now.plus(KEPT), now, now
            ))
            .await?;
        make_room(tx, actor).await?;
        let event = event.clone().environment(place.environment.id).with("import", id);
        audit::record(app, tx, actor, event).await?;
        Ok(id)
    })
}

async fn make_room(tx: &mut Tx, actor: &Actor) -> Result<()> {
    let mut query = sql!("SELECT id FROM imports WHERE outcome IS NULL AND user_id = ?", actor.id());
    query.push(" ORDER BY id DESC LIMIT 50", []);
    let held: Vec<(i64,)> = tx.all(query).await?;
    let mut delete = sql!("DELETE FROM imports WHERE outcome IS NULL AND user_id = ?", actor.id());
    delete.push_list(" AND id IN ", held.iter().skip(MOST_HELD).map(|row| Value::from(row.0)));
    tx.exec(delete).await.map(|_| ())
}

/// Its owner's, and behind a door that is still open; to anybody else it is not there.
pub async fn find(app: &App, actor: &Actor, id: i64) -> Result<Held> {
    actor.demand_with(Scope::SecretsWrite, Role::Manager, "importing")?;
    let query = sql!(
        "SELECT id, uid, environment_id, format, origin, secret_type, secrecy_level, row_count, outcome, expires_at, updated_at FROM imports WHERE id = ? AND user_id = ?",
        id,
        actor.id()
    );
    let held: Held = app.db.read().await?.one(query).await?;
    if held.outcome.is_none() && held.expires_at <= app.now() {
        return Err(Error::Conflict(
            "this preview is older than half an hour: nothing was imported, begin anew".into(),
        ));
    }
    Ok(held)
}

#[derive(sqlx::FromRow)]
struct SealedRow {
    ciphertext: Option<Vec<u8>>,
    nonce: Option<Vec<u8>>,
    wrapped_key: Option<Vec<u8>>,
    key_id: Option<String>,
}

pub(super) async fn open(app: &App, held: &Held) -> Result<Plaintext> {
    let query = sql!("SELECT ciphertext, nonce, wrapped_key, key_id FROM imports WHERE id = ?", held.id);
    let row: SealedRow = app.db.read().await?.one(query).await?;
    let sealed = match row {
        SealedRow {
            ciphertext: Some(ciphertext),
            nonce: Some(nonce),
            wrapped_key: Some(wrapped_key),
            key_id: Some(key_id),
        } => Sealed { ciphertext, nonce, wrapped_key, key_id },
        _ => return Err(Error::Conflict("this was imported already: nothing was done twice".into())),
    };
    let context = Context::Import { uid: &held.uid, environment_id: held.environment_id };
    seal::open(&app.kms, &context, &sealed).await
}

/// The file and its key are gone at once.
pub async fn discard(app: &App, actor: &Actor, id: i64) -> Result<()> {
    let held = find(app, actor, id).await?;
    let place = environments::enter(app, actor, held.environment_id).await?;
    tx!(app.db, |tx| {
        let gone = sql!("DELETE FROM imports WHERE id = ? AND outcome IS NULL", id);
        if tx.exec(gone).await? == 1 {
            let event = Event::new("import.discarded", &place.environment.name)
                .environment(held.environment_id)
                .with("import", id);
            audit::record(app, tx, actor, event).await?;
        }
        Ok(())
    })
}

/// Called by the worker: what nobody confirmed in time is taken away, and what was told long enough.
pub async fn sweep(app: &App) -> Result<()> {
    let now = app.now();
    let old = sql!("SELECT id FROM imports WHERE expires_at <= ? ORDER BY expires_at LIMIT 1", now);
    if app.db.read().await?.maybe::<(i64,)>(old).await?.is_none() {
        return Ok(());
    }
    tx!(app.db, |tx| {
        tx.exec(sql!("DELETE FROM imports WHERE expires_at <= ?", now)).await?;
        Ok(())
    })
}
