//! What a backend holds below a folder: paths alone, as many as were asked for.

#[derive(Debug, Default)]
pub struct Listing {
    /// In order, each once.
    pub paths: Vec<String>,
    /// So many have names that Keeper takes nowhere: longer than 512 characters, with control characters, or blanks at an end.
    pub odd: usize,
    /// There are more.
    pub is_cut: bool,
}

impl Listing {
    pub(super) fn of(mut paths: Vec<String>, most: usize, is_cut: bool) -> Self {
        paths.sort_unstable();
        paths.dedup();
        let all = paths.len();
        let is_cut = is_cut || all > most;
        // Whoever writes there chooses the names, and databases do not take them all.
        paths.retain(|path| {
            path.trim() == path && path.chars().count() <= 512 && !path.contains(char::is_control)
        });
        let odd = all - paths.len();
        paths.truncate(most);
        Self { paths, odd, is_cut }
    }
}

/// As people write a folder: without the slashes around it.
pub(super) fn folder(raw: &str) -> &str {
    raw.trim().trim_matches('/')
}
