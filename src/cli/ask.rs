//! A question before something is destroyed: at a terminal it is asked, elsewhere `--yes` has said so.
use super::exit::{Exit, Stop};
use std::io::{BufRead, IsTerminal};

/// `what` says what will happen, in a sentence.
pub fn demand_yes(yes: bool, what: &str) -> Result<(), Stop> {
    if yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Stop(Exit::Usage, format!("{what} Say --yes if that is meant")));
    }
    eprintln!("{what} Type yes to go on:");
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    if read.is_ok() && answer.trim() == "yes" {
        Ok(())
    } else {
        Err(Stop(Exit::Usage, "nothing was done".to_owned()))
    }
}
