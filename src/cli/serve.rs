//! `keeper serve`: the console and the worker, until a signal; then what is running may finish.
use super::exit::{Exit, Stop};
use super::{harden, open};
use crate::config::Overrides;
use crate::{people, server, worker};
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

pub async fn serve(overrides: &Overrides) -> Result<ExitCode, Stop> {
    let app = open::serving(overrides).await?;
    open::identity_provider(&app).await?;
    harden::leave_no_core();
    harden::keep_private();
    // Last of all: the port opens when everything behind it is ready.
    let address = app.settings.listen;
    let listener = TcpListener::bind(address).await;
    let listener = listener
        .map_err(|e| Stop(Exit::Away, format!("KEEPER_LISTEN: {address} cannot be listened on: {e}")))?;
    let address = listener.local_addr().unwrap_or(address);
    let stop = CancellationToken::new();
    tokio::spawn(on_signal(stop.clone()));
    tracing::info!(%address, engine = app.db.engine().name(), "Keeper serves");
    println!("Keeper serves on {}", app.settings.public_url);
    if people::count(&app).await? == 0 {
        println!("Nobody has an account yet. Make the first one: keeper user add NAME --role admin");
    }
    let jobs = tokio::spawn({
        let (app, stop) = (app.clone(), stop.clone());
        async move {
            // Jobs open values and record events: without keys each of them would only fail.
            open::keys(&app, &stop).await;
            if !stop.is_cancelled() {
                worker::run(app, stop).await;
            }
        }
    });
    let served = server::serve(app.clone(), listener, stop.clone()).await;
    stop.cancel();
    let _ = jobs.await;
    worker::tell_what_is_left(&app).await;
    app.db.close().await;
    served?;
    Ok(ExitCode::SUCCESS)
}

async fn on_signal(stop: CancellationToken) {
    let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    tracing::info!("stopping: running requests and jobs may finish");
    stop.cancel();
}
