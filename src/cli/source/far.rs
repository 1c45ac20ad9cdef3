//! What commands ask of a Keeper that is far, and what it means for them when it refuses.
use super::{Home, Named};
use crate::cli::exit::{Exit, Stop};
use crate::remote::keeper::{Keeper, Listed, Stub, Trouble};

/// So many secrets are looked for one by one; for more, all of the environment are read.
const FEW: usize = 20;

pub async fn homes(keeper: &Keeper) -> Result<Vec<Home>, Stop> {
    let places = keeper.environments().await?.into_iter();
    Ok(places.map(|it| Home { id: it.id, name: it.name, display_name: it.display_name }).collect())
}

/// `active`: `true`, or `false` for those that are switched off.
pub async fn every(keeper: &Keeper, home: &Home, active: &str) -> Result<Vec<Named>, Stop> {
    let id = home.id.to_string();
    let all = keeper.every_secret(&[("environment", &id), ("active", active), ("sort", "name")]).await?;
    Ok(all.into_iter().map(Named::from).collect())
}

pub async fn named(keeper: &Keeper, home: &Home, names: &[String]) -> Result<Vec<Named>, Stop> {
    let mut names: Vec<&str> = names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    let mut found = Vec::new();
    if names.len() > FEW {
        for active in ["true", "false"] {
            found.extend(every(keeper, home, active).await?);
        }
        found.retain(|secret| names.binary_search(&secret.name.as_str()).is_ok());
        return Ok(found);
    }
    for name in names {
        for active in ["true", "false"] {
            if let Some(one) = one(keeper, home, name, active).await? {
                found.push(one);
                break;
            }
        }
    }
    Ok(found)
}

/// The search finds the name wherever it stands; in the order of names nothing behind it can be it.
async fn one(keeper: &Keeper, home: &Home, name: &str, active: &str) -> Result<Option<Named>, Stop> {
    let (id, mut after) = (home.id.to_string(), String::new());
    let filters = [("environment", id.as_str()), ("q", name), ("active", active), ("sort", "name")];
    loop {
        let page: Listed<Stub> = keeper.secrets(&filters, &after).await?;
        let is_past = page.items.last().is_some_and(|last| last.name.as_str() > name);
        if let Some(it) = page.items.into_iter().find(|secret| secret.name == name) {
            return Ok(Some(it.into()));
        }
        match page.next {
            Some(next) if !is_past => after = next,
            _ => return Ok(None),
        }
    }
}

impl From<Stub> for Named {
    fn from(stub: Stub) -> Self {
        Self { id: stub.id, name: stub.name, is_active: stub.is_active }
    }
}

impl From<Trouble> for Stop {
    /// With the codes that the same would have here.
    fn from(trouble: Trouble) -> Self {
        let said = match trouble {
            Trouble::Away(why) => return Self(Exit::Away, why),
            Trouble::Said(said) => said,
        };
        match said.status {
            401 => Self(
                Exit::Config,
                format!(
                    "KEEPER_TOKEN: {}. It may have ended, or been revoked: make another with keeper token create, or at /settings/service-accounts",
                    said.message
                ),
            ),
            400 | 413 | 422 => Self(Exit::Usage, said.words("\n        ")),
            408 | 429 | 502..=504 => Self(Exit::Away, said.message),
            409 if said.code == "idempotency_key_in_use" => Self(Exit::Away, said.message),
            _ => Self(Exit::Finding, said.message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::keeper::Said;
    use std::collections::BTreeMap;

    #[test]
    fn a_refusal_has_the_code_that_it_would_have_here() {
        let stop = |status: u16| {
            let fields = BTreeMap::from([("name".to_owned(), vec!["is required".to_owned()])]);
            let said = Said { status, code: String::new(), message: "the words".into(), fields };
            Stop::from(Trouble::Said(said))
        };
        for (status, exit, words) in [
            (401, Exit::Config, "KEEPER_TOKEN: the words"),
            (403, Exit::Finding, "the words"),
            (404, Exit::Finding, "the words"),
            (408, Exit::Away, "the words"),
            (409, Exit::Finding, "the words"),
            (422, Exit::Usage, "name is required"),
            (429, Exit::Away, "the words"),
            (500, Exit::Finding, "the words"),
            (503, Exit::Away, "the words"),
        ] {
            let stop = stop(status);
            assert!(stop.0 == exit && stop.1.starts_with(words), "{status}: {stop:?}");
        }
        assert_eq!(Stop::from(Trouble::Away("gone".into())).0, Exit::Away);
    }
}
