//! Help that teaches: every command and every option says in a sentence what it does, and every command shows how it is used.
use super::Cli;
use clap::{Command, CommandFactory, Parser};

fn each<'a>(command: &'a Command, path: &str, all: &mut Vec<(String, &'a Command)>) {
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        let path = format!("{path} {}", below.get_name());
        all.push((path.clone(), below));
        each(below, &path, all);
    }
}

#[test]
fn every_command_says_what_it_does_and_shows_an_example() {
    let mut whole = Cli::command();
    whole.build();
    let mut all = Vec::new();
    each(&whole, "keeper", &mut all);
    assert!(all.len() > 25, "{}", all.len());
    for (path, command) in all {
        assert!(command.get_about().is_some(), "{path} does not say what it does");
        let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(after.contains("Example: keeper "), "{path} shows no example");
        for argument in command.get_arguments() {
            let name = argument.get_id().as_str();
            assert!(name == "help" || argument.get_help().is_some(), "{path}: {name} is not explained");
        }
    }
}

/// An example that the command line does not understand teaches nothing.
#[test]
fn every_example_is_understood() {
    let mut whole = Cli::command();
    whole.build();
    let mut all = Vec::new();
    each(&whole, "keeper", &mut all);
    for (path, command) in all {
        let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        for example in after.lines().filter_map(|line| line.trim().strip_prefix("Example: ")) {
            let start = example.find("keeper ").unwrap();
            let until =
                example.find(" > ").or(example.find(" < ")).or(example.find(" && ")).unwrap_or(example.len());
            let words = words(&example[start..until]);
            assert!(Cli::try_parse_from(&words).is_ok(), "{path}: {words:?}");
        }
    }
}

/// As a shell takes them apart, as far as the examples go.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut is_quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}
