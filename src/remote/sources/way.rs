//! The way to a server. The drivers would resolve a host's name by themselves, past the guard, and call wherever it
//! leads by then. So the connection is made here, to an address that was just admitted, and the driver gets its other
//! end: a socket without a file, which needs no folder to write to. The driver's own TLS runs through it from end to
//! end, with the host's name. `postgres.rs` and `mysql.rs` ask for it, once for each connection.
use super::settings::unencrypted;
use crate::kit::chance::Chance;
use crate::remote::error::RemoteError;
use crate::remote::http::{ANSWER, CONNECT, unreachable};
use crate::remote::server::Server;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, copy};
use tokio::net::{TcpStream, UnixListener, UnixStream};
use tokio::time::timeout;

/// The path that is named to the driver, which may add an ending of its own before it connects.
pub(super) async fn open(
    who: &str,
    server: &Server,
    encrypted: bool,
    ending: &str,
    chance: &Chance,
) -> Result<String, RemoteError> {
    let found = server.resolve().await.map_err(|away| unreachable(who, away))?;
    let here = |address: &SocketAddr| address.ip().to_canonical().is_loopback();
    if !encrypted && !found.iter().all(here) {
        return Err(unencrypted());
    }
    let server = connect(who, &found).await?;
    let name = chance.bytes::<16>().map_err(|_| RemoteError::last("this machine gave no random bytes"))?;
    let path = format!("\0keeper-{}", hex::encode(name));
    let door = UnixListener::bind(format!("{path}{ending}"))
        .map_err(|_| RemoteError::retry("this machine has no room for another connection"))?;
    tokio::spawn(async move {
        if let Ok(Ok(driver)) = timeout(CONNECT, meet(door)).await {
            carry(driver, server).await;
        }
    });
    Ok(path)
}

async fn connect(who: &str, found: &[SocketAddr]) -> Result<TcpStream, RemoteError> {
    let tried = timeout(CONNECT, TcpStream::connect(found)).await;
    tried.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into())).map_err(|e| match e.kind() {
        ErrorKind::ConnectionRefused => RemoteError::retry(format!("{who} refused the connection")),
        ErrorKind::TimedOut => RemoteError::retry(format!("{who} did not answer in time")),
        _ => RemoteError::retry(format!("{who} cannot be reached")),
    })
}

/// Anybody on this machine may knock at a door without a file; only this very process is let in.
async fn meet(door: UnixListener) -> io::Result<UnixStream> {
    loop {
        let (stream, _) = door.accept().await?;
        if stream.peer_cred()?.pid().is_some_and(|pid| u32::try_from(pid) == Ok(std::process::id())) {
            return Ok(stream);
        }
    }
}

/// Until one of the two hangs up, or the server has said more than an answer may hold.
async fn carry(mut driver: UnixStream, mut server: TcpStream) {
    let (mut from_driver, mut to_driver) = driver.split();
    let (from_server, mut to_server) = server.split();
    let mut capped = from_server.take(ANSWER as u64);
    tokio::select! {
        _ = copy(&mut from_driver, &mut to_server) => {}
        _ = copy(&mut capped, &mut to_driver) => {}
    }
}
