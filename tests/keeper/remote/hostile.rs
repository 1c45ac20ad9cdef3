//! Backends that were taken over, or are simply broken: each limit of the row "a compromised backend" in security.md.
use super::{endpoint, fixed, fresh, mark, server as real, value};
use keeper::domain::plaintext::Plaintext;
use keeper::remote::{Aws, AwsSettings, Making, RemoteError, SignIn, Store, Vault, VaultSettings};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

const TOKEN: &str = "hvs.the-token-itself";

/// What a server does with each connection, once it has read the head of the request.
enum Manner {
    Says(String),
    /// Says the head, then `x` for ever.
    Floods(&'static str),
    Hangs,
    HangsUp,
    /// Answers with a message made of all that it was sent.
    Echoes(&'static str),
}

struct Server {
    url: String,
    calls: Arc<AtomicUsize>,
}

async fn server(manner: Manner) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let calls = Arc::new(AtomicUsize::new(0));
    let (counted, manner) = (calls.clone(), Arc::new(manner));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(serve(stream, manner.clone()));
        }
    });
    Server { url, calls }
}

/// The address of one that allows nothing.
pub async fn denying() -> String {
    server(Manner::Says(answer("403 Forbidden", "", "{\"__type\":\"AccessDenied\"}"))).await.url
}

async fn serve(mut stream: TcpStream, manner: Arc<Manner>) {
    let mut heard = vec![0; 64 * 1024];
    let mut size = stream.read(&mut heard).await.unwrap_or(0);
    tokio::time::sleep(Duration::from_millis(20)).await; // the body may come in a second piece
    size += stream.try_read(&mut heard[size..]).unwrap_or(0);
    match &*manner {
        Manner::Says(answer) => drop(stream.write_all(answer.as_bytes()).await),
        Manner::Floods(first) => {
            let _ = stream.write_all(first.as_bytes()).await;
            while stream.write_all(&[b'x'; 16 * 1024]).await.is_ok() {}
        }
        Manner::Hangs => tokio::time::sleep(Duration::from_mins(1)).await,
        Manner::HangsUp => {}
        Manner::Echoes(status) => {
            let heard = String::from_utf8_lossy(&heard[..size]).into_owned();
            let body =
                serde_json::json!({ "errors": [heard], "message": heard, "Message": heard, "__type": heard });
            drop(stream.write_all(answer(status, "", &body.to_string()).as_bytes()).await);
        }
    }
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}", body.len())
}

fn vault(url: &str) -> Store {
    let settings = VaultSettings {
        endpoint: endpoint(url),
        mount: "secret".into(),
        namespace: None,
        sign_in: SignIn::Token(Plaintext::from(TOKEN.to_owned())),
        authority: String::new(),
    };
    Store::Vault(Vault::new(settings).unwrap())
}

async fn aws(url: &str) -> Store {
    let credentials = fixed("AKIATEST", TOKEN);
    let endpoint = Some(endpoint(url));
    let settings = AwsSettings {
        region: "eu-central-1".into(),
        endpoint,
        credentials,
        role: None,
        making: Making::default(),
    };
    Store::Aws(Aws::new(settings).await.unwrap())
}

/// Both backends meet the same server.
async fn both(manner: fn() -> Manner) -> Vec<(Server, Store)> {
    let (one, two) = (server(manner()).await, server(manner()).await);
    let stores = [vault(&one.url), aws(&two.url).await];
    [one, two].into_iter().zip(stores).collect()
}

async fn refusal(store: &Store) -> RemoteError {
    store.push("x", &value("the-value-itself"), &mark("a", 1)).await.unwrap_err()
}

#[tokio::test] // S01 S02
async fn a_hanging_server_is_given_up_within_the_limit() {
    let pairs = both(|| Manner::Hangs).await;
    let began = Instant::now();
    let [one, two] = [&pairs[0].1, &pairs[1].1].map(refusal);
    let (one, two) = tokio::join!(one, two);
    let took = began.elapsed();
    assert!(took < Duration::from_secs(11), "{took:?}");
    assert!(one.may_pass() && two.may_pass(), "{one}; {two}");
    assert_eq!(pairs[1].0.calls.load(Ordering::SeqCst), 1, "the SDK tries again by itself");
}

#[tokio::test] // S01 S02
async fn a_server_that_does_not_take_the_call_is_given_up_after_two_seconds() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap(); // nobody accepts: the queue fills, and then calls go unheard
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(call) = tokio::time::timeout(Duration::from_millis(300), TcpStream::connect(address)).await {
        waiting.push(call);
        assert!(waiting.len() < 64, "the queue does not fill");
    }
    let url = format!("http://{address}");
    for store in [vault(&url), aws(&url).await] {
        let began = Instant::now();
        let why = refusal(&store).await;
        assert!(began.elapsed() < Duration::from_secs(4), "{:?}", store.backend());
        assert!(why.may_pass() && why.to_string().contains("in time"), "{:?}: {why}", store.backend());
    }
}

#[tokio::test] // S01 S02
async fn a_huge_answer_is_cut_off() {
    for head in [
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n",
        "HTTP/1.1 400 Bad Request\r\n\r\n",
    ] {
        let (one, two) = (server(Manner::Floods(head)).await, server(Manner::Floods(head)).await);
        for store in [vault(&one.url), aws(&two.url).await] {
            let began = Instant::now();
            let why = refusal(&store).await;
            assert!(!why.may_pass() && why.to_string().contains("1 MiB"), "{:?}: {why}", store.backend());
            assert!(began.elapsed() < Duration::from_secs(5));
        }
    }
}

#[tokio::test] // S01 S02
async fn a_redirect_is_not_followed() {
    let treasure = server(Manner::Says(answer("200 OK", "", "{}"))).await;
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let head = format!("location: {}/v1/secret/data/x\r\n", treasure.url);
        let (one, two) = (answer(status, &head, ""), answer(status, &head, ""));
        let (one, two) = (server(Manner::Says(one)).await, server(Manner::Says(two)).await);
        for store in [vault(&one.url), aws(&two.url).await] {
            let why = refusal(&store).await;
            assert!(why.to_string().contains("does not follow"), "{:?} {status}: {why}", store.backend());
        }
    }
    assert_eq!(treasure.calls.load(Ordering::SeqCst), 0);
}

#[tokio::test] // S01 S02
async fn what_a_backend_says_is_never_repeated() {
    for status in
        ["200 OK", "400 Bad Request", "403 Forbidden", "404 Not Found", "418 Teapot", "429 Slow", "500 Oops"]
    {
        let (one, two) = (server(Manner::Echoes(status)).await, server(Manner::Echoes(status)).await);
        for store in [vault(&one.url), aws(&two.url).await] {
            let why = refusal(&store).await;
            for shown in [why.to_string(), format!("{why:?}")] {
                let lower = shown.to_lowercase();
                for sent in [
                    "the-value",
                    "hvs.",
                    "token-itself",
                    "post /",
                    "get /",
                    "akiatest",
                    "x-vault",
                    "user-agent",
                ] {
                    assert!(!lower.contains(sent), "{status}: {shown}");
                }
                assert!(shown.len() <= 200 && !shown.contains(char::is_control), "{status}: {shown}");
            }
        }
    }
}

/// All that the clients would write into a log at its most talkative.
#[derive(Clone, Default)]
struct Traces(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Traces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test] // S01 S02
async fn no_value_and_no_token_is_ever_traced() {
    let traces = Traces::default();
    let writer = traces.clone();
    let log =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone());
    let _until_the_end = tracing::subscriber::set_default(log.finish());
    let mut stores = Vec::new();
    if let (Some(url), Some(token)) = (real("KEEPER_TEST_VAULT_URL"), real("KEEPER_TEST_VAULT_TOKEN")) {
        let (endpoint, token) = (endpoint(&url), value(&token));
        let settings = VaultSettings {
            endpoint,
            mount: "secret".into(),
            namespace: None,
            sign_in: SignIn::Token(token),
            authority: String::new(),
        };
        stores.push(Store::Vault(Vault::new(settings).unwrap()));
    }
    if let Some(url) = real("KEEPER_TEST_AWS_ENDPOINT") {
        stores.push(aws(&url).await);
    }
    for store in &stores {
        let path = fresh();
        for (number, text) in [(1, "the-value-itself"), (2, "the-value-itself, again")] {
            store.push(&path, &value(text), &mark("a", number)).await.unwrap();
            assert_eq!(store.read(&path).await.unwrap().unwrap().value.expose(), text.as_bytes());
        }
    }
    let rude = server(Manner::HangsUp).await;
    refusal(&vault(&rude.url)).await; // with a token that can be searched for
    let said = String::from_utf8_lossy(&traces.0.lock().unwrap()).into_owned();
    let heard = stores.len() < 2 || said.contains("transmitting request");
    assert!(heard && said.len() > 1000, "little was traced: the test sees nothing");
    for hidden in ["the-value-itself", "dGhlLXZhbHVl", TOKEN] {
        let at = said.find(hidden).map(|at| said[at.saturating_sub(200)..at].to_owned());
        assert_eq!(at, None, "{hidden}");
    }
}

#[tokio::test] // S01 S02
async fn a_server_that_is_away_or_speaks_nonsense_is_tried_again() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let gone = format!("http://{gone}");
    for store in [vault(&gone), aws(&gone).await] {
        assert!(refusal(&store).await.may_pass());
    }
    let manners: [fn() -> Manner; 4] = [
        || Manner::HangsUp,
        || Manner::Says("SSH-2.0-OpenSSH_9.9\r\n".into()),
        || Manner::Says(answer("200 OK", "", "<html>hello</html>")),
        || Manner::Says(answer("200 OK", "", "{\"data\":[]}")),
    ];
    for (index, manner) in manners.into_iter().enumerate() {
        for (_, store) in both(manner).await {
            let why = refusal(&store).await;
            assert!(why.may_pass(), "manner {index} of {:?}: {why}", store.backend());
        }
    }
}

#[tokio::test] // S01 S02
async fn a_busy_server_is_left_alone_for_as_long_as_it_asks() {
    let busy = || {
        Manner::Says(answer("429 Too Many Requests", "retry-after: 17\r\n", "{\"errors\":[\"slow down\"]}"))
    };
    for (_, store) in both(busy).await {
        assert_eq!(refusal(&store).await.wait(), Some(Duration::from_secs(17)), "{:?}", store.backend());
    }
    let sealed = server(Manner::Says(answer("503 Sealed", "", "{\"errors\":[\"Vault is sealed\"]}"))).await;
    let why = refusal(&vault(&sealed.url)).await;
    assert!(why.may_pass() && why.to_string().contains("sealed"), "{why}");
}

#[tokio::test]
async fn a_name_that_turns_to_this_machine_is_refused_when_it_is_called() {
    let server = server(Manner::Says(answer("200 OK", "", "{}"))).await;
    let port = server.url.rsplit(':').next().unwrap();
    let rules = keeper::remote::Rules::default();
    let endpoint = keeper::remote::Endpoint::parse(&format!("https://localhost:{port}"), &rules).unwrap();
    let settings = |endpoint| VaultSettings {
        endpoint,
        mount: "secret".into(),
        namespace: None,
        sign_in: SignIn::Token(value(TOKEN)),
        authority: String::new(),
    };
    let why = refusal(&Store::Vault(Vault::new(settings(endpoint.clone())).unwrap())).await;
    assert!(!why.may_pass() && why.to_string().contains("this machine"), "{why}");
    let credentials = fixed("a", "b");
    let settings = AwsSettings {
        region: "eu-central-1".into(),
        endpoint: Some(endpoint),
        credentials,
        role: None,
        making: Making::default(),
    };
    let why = refusal(&Store::Aws(Aws::new(settings).await.unwrap())).await;
    assert!(!why.may_pass() && why.to_string().contains("this machine"), "{why}");
    assert_eq!(server.calls.load(Ordering::SeqCst), 0);
}

#[test]
fn a_token_that_cannot_be_sent_is_refused_without_being_shown() {
    for token in ["", "a b", "a\nb", "ü"] {
        let settings = VaultSettings {
            endpoint: endpoint("https://vault.example.com"),
            mount: "secret".into(),
            namespace: None,
            sign_in: SignIn::Token(value(token)),
            authority: String::new(),
        };
        let why = Vault::new(settings).err().unwrap().to_string();
        assert_eq!(why, "the token of Vault is empty or holds characters that cannot be sent");
    }
}
