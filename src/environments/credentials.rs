//! An environment's credentials for its backends: sealed like a value, one row each, never shown again.
use crate::app::App;
use crate::crypto::seal::{self, Context, Sealed};
use crate::db::Tx;
use crate::domain::enums::Backend;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::clock::Utc;
use crate::sql;

/// What a client signs in with.
pub enum Credentials {
    Aws { access_key_id: Plaintext, secret_access_key: Plaintext },
    Vault { token: Plaintext },
}

#[derive(sqlx::FromRow)]
struct Row {
    serial: i64,
    #[sqlx(flatten)]
    sealed: Sealed,
}

/// Sealed before the transaction, under a serial of its own, so that an older row put back does not open.
pub(super) struct SealedCredentials {
    backend: Backend,
    serial: i64,
    sealed: Sealed,
}

pub(super) async fn seal(
    app: &App,
    environment: &str,
    credentials: &Credentials,
) -> Result<SealedCredentials> {
    let (backend, text) = match credentials {
        Credentials::Vault { token } => (Backend::Vault, token.duplicate()),
        // The id of an access key never holds a line break, so the first one ends it.
        Credentials::Aws { access_key_id, secret_access_key } => (
            Backend::Aws,
            Plaintext::new([access_key_id.expose(), b"\n", secret_access_key.expose()].concat()),
        ),
    };
    let serial = i64::from(u32::from_le_bytes(app.chance.bytes()?));
    let sealed = seal::seal(&app.kms, &app.chance, &context(environment, backend, serial), &text).await?;
    Ok(SealedCredentials { backend, serial, sealed })
}

fn context(environment: &str, backend: Backend, serial: i64) -> Context<'_> {
    Context::Backend { environment, backend, serial }
}

pub(super) async fn store(tx: &mut Tx, now: Utc, environment_id: i64, new: &SealedCredentials) -> Result<()> {
    let (backend, sealed) = (new.backend, &new.sealed);
    tx.exec(sql!(
        "DELETE FROM backend_credentials WHERE environment_id = ? AND backend = ?",
        environment_id,
        backend
    ))
    .await?;
    tx.insert(sql!(
        "INSERT INTO backend_credentials (environment_id, backend, serial, ciphertext, nonce, wrapped_key, key_id, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        environment_id, backend, new.serial, sealed.ciphertext.clone(), sealed.nonce.clone(), sealed.wrapped_key.clone(), &sealed.key_id, now, now
    ))
    .await?;
    Ok(())
}

/// The stored credentials of one backend; `None` means the client's own default chain.
pub async fn open(
    app: &App,
    environment_id: i64,
    environment: &str,
    backend: Backend,
) -> Result<Option<Credentials>> {
    let query = sql!(
        "SELECT serial, ciphertext, nonce, wrapped_key, key_id FROM backend_credentials WHERE environment_id = ? AND backend = ?",
        environment_id,
        backend
    );
    let Some(row) = app.db.read().await?.maybe::<Row>(query).await? else { return Ok(None) };
    let text = seal::open(&app.kms, &context(environment, backend, row.serial), &row.sealed).await?;
    Ok(Some(match backend {
        Backend::Vault => Credentials::Vault { token: text },
        Backend::Aws => {
            let split = text
                .expose()
                .iter()
                .position(|b| *b == b'\n')
                .ok_or_else(|| Error::broken("stored AWS credentials have no secret part"))?;
            let (id, key) = text.expose().split_at(split);
            Credentials::Aws {
                access_key_id: Plaintext::new(id.to_vec()),
                secret_access_key: Plaintext::new(key[1..].to_vec()),
            }
        }
    }))
}
