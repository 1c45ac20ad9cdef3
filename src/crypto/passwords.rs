//! Passwords of people: argon2id (m = 19 MiB, t = 2, p = 1, as OWASP advises); imported bcrypt hashes verify and ask to
//! be replaced. Hashes are bounded: at most one a core and two in all, with a short queue before them.
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::chance::Chance;
use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

/// Longer passwords are refused, never cut.
const LONGEST: usize = 1024;
/// How many may wait for a hash; whoever comes after them is told to come again.
const QUEUE: usize = 16;

const BCRYPT: [&str; 3] = ["$2a$", "$2b$", "$2y$"];
const MOST_COST: u32 = 15;
/// In KiB.
const MOST_MEMORY: u32 = 262_144;
const UNKNOWN_HASH: &str =
    "must be a bcrypt hash ($2a$, $2b$, $2y$) or an argon2id hash in PHC form ($argon2id$v=19$…)";

/// A PHC or bcrypt string. Not printed by accident: whoever has it can try passwords against it.
pub struct PasswordHash(String);

impl PasswordHash {
    pub fn stored(hash: String) -> Self {
        Self(hash)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// One that another program made and that `verify` understands. Not dearer than this: each sign-in with it would hold up
    /// those of all others. The reason why not never holds the hash.
    pub fn imported(text: &str) -> std::result::Result<Self, &'static str> {
        let text = text.trim();
        if BCRYPT.iter().any(|prefix| text.starts_with(prefix)) {
            let parts: bcrypt::HashParts =
                text.parse().map_err(|_| "is not a whole bcrypt hash of 60 characters")?;
            return if (4..=MOST_COST).contains(&parts.get_cost()) {
                Ok(Self(text.to_owned()))
            } else {
                Err("is a bcrypt hash with a cost outside 4 to 15")
            };
        }
        let hash = Phc::new(text).map_err(|_| UNKNOWN_HASH)?;
        if hash.algorithm.as_str() != "argon2id"
            || hash.salt.is_none()
            || hash.hash.is_none()
            || text.len() > 255
        {
            return Err(UNKNOWN_HASH);
        }
        let params = Params::try_from(&hash).map_err(|_| UNKNOWN_HASH)?;
        if params.m_cost() > MOST_MEMORY || params.t_cost() > 16 || params.p_cost() > 16 {
            return Err("is an argon2id hash that costs more than m=262144, t=16, p=16");
        }
        Ok(Self(text.to_owned()))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// `upgrade`: the stored hash is not argon2id and should be replaced.
    Right {
        upgrade: bool,
    },
    Wrong,
}

/// The queue of hashes is full.
#[derive(Debug)]
pub struct Busy;

pub struct Hasher {
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// Verified for names that do not exist, so that the answer takes as long.
    dummy: String,
}

impl Hasher {
    pub fn new(chance: &Chance) -> Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let dummy = hash(b"nobody has this password", &chance.bytes()?)?;
        Ok(Self { turns: Arc::new(Semaphore::new(cores.min(2))), waiting: AtomicUsize::new(0), dummy })
    }

    pub async fn hash(&self, password: &Plaintext, chance: &Chance) -> Result<PasswordHash> {
        if password.len() > LONGEST {
            return Err(Error::invalid("password", "must have at most 1024 bytes"));
        }
        let (password, salt) = (password.duplicate(), chance.bytes::<16>()?);
        let hashed = self.in_turn(move || hash(password.expose(), &salt)).await;
        hashed
            .map_err(|Busy| Error::unavailable("too many sign-ins at once: try again in a moment"))?
            .map(PasswordHash)
    }

    pub async fn verify(
        &self,
        password: &Plaintext,
        stored: &PasswordHash,
    ) -> std::result::Result<Verdict, Busy> {
        let (password, stored) = (password.duplicate(), stored.0.clone());
        self.in_turn(move || verify(&password, &stored)).await
    }

    /// As long as a real one, and always wrong.
    pub async fn verify_dummy(&self, password: &Plaintext) -> std::result::Result<Verdict, Busy> {
        let (password, stored) = (password.duplicate(), self.dummy.clone());
        self.in_turn(move || verify(&password, &stored)).await.map(|_| Verdict::Wrong)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> std::result::Result<T, Busy> {
        let _place = Place::take(&self.waiting)?;
        let _turn = self.turns.clone().acquire_owned().await.map_err(|_| Busy)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Busy)
    }
}

/// A place in the queue, given back however the work ends.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> std::result::Result<Self, Busy> {
        let place = Self(waiting);
        if waiting.fetch_add(1, Ordering::SeqCst) < QUEUE { Ok(place) } else { Err(Busy) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn hash(password: &[u8], salt: &[u8; 16]) -> Result<String> {
    let params = Params::new(19_456, 2, 1, None).map_err(|e| Error::broken(e.to_string()))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2
        .hash_password_with_salt(password, salt)
        .map(|hash| hash.to_string())
        .map_err(|e| Error::broken(e.to_string()))
}

fn verify(password: &Plaintext, stored: &str) -> Verdict {
    if password.len() > LONGEST {
        return Verdict::Wrong;
    }
    if BCRYPT.iter().any(|prefix| stored.starts_with(prefix)) {
        // bcrypt reads 72 bytes: more was never part of such a hash, and is not silently cut here.
        let right = password.len() <= 72 && bcrypt::verify(password.expose(), stored).unwrap_or(false);
        return if right { Verdict::Right { upgrade: true } } else { Verdict::Wrong };
    }
    let parsed = Phc::new(stored);
    let right = parsed.is_ok_and(|hash| Argon2::default().verify_password(password.expose(), &hash).is_ok());
    if right { Verdict::Right { upgrade: false } } else { Verdict::Wrong }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Plaintext {
        Plaintext::from(text.to_owned())
    }

    #[tokio::test] // S05 S39
    async fn two_equal_passwords_have_different_hashes_and_both_verify() {
        let (hasher, chance) = (Hasher::new(&Chance::System).unwrap(), Chance::System);
        let (one, two) = (
            hasher.hash(&password("correct horse"), &chance).await.unwrap(),
            hasher.hash(&password("correct horse"), &chance).await.unwrap(),
        );
        assert_ne!(one.as_str(), two.as_str());
        assert!(one.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        for hash in [&one, &two] {
            assert_eq!(
                hasher.verify(&password("correct horse"), hash).await.unwrap(),
                Verdict::Right { upgrade: false }
            );
            assert_eq!(hasher.verify(&password("wrong horse"), hash).await.unwrap(), Verdict::Wrong);
        }
        assert!(hasher.hash(&password(&"x".repeat(1025)), &chance).await.is_err());
    }

    #[tokio::test] // S05 S39
    async fn an_imported_bcrypt_hash_verifies_and_asks_to_be_replaced() {
        let hasher = Hasher::new(&Chance::System).unwrap();
        let stored = PasswordHash::stored(bcrypt::hash("correct horse", 4).unwrap());
        assert_eq!(
            hasher.verify(&password("correct horse"), &stored).await.unwrap(),
            Verdict::Right { upgrade: true }
        );
        assert_eq!(hasher.verify(&password("wrong"), &stored).await.unwrap(), Verdict::Wrong);
        for broken in ["", "$2b$", "$argon2id$", "plain"] {
            assert_eq!(
                hasher.verify(&password("x"), &PasswordHash::stored(broken.into())).await.unwrap(),
                Verdict::Wrong
            );
        }
    }

    #[test] // S39
    fn what_comes_with_an_import_is_looked_at_and_never_repeated() {
        let argon2id = hash(b"correct horse", &[7; 16]).unwrap();
        let bcrypt = bcrypt::hash("correct horse", 4).unwrap();
        for good in [&argon2id, &bcrypt, &bcrypt.replace("$2b$", "$2a$"), &bcrypt.replace("$2b$", "$2y$")] {
            assert_eq!(PasswordHash::imported(good).ok().unwrap().as_str(), good);
        }
        for bad in [
            "",
            "correct horse",
            "5f4dcc3b5aa765d61d8327deb882cf99",
            &bcrypt[..59],
            &bcrypt.replace("$2b$", "$2x$"),
            &bcrypt.replace("$04$", "$31$"),
            &bcrypt.replace("$04$", "$xx$"),
            &argon2id.replace("argon2id", "argon2i"),
            &argon2id.replace("m=19456", "m=4000000"),
            &argon2id.replace("t=2", "t=4000000"),
            "$argon2id$v=19$m=19456,t=2,p=1",
        ] {
            let why = PasswordHash::imported(bad).err().unwrap_or_else(|| panic!("{bad} was taken"));
            assert!(!why.contains("correct") && !why.contains("5f4d"), "{why}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_full_queue_turns_the_next_away() {
        let hasher = Arc::new(Hasher::new(&Chance::System).unwrap());
        let tries: Vec<_> = (0..40)
            .map(|_| {
                let hasher = hasher.clone();
                tokio::spawn(async move { hasher.verify_dummy(&password("x")).await.is_err() })
            })
            .collect();
        let mut busy = 0;
        for one in tries {
            busy += usize::from(one.await.unwrap());
        }
        assert!(busy > 0 && busy < 40, "{busy} of 40 were turned away");
    }
}
