//! Where settings are written: the command line before the environment before `keeper.toml`.
use super::ConfigError;
use super::names::{self, Named};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What the command line said of its own accord.
#[derive(Debug, Default, Clone)]
pub struct Overrides {
    pub config: Option<PathBuf>,
    pub data_dir: Option<PathBuf>,
    pub database_url: Option<String>,
}

/// The text found for each key, and the place it was found at, in words.
pub struct Sources(BTreeMap<&'static str, Found>);

#[derive(Clone)]
struct Found {
    text: String,
    place: String,
}

impl Sources {
    pub fn gather(cli: &Overrides, env: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let mut found = BTreeMap::new();
        // No file is read unless it is named: what happens to lie in the working directory decides nothing.
        let named_by_variable = env.get("KEEPER_CONFIG").map(PathBuf::from);
        if let Some(file) = cli.config.clone().or(named_by_variable) {
            found.extend(from_file(&file)?);
        }
        found.extend(from_variables(env)?);
        found.extend(from_command_line(cli)?);
        Ok(Self(found))
    }

    /// The value of a key, read by `parse`, which says what is wrong with a text.
    pub fn read<T>(
        &self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, ConfigError> {
        self.0
            .get(key)
            .map(|found| parse(&found.text).map_err(|e| ConfigError::new(&found.place, e)))
            .transpose()
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(|found| found.text.as_str())
    }

    pub fn without(&self, key: &str) -> Self {
        Self(
            self.0
                .iter()
                .filter(|(name, _)| **name != key)
                .map(|(name, found)| (*name, found.clone()))
                .collect(),
        )
    }

    /// The same place says something else.
    pub fn replace(&mut self, key: &str, text: &str) {
        if let Some(found) = self.0.get_mut(key) {
            text.clone_into(&mut found.text);
        }
    }

    /// A complaint about a key, at the place where it was written, or by the name it could be set with.
    pub fn refuse(&self, key: &str, problem: impl Into<String>) -> ConfigError {
        match self.0.get(key) {
            Some(found) => ConfigError::new(&found.place, problem),
            None => ConfigError::new(format!("{} (not set)", names::variable(key)), problem),
        }
    }
}

type Layer = BTreeMap<&'static str, Found>;

fn from_command_line(cli: &Overrides) -> Result<Layer, ConfigError> {
    let mut layer = Layer::new();
    if let Some(dir) = &cli.data_dir {
        let text = dir.to_str().ok_or_else(|| ConfigError::new("--data-dir", "must be UTF-8"))?;
        put(&mut layer, "data_dir", text.to_owned(), "--data-dir".to_owned())?;
    }
    if let Some(url) = &cli.database_url {
        put(&mut layer, "database_url", url.clone(), "--database-url".to_owned())?;
    }
    Ok(layer)
}

fn from_variables(env: &BTreeMap<String, String>) -> Result<Layer, ConfigError> {
    let mut layer = Layer::new();
    for (variable, text) in env {
        if let Some(name) = names::of_variable(variable) {
            take(&mut layer, &name, text.clone(), variable)?;
        }
    }
    Ok(layer)
}

fn from_file(file: &Path) -> Result<Layer, ConfigError> {
    let shown = file.display();
    let text = fs::read_to_string(file)
        .map_err(|e| ConfigError::new(shown.to_string(), format!("cannot be read: {e}")))?;
    let table: toml::Table = toml::from_str(&text).map_err(|e| {
        let line =
            e.span().map_or(0, |span| text.get(..span.start).unwrap_or_default().matches('\n').count() + 1);
        ConfigError::new(format!("{shown}, line {line}"), e.message())
    })?;
    let mut layer = Layer::new();
    for (name, value) in &table {
        let place = format!("{name} in {shown}");
        let text = as_text(value).map_err(|problem| ConfigError::new(&place, problem))?;
        take(&mut layer, name, text, &place)?;
    }
    Ok(layer)
}

/// One way to read a value, whether it stands in a file or a variable: as a text.
fn as_text(value: &toml::Value) -> Result<String, String> {
    match value {
        toml::Value::String(text) => Ok(text.clone()),
        toml::Value::Integer(number) => Ok(number.to_string()),
        toml::Value::Boolean(yes) => Ok(yes.to_string()),
        toml::Value::Array(items) if items.iter().all(toml::Value::is_str) => {
            Ok(items.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(","))
        }
        toml::Value::Table(_) => Err("is not a known section".to_owned()),
        _ => Err("must be a text, a whole number, true or false, or a list of texts".to_owned()),
    }
}

fn take(layer: &mut Layer, name: &str, text: String, place: &str) -> Result<(), ConfigError> {
    match names::named(name) {
        Named::Key(key) => put(layer, key, text, place.to_owned()),
        Named::FileOf(key) => {
            let held = fs::read_to_string(&text)
                .map_err(|e| ConfigError::new(place, format!("the file {text:?} cannot be read: {e}")))?;
            // Editors and `echo` end a file with a line break that is no part of the value.
            put(layer, key, held.trim_end_matches(['\n', '\r']).to_owned(), format!("{place} ({text})"))
        }
        Named::NotYet(why) => Err(ConfigError::new(place, why)),
        Named::Unknown => Err(ConfigError::new(place, "is not a setting of Keeper (misspelled?)")),
    }
}

fn put(layer: &mut Layer, key: &'static str, text: String, place: String) -> Result<(), ConfigError> {
    if text.trim().is_empty() {
        return Err(ConfigError::new(place, "is empty: give a value or leave it out"));
    }
    match layer.insert(key, Found { text, place: place.clone() }) {
        None => Ok(()),
        Some(first) => Err(ConfigError::new(place, format!("is given a second time, after {}", first.place))),
    }
}
