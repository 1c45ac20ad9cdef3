//! Programs that other people write: the examples that come with Keeper, and schemathesis, which holds an API to its own document.
use super::service;
use crate::services::every_scope;
use crate::support::site::Site;
use crate::support::{House, env_or_skip, tell, three};
use std::process::{Command, Output};

/// What it wrote, when it ended well.
fn wrote(output: &Output) -> String {
    let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{told}");
    said.into_owned()
}

three! {
    // S71 S72 S75 S78 S89: a program makes, rotates, reveals and lists secrets with nothing but curl, or Python's standard library.
    async fn the_examples_do_what_they_say(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let token = service(&house, "max", "manager", &["secrets:read", "secrets:write", "secrets:reveal", "secrets:rotate"], &[dev]).await;
        for (example, made) in [("secrets.sh", "example-curl-"), ("secrets.py", "example-python-")] {
            let mut command = Command::new(format!("{}/examples/{example}", env!("CARGO_MANIFEST_DIR")));
            command.arg(dev.to_string()).env("KEEPER_SERVER", &site.base).env("KEEPER_TOKEN", &token);
            let said = wrote(&tokio::task::block_in_place(|| command.output().unwrap()));
            for part in ["made ", "rotated: ", "revealed ", made] {
                assert!(said.contains(part), "{example}: {said}");
            }
            assert!(!said.contains("the first value") && !said.contains(&token), "{said}");
        }
        let revealed = keeper::sql!("SELECT COUNT(*) FROM audit_events WHERE action = 'secret.revealed' AND actor_name LIKE 'service:%'");
        assert_eq!(house.app.db.read().await.unwrap().number(revealed).await.unwrap(), 2);
    }
}

// S64 S82: no request that its own document makes possible breaks it, no answer has a shape or a status that the document lacks, and
// nothing is told without a token.
#[tokio::test(flavor = "multi_thread")]
async fn the_api_keeps_what_its_document_promises() {
    let Some(schemathesis) = env_or_skip("KEEPER_TEST_SCHEMATHESIS") else { return };
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("ada", "admin").await;
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    for name in ["db-password", "mail-key"] {
        house.add_secret(dev, name, "a value").await;
    }
    let token = service(&house, "ada", "admin", &every_scope(), &[]).await;
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(schemathesis);
    command
        .args([
            "run",
            &format!("{}/api/v1/openapi.json", site.base),
            "--checks",
            "all",
            "--max-examples",
            "40",
        ])
        // What a schema cannot say (two fields that belong together, an id that exists) is refused as invalid.
        .args(["--exclude-checks", "positive_data_acceptance,negative_data_rejection"])
        .args([
            "--header",
            &format!("Authorization: Bearer {token}"),
            "--seed",
            "1",
            "--generation-database",
            "none",
        ])
        .args(["--no-color", "--max-failures", "20"])
        .current_dir(&folder);
    let said = wrote(&tokio::task::block_in_place(|| command.output().unwrap()));
    let summary = said.lines().find(|line| line.contains("generated")).unwrap_or_default();
    tell!("schemathesis: {}", summary.trim());
}
