//! Recovery codes: ten, each good once. Only keyed digests are kept, so that a stolen database is nothing to try codes against.
use super::row::{has_second_factor, locked};
use super::set::demand;
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::clock::Utc;
use crate::people::User;
use crate::{sql, tx, values};

const HOW_MANY: usize = 10;
/// Three groups of four, 60 bits.
const LETTERS: usize = 12;
/// Digits and letters without I, L, O and U (Crockford's base32), which are read as others.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// New ones for old: whoever has lost the list, or used most of it.
pub async fn make_recovery_codes(app: &App, actor: &Actor, user: &User) -> Result<Vec<Plaintext>> {
    demand(app, actor, user)?;
    if !has_second_factor(app, user).await? {
        return Err(none());
    }
    let codes = fresh(app)?;
    let digests = digests(app, user.id, &codes)?;
    tx!(app.db, |tx| {
        // Held, so that of two clicks one list counts, and none without a factor.
        if locked(tx, user.id, "active").await?.is_none() {
            return Err(none());
        }
        put_codes(tx, app.now(), user.id, &digests).await?;
        audit::record(app, tx, actor, Event::new("user.recovery_codes_made", &user.username)).await.map(drop)
    })?;
    Ok(codes)
}

fn none() -> Error {
    Error::Conflict("there is no second factor: set one up first".into())
}

/// As they are shown: `7KQ2-M4ZD-0XRB`.
pub(super) fn fresh(app: &App) -> Result<Vec<Plaintext>> {
    let code = || {
        let bytes: [u8; LETTERS] = app.chance.bytes()?;
        let mut text = Vec::with_capacity(LETTERS + 2);
        for (at, byte) in bytes.into_iter().enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push(b'-');
            }
            text.push(ALPHABET[usize::from(byte % 32)]);
        }
        Ok(Plaintext::new(text))
    };
    (0..HOW_MANY).map(|_| code()).collect()
}

pub(super) fn digests(app: &App, user_id: i64, codes: &[Plaintext]) -> Result<Vec<Vec<u8>>> {
    codes.iter().map(|code| digest(app, user_id, code)).collect()
}

/// However it was typed: small letters, blanks, and what looks like another letter.
pub(super) fn digest(app: &App, user_id: i64, code: &Plaintext) -> Result<Vec<u8>> {
    let mut text = format!("recovery code of {user_id}\n").into_bytes();
    text.extend(code.expose().iter().filter_map(|byte| match byte.to_ascii_uppercase() {
        b'-' | b' ' => None,
        b'O' => Some(b'0'),
        b'I' | b'L' => Some(b'1'),
        byte => Some(byte),
    }));
    Ok(app.keys()?.digest(&Plaintext::new(text)).as_bytes().to_vec())
}

/// In place of all former ones.
pub(super) async fn put_codes(tx: &mut Tx, now: Utc, user_id: i64, digests: &[Vec<u8>]) -> Result<()> {
    tx.exec(sql!("DELETE FROM recovery_codes WHERE user_id = ?", user_id)).await?;
    let insert =
        sql!("INSERT INTO recovery_codes (user_id, digest, created_at, updated_at) VALUES (?, ?, ?, ?)");
    let rows = digests.iter().map(|digest| values![user_id, digest.clone(), now, now]).collect();
    tx.insert_all(insert, rows).await
}
