//! What search finds: the folded words of a secret, one row each, so that a prefix is a range in an index.
use super::input::EditSecret;
use crate::db::{Query, Tx, Value};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::sql;
use std::collections::BTreeSet;

const LONGEST: usize = 64;
const MOST: usize = 64;

/// `Stripe live-key` is `stripe`, `live`, `key`; a whole name and a whole tag are terms too.
fn terms(name: &str, fields: &EditSecret) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    let mut texts = vec![name.to_owned(), fields.display_name.clone(), fields.service_name.clone()];
    texts.extend(fields.tags.iter().map(|(key, value)| format!("{key}={value}")));
    for text in texts {
        let text = text.to_lowercase();
        terms.extend(words(&text).map(cut));
        terms.insert(cut(&text));
    }
    terms.remove("");
    terms.into_iter().take(MOST).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

pub(super) async fn replace(
    tx: &mut Tx,
    now: Utc,
    secret_id: i64,
    environment_id: i64,
    name: &str,
    fields: &EditSecret,
) -> Result<()> {
    tx.exec(sql!("DELETE FROM secret_terms WHERE secret_id = ?", secret_id)).await?;
    for term in terms(name, fields) {
        tx.insert(sql!(
            "INSERT INTO secret_terms (secret_id, environment_id, term, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
            secret_id, environment_id, term, now, now
        ))
        .await?;
    }
    Ok(())
}

/// Each word that was typed must begin a term of the secret.
pub(super) fn restrict(query: &mut Query, typed: &str) {
    let folded = typed.trim().to_lowercase();
    for word in folded.split_whitespace().take(6) {
        let word = cut(word);
        let end = format!("{word}\u{10ffff}");
        query.push(
            " AND EXISTS (SELECT 1 FROM secret_terms t WHERE t.secret_id = s.id AND t.term >= ? AND t.term < ?)",
            [Value::from(word), Value::from(end)],
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::SecretInput;

    #[test]
    fn a_secret_is_found_by_the_words_of_its_name_and_tags() {
        let input = SecretInput {
            display_name: "Stripe Live".into(),
            secret_type: "api_key".into(),
            secrecy_level: "internal".into(),
            service_name: "checkout".into(),
            tags: "team=pay".into(),
            environment_id: "1".into(),
            name: "stripe-key".into(),
            value: Some(crate::domain::plaintext::Plaintext::new(vec![1])),
            ..SecretInput::default()
        };
        let new = input.parse_create(Utc::from_unix(0).unwrap()).ok().unwrap();
        let found = terms(new.name.as_str(), &new.fields);
        for term in ["stripe", "key", "stripe-key", "live", "checkout", "team=pay", "pay"] {
            assert!(found.contains(term), "{term} in {found:?}");
        }
    }
}
