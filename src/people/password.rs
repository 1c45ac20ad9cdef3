//! Passwords of accounts: what is taken, what Keeper makes, and how one is set.
use super::change::{demand_in_person, target};
use super::epoch::{Whose, end_sessions};
use super::row::{User, by_username, locked};
use crate::app::App;
use crate::audit::{self, Event};
use crate::crypto::generate::Policy;
use crate::crypto::passwords::PasswordHash;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::AuthMethod;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::domain::rules::Problem;
use crate::kit::chance::Chance;
use crate::{sql, tx};
use zxcvbn::feedback::{Feedback, Warning};
use zxcvbn::{Score, zxcvbn};

/// Of a password that Keeper makes: 24 of 57 letters and digits that are not mistaken for each other, 139 bits.
const LETTERS: i64 = 24;

/// What is judged of a password. Judging takes longer than in proportion, and whose first 64 characters are easily
/// guessed has a bad password whatever follows.
const JUDGED: usize = 64;

/// What everybody expects here.
const EXPECTED: [&str; 4] = ["keeper", "secret", "secrets", "vault"];

/// A first or a new password for somebody; it is shown to whoever asked for it, once.
pub fn make_password(chance: &Chance) -> Result<Plaintext> {
    let policy = Policy::new(LETTERS, "unambiguous").map_err(|why| Error::broken(why.to_string()))?;
    policy.generate(chance)
}

/// What an account says of itself: a password made of it is the first that is tried.
pub(super) struct About<'a> {
    pub username: &'a str,
    pub display_name: &'a str,
    pub email: Option<&'a str>,
}

impl<'a> About<'a> {
    pub(super) fn of(user: &'a User) -> Self {
        let User { username, display_name, email, .. } = user;
        Self { username, display_name, email: email.as_deref() }
    }

    /// Each text as a whole and in its parts: "ada.lovelace@example.com" is expected, and so is "lovelace". Longest first.
    fn words(&self) -> Vec<String> {
        let texts = [self.username, self.display_name, self.email.unwrap_or_default()];
        let parts = texts.into_iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
        let long = |word: &&str| word.chars().count() > 2;
        let all = texts.into_iter().chain(parts).filter(long).chain(EXPECTED);
        let mut words: Vec<String> = all.map(str::to_lowercase).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words
    }
}

/// NIST SP 800-63B: no rules of composition; at least 15 characters where no second factor is asked; nothing common,
/// expected or compromised.
pub(super) fn acceptable(password: &Plaintext, about: &About) -> std::result::Result<(), Problem> {
    let text = std::str::from_utf8(password.expose()).unwrap_or_default();
    match text.chars().count() {
        15.. if password.len() <= 1024 => hard_to_guess(text, about),
        15.. => Err(Problem::new("must have at most 1024 bytes")),
        _ => Err(Problem::new("must have at least 15 characters")),
    }
}

/// Compared with lists of leaked passwords, words and names, with rows of keys, dates and repeats, and with the
/// account's own words. The bound is 10^10 guesses: whoever has stolen a hash tries some thousand a second with a good
/// deal of hardware, and needs weeks, in which it is found out and the password changed. Below it lie "P@ssw0rd123456!"
/// and "summer2026summer"; four words taken at random lie above.
fn hard_to_guess(text: &str, about: &About) -> std::result::Result<(), Problem> {
    let start: String = text.chars().take(JUDGED).collect();
    let words = about.words();
    let expected: Vec<&str> = words.iter().map(String::as_str).collect();
    let judged = zxcvbn(&start, &expected);
    // Many expected words in a row are counted as a long phrase: what stands beside them has to be good by itself.
    let rest = expected.iter().fold(start.to_lowercase(), |rest, word| rest.replace(word, ""));
    let is_expected = judged.score() == Score::Four && zxcvbn(&rest, &[]).score() < Score::Four;
    let why = match judged.feedback().and_then(Feedback::warning) {
        _ if is_expected => "beside words that are expected here there is little in it",
        Some(warning) => told(warning),
        None if judged.score() == Score::Four => return Ok(()),
        None => "it is soon put together from common words and expected ones",
    };
    Err(Problem::new(format!(
        "is too easy to guess: {why}. Take four or more words that have nothing to do with each other or with you, or let a password manager make it"
    )))
}

fn told(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => {
            "it follows the keys of a keyboard"
        }
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            "it says the same again and again"
        }
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword => "it is, or resembles, one that many people have",
        Warning::SequencesLikeAbcAreEasyToGuess => "it counts, like abc or 6543",
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => "a date is soon tried",
        Warning::AWordByItselfIsEasyToGuess => "it is one word",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Warning::CommonNamesAndSurnamesAreEasyToGuess => "names are soon tried",
    }
}

pub fn demand_acceptable(password: &Plaintext, user: &User) -> Result<()> {
    acceptable(password, &About::of(user)).map_err(|problem| Error::invalid("password", &problem.to_string()))
}

pub async fn set_password(app: &App, actor: &Actor, username: &str, password: Plaintext) -> Result<()> {
    demand_in_person(app, actor)?;
    let user = by_username(&mut app.db.read().await?, &username.trim().to_ascii_lowercase()).await?;
    let hash = hashed(app, &password, &user.ok_or(Error::NotFound)?).await?;
    tx!(app.db, |tx| {
        let user = target(tx, actor, username).await?;
        put_password(app, tx, actor, &user, &hash).await
    })
}

/// One's own. Whoever calls this has checked the former one.
pub async fn set_own_password(app: &App, actor: &Actor, user: &User, password: &Plaintext) -> Result<()> {
    let hash = hashed(app, password, user).await?;
    tx!(app.db, |tx| {
        let user = locked(tx, user.id).await?;
        put_password(app, tx, actor, &user, &hash).await
    })
}

/// Judging and hashing take their time: before the unit.
pub(super) async fn hashed(app: &App, password: &Plaintext, user: &User) -> Result<PasswordHash> {
    demand_acceptable(password, user)?;
    app.hasher.hash(password, &app.chance).await
}

async fn put_password(app: &App, tx: &mut Tx, actor: &Actor, user: &User, hash: &PasswordHash) -> Result<()> {
    if user.auth_method == AuthMethod::Saml {
        return Err(Error::Forbidden(
            "this account signs in through an identity provider and has no password here".into(),
        ));
    }
    let now = app.now();
    tx.exec(sql!(
        "UPDATE users SET password_hash = ?, auth_method = 'database', failed_count = 0, updated_at = ? WHERE id = ?",
        hash.as_str(),
        now,
        user.id
    ))
    .await?;
    end_sessions(tx, now, Whose::Of(user.id)).await?;
    audit::record(app, tx, actor, Event::new("user.password_set", &user.username)).await.map(drop)
}
