//! THE table: every address, who may come in, and who answers. Silence means no.
use super::body::Takes;
use super::gate::{Gate, gate};
use super::{
    account, audit, backends, bulk, dashboard, environments, glass, health, imports, keys, logout, providers,
    queue, rotations, saml, second_factor, secrets, services, signin, sources, step_up, theme, users,
};
use crate::app::Shared;
use crate::door::{Answer, Answers, assets};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};

/// Who may come in. Each includes the ones below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    takes: Takes,
    answer: MethodRouter<Shared>,
}

/// The table, in the order in which people think of it.
pub fn table() -> Vec<Line> {
    [doors(), of_secrets(), beyond(), settings()].into_iter().flatten().collect()
}

/// Who is there, and what is there for everybody.
fn doors() -> Vec<Line> {
    use Access::{Public, User};
    vec![
        see(User, "/", dashboard::show),
        see(Public, "/healthz", health::healthz),
        see(Public, "/readyz", health::readyz),
        see(Public, "/static/{*path}", assets::show),
        see(Public, "/login", signin::show),
        send(Public, "/login", signin::sign_in),
        see(Public, "/login/code", signin::anew),
        send(Public, "/login/code", signin::by_code),
        send(User, "/logout", logout::sign_out),
        see(User, "/step-up", step_up::ask),
        send(User, "/step-up", step_up::prove),
        see(Public, "/saml/login", saml::login),
        take(Public, "/saml/acs", saml::receive),
        see(Public, "/saml/slo", logout::by_query),
        take(Public, "/saml/slo", logout::by_form),
        see(Public, "/saml/metadata", saml::metadata),
        see(Public, "/saml/certificate", saml::certificate),
        see(Public, "/saml/continue", saml::ask),
        send(Public, "/saml/continue", saml::confirm),
        send(Public, "/theme", theme::set),
    ]
}

/// Secrets and what is done with one.
fn of_secrets() -> Vec<Line> {
    use Access::{Admin, Manager, User};
    vec![
        see(User, "/secrets", secrets::index::index),
        send(User, "/secrets", secrets::new::create),
        see(User, "/secrets/find", secrets::find::find),
        see(User, "/secrets/new", secrets::new::new),
        see(Manager, "/secrets/export", secrets::export::ask),
        send(Manager, "/secrets/export", secrets::export::send),
        see(Manager, "/secrets/import", imports::new::new),
        upload(Manager, "/secrets/import", imports::new::upload),
        see(Admin, "/secrets/import/backend", imports::gather::ask),
        send(Admin, "/secrets/import/backend", imports::gather::gather),
        see(Manager, "/secrets/import/{id}", imports::show::show),
        send(Manager, "/secrets/import/{id}", imports::show::confirm),
        send(Manager, "/secrets/import/{id}/discard", imports::show::discard),
        see(User, "/secrets/{id}", secrets::show::show),
        see(User, "/secrets/{id}/edit", secrets::edit::edit),
        send(User, "/secrets/{id}/edit", secrets::edit::save),
        see(User, "/secrets/{id}/reveal", secrets::reveal::ask),
        send(User, "/secrets/{id}/reveal", secrets::reveal::reveal),
        see(User, "/secrets/{id}/rotate", secrets::rotate::ask),
        send(User, "/secrets/{id}/rotate", secrets::rotate::rotate),
        send(User, "/secrets/{id}/verify", secrets::verify::verify),
        see(User, "/secrets/{id}/copies", secrets::copies::index),
        see(Manager, "/secrets/{id}/copies/{backend}", secrets::choose::ask),
        send(Manager, "/secrets/{id}/copies/{backend}", secrets::choose::choose),
        see(User, "/secrets/{id}/versions", secrets::versions::index),
        see(User, "/secrets/{id}/versions/compare", secrets::compare::show),
        see(User, "/secrets/{id}/versions/{number}/restore", secrets::restore::ask),
        send(User, "/secrets/{id}/versions/{number}/restore", secrets::restore::restore),
        see(Manager, "/secrets/{id}/versions/{number}/destroy", secrets::destroy::ask),
        send(Manager, "/secrets/{id}/versions/{number}/destroy", secrets::destroy::destroy),
        see(User, "/secrets/{id}/promote", secrets::promote::ask),
        send(User, "/secrets/{id}/promote", secrets::promote::promote),
        see(Manager, "/secrets/{id}/access", secrets::access::show),
        see(Manager, "/secrets/{id}/activity", secrets::activity::index),
        see(User, "/secrets/{id}/sync", secrets::push::preview),
        send(Manager, "/secrets/{id}/sync", secrets::push::push),
        see(User, "/secrets/{id}/switch-off", secrets::active::ask_off),
        send(User, "/secrets/{id}/switch-off", secrets::active::off),
        see(User, "/secrets/{id}/switch-on", secrets::active::ask_on),
        send(User, "/secrets/{id}/switch-on", secrets::active::on),
        see(User, "/secrets/{id}/strategy", secrets::strategy::ask),
        send(User, "/secrets/{id}/strategy", secrets::strategy::adopt),
        see(User, "/secrets/{id}/strategy/clear", secrets::clear::ask),
        send(User, "/secrets/{id}/strategy/clear", secrets::clear::clear),
        see(Admin, "/secrets/{id}/purge", secrets::purge::ask),
        send(Admin, "/secrets/{id}/purge", secrets::purge::purge),
    ]
}

/// What stands around them.
fn beyond() -> Vec<Line> {
    use Access::{Admin, Manager, User};
    vec![
        see(User, "/bulk/new", bulk::new::new),
        send(User, "/bulk", bulk::new::start),
        see(User, "/bulk/{id}", bulk::show::show),
        see(User, "/rotations", rotations::index::index),
        see(User, "/rotations/{id}", rotations::show::show),
        send(Manager, "/rotations/{id}/approve", rotations::request::approve),
        send(Manager, "/rotations/{id}/reject", rotations::request::reject),
        send(User, "/rotations/{id}/withdraw", rotations::request::withdraw),
        send(User, "/rotations/{id}/cancel", rotations::show::cancel),
        send(User, "/rotations/{id}/retry", rotations::show::retry),
        send(Manager, "/break-glass/{id}/acknowledge", glass::acknowledge),
        see(User, "/environments", environments::index::index),
        send(Admin, "/environments", environments::form::create),
        see(Admin, "/environments/new", environments::form::new),
        see(Admin, "/environments/preview", environments::preview::part),
        send(Admin, "/environments/preview", environments::preview::page),
        see(User, "/environments/compare", environments::compare::show),
        see(User, "/environments/{id}", environments::show::show),
        see(Admin, "/environments/{id}/edit", environments::form::edit),
        send(Admin, "/environments/{id}/edit", environments::form::save),
        send(Manager, "/environments/{id}/sync", environments::show::push_all),
        see(User, "/environments/{id}/copies", environments::copies::show),
        send(Manager, "/environments/{id}/compare", environments::copies::compare),
        send(Manager, "/environments/{id}/strays", environments::copies::let_be),
        see(Admin, "/environments/{id}/switch-off", environments::active::ask_off),
        send(Admin, "/environments/{id}/switch-off", environments::active::off),
        see(Admin, "/environments/{id}/switch-on", environments::active::ask_on),
        send(Admin, "/environments/{id}/switch-on", environments::active::on),
        see(Admin, "/environments/{id}/sources/new", sources::form::new),
        send(Admin, "/environments/{id}/sources/new", sources::form::create),
        see(User, "/sources/{id}", sources::show::show),
        send(Admin, "/sources/{id}/check", sources::show::check),
        see(Admin, "/sources/{id}/rehearse", sources::rehearse::ask),
        send(Admin, "/sources/{id}/rehearse", sources::rehearse::play),
        see(Admin, "/sources/{id}/edit", sources::form::edit),
        send(Admin, "/sources/{id}/edit", sources::form::save),
        see(Admin, "/sources/{id}/delete", sources::delete::ask),
        send(Admin, "/sources/{id}/delete", sources::delete::delete),
        see(Manager, "/queue", queue::index),
        send(Manager, "/queue/{id}/try", queue::hurry),
        see(Manager, "/audit", audit::index),
        send(Admin, "/audit/verify", audit::verify),
        see(Admin, "/users", users::index),
        send(Admin, "/users", users::create),
        see(Admin, "/users/new", users::new),
        see(Admin, "/users/{id}", users::show),
        send(Admin, "/users/{id}/role", users::set_role),
        send(Admin, "/users/{id}/password", users::set_password),
        send(Admin, "/users/{id}/method", users::set_method),
        send(Admin, "/users/{id}/break-glass", users::set_break_glass),
        send(Admin, "/users/{id}/second-factor/remove", users::remove_second_factor),
        send(Admin, "/users/{id}/disable", users::disable),
        send(Admin, "/users/{id}/enable", users::enable),
        send(Admin, "/users/{id}/sessions/end", users::end_sessions),
        send(Admin, "/users/{id}/sessions/{session}/end", users::end_session),
        see(User, "/account", account::show),
        send(User, "/account/password", account::change_password),
        see(User, "/account/second-factor", second_factor::show),
        send(User, "/account/second-factor", second_factor::begin),
        see(User, "/account/second-factor/new", second_factor::ask),
        send(User, "/account/second-factor/new", second_factor::confirm),
        send(User, "/account/second-factor/codes", second_factor::new_codes),
        send(User, "/account/second-factor/remove", second_factor::remove),
        send(User, "/account/sessions/{id}/end", account::end),
        send(User, "/account/sessions/end-others", account::end_others),
    ]
}

/// How the installation itself is set up.
fn settings() -> Vec<Line> {
    use Access::Admin;
    vec![
        see(Admin, "/settings/backends", backends::index),
        see(Admin, "/settings/backends/{id}/{backend}", backends::ask),
        send(Admin, "/settings/backends/{id}/{backend}", backends::test),
        see(Admin, "/settings/saml", providers::index),
        upload(Admin, "/settings/saml", providers::create),
        see(Admin, "/settings/saml/new", providers::new),
        send(Admin, "/settings/saml/keys", providers::make_key),
        send(Admin, "/settings/saml/keys/use", providers::use_next),
        send(Admin, "/settings/saml/keys/{id}/remove", providers::remove_key),
        see(Admin, "/settings/saml/guides/{name}", providers::guide),
        see(Admin, "/settings/saml/reports", providers::find_report),
        see(Admin, "/settings/saml/reports/{reference}", providers::report),
        see(Admin, "/settings/saml/{id}", providers::show),
        see(Admin, "/settings/saml/{id}/edit", providers::edit),
        upload(Admin, "/settings/saml/{id}/edit", providers::save),
        send(Admin, "/settings/saml/{id}/refresh", providers::refresh),
        see(Admin, "/settings/saml/{id}/switch-off", providers::ask_off),
        send(Admin, "/settings/saml/{id}/switch-off", providers::off),
        send(Admin, "/settings/saml/{id}/switch-on", providers::on),
        see(Admin, "/settings/saml/{id}/delete", providers::ask_delete),
        send(Admin, "/settings/saml/{id}/delete", providers::delete),
        see(Admin, "/settings/service-accounts", services::index),
        send(Admin, "/settings/service-accounts", services::create),
        see(Admin, "/settings/service-accounts/new", services::new),
        see(Admin, "/settings/service-accounts/{id}", services::show),
        see(Admin, "/settings/service-accounts/{id}/edit", services::edit),
        send(Admin, "/settings/service-accounts/{id}/edit", services::save),
        send(Admin, "/settings/service-accounts/{id}/tokens", services::make_token),
        send(Admin, "/settings/service-accounts/{id}/tokens/{token}/revoke", services::revoke_token),
        see(Admin, "/settings/service-accounts/{id}/switch-off", services::ask_off),
        send(Admin, "/settings/service-accounts/{id}/switch-off", services::off),
        send(Admin, "/settings/service-accounts/{id}/switch-on", services::on),
        see(Admin, "/settings/sign-in", users::policy),
        send(Admin, "/settings/sign-in", users::set_policy),
        see(Admin, "/settings/keys", keys::show),
        send(Admin, "/settings/keys/rewrap", keys::rewrap),
    ]
}

fn see<T>(access: Access, path: &'static str, handler: impl Answers<T>) -> Line {
    Line { method: "GET", path, access, takes: Takes::OurForms, answer: get(Answer::by(handler)) }
}

fn send<T>(access: Access, path: &'static str, handler: impl Answers<T>) -> Line {
    Line { method: "POST", path, access, takes: Takes::OurForms, answer: post(Answer::by(handler)) }
}

fn take<T>(access: Access, path: &'static str, handler: impl Answers<T>) -> Line {
    Line { takes: Takes::Messages, ..send(access, path, handler) }
}

/// A form that may carry a file: larger than others, and in parts.
fn upload<T>(access: Access, path: &'static str, handler: impl Answers<T>) -> Line {
    Line { takes: Takes::Files, ..send(access, path, handler) }
}

/// The table as a router, each line behind its own gate.
pub fn routes(app: &Shared) -> Router<Shared> {
    table().into_iter().fold(Router::new(), |router, line| {
        let held = Gate { app: app.clone(), access: line.access, takes: line.takes };
        let gated: MethodRouter<Shared> = line.answer.layer(from_fn_with_state(held, gate));
        // The gate has limits of its own, and reads the whole body before the handler does.
        let gated: MethodRouter<Shared> = gated.layer(DefaultBodyLimit::disable());
        router.route(line.path, gated)
    })
}
