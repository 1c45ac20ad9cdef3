//! Rule 2: metadata that nobody may be believed by are refused at start, with the reason; what is merely untidy works.
use super::court::{Court, Sent};
use crate::support::idp::{Idp, Metadata, Pair};
use crate::support::tell;
use keeper::db::Engine;
use std::process::Command;

/// `keeper serve` with this document: the exit code and what it said.
fn serve(text: &[u8]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("idp.xml");
    std::fs::write(&path, text).unwrap();
    let output = Command::new("timeout")
        .args(["20", env!("CARGO_BIN_EXE_keeper"), "serve"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("KEEPER_DATA_DIR", folder.path())
        .env("KEEPER_LISTEN", "127.0.0.1:0")
        .env("KEEPER_SAML_IDP_METADATA", &path)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

#[test] // S04: rule 2
fn keeper_does_not_start_with_metadata_that_nobody_may_be_believed_by() {
    let idp = Idp::new();
    let good = || idp.metadata();
    let bare = Metadata::default;
    let small = Pair::rsa(1024);
    let sso = |url: &str| Metadata { sso: url.to_owned(), ..good() }.text();
    let named = |attributes: &str| Metadata { attributes: attributes.to_owned(), ..good() }.text();
    let rows: Vec<(&str, String)> = vec![
        ("no key", bare().text()),
        ("only an EC certificate", bare().signing(&idp.ec).text()),
        ("only an RSA key of 1024 bits", bare().signing(&small).text()),
        ("only a certificate for encryption", bare().key(" use=\"encryption\"", &idp.rsa.base64()).text()),
        ("only a certificate for nobody knows what", bare().key(" use=\"canary\"", &idp.rsa.base64()).text()),
        ("only garbage", bare().key(" use=\"signing\"", "canary").text()),
        ("only a cut certificate", bare().key(" use=\"signing\"", &idp.rsa.base64()[..400]).text()),
        ("an empty certificate", bare().key(" use=\"signing\"", "").text()),
        ("expired", named(" entityID=\"http://localhost:9/idp\" validUntil=\"2020-01-01T00:00:00Z\"")),
        ("valid until no time", named(" entityID=\"http://localhost:9/idp\" validUntil=\"canary\"")),
        ("no name", named("")),
        ("an empty name", named(" entityID=\"\"")),
        ("a DOCTYPE", Metadata { before: "<!DOCTYPE x>".into(), ..good() }.text()),
        (
            "an entity",
            Metadata {
                before: "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>".into(),
                ..good()
            }
            .text(),
        ),
        ("a javascript address", sso("javascript:alert(1)")),
        ("a data address", sso("data:text/html,canary")),
        ("a file", sso("file:///etc/hostname")),
        ("no address", sso("")),
        ("a relative address", sso("/idp/sso")),
        ("an empty document", String::new()),
        ("another document", "<html></html>".to_owned()),
        ("a cut document", good().text()[..600].to_owned()),
        ("a service provider's", good().text().replace("IDPSSODescriptor", "SPSSODescriptor")),
        ("another protocol", good().text().replace("SAML:2.0:protocol", "SAML:1.1:protocol")),
        ("another binding", good().text().replace("HTTP-Redirect", "SOAP")),
    ];
    let mut wrong = Vec::new();
    for (name, text) in &rows {
        let (code, said) = serve(text.as_bytes());
        println!("{name}: {}", said.lines().last().unwrap_or_default());
        if code != Some(78) || !said.contains("KEEPER_SAML_IDP_METADATA") || said.contains("listening") {
            wrong.push(format!("{name}: exit {code:?}, {said}"));
        }
    }
    tell!("{} metadata documents tried, {} refused", rows.len(), rows.len() - wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A sign-in with these metadata works, signed by this key.
async fn works(name: &str, make: fn(&Idp) -> Metadata, signer: fn(&Idp) -> &Pair) {
    let idp = Idp::new();
    let metadata = make(&idp);
    let court = Court::with(Engine::Sqlite, idp, &metadata).await.unwrap();
    for style in ["assertion", "response"] {
        let asked = court.ask().await;
        let document = asked.document.clone().sign(style, signer(&court.idp));
        let answer = court.post(&asked, Sent::from(document)).await;
        assert_eq!(answer.status, 303, "{name}: {}", court.why().await);
    }
    // And still nobody else's key does.
    let verdict = court.judge("metadata", name, &|idp, d| d.sign("assertion", &idp.foreign).into()).await;
    assert!(verdict.faults.is_empty(), "{name}: {:?}", verdict.faults);
    let verdict = court.judge("metadata", name, &|_, d| d.into()).await;
    assert!(verdict.faults.is_empty(), "{name}: {:?}", verdict.faults);
    let ec = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
    let verdict = court
        .judge("metadata", name, &move |idp, d| d.set("method.uri", ec).sign("assertion", &idp.ec).into())
        .await;
    assert!(verdict.faults.is_empty(), "{name}: signed by EC, {:?}", verdict.faults);
}

#[tokio::test(flavor = "multi_thread")] // S04: rule 2
async fn keys_that_cannot_be_used_are_set_aside_one_by_one() {
    works("EC first", |idp| Metadata::default().signing(&idp.ec).signing(&idp.rsa), |idp| &idp.rsa).await;
    works("EC last", |idp| Metadata::default().signing(&idp.rsa).signing(&idp.ec), |idp| &idp.rsa).await;
    works(
        "garbage beside it",
        |idp| Metadata::default().key(" use=\"signing\"", "canary").key("", "AAAA").signing(&idp.rsa),
        |idp| &idp.rsa,
    )
    .await;
    works("no use named", |idp| Metadata::default().key("", &idp.rsa.base64()), |idp| &idp.rsa).await;
    works(
        "lines of 64 letters",
        |idp| {
            let text = idp.rsa.base64();
            let lines: Vec<String> =
                text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
            Metadata::default().key(" use=\"signing\"", &format!("\n  {}\n", lines.join("\r\n  ")))
        },
        |idp| &idp.rsa,
    )
    .await;
    works(
        "expired",
        |idp| Metadata::default().signing(&Pair::certified(idp.rsa.key.clone(), -400)),
        |idp| &idp.rsa,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")] // S04: rule 2, a provider that changes its key
async fn of_two_certificates_either_signs() {
    for second in [false, true] {
        let (old, new) = (Pair::rsa(2048), Pair::rsa(2048));
        let metadata = Metadata::default().signing(&old).signing(&new);
        let court = Court::with(Engine::Sqlite, Idp::new(), &metadata).await.unwrap();
        let asked = court.ask().await;
        let signed = asked.document.clone().sign("assertion", if second { &new } else { &old });
        let answer = court.post(&asked, Sent::from(signed)).await;
        assert_eq!(answer.status, 303, "{}", court.why().await);
    }
}
