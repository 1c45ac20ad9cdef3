//! Stands between Keeper and a server, listens to what Keeper says, and spoils it at a word.
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Duration, sleep};

#[derive(Clone, Copy)]
pub enum Spoil {
    /// The server never hears it, and Keeper's connection ends.
    Cut,
    /// The server does it, and Keeper never hears of that.
    Swallow,
    /// The server never hears it, and nobody answers.
    Hang,
    /// The server hears something else of the same length.
    Replace(&'static str),
}

/// The port of the proxy.
pub async fn at_word(word: &'static str, spoil: Spoil, server: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
            tokio::spawn(carry(client, server, word, spoil));
        }
    });
    port
}

/// The port of a door that can be shut, and the switch for it.
pub async fn door(server: u16) -> (u16, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let is_shut = Arc::new(AtomicBool::new(false));
    let shut = is_shut.clone();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            if !shut.load(Ordering::SeqCst) {
                let mut server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
                tokio::spawn(async move { copy_bidirectional(&mut client, &mut server).await });
            }
        }
    });
    (port, is_shut)
}

async fn carry(mut client: TcpStream, mut server: TcpStream, word: &'static str, spoil: Spoil) {
    let (mut asked, mut answered) = ([0; 16 * 1024], [0; 16 * 1024]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let size = read.unwrap_or(0);
                if size == 0 { return; }
                let said = &mut asked[..size];
                if let Some(place) = said.windows(word.len()).position(|part| part == word.as_bytes()) {
                    match spoil {
                        Spoil::Cut => return,
                        Spoil::Swallow => {
                            server.write_all(said).await.unwrap();
                            sleep(Duration::from_millis(500)).await;
                            return;
                        }
                        Spoil::Hang => { sleep(Duration::from_mins(1)).await; return; }
                        Spoil::Replace(other) => {
                            assert_eq!(other.len(), word.len());
                            said[place..place + word.len()].copy_from_slice(other.as_bytes());
                        }
                    }
                }
                if server.write_all(said).await.is_err() { return; }
            }
            read = server.read(&mut answered) => {
                let size = read.unwrap_or(0);
                if size == 0 || client.write_all(&answered[..size]).await.is_err() { return; }
            }
        }
    }
}
