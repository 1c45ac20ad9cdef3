//! What has to be there before Keeper can work at all: settings, disk, database, key service.
use super::line::Lines;
use crate::app::Shared;
use crate::cli::exit::{Exit, Stop};
use crate::cli::open;
use crate::config::{Kms as Chosen, Mode, Overrides, Settings};
use crate::crypto::kms::Kms;
use crate::db::Db;
use crate::domain::error::Error;
use crate::kit::chance::Chance;
use crate::kit::clock::Clock;
use std::os::unix::fs::OpenOptionsExt;

/// Less room than this on the disk is told of.
const LITTLE: u64 = 512 * 1024 * 1024;

/// `None` where something is missing without which nothing else can be asked.
pub async fn look(overrides: &Overrides, lines: &mut Lines) -> Option<Shared> {
    let settings = match open::settings(overrides).await {
        Ok(settings) => settings,
        Err(stop) => {
            lines.stop("configuration", stop, "correct it at the place that is named");
            return None;
        }
    };
    let mode = if settings.mode == Mode::Production { "production" } else { "development" };
    lines.ok("configuration", format!("{mode} mode, {}", settings.public_url));
    disk(&settings, lines);
    let db = database(&settings, lines).await?;
    let is_current = schema(&db, lines).await?;
    let is_new = match open::is_new(&db).await {
        _ if !is_current => true,
        Ok(is_new) => is_new,
        Err(e) => {
            lines.failed("keys", e);
            return None;
        }
    };
    let kms = key_service(&settings, &db, is_new, lines).await?;
    if is_new {
        lines.warn(
            "keys",
            "Keeper has no keys of its own in this database yet",
            "keeper serve makes them at its first start",
        );
        return None;
    }
    keys(settings, db, kms, lines).await
}

fn disk(settings: &Settings, lines: &mut Lines) {
    let folder = &settings.data_dir;
    if !folder.exists() {
        return lines.warn(
            "data folder",
            format!("{} is not there yet", folder.display()),
            "keeper serve makes it at its first start",
        );
    }
    let probe = folder.join(format!(".keeper-check-{}", std::process::id()));
    let written = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&probe);
    let _ = std::fs::remove_file(&probe);
    if let Err(e) = written {
        let stop = Stop(Exit::CannotCreate, format!("{} cannot be written to: {e}", folder.display()));
        return lines.stop(
            "data folder",
            stop,
            "let the user that Keeper runs as own it, or name another with KEEPER_DATA_DIR",
        );
    }
    match rustix::fs::statvfs(folder.as_path()) {
        Ok(disk) if disk.f_bavail.saturating_mul(disk.f_frsize) < LITTLE => {
            lines.warn(
                "data folder",
                format!("{}: less than 512 MiB are free", folder.display()),
                "make room on that disk",
            );
        }
        _ => lines.ok("data folder", format!("{} can be written to", folder.display())),
    }
}

async fn database(settings: &Settings, lines: &mut Lines) -> Option<Db> {
    if let Some(file) = settings.database_url.file().filter(|file| !file.exists()) {
        let text = format!("there is no file {} yet", file.display());
        lines.warn(
            "database",
            text,
            "keeper serve makes it at its first start; if there was one, name it with KEEPER_DATABASE_URL",
        );
        return None;
    }
    let opened = match Db::open(settings.database_url.expose(), settings.database_pool).await {
        Ok(db) => db.version().await.map(|version| (db, version)),
        Err(e) => Err(e),
    };
    match opened {
        Ok((db, version)) => {
            lines.ok("database", version);
            Some(db)
        }
        Err(e) => {
            let Stop(_, why) = Stop::from(e);
            let stop = Stop(Exit::Away, format!("it cannot be opened: {why}"));
            lines.stop("database", stop, "start it, or correct KEEPER_DATABASE_URL");
            None
        }
    }
}

/// Whether this version may run on it.
async fn schema(db: &Db, lines: &mut Lines) -> Option<bool> {
    let schema = match db.schema().await {
        Ok(schema) => schema,
        Err(e) => {
            lines.stop(
                "schema",
                Stop::from(e),
                "let the user of KEEPER_DATABASE_URL read and change the schema",
            );
            return None;
        }
    };
    if let Some(why) = schema.hindrance_to_run() {
        lines.stop("schema", Stop(Exit::Config, why), "");
        return None;
    }
    let (missing, newer) = (schema.missing().len(), schema.unknown().len());
    if missing == schema.migrations.len() {
        lines.warn("schema", "the database is empty", "keeper migrate up");
    } else if missing > 0 {
        let text = format!("{missing} of {} versions are missing", schema.migrations.len());
        lines.stop("schema", Stop(Exit::Config, text), "keeper migrate up");
        return None;
    } else if newer > 0 {
        let text = format!(
            "version {}: {newer} of its versions are a newer Keeper's, which lets this one run",
            schema.version()
        );
        lines.ok("schema", text);
    } else {
        lines.ok("schema", format!("version {}, nothing is missing", schema.version()));
    }
    Some(missing == 0)
}

async fn key_service(settings: &Settings, db: &Db, is_new: bool, lines: &mut Lines) -> Option<Kms> {
    if is_new && settings.kms == Chosen::Local && !settings.key_file.exists() {
        let text = format!("there is no key file {} yet", settings.key_file.display());
        lines.warn("key service", text, "keeper serve makes it at its first start: back it up then");
        return None;
    }
    let kms = match Kms::open(settings, false, &Chance::System).await {
        Ok(kms) => kms,
        Err(e) => {
            lines.stop("key service", Stop::from(e), "");
            return None;
        }
    };
    if !is_new && let Err(stop) = open::demand_all_needed(&kms, db).await {
        lines.stop("key service", stop, "");
        return None;
    }
    match kms.prove(&Chance::System).await {
        Ok(key_id) => {
            lines.ok("key service", format!("{} wraps and opens, with {key_id}", settings.kms.as_str()));
        }
        Err(e) => {
            let exit = if matches!(e, Error::Unavailable { .. }) { Exit::Away } else { Exit::Finding };
            let Stop(_, why) = Stop::from(e);
            lines.stop(
                "key service",
                Stop(exit, why),
                "values cannot be read or changed until it is back: start it, or correct KEEPER_KMS_…",
            );
        }
    }
    key_file(settings, lines);
    Some(kms)
}

/// Its mode was looked at when it was read.
fn key_file(settings: &Settings, lines: &mut Lines) {
    if settings.kms != Chosen::Local {
        return;
    }
    let file = settings.key_file.display();
    if settings.mode == Mode::Production && settings.has_key_beside_data() {
        let remedy = "move it, and name it with KEEPER_KMS_KEY_FILE; keep both out of the same backup";
        lines.warn(
            "key file",
            format!("{file} lies in the data folder: a copy of the data is a copy of the key"),
            remedy,
        );
    } else {
        lines.ok("key file", format!("{file}, its owner's alone"));
    }
}

async fn keys(settings: Settings, db: Db, kms: Kms, lines: &mut Lines) -> Option<Shared> {
    let app = match open::together(settings, db, kms, Clock::System) {
        Ok(app) => app,
        Err(stop) => {
            lines.stop("keys", stop, "");
            return None;
        }
    };
    match app.open_keys().await.map_err(|e| open::wrong_key(&app, e).unwrap_or_else(Stop::from)) {
        Ok(()) => {
            lines.ok("keys", "Keeper's own keys open");
            Some(app)
        }
        Err(stop) => {
            lines.stop("keys", stop, "restore the key that this database was made with");
            None
        }
    }
}
