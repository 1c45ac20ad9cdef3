//! What a backend holds below a folder: paths alone, as many as were asked for.

#[derive(Debug, Default)]
pub struct Listing {
    /// In order, each once. A backend may hold names that Keeper cannot read; they are here too, and reading them says so.
    pub paths: Vec<String>,
    /// There are more.
    pub is_cut: bool,
}

impl Listing {
    pub(super) fn of(mut paths: Vec<String>, most: usize, is_cut: bool) -> Self {
        paths.sort_unstable();
        paths.dedup();
        let is_cut = is_cut || paths.len() > most;
        paths.truncate(most);
        Self { paths, is_cut }
    }
}

/// As people write a folder: without the slashes around it.
pub(super) fn folder(raw: &str) -> &str {
    raw.trim().trim_matches('/')
}
