//! The table of faults for key services: whoever needs a value learns within the limit why there is none, everybody else goes on, no
//! version is made, and what is well again serves without a restart.
use super::{AwsKey, Pairs, TransitKey, again, pairs, value};
use crate::faults::{MOVED, NONSENSE, Trouble, says};
use crate::support::House;
use crate::support::house::PASSWORD;
use crate::support::site::{Site, Visitor};
use crate::support::tell;
use crate::support::way::{Fault, Way};
use keeper::db::Engine;
use keeper::domain::error::{Error, Result};
use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug)]
enum Service {
    Transit,
    Aws,
}
use Trouble::{Way as On, WrongTls};

macro_rules! table {
    ($name:ident, $service:expr, $($fault:ident: $trouble:expr, $told:expr;)*) => {
        mod $name {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $fault() {
                    cell($service, stringify!($fault), $trouble, $told).await;
                }
            )*
        }
    };
}

table! { transit, Service::Transit, // S07
    refused: On(Fault::Refuses), "refused the connection";
    reset: On(Fault::Resets), "broke";
    fault_of_its_own: says("500 Internal Server Error", "{\"errors\":[]}"), "HTTP 500";
    sealed: says("503 Service Unavailable", "{\"errors\":[\"Vault is sealed\"]}"), "is sealed";
    forbidden: says("403 Forbidden", "{\"errors\":[\"permission denied\"]}"), "token";
    too_many_requests: says("429 Too Many Requests", "{\"errors\":[\"slow down\"]}"), "fewer requests";
    hangs: On(Fault::Hangs), "did not answer";
    slow_drip: On(Fault::Drips), "did not answer";
    garbage: NONSENSE, "makes no sense";
    huge_answer: On(Fault::Floods), "1 MiB";
    redirect: On(MOVED), "does not follow";
    lost_reply: On(Fault::LosesReplyTo("POST /v1/transit/")), "broke";
    wrong_tls: WrongTls, "TLS";
}

table! { aws, Service::Aws, // S07
    refused: On(Fault::Refuses), "cannot be reached";
    reset: On(Fault::Resets), "cannot be reached";
    fault_of_its_own: says("500 Internal Server Error", "{\"__type\":\"KMSInternalException\"}"), "a fault of its own";
    key_cannot_be_used: says("400 Bad Request", "{\"__type\":\"DisabledException\"}"), "key";
    forbidden: says("400 Bad Request", "{\"__type\":\"AccessDeniedException\"}"), "may not";
    too_many_requests: says("400 Bad Request", "{\"__type\":\"ThrottlingException\"}"), "fewer requests";
    hangs: On(Fault::Hangs), "did not answer";
    slow_drip: On(Fault::Drips), "did not answer";
    garbage: NONSENSE, "makes no sense";
    huge_answer: On(Fault::Floods), "1 MiB";
    redirect: On(MOVED), "does not follow";
    lost_reply: On(Fault::LosesReplyTo("TrentService.")), "broke";
    wrong_tls: WrongTls, "certificate";
}

/// The service's own address, and the settings that choose it.
async fn service(which: Service) -> Option<(String, Pairs)> {
    match which {
        Service::Transit => {
            let key = TransitKey::there().await?;
            Some((key.url.clone(), key.chosen()))
        }
        Service::Aws => {
            let key = AwsKey::there().await?;
            Some((key.endpoint.clone(), key.chosen()))
        }
    }
}

fn led(which: Service, mut chosen: Pairs, url: &str) -> Pairs {
    let name = match which {
        Service::Transit => "KEEPER_KMS_VAULT_URL",
        Service::Aws => "KEEPER_KMS_AWS_ENDPOINT",
    };
    chosen.retain(|(key, _)| key != name);
    [chosen, pairs(&[(name, url)])].concat()
}

async fn cell(which: Service, name: &str, trouble: Trouble, told: &str) {
    let Some((url, chosen)) = service(which).await else { return };
    let way = Way::to(&url).await;
    let house = House::new(Engine::Sqlite).await.unwrap();
    let mut house = again(house, &led(which, chosen.clone(), &way.url)).await;
    house.add_user("ada", "admin").await;
    let environment = house.add_environment("dev", "development", "open", &[]).await;
    let id = house.add_secret(environment, "db", "first").await;

    match trouble {
        On(fault) => way.goes_wrong(fault).await,
        WrongTls => {
            house = again(house, &led(which, chosen.clone(), &way.url.replace("http:", "https:"))).await;
        }
    }
    let site = Site::start(&house.app).await;
    let ada = site.signed_in("ada", PASSWORD).await;
    let began = Instant::now();
    let operator = house.operator();
    let limit = Duration::from_secs(15);
    let (read, written, page_took) = tokio::join!(
        tokio::time::timeout(limit, value(&house.app, &house, id)),
        tokio::time::timeout(limit, house.rotate(&operator, id, "second")),
        pages(&ada, id),
    );
    let took = began.elapsed();
    let [why, other] =
        [unavailable(read.map(|read| read.map(drop))), unavailable(written.map(|written| written.map(drop)))];
    assert!(other.contains(told), "{other}");
    assert!(why.contains(told), "{why}");
    assert_eq!(house.secret(id).await.current_version, 1, "nothing was stored");

    match trouble {
        On(_) => way.is_well().await,
        WrongTls => house = again(house, &led(which, chosen, &way.url)).await,
    }
    assert_eq!(value(&house.app, &house, id).await.unwrap(), "first");
    house.rotate(&house.operator(), id, "second").await.unwrap();
    assert_eq!(
        (value(&house.app, &house, id).await.unwrap().as_str(), house.secret(id).await.current_version),
        ("second", 2)
    );
    let which = format!("{which:?}").to_lowercase();
    tell!(
        "faults: KMS {which:7} {name:18} told after {:5} ms, a page {:3} ms meanwhile; then as before: {why}",
        took.as_millis(),
        page_took.as_millis(),
    );
}

fn unavailable<E>(answer: std::result::Result<Result<()>, E>) -> String {
    match answer.ok().expect("an answer within 15 s") {
        Err(error @ Error::Unavailable { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

/// Whoever needs no value goes on.
async fn pages(ada: &Visitor, id: i64) -> Duration {
    tokio::time::sleep(Duration::from_millis(100)).await;
    let began = Instant::now();
    for path in ["/secrets", &format!("/secrets/{id}")] {
        assert_eq!(ada.get(path).await.status, 200, "{path}");
    }
    began.elapsed()
}
