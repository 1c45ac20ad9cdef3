//! The command line, as the real binary that an operator runs on a house's own database.
mod checking;
mod far;
mod importing;
mod running;
mod telling;

use crate::support::House;
use crate::support::served::keeper;
use serde_json::Value as Json;
use std::path::PathBuf;
use std::process::{Command, Output};

pub fn command(house: &House, words: &[&str]) -> Command {
    let mut command = keeper(house.data.path());
    command.args(words).env("KEEPER_DATABASE_URL", house.app.settings.database_url.expose());
    command
}

/// What a command answered: its code, and all that it wrote.
pub struct Answer {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Answer {
    pub fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    pub fn both(&self) -> String {
        format!("{}\n{}", self.out, self.err)
    }

    pub fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}", self.both()))
    }
}

pub fn ask(house: &House, words: &[&str]) -> Answer {
    Answer::of(&command(house, words).output().unwrap())
}

fn file(house: &House, name: &str, text: &str) -> PathBuf {
    let path = house.data.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}
