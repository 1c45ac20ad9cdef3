//! Journeys of one purpose each, in a real browser, with script and without: `tests/browser/*.mjs` holds the clicks.
use crate::copies::wiring;
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::{House, env_or_skip};
use keeper::db::Engine;
use keeper::environments::{self, EnvironmentInput};
use keeper::secrets;
use std::process::Command;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Runs one script against the console and fails with its words.
fn click_through(site: &Site, journey: &str, script: &str, more: &[(&str, String)]) {
    let output = Command::new("node")
        .arg(format!("{}/tests/browser/{journey}.mjs", env!("CARGO_MANIFEST_DIR")))
        .env("JOURNEY_URL", &site.base)
        .env("JOURNEY_PASSWORD", PASSWORD)
        .env("JOURNEY_SCRIPT", script)
        .envs(more.iter().map(|(name, value)| (*name, value.as_str())))
        .output()
        .unwrap();
    let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{journey}, script {script}: {said}\n{told}");
    println!("{journey}, script {script}: {}", said.trim());
}

fn browser() -> bool {
    env_or_skip("KEEPER_TEST_CHROMIUM").is_some() && env_or_skip("KEEPER_TEST_NODE_MODULES").is_some()
}

// S35 S114: somebody compares two versions, brings the former one back, and destroys one.
#[tokio::test(flavor = "multi_thread")]
async fn a_manager_brings_a_version_back_in_a_browser() {
    if !browser() {
        return;
    }
    let house = House::new(Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("max", "manager").await;
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    for script in ["on", "off"] {
        let name = format!("db-{script}");
        let id = house.add_secret(dev, &name, "the first value").await;
        house.rotate(&house.operator(), id, "another value").await.unwrap();
        let more = [("JOURNEY_SECRET", id.to_string()), ("JOURNEY_NAME", name)];
        tokio::task::block_in_place(|| click_through(&site, "versions", script, &more));
    }
}

// S36 S46 S114: two environments are compared, a value is promoted unseen, and paths show themselves while a template is typed.
#[tokio::test(flavor = "multi_thread")]
async fn an_admin_compares_and_promotes_in_a_browser() {
    if !browser() {
        return;
    }
    let house = House::new(Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("ada", "admin").await;
    for script in ["on", "off"] {
        let (left, right) = (format!("dev-{script}"), format!("stage-{script}"));
        let dev = house.add_environment(&left, "development", "open", &[]).await;
        let staging = house.add_environment(&right, "staging", "open", &[]).await;
        for (environment, name, value) in [
            (dev, "only-here", "a"),
            (dev, "both", "new value"),
            (staging, "both", "old value"),
            (dev, "same", "s"),
            (staging, "same", "s"),
        ] {
            house.add_secret(environment, name, value).await;
        }
        let more = [("JOURNEY_LEFT", left), ("JOURNEY_RIGHT", right), ("JOURNEY_LEFT_ID", dev.to_string())];
        tokio::task::block_in_place(|| click_through(&site, "sides", script, &more));
    }
}

// S85 S88 S114: what the preview says is what happens; the values are those that were pasted, to the byte.
#[tokio::test(flavor = "multi_thread")]
async fn a_manager_imports_a_file_in_a_browser() {
    if !browser() {
        return;
    }
    let house = House::new(Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("max", "manager").await;
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    house.add_environment("other", "staging", "open", &[]).await;
    for script in ["on", "off"] {
        let more =
            [("JOURNEY_NAME", format!("s-{script}")), ("JOURNEY_LABEL", "dev (Development)".to_owned())];
        tokio::task::block_in_place(|| click_through(&site, "imports", script, &more));
    }
    let expected: [(&str, &[u8]); 5] = [
        ("s-off-one", b"two\nlines "),
        ("s-off-two", b"second"),
        ("s-on-one", b"two\nlines "),
        ("s-on-two", b"second"),
        ("shared", b"s-off"),
    ];
    let filter = secrets::Filter { environments: vec![dev], limit: 50, ..secrets::Filter::default() };
    let stored = secrets::list(&house.app, &filter).await.unwrap().items;
    assert_eq!(stored.len(), expected.len());
    for (secret, (name, value)) in stored.iter().zip(expected) {
        let shown = secrets::reveal(&house.app, &house.operator(), secret.id, None, "").await.unwrap();
        assert_eq!((secret.name.as_str(), shown.value.expose()), (name, value));
    }
}

// S88 S114: two secrets are ticked and tagged at once, and the result is exported.
#[tokio::test(flavor = "multi_thread")]
async fn a_manager_changes_many_in_a_browser() {
    if !browser() {
        return;
    }
    let house = House::new(Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("max", "manager").await;
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    let stop = CancellationToken::new();
    let worker = tokio::spawn(keeper::worker::run(house.app.clone(), stop.clone()));
    for script in ["on", "off"] {
        let name = format!("s-{script}");
        for n in 0..3 {
            house.add_secret(dev, &format!("{name}-{n}"), "value").await;
        }
        let more = [("JOURNEY_NAME", name.clone())];
        tokio::task::block_in_place(|| click_through(&site, "bulk", script, &more));
        let tag = secrets::Filter {
            environments: vec![dev],
            tag: format!("by={name}"),
            limit: 9,
            ..secrets::Filter::default()
        };
        assert_eq!(secrets::list(&house.app, &tag).await.unwrap().items.len(), 2);
    }
    stop.cancel();
    worker.await.unwrap();
}

// S116 S114: a rotation is planned and asked for, refused, asked for again and approved; a manager breaks the glass to bring the
// former value back, and another one acknowledges it.
#[tokio::test(flavor = "multi_thread")]
async fn four_eyes_decide_in_a_browser() {
    if !browser() {
        return;
    }
    let house = House::new(Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    for (name, role) in [("uma", "user"), ("max", "manager"), ("mia", "manager")] {
        house.add_user(name, role).await;
    }
    let input = EnvironmentInput {
        name: "guarded".into(),
        display_name: "Guarded".into(),
        stage: "staging".into(),
        needs_approval: Some("true".into()),
        ..EnvironmentInput::default()
    };
    let guarded = environments::create(&house.app, &house.operator(), input.parse().unwrap()).await.unwrap();
    for script in ["on", "off"] {
        let id = house.add_secret(guarded, &format!("db-{script}"), "the first value").await;
        let more = [("JOURNEY_SECRET", id.to_string())];
        tokio::task::block_in_place(|| click_through(&site, "approvals", script, &more));
        let shown = secrets::reveal(&house.app, &house.operator(), id, None, "").await.unwrap();
        assert_eq!((shown.number, shown.value.expose()), (3, &b"the first value"[..]));
    }
}

// S02 S43 S114: what lies in Vault is taken over as it is; what is changed and added there afterwards is found and decided about.
#[tokio::test(flavor = "multi_thread")]
async fn an_admin_takes_over_a_tree_in_a_browser() {
    if !browser() || wiring("x", None, None).is_none() {
        return;
    }
    let house = House::new(Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("ada", "admin").await;
    let stop = CancellationToken::new();
    let worker = tokio::spawn(keeper::worker::run(house.app.clone(), stop.clone()));
    // The house's clock stands still, and a comparison makes its pauses by it.
    let app = house.app.clone();
    let ticks = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(200)).await;
            app.clock.advance(time::Duration::seconds(1));
        }
    });
    for script in ["on", "off"] {
        let name = format!("take-{script}-{}", std::process::id());
        let form = EnvironmentInput {
            aws_enabled: None,
            vault_path_template: "{environment}/{name}".into(),
            ..wiring(&name, None, None).unwrap()
        };
        environments::create(&house.app, &house.operator(), form.parse().unwrap()).await.unwrap();
        let more = [
            ("JOURNEY_NAME", name),
            ("JOURNEY_VAULT", env_or_skip("KEEPER_TEST_VAULT_URL").unwrap()),
            ("JOURNEY_VAULT_TOKEN", env_or_skip("KEEPER_TEST_VAULT_TOKEN").unwrap()),
        ];
        tokio::task::block_in_place(|| click_through(&site, "takeover", script, &more));
    }
    ticks.abort();
    stop.cancel();
    worker.await.unwrap();
}

// S05 S37 S114: somebody sets an authenticator app up, signs in with its codes and with a recovery code, and removes it.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_in_with_a_second_factor_in_a_browser() {
    if !browser() {
        return;
    }
    let house = House::new(Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    for script in ["on", "off"] {
        let name = format!("uma-{script}");
        house.add_user(&name, "user").await;
        let more = [("JOURNEY_NAME", name), ("JOURNEY_SECONDS", house.app.now().unix().to_string())];
        tokio::task::block_in_place(|| click_through(&site, "second_factor", script, &more));
    }
}
