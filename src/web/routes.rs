//! THE table: every address, who may come in, and who answers. Silence means no.
use super::gate::{Gate, gate};
use super::{assets, health, signin, theme};
use crate::app::Shared;
use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};

/// Who may come in. Each includes the ones below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Public,
    User,
    Manager,
    Admin,
}

/// One line of the table.
pub struct Line {
    pub method: &'static str,
    pub path: &'static str,
    pub access: Access,
    answer: MethodRouter<Shared>,
}

/// The table, in the order in which people think of it.
pub fn table() -> Vec<Line> {
    use Access::{Admin, Manager, Public, User};
    let _ = (Manager, Admin);
    vec![
        see(Public, "/healthz", health::healthz),
        see(Public, "/readyz", health::readyz),
        see(Public, "/static/{*path}", assets::show),
        see(Public, "/login", signin::show),
        send(Public, "/login", signin::sign_in),
        send(User, "/logout", signin::sign_out),
        see(User, "/step-up", signin::ask_proof),
        send(User, "/step-up", signin::prove),
        send(Public, "/theme", theme::set),
    ]
}

fn see<H: Handler<T, Shared>, T: 'static>(access: Access, path: &'static str, handler: H) -> Line {
    Line { method: "GET", path, access, answer: get(handler) }
}

fn send<H: Handler<T, Shared>, T: 'static>(access: Access, path: &'static str, handler: H) -> Line {
    Line { method: "POST", path, access, answer: post(handler) }
}

/// The table as a router, each line behind its own gate.
pub fn routes(app: &Shared) -> Router<Shared> {
    table().into_iter().fold(Router::new(), |router, line| {
        let gated = line.answer.layer(from_fn_with_state(Gate { app: app.clone(), access: line.access }, gate));
        router.route(line.path, gated)
    })
}
