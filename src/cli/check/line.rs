//! What was looked at, how it stands, and what to do.
use crate::cli::exit::{Exit, Stop};
use crate::cli::output::{self, Output};
use crate::domain::error::Error;
use serde::Serialize;
use std::process::ExitCode;

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Ok,
    Warning,
    Problem,
}

#[derive(Serialize)]
pub struct Line {
    check: String,
    state: State,
    text: String,
    /// What to do about it; empty where nothing is to be done, or where the text says it.
    #[serde(skip_serializing_if = "String::is_empty")]
    remedy: String,
    #[serde(skip)]
    exit: Option<Exit>,
}

/// All that was looked at, in its order.
#[derive(Default)]
pub struct Lines(Vec<Line>);

impl Lines {
    pub fn ok(&mut self, check: impl Into<String>, text: impl Into<String>) {
        self.add(check, State::Ok, &Into::<String>::into(text), "", None);
    }

    pub fn warn(&mut self, check: impl Into<String>, text: impl Into<String>, remedy: &str) {
        self.add(check, State::Warning, &Into::<String>::into(text), remedy, None);
    }

    pub fn problem(&mut self, check: impl Into<String>, text: impl Into<String>, remedy: &str) {
        self.add(check, State::Problem, &Into::<String>::into(text), remedy, Some(Exit::Finding));
    }

    /// What would stop every other command, with the code that it would stop with.
    pub fn stop(&mut self, check: impl Into<String>, Stop(exit, text): Stop, remedy: &str) {
        self.add(check, State::Problem, &text, remedy, Some(exit));
    }

    /// What a feature answered instead of looking.
    pub fn failed(&mut self, check: impl Into<String>, e: Error) {
        let Stop(_, text) = Stop::from(e);
        self.problem(check, text, "");
    }

    fn add(&mut self, check: impl Into<String>, state: State, text: &str, remedy: &str, exit: Option<Exit>) {
        let line = |text: &str| text.replace(char::is_control, " ").trim().to_owned();
        self.0.push(Line { check: check.into(), state, text: line(text), remedy: remedy.to_owned(), exit });
    }

    pub fn show(&self, output: Output) -> Result<ExitCode, Stop> {
        if output.is_json() {
            let is_well = self.count(State::Problem) == 0;
            output::json(&serde_json::json!({ "ok": is_well, "checks": self.0 }))?;
        } else {
            output::put(self.words().as_bytes())?;
        }
        Ok(self.exit().map_or(ExitCode::SUCCESS, ExitCode::from))
    }

    fn words(&self) -> String {
        let widest = self.0.iter().map(|line| line.check.chars().count()).max().unwrap_or(0);
        let one = |line: &Line| {
            let state = match line.state {
                State::Ok => "ok",
                State::Warning => "warning",
                State::Problem => "PROBLEM",
            };
            let remedy = if line.remedy.is_empty() { String::new() } else { format!(" -> {}", line.remedy) };
            format!("{state:8} {:widest$}  {}{remedy}\n", line.check, line.text)
        };
        let (problems, warnings) = (self.count(State::Problem), self.count(State::Warning));
        let sum = match (problems, warnings) {
            (0, 0) => "All is well.\n".to_owned(),
            (0, n) => format!("Nothing is wrong; {n} to know of.\n"),
            (n, m) => format!("{n} to mend, {m} to know of.\n"),
        };
        self.0.iter().map(one).chain([sum]).collect()
    }

    fn count(&self, state: State) -> usize {
        self.0.iter().filter(|line| line.state == state).count()
    }

    /// That of the first thing to be mended: what comes after it may follow from it.
    fn exit(&self) -> Option<Exit> {
        let all = self.0.iter().filter_map(|line| line.exit);
        let (grave, others): (Vec<Exit>, Vec<Exit>) = all.partition(|exit| *exit != Exit::Finding);
        grave.into_iter().chain(others).next()
    }
}
