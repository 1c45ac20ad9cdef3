//! Servers that are not there, not encrypted, not Keeper, or not well.
use super::{Machine, READS};
use crate::api::service;
use crate::sources::tls::Authority;
use crate::support::House;
use crate::support::site::Site;
use crate::support::way::{Fault, Way};
use keeper::db::Engine;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// A server that counts who comes to it.
async fn elsewhere() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let visits = Arc::new(AtomicUsize::new(0));
    let counted = visits.clone();
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (address, visits)
}

fn leaked(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

// S48: whatever stands there instead of a Keeper: words and a code, nothing is started, and the token goes nowhere else.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_keeper_is_told_and_starts_nothing() {
    let house = House::new(Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    let way = Way::to(&site.base).await;
    let (other, visits) = elsewhere().await;
    let machine = Machine::new(&way.url, "kpr_a_token_that_nobody_else_should_see");
    let marker = house.data.path().join("started");
    let words = ["--environment", "dev", "--", "touch", marker.to_str().unwrap()];
    let says = |status, headers, body| Fault::Says { status, headers, body };
    let json = "content-type: application/json\r\n";
    for (fault, told) in [
        (says("302 Found", leaked(format!("location: {other}\r\n")), ""), "sends elsewhere (status 302)"),
        (says("307 Temporary Redirect", leaked(format!("location: {other}\r\n")), ""), "sends elsewhere"),
        (
            says("200 OK", "content-type: text/html\r\n", "<html>canary</html>"),
            "an answer that makes no sense",
        ),
        (says("200 OK", json, "{\"items\": [{\"id\": \"canary\"}]}"), "an answer that makes no sense"),
        (says("200 OK", json, "{\"items\": [], \"next\": \"\"}"), "an answer that makes no sense"),
        (
            says(
                "200 OK",
                json,
                "{\"items\": [{\"id\": 1, \"name\": \"\\u001b[2J\", \"display_name\": \"\"}], \"next\": null}",
            ),
            "an answer that makes no sense",
        ),
        (says("200 OK", json, "{\"items\": [], \"next\": null}"), "there is none yet"),
        (says("403 Forbidden", "", "<html>canary</html>"), "status 403, and not as a Keeper does"),
        (
            says(
                "403 Forbidden",
                json,
                "{\"error\": {\"code\": \"forbidden\", \"message\": \"no\\u001b[31m\"}}",
            ),
            "no[31m",
        ),
        (
            says(
                "429 Too Many Requests",
                "retry-after: 900\r\ncontent-type: application/json\r\n",
                "{\"error\": {\"code\": \"too_many_requests\", \"message\": \"wait 900 s\"}}",
            ),
            "wait 900 s",
        ),
        (Fault::Floods, "more than 16 MiB"),
    ] {
        way.goes_wrong(fault).await;
        let answer = machine.ask(&["run"], &words);
        assert!(answer.err.contains(told), "{fault:?}: {}", answer.both());
        let code = match told {
            "there is none yet" => 64,
            "no[31m" => 1,
            _ => 69,
        };
        assert_eq!(answer.code, Some(code), "{fault:?}: {}", answer.both());
        assert!(answer.out.is_empty() && !marker.exists(), "{fault:?}");
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0, "the token went elsewhere");
    // What breaks off in the middle is not taken for the whole, and what is no table is not written.
    let table = "content-type: text/csv; charset=utf-8\r\n";
    let chunked = "content-type: text/csv; charset=utf-8\r\ntransfer-encoding: chunked\r\n";
    for (fault, told, out) in [
        (says("200 OK", chunked, "5\r\nid,na\r\n"), "what came is not all of it", "id,na"),
        (says("200 OK", json, "[]"), "an answer that makes no sense", ""),
        (says("200 OK", table, "id\n\u{1b}[2J"), "an answer that makes no sense", ""),
        (says("404 Not Found", "", "<html>canary</html>"), "status 404, and not as a Keeper does", ""),
    ] {
        way.goes_wrong(fault).await;
        let answer = machine.ask(&["export"], &[]);
        assert!(answer.err.contains(told) && answer.out == out, "{fault:?}: {}", answer.both());
        assert_eq!(answer.code, Some(69), "{fault:?}");
    }
    way.goes_wrong(Fault::Refuses).await;
    let gone = machine.ask(&["export"], &[]);
    assert!(gone.code == Some(69) && gone.err.contains("refused the connection"), "{}", gone.both());
    for foreign in ["http://keeper.example.com", "http://192.0.2.1", "keeper.example.com", ""] {
        let answer = Machine::new(foreign, &machine.token).ask(&["run"], &words);
        assert!(answer.code == Some(64) && answer.err.contains("https"), "{foreign}: {}", answer.both());
    }
    assert!(!marker.exists());
}

// A short refusal is waited for: too many requests, and a server that begins anew.
#[tokio::test(flavor = "multi_thread")]
async fn what_passes_is_waited_for() {
    let house = House::new(Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("max", "manager").await;
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    house.add_secret(dev, "one", "canary").await;
    let way = Way::to(&site.base).await;
    let machine = Machine::new(&way.url, &service(&house, "max", "manager", &READS, &[dev]).await);
    let busy = Fault::Says { status: "429 Too Many Requests", headers: "retry-after: 1\r\n", body: "" };
    for fault in [busy, Fault::Refuses, Fault::Resets] {
        way.goes_wrong(fault).await;
        let script = "test \"$ONE\" = canary";
        let child = machine
            .command(&["run"], &["--environment", "dev", "--", "sh", "-c", script])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        tokio::time::sleep(Duration::from_millis(700)).await;
        way.is_well().await;
        let ended = tokio::task::spawn_blocking(move || child.wait_with_output()).await.unwrap().unwrap();
        assert!(ended.status.success(), "{fault:?}");
    }
}

/// TLS before a site.
async fn front(site: &Site, acceptor: TlsAcceptor) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let target = site.base.trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (acceptor, target) = (acceptor.clone(), target.clone());
            tokio::spawn(async move {
                if let Ok(mut client) = acceptor.accept(client).await {
                    let mut server = TcpStream::connect(target).await.unwrap();
                    let _ = copy_bidirectional(&mut client, &mut server).await;
                }
            });
        }
    });
    port
}

// Whom KEEPER_CA_FILE names is believed, and nobody else; a name that the certificate does not have is not.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_who_its_authority_says() {
    let house = House::new(Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("max", "manager").await;
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    house.add_secret(dev, "one", "canary").await;
    let token = service(&house, "max", "manager", &READS, &[dev]).await;
    let (ours, other) = (Authority::new(), Authority::new());
    let port = front(&site, ours.acceptor("localhost")).await;
    let file = |name: &str, pem: &str| {
        let path = house.data.path().join(name);
        std::fs::write(&path, pem).unwrap();
        path
    };
    let (ours, other) = (file("ours.pem", &ours.pem()), file("other.pem", &other.pem()));
    let odd = file("odd.pem", "canary");
    let marker = house.data.path().join("started");
    let words = ["--environment", "dev", "--", "touch", marker.to_str().unwrap()];
    for (host, authority, code, told) in [
        ("localhost", Some(&other), 69, "no certificate that this machine trusts"),
        ("localhost", None, 69, "no certificate that this machine trusts"),
        ("127.0.0.1", Some(&ours), 69, "no certificate that this machine trusts"),
        ("localhost", Some(&odd), 78, "in PEM"),
        ("localhost", Some(&ours), 0, ""),
    ] {
        let machine = Machine::new(&format!("https://{host}:{port}"), &token);
        let mut command = machine.command(&["run"], &words);
        if let Some(path) = authority {
            command.env("KEEPER_CA_FILE", path);
        }
        let answer = machine.answer(command);
        assert!(
            answer.code == Some(code) && answer.err.contains(told),
            "{host}: {:?} {}",
            answer.code,
            answer.both()
        );
        assert_eq!(marker.exists(), code == 0);
    }
}
