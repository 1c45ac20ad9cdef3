//! The key file of the local KMS: one key a line, `keeper-key-v1:BASE64`; the last line wraps, every line unwraps.
use super::data_key::{DataKey, LENGTH};
use crate::kit::chance::{Chance, NoChance};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

const PREFIX: &str = "keeper-key-v1:";

/// A key-encryption key, and its name.
pub struct Kek {
    pub id: String,
    pub key: DataKey,
}

impl std::fmt::Debug for Kek {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.id)
    }
}

/// Keeper does not start with such a key file; the text names the file and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error(
        "the key file {0} does not exist: restore it from its backup, or name the right one with KEEPER_KMS_KEY_FILE"
    )]
    Missing(PathBuf),
    #[error("the key file {0} can be read by others: run `chmod 600 {0}`")]
    Readable(PathBuf),
    #[error("the key file {0}, line {1}, is not of the form {PREFIX}BASE64 with 32 bytes")]
    Malformed(PathBuf, usize),
    #[error(
        "a key is being added to {0}, or that was interrupted: if nobody does it now, remove {1} and try again"
    )]
    Draft(PathBuf, PathBuf),
    #[error("the key file {0} holds no key")]
    Empty(PathBuf),
    #[error("the key file {0}: {1}")]
    Io(PathBuf, std::io::Error),
    #[error(transparent)]
    NoChance(#[from] NoChance),
}

pub fn open(path: &Path, create: bool, chance: &Chance) -> Result<Vec<Arc<Kek>>, KeyFileError> {
    match read(path) {
        Err(KeyFileError::Missing(_)) if create => {
            make(path, chance)?;
            read(path)
        }
        read => read,
    }
}

pub fn read(path: &Path) -> Result<Vec<Arc<Kek>>, KeyFileError> {
    let io = |e| KeyFileError::Io(path.to_owned(), e);
    let mut file = File::open(path).map_err(|e| match e.kind() {
        ErrorKind::NotFound => KeyFileError::Missing(path.to_owned()),
        _ => io(e),
    })?;
    if file.metadata().map_err(io)?.permissions().mode() & 0o077 != 0 {
        return Err(KeyFileError::Readable(path.to_owned()));
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).map_err(io)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let keys: Vec<_> = lines
        .map(|(n, line)| parse(line).ok_or_else(|| KeyFileError::Malformed(path.to_owned(), n + 1)))
        .collect::<Result<_, _>>()?;
    if keys.is_empty() { Err(KeyFileError::Empty(path.to_owned())) } else { Ok(keys) }
}

/// Adds a line; the file is replaced as a whole, so that a crash leaves the old one or the new one. Who makes the draft has the turn:
/// the file is read after that, so that of two who add at once neither loses the other's line.
pub fn add(path: &Path, chance: &Chance) -> Result<Vec<Arc<Kek>>, KeyFileError> {
    let io = |e| KeyFileError::Io(path.to_owned(), e);
    let draft = path.with_extension("new");
    let mut file = create(&draft).map_err(|e| match e.kind() {
        ErrorKind::AlreadyExists => KeyFileError::Draft(path.to_owned(), draft.clone()),
        _ => KeyFileError::Io(draft.clone(), e),
    })?;
    let added = read(path).and_then(|_| {
        let mut text = Zeroizing::new(std::fs::read_to_string(path).map_err(io)?);
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&line(chance)?);
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io)?;
        std::fs::rename(&draft, path).map_err(io)
    });
    if added.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    added?;
    sync_folder(path)?;
    read(path)
}

/// Of a file that somebody else has just replaced: what a power cut would bring back must not be the old one.
pub fn read_settled(path: &Path) -> Result<Vec<Arc<Kek>>, KeyFileError> {
    let keys = read(path)?;
    let _ = sync_folder(path); // a folder that cannot be written to is somebody else's to settle
    Ok(keys)
}

fn parse(line: &str) -> Option<Arc<Kek>> {
    let bytes = Zeroizing::new(STANDARD.decode(line.trim().strip_prefix(PREFIX)?).ok()?);
    let mut name = Sha256::new();
    name.update(b"keeper/kek-id/v1");
    name.update(&*bytes);
    let id = format!("local:{}", hex::encode(&name.finalize()[..8]));
    Some(Arc::new(Kek { id, key: DataKey::from_slice(&bytes)? }))
}

fn line(chance: &Chance) -> Result<Zeroizing<String>, KeyFileError> {
    let mut key = Zeroizing::new([0; LENGTH]);
    chance.fill(key.as_mut_slice())?;
    Ok(Zeroizing::new(format!("{PREFIX}{}\n", STANDARD.encode(*key))))
}

/// Two processes may start at once: each writes a file of its own and links it into place; the first link stands.
fn make(path: &Path, chance: &Chance) -> Result<(), KeyFileError> {
    let io = |e| KeyFileError::Io(path.to_owned(), e);
    let draft = path.with_extension(format!("{}.draft", std::process::id()));
    write(&draft, &line(chance)?)?;
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft).map_err(io)?;
    match linked {
        Err(e) if e.kind() != ErrorKind::AlreadyExists => Err(io(e)),
        _ => sync_folder(path),
    }
}

fn write(path: &Path, text: &str) -> Result<(), KeyFileError> {
    let io = |e| KeyFileError::Io(path.to_owned(), e);
    let mut file = create(path).map_err(io)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io)
}

fn create(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn sync_folder(path: &Path) -> Result<(), KeyFileError> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|e| KeyFileError::Io(folder.to_owned(), e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keeper.key");
        assert!(matches!(open(&path, false, &Chance::System), Err(KeyFileError::Missing(_))));
        let first = open(&path, true, &Chance::System).unwrap()[0].id.clone();
        assert_eq!(open(&path, true, &Chance::System).unwrap()[0].id, first);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(open(&path, true, &Chance::System).unwrap_err().to_string().contains("chmod 600"));
    }

    #[test]
    fn an_added_key_wraps_and_the_old_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keeper.key");
        let first = open(&path, true, &Chance::System).unwrap()[0].id.clone();
        let keys = add(&path, &Chance::System).unwrap();
        assert_eq!((keys.len(), &keys[0].id), (2, &first));
        // Another one who is just adding has the turn; what they wrote is not lost.
        std::fs::write(path.with_extension("new"), "").unwrap();
        let refused = add(&path, &Chance::System).unwrap_err().to_string();
        assert!(refused.contains("keeper.new") && read(&path).unwrap().len() == 2, "{refused}");
        std::fs::write(&path, "keeper-key-v1:short\n").unwrap();
        assert!(matches!(read(&path), Err(KeyFileError::Malformed(_, 1))));
    }
}
