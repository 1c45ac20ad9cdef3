//! The backends, against the real `OpenBao` and moto, and against servers that mean harm.
#![allow(clippy::unwrap_used, reason = "a test's own hands may unwrap too")]
pub mod aws;
mod hostile;
mod listing;
mod making;
pub mod session;
mod vault;

use keeper::domain::plaintext::Plaintext;
use keeper::kit::chance::Chance;
use keeper::remote::{Credentials, Endpoint, Mark, Rules};

fn development() -> Rules {
    Rules { development: true, hosts: Vec::new() }
}

fn endpoint(url: &str) -> Endpoint {
    Endpoint::parse(url, &development()).unwrap()
}

fn fixed(id: &str, secret: &str) -> Credentials {
    Credentials::Fixed { access_key_id: id.to_owned(), secret_access_key: value(secret), session_token: None }
}

fn value(text: &str) -> Plaintext {
    Plaintext::from(text.to_owned())
}

/// A random name: the tests share one server.
fn fresh() -> String {
    Chance::System.bytes::<8>().unwrap().map(|byte| format!("{byte:02x}")).concat()
}

fn mark(uid: &str, version: i64) -> Mark {
    Mark { uid: uid.to_owned(), version }
}

/// The address of a real server; without one the test is skipped, or fails where all servers must be there.
fn server(variable: &str) -> Option<String> {
    let found = std::env::var(variable).ok().filter(|url| !url.is_empty());
    assert!(found.is_some() || std::env::var_os("KEEPER_TEST_REQUIRE").is_none(), "{variable} is not set");
    if found.is_none() {
        println!("skipped: {variable} is not set");
    }
    found
}

/// Values that are easily bent on the way.
fn awkward() -> Vec<Vec<u8>> {
    let texts = [
        " \r\n\ttrailing \n",
        "\0\u{1}\u{7f}",
        "\"\\\u{2028}\u{feff}𝄞 <&> 'ü'",
        "{\"value\":\"x\"}",
        "null",
        "dGV4dA==",
    ];
    let mut all: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    all.push(vec![0xff, 0xfe, 0x00, 0x80]);
    all.push((0..=255).cycle().take(65_536).collect());
    all.push("ü".repeat(32_768).into_bytes());
    all
}
