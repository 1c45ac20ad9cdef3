//! Programs that other people write: the examples that come with Keeper, and schemathesis, which holds an API to its own document.
use super::{Program, service};
use crate::services::every_scope;
use crate::support::site::Site;
use crate::support::{House, env_or_skip, tell, three};
use std::process::{Command, Output};

/// Of each address, beside what is tried of every schema.
const MOST_EXAMPLES: &str = "40";

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

// S64 S82: no request that its own document makes possible breaks it or is refused, and none that the document makes impossible is
// taken; no answer has a shape or a status that the document lacks, and nothing is told without a token. No check is left out.
#[tokio::test(flavor = "multi_thread")]
async fn the_api_keeps_what_its_document_promises() {
    let Some(schemathesis) = env_or_skip("KEEPER_TEST_SCHEMATHESIS") else { return };
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    // The document’s own example of a new account is another one.
    house.add_user("grace", "admin").await;
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    for name in ["db-password", "mail-key"] {
        house.add_secret(dev, name, "a value").await;
    }
    let token = service(&house, "grace", "admin", &every_scope(), &[]).await;
    let folder = tempfile::tempdir().unwrap();
    let settings = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keeper/api/schemathesis.toml");
    let mut command = Command::new(schemathesis);
    command
        .args(["--config-file", settings, "--no-color", "run", &format!("{}/api/v1/openapi.json", site.base)])
        .args(["--checks", "all", "--phases", "examples,coverage,fuzzing,stateful"])
        .args(["--max-examples", MOST_EXAMPLES, "--max-failures", "20"])
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args(["--seed", "1", "--generation-database", "none"])
        .current_dir(&folder);
    let said = wrote(&tokio::task::block_in_place(|| command.output().unwrap()));
    let summary = said.lines().find(|line| line.contains(" generated,")).unwrap_or_default();
    tell!("schemathesis: {}", summary.trim());
    // Whoever switches the caller's owner off is refused from then on, which would look like good behaviour; and what only ever
    // refuses keeps every promise.
    let program = Program::with_token(&site, &token);
    assert_eq!(program.get("/api/v1/secrets").await.status, 200, "the token ended on the way");
    for action in ["secret.created", "secret.updated", "secret.rotated", "secret.revealed", "user.created"] {
        let query = keeper::sql!(
            "SELECT COUNT(*) FROM audit_events WHERE action = ? AND outcome = 'ok' AND actor_kind = 'service'",
            action
        );
        assert!(house.app.db.read().await.unwrap().number(query).await.unwrap() > 0, "nothing was {action}");
    }
}
