//! How a command answers: in words for people, or as JSON for programs.
use super::exit::{Exit, Stop};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::io::{ErrorKind, Write};

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    Text,
    Json,
}

#[derive(Args, Clone, Copy)]
pub struct Output {
    /// `text` is for people, `json` for programs.
    #[arg(long = "output", value_enum, default_value = "text", value_name = "FORM")]
    form: Form,
}

impl Output {
    pub fn is_json(self) -> bool {
        self.form == Form::Json
    }
}

pub fn json(value: &impl Serialize) -> Result<(), Stop> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|e| Stop(Exit::Finding, e.to_string()))?;
    text.push(b'\n');
    put(&text).map(drop)
}

/// To standard output. False: whoever read it has gone, and needs no more.
pub fn put(bytes: &[u8]) -> Result<bool, Stop> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(e) => Err(Stop(Exit::CannotCreate, format!("standard output: {e}"))),
    }
}
