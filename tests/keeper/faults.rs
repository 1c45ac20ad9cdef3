//! The table of faults: each manner in which a backend can be in trouble, for each backend. The copy tells the truth within the limit,
//! the other backend and the forms do not wait, no version is made twice, and what is well again is put right without anybody's help.
//! The key services' part is in `kms/faults.rs`.
mod sealed;

use crate::copies::{push_all, wiring};
use crate::support::House;
use crate::support::house::PASSWORD;
use crate::support::site::{Site, Visitor};
use crate::support::tell;
use crate::support::way::{Fault, Way};
use keeper::db::Engine;
use keeper::domain::enums::{Backend, SyncStatus};
use keeper::environments::{self, EnvironmentInput};
use keeper::secrets::{self, Copy};
use keeper::sync::{Stores, push_next};
use std::time::{Duration, Instant};

/// What the copy is meanwhile.
#[derive(Clone, Copy)]
pub enum Fate {
    /// Tried again soon.
    Waits,
    /// Only a change elsewhere can help; tried seldom.
    Fails,
}
use Fate::{Fails, Waits};

pub const fn says(status: &'static str, body: &'static str) -> Trouble {
    Trouble::Way(Fault::Says { status, headers: "", body })
}

#[derive(Clone, Copy)]
pub enum Trouble {
    Way(Fault),
    /// TLS is asked for, and the server speaks none.
    WrongTls,
}
use Trouble::{Way as On, WrongTls};

const BUSY: Fault = Fault::Says {
    status: "429 Too Many Requests",
    headers: "retry-after: 120\r\n",
    body: "{\"errors\":[\"slow down\"]}",
};
const THROTTLED: Fault = Fault::Says {
    status: "400 Bad Request",
    headers: "retry-after: 120\r\n",
    body: "{\"__type\":\"ThrottlingException\"}",
};
pub const MOVED: Fault =
    Fault::Says { status: "302 Found", headers: "location: http://127.0.0.1:1/\r\n", body: "" };
pub const NONSENSE: Trouble = says("200 OK", "<html>hello</html>");

macro_rules! table {
    ($name:ident, $backend:expr, $($fault:ident: $trouble:expr, $told:expr, $fate:expr;)*) => {
        mod $name {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $fault() {
                    cell($backend, stringify!($fault), $trouble, $told, $fate).await;
                }
            )*
        }
    };
}

table! { vault, Backend::Vault, // S01 S02 S03
    refused: On(Fault::Refuses), "refused the connection", Waits;
    reset: On(Fault::Resets), "broke", Waits;
    fault_of_its_own: says("500 Internal Server Error", "{\"errors\":[]}"), "HTTP 500", Waits;
    sealed: says("503 Service Unavailable", "{\"errors\":[\"Vault is sealed\"]}"), "is sealed", Waits;
    forbidden: says("403 Forbidden", "{\"errors\":[\"permission denied\"]}"), "the token is not valid", Fails;
    too_many_requests: On(BUSY), "fewer requests", Waits;
    hangs: On(Fault::Hangs), "did not answer", Waits;
    slow_drip: On(Fault::Drips), "did not answer", Waits;
    garbage: NONSENSE, "makes no sense", Waits;
    huge_answer: On(Fault::Floods), "1 MiB", Fails;
    redirect: On(MOVED), "does not follow", Fails;
    lost_reply: On(Fault::LosesReplyTo("POST /v1/secret/data/")), "broke", Waits;
    wrong_tls: WrongTls, "TLS", Waits;
}

table! { aws, Backend::Aws, // S01 S02 S03
    refused: On(Fault::Refuses), "cannot be reached", Waits;
    reset: On(Fault::Resets), "cannot be reached", Waits;
    fault_of_its_own: says("500 Internal Server Error", "{\"__type\":\"InternalServiceError\"}"), "HTTP 500", Waits;
    key_cannot_be_used: says("400 Bad Request", "{\"__type\":\"EncryptionFailure\"}"), "KMS key", Fails;
    forbidden: says("400 Bad Request", "{\"__type\":\"AccessDeniedException\"}"), "may not do", Fails;
    too_many_requests: On(THROTTLED), "fewer requests", Waits;
    hangs: On(Fault::Hangs), "did not answer", Waits;
    slow_drip: On(Fault::Drips), "did not answer", Waits;
    garbage: NONSENSE, "makes no sense", Waits;
    huge_answer: On(Fault::Floods), "1 MiB", Fails;
    redirect: On(MOVED), "does not follow", Fails;
    lost_reply: On(Fault::LosesReplyTo("secretsmanager.PutSecretValue")), "broke", Waits;
    wrong_tls: WrongTls, "certificate", Waits;
}

struct Scene {
    house: House,
    environment: i64,
    stores: Stores,
    id: i64,
}

impl Scene {
    async fn copy(&self, backend: Backend) -> Copy {
        let copies = secrets::copies(&self.house.app, self.id).await.unwrap();
        copies.into_iter().find(|copy| copy.backend == backend).unwrap()
    }

    async fn push_to(&self, backend: Backend) -> (SyncStatus, Duration) {
        let began = Instant::now();
        let pushed = push_next(&self.house.app, &self.stores, backend).await.unwrap().unwrap();
        (pushed.status, began.elapsed())
    }

    /// The environment's form is saved with this address of the backend.
    async fn lead(&self, mut form: EnvironmentInput, backend: Backend, url: String) {
        match backend {
            Backend::Aws => form.aws_endpoint = url,
            Backend::Vault => form.vault_url = url,
        }
        let now = self.house.environment(self.environment).await;
        form.row_version = now.row_version.to_string();
        let (app, operator) = (&self.house.app, self.house.operator());
        environments::update(app, &operator, self.environment, form.parse().unwrap()).await.unwrap();
    }
}

async fn cell(sick: Backend, name: &str, trouble: Trouble, told: &str, fate: Fate) {
    let (variable, well) = match sick {
        Backend::Vault => ("KEEPER_TEST_VAULT_URL", Backend::Aws),
        Backend::Aws => ("KEEPER_TEST_AWS_ENDPOINT", Backend::Vault),
    };
    let Some(url) = crate::support::env_or_skip(variable) else { return };
    let way = Way::to(&url).await;
    let (aws, vault) = match sick {
        Backend::Aws => (Some(way.url.as_str()), None),
        Backend::Vault => (None, Some(way.url.as_str())),
    };
    let form = || wiring(&format!("{}-{}", sick.as_str(), name.replace('_', "-")), aws, vault);
    let (Some(input), Some(house)) = (form(), House::new(Engine::Sqlite).await) else { return };
    let environment =
        environments::create(&house.app, &house.operator(), input.parse().unwrap()).await.unwrap();
    house.add_user("ada", "admin").await;
    let site = Site::start(&house.app).await;
    let ada = site.signed_in("ada", PASSWORD).await;
    let id = house.add_secret(environment, "db", "first").await;
    let it = Scene { house, environment, stores: Stores::default(), id };
    push_all(&it.house, &it.stores).await;
    assert_eq!(it.house.secret(id).await.sync_status(), SyncStatus::Synced);

    match trouble {
        On(fault) => way.goes_wrong(fault).await,
        WrongTls => it.lead(form().unwrap(), sick, way.url.replace("http:", "https:")).await,
    }
    it.house.rotate(&it.house.operator(), id, "second").await.unwrap();
    let limit = Duration::from_secs(15);
    let (sick_one, (well_status, well_took), form_took) = tokio::join!(
        tokio::time::timeout(limit, it.push_to(sick)),
        it.push_to(well),
        a_form(&ada, environment),
    );
    let (status, took) = sick_one.expect("the copy's status within 15 s");
    let copy = it.copy(sick).await;
    let error = copy.last_error.clone().unwrap_or_default();
    let expected = match fate {
        Waits => SyncStatus::Pending,
        Fails => SyncStatus::Failed,
    };
    assert!(error.contains(told), "{error}");
    assert_eq!((status, well_status), (expected, SyncStatus::Synced), "{error}");
    let next = copy.next_try_at.expect("it is tried again");
    if error.contains("fewer requests") {
        assert!(next.since(it.house.app.now()) >= time::Duration::seconds(120), "not before it may");
    }

    match trouble {
        On(_) => way.is_well().await,
        WrongTls => it.lead(form().unwrap(), sick, way.url.clone()).await,
    }
    it.house.app.clock.advance(next.since(it.house.app.now()) + time::Duration::minutes(6));
    push_all(&it.house, &it.stores).await;
    push_all(&it.house, &it.stores).await;
    assert_eq!(
        it.house.secret(id).await.sync_status(),
        SyncStatus::Synced,
        "{:?}",
        it.copy(sick).await.last_error
    );
    let store =
        it.stores.of(&it.house.app, &it.house.environment(environment).await, sick).await.unwrap().unwrap();
    let copy = it.copy(sick).await;
    let there = store.read(&copy.remote_path).await.unwrap().unwrap();
    assert_eq!(there.value.expose(), b"second");
    let versions = match sick {
        Backend::Vault => there.version.parse().unwrap(),
        Backend::Aws => crate::remote::aws::versions(&url, &copy.remote_path).await,
    };
    assert_eq!(versions, 2, "the first and the second, and each once");
    tell!(
        "faults: {:5} {name:18} {:7} after {:5} ms; the other backend {:4} ms, a form {:3} ms meanwhile; then synced: {error}",
        sick.as_str(),
        status.as_str(),
        took.as_millis(),
        well_took.as_millis(),
        form_took.as_millis(),
    );
}

/// Somebody makes a secret in the same environment.
async fn a_form(ada: &Visitor, environment: i64) -> Duration {
    tokio::time::sleep(Duration::from_millis(100)).await;
    let environment = environment.to_string();
    ada.get(&format!("/secrets/new?environment={environment}")).await;
    let fields = [
        ("environment_id", environment.as_str()),
        ("name", "meanwhile"),
        ("display_name", "Meanwhile"),
        ("secret_type", "password"),
        ("secrecy_level", "internal"),
        ("mode", "typed"),
        ("value", "v"),
        ("reason", "a test"),
    ];
    let began = Instant::now();
    let made = ada.post("/secrets", &fields).await;
    let took = began.elapsed();
    assert_eq!(made.status, 303, "{}", made.body);
    took
}

// S94: two failures and then success; a refusal is not repeated with them, and is looked at again after an hour.
#[tokio::test(flavor = "multi_thread")]
async fn what_may_pass_is_tried_again_and_a_refusal_seldom() {
    let Some(url) = crate::support::env_or_skip("KEEPER_TEST_VAULT_URL") else { return };
    let way = Way::to(&url).await;
    let (Some(form), Some(house)) = (wiring("twice", None, Some(&way.url)), House::new(Engine::Sqlite).await)
    else {
        return;
    };
    let environment =
        environments::create(&house.app, &house.operator(), form.parse().unwrap()).await.unwrap();
    let id = house.add_secret(environment, "db", "first").await;
    let it = Scene { house, environment, stores: Stores::default(), id };
    let after = async |pause: time::Duration| {
        it.house.app.clock.advance(pause);
        push_next(&it.house.app, &it.stores, Backend::Vault).await.unwrap().map(|pushed| pushed.status)
    };
    let soon = time::Duration::seconds(5);
    way.goes_wrong(Fault::Resets).await;
    assert_eq!(after(soon).await, Some(SyncStatus::Pending));
    assert_eq!(after(soon).await, Some(SyncStatus::Pending));
    way.is_well().await;
    assert_eq!(after(soon).await, Some(SyncStatus::Synced));
    assert_eq!(it.copy(Backend::Vault).await.attempts, 3);

    way.goes_wrong(Fault::Says { status: "403 Forbidden", headers: "", body: "{\"errors\":[]}" }).await;
    it.house.rotate(&it.house.operator(), id, "second").await.unwrap();
    assert_eq!(after(soon).await, Some(SyncStatus::Failed));
    let told = it.house.events_beside(&[]).await;
    assert_eq!(after(time::Duration::minutes(50)).await, None, "a refusal is not repeated");
    assert_eq!(after(time::Duration::minutes(16)).await, Some(SyncStatus::Failed));
    assert_eq!(it.house.events_beside(&[]).await, told, "and is told once");
    way.is_well().await;
    assert_eq!(after(time::Duration::minutes(66)).await, Some(SyncStatus::Synced));
}
