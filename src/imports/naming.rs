//! What a secret is called that is taken over from a backend.
use crate::domain::enums::{Backend, spelled};
use crate::environments::Environment;

spelled!(/// Last: as the last part of its path, the part before it is its service. Whole: as its path below the folder.
Naming { Last = "last", Whole = "whole" });

/// The name and the service. A path that the environment's template makes gives back what it was made of.
pub(super) fn of(
    environment: &Environment,
    backend: Backend,
    (folder, path): (&str, &str),
    naming: Naming,
) -> (String, String) {
    let mut parts = path.rsplit('/');
    let (last, before) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let makes = |service: &&str| environment.path(backend, service, last) == path;
    if let Some(service) = ["", before].iter().find(|service| makes(service)) {
        return (last.to_owned(), (*service).to_owned());
    }
    let below = path.strip_prefix(folder).unwrap_or(path).trim_matches('/');
    match (naming, below.rsplit_once('/')) {
        (Naming::Last, Some((above, last))) => {
            (clean(last), above.rsplit('/').next().unwrap_or_default().trim().to_owned())
        }
        _ => (clean(below), String::new()),
    }
}

/// Of one field among several at a path.
pub(super) fn of_field(name: &str, field: &str) -> String {
    clean(&format!("{name}-{field}"))
}

/// Letters that a name cannot hold become `-`.
fn clean(text: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    text.chars().map(letter).collect::<String>().to_ascii_lowercase()
}
