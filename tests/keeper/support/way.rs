//! A way to a real server that goes wrong at a word, in each of the manners in which servers and networks do; and is well again.
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Refuses,
    Resets,
    /// Whatever is asked.
    Says {
        status: &'static str,
        headers: &'static str,
        body: &'static str,
    },
    Hangs,
    /// A byte of its answer every half second, for ever.
    Drips,
    /// Its answer has no end.
    Floods,
    /// The server does what holds this word, and nobody hears of that.
    LosesReplyTo(&'static str),
}

pub struct Way {
    pub url: String,
    fault: watch::Sender<Option<Fault>>,
}

impl Way {
    /// `target`: `http://HOST:PORT`.
    pub async fn to(target: &str) -> Self {
        let target = target.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (fault, state) = watch::channel(None);
        tokio::spawn(serve(listener, target, state));
        Self { url, fault }
    }

    /// Connections that are open break.
    pub async fn goes_wrong(&self, fault: Fault) {
        self.fault.send_replace(Some(fault));
        sleep(Duration::from_millis(50)).await;
    }

    pub async fn is_well(&self) {
        self.fault.send_replace(None);
        sleep(Duration::from_millis(50)).await;
    }
}

async fn serve(mut listener: TcpListener, target: String, mut state: watch::Receiver<Option<Fault>>) {
    let address = listener.local_addr().unwrap();
    loop {
        if *state.borrow_and_update() == Some(Fault::Refuses) {
            drop(listener);
            if state.changed().await.is_err() {
                return;
            }
            listener = TcpListener::bind(address).await.unwrap();
            continue;
        }
        tokio::select! {
            changed = state.changed() => if changed.is_err() { return },
            Ok((client, _)) = listener.accept() => {
                let (target, mut state) = (target.clone(), state.clone());
                let fault = *state.borrow_and_update();
                tokio::spawn(async move {
                    tokio::select! {
                        _ = treat(client, fault, &target) => {}
                        _ = state.changed() => {}
                    }
                });
            }
        }
    }
}

async fn treat(mut client: TcpStream, fault: Option<Fault>, target: &str) -> std::io::Result<()> {
    match fault {
        None => copy_bidirectional(&mut client, &mut TcpStream::connect(target).await?).await.map(drop),
        Some(Fault::LosesReplyTo(word)) => lose(client, TcpStream::connect(target).await?, word).await,
        Some(fault) => {
            let mut heard = vec![0; 64 * 1024];
            let _head = client.read(&mut heard).await?;
            sleep(Duration::from_millis(20)).await; // the body may come in a second piece
            let _ = client.try_read(&mut heard);
            answer(&mut client, fault).await
        }
    }
}

async fn answer(client: &mut TcpStream, fault: Fault) -> std::io::Result<()> {
    const ENDLESS: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";
    match fault {
        Fault::Says { status, headers, body } => {
            let head =
                format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
            client.write_all(format!("{head}{headers}\r\n{body}").as_bytes()).await
        }
        Fault::Drips => {
            client.write_all(ENDLESS).await?;
            loop {
                client.write_all(b" ").await?;
                sleep(Duration::from_millis(500)).await;
            }
        }
        Fault::Floods => {
            client.write_all(ENDLESS).await?;
            loop {
                client.write_all(&[b'x'; 16 * 1024]).await?;
            }
        }
        Fault::Resets => client.set_zero_linger(),
        _ => std::future::pending().await,
    }
}

/// Until the word is heard, everything passes; the answer to it goes nowhere, and the line is dead.
async fn lose(client: TcpStream, server: TcpStream, word: &str) -> std::io::Result<()> {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let is_heard = AtomicBool::new(false);
    let there = async {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let size = from_client.read(&mut buffer).await?;
            if size == 0 {
                return std::io::Result::Ok(());
            }
            if buffer[..size].windows(word.len()).any(|part| part == word.as_bytes()) {
                is_heard.store(true, Ordering::SeqCst);
            }
            to_server.write_all(&buffer[..size]).await?;
        }
    };
    let back = async {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let size = from_server.read(&mut buffer).await?;
            if size == 0 || is_heard.load(Ordering::SeqCst) {
                return std::io::Result::Ok(());
            }
            to_client.write_all(&buffer[..size]).await?;
        }
    };
    tokio::select! { done = there => done, done = back => done }
}
