//! What the console looks and feels like in a real Chromium: the scripts of tests/browser do the looking.
use crate::support::env_or_skip;
use keeper::web::routes::table;
use serde_json::Value;
use std::process::Command;

/// What the script prints as JSON, last. `None` where there is no browser.
fn run(script: &str) -> Option<Value> {
    let needed = ["CHROMIUM", "NODE_MODULES", "BAO", "MOTO", "PSQL", "POSTGRES_URL"];
    for name in needed.map(|name| format!("KEEPER_TEST_{name}")) {
        env_or_skip(&name)?;
    }
    let output = Command::new("node")
        .arg(format!("{}/tests/browser/{script}", env!("CARGO_MANIFEST_DIR")))
        .env("KEEPER_TEST_BIN", env!("CARGO_BIN_EXE_keeper"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let seen: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    println!("{seen}");
    Some(seen)
}

// S114: WCAG 2.2 AA on every page in both themes, no page wider than its window from 1280 to 390 px, no complaint under the policy.
#[test]
fn every_page_of_the_table_can_be_read_by_everybody() {
    if let Some(seen) = run("pages.mjs") {
        let gets = table().iter().filter(|line| line.method == "GET").count() as u64;
        assert!(
            seen["routes"].as_u64().unwrap() >= gets && seen["looked"].as_u64().unwrap() >= gets,
            "{seen}"
        );
    }
}

// S78 S114: in place where it can be, by keys, with a warning before something is lost; a value goes away and stays away.
#[test]
fn the_console_feels_right_under_a_hand() {
    run("feel.mjs");
}

// S78 S116: without script every form of every page does what it says.
#[test]
fn every_form_works_without_script() {
    if let Some(seen) = run("plain.mjs") {
        assert!(seen["sent"].as_object().unwrap().len() > 10, "{seen}");
    }
}
