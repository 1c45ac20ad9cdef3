//! THE table: every address of the API, what a token needs for it, and who answers. Silence means no. The document of the API is made
//! of the same lines.
use super::error::Failure;
use super::filter::{Filter, Kind, filter};
use super::gate::{Gate, gate};
use super::line::{Line, delete, get, patch, post};
use super::secrets::{
    ExportedSecret, ReasonGiven, RevealRequest, RevealedValue, Secret, SecretCreate, SecretRotate,
    SecretUpdate, Version,
};
use super::users::{User, UserCreate, UserUpdate};
use super::{audit, copies, docs, environments, glass, rotations, secrets, sessions, users};
use crate::app::Shared;
use crate::domain::enums::{Outcome, RotationStatus, Scope, SecrecyLevel, SecretType, SyncStatus};
use crate::domain::error::Error;
use crate::secrets::{Due, ExportFormat, Sort};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, any};
use tower_http::catch_panic::CatchPanicLayer;

/// What a caller needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Public,
    /// A token, and where a scope is named a token that has it. People's tokens have every scope: their roles bound them.
    Scope(Option<Scope>),
}

/// The table, in the order in which people think of it.
pub fn table() -> Vec<Line> {
    [doors(), of_secrets(), beyond()].into_iter().flatten().collect()
}

fn doors() -> Vec<Line> {
    use Access::{Public, Scope as Token};
    vec![
        get(Public, "/api/v1/openapi.json", "This document", docs::json),
        get(Public, "/api/v1/docs", "This document as a page", docs::page),
        post(Public, "/api/v1/sessions", "Sign in by password", sessions::create)
            .says("The token stands for the person for fifteen minutes.")
            .takes::<sessions::SessionCreate>()
            .gives::<sessions::SessionToken>(201),
        delete(Token(None), "/api/v1/sessions/current", "End the session of this token", sessions::end),
    ]
}

const ENVIRONMENT: Filter = filter("environment", "The id of an environment.", Kind::Id);
const SECRET: Filter = filter("secret", "The id of a secret.", Kind::Id);
const AFTER: Filter = filter("after", "The `next` of the page before.", Kind::Text);
const BEFORE: Filter =
    filter("before", "The `previous` of the page after. Beside `after` it says nothing.", Kind::Text);
const LIMIT: Filter = filter("limit", "How many rows a page has: 1 to 200; 50 unless told.", Kind::Limit);

const PAGES: &[Filter] = &[AFTER, BEFORE, LIMIT];
const Q: Filter = filter("q", "Words of the name, the display name, the service, the tags.", Kind::Text);
const TYPE: Filter = filter("type", "What kind of credential it is.", Kind::OneOf(SecretType::SPELLED));
const LEVEL: Filter = filter("level", "How secret it is.", Kind::OneOf(SecrecyLevel::SPELLED));
const STATUS: Filter = filter("status", "How its copies stand.", Kind::OneOf(SyncStatus::SPELLED));
const TAG: Filter = filter("tag", "A tag, `key=value` or a key.", Kind::Text);
const DUE: Filter = filter(
    "due",
    "Its rotation is overdue, or due within 14 days (soon); or it expires within 30.",
    Kind::OneOf(Due::SPELLED),
);
const ACTIVE: Filter = filter(
    "active",
    "`false`: those that are switched off, instead of the others.",
    Kind::OneOf(&["true", "false"]),
);
const OF_SECRETS: &[Filter] = &[
    ENVIRONMENT,
    Q,
    TYPE,
    LEVEL,
    STATUS,
    TAG,
    DUE,
    ACTIVE,
    filter(
        "sort",
        "The order: by name, last changed first, next due first, first to expire first.",
        Kind::OneOf(Sort::SPELLED),
    ),
    AFTER,
    BEFORE,
    LIMIT,
];
const OF_EXPORT: &[Filter] = &[
    filter(
        "format",
        "A list of objects, or a table for spreadsheets: json unless told.",
        Kind::OneOf(ExportFormat::SPELLED),
    ),
    filter("environment", "The ids of environments, with commas between.", Kind::Ids),
    Q,
    TYPE,
    LEVEL,
    STATUS,
    TAG,
    DUE,
    ACTIVE,
];
const OF_ROTATIONS: &[Filter] = &[
    ENVIRONMENT,
    SECRET,
    filter("status", "How the rotation stands.", Kind::OneOf(RotationStatus::SPELLED)),
    AFTER,
    BEFORE,
    LIMIT,
];
const OF_USERS: &[Filter] =
    &[filter("q", "The beginning of the user name.", Kind::Text), AFTER, BEFORE, LIMIT];
const OF_AUDIT: &[Filter] = &[
    filter("who", "The name of whoever acted.", Kind::Text),
    filter("action", "What was done, such as `secret.revealed`.", Kind::Text),
    ENVIRONMENT,
    SECRET,
    filter("result", "How it ended.", Kind::OneOf(Outcome::SPELLED)),
    filter("from", "From this day on, UTC, such as 2026-01-31.", Kind::Day),
    filter("to", "Up to this day, which is included.", Kind::Day),
    AFTER,
    BEFORE,
    LIMIT,
];

fn of_secrets() -> Vec<Line> {
    use Scope::{SecretsRead, SecretsReveal, SecretsRotate, SecretsSync, SecretsWrite};
    let token = |scope| Access::Scope(Some(scope));
    vec![
        get(token(SecretsRead), "/api/v1/secrets", "List secrets", secrets::index)
            .filters(OF_SECRETS)
            .lists::<Secret>(200),
        post(token(SecretsWrite), "/api/v1/secrets", "Make a secret", secrets::create)
            .takes::<SecretCreate>()
            .gives::<Secret>(201),
        post(token(SecretsWrite), "/api/v1/secrets/bulk", "Make many secrets", secrets::create_many)
            .says("Up to 1000: all of them or none. For managers and admins. What is wrong is told row by row, as items[0].name.")
            .large()
            .takes_many::<SecretCreate>()
            .lists::<Secret>(201),
        get(token(SecretsRead), "/api/v1/secrets/export", "Export metadata", secrets::export)
            .says("All at once, in the order of their names, as a file. For managers and admins. Each is an event in the audit log.")
            .filters(OF_EXPORT)
            .exports::<ExportedSecret>(),
        get(token(SecretsRead), "/api/v1/secrets/{id}", "Read a secret", secrets::show).gives::<Secret>(200),
        patch(token(SecretsWrite), "/api/v1/secrets/{id}", "Change a secret's metadata", secrets::edit)
            .waits()
            .matching()
            .takes::<SecretUpdate>()
            .gives::<Secret>(200),
        post(
            token(SecretsRotate),
            "/api/v1/secrets/{id}/rotate",
            "Give a secret a new value",
            secrets::rotate,
        )
        .waits()
        .matching()
        .takes::<SecretRotate>()
        .gives::<rotations::Rotation>(201),
        post(token(SecretsReveal), "/api/v1/secrets/{id}/reveal", "Reveal a value", secrets::reveal)
            .says("The one answer that holds a value. Each is an event in the audit log.")
            .each_time()
            .takes::<RevealRequest>()
            .gives::<RevealedValue<'static>>(200),
        get(
            token(SecretsRead),
            "/api/v1/secrets/{id}/versions",
            "List a secret's versions",
            secrets::versions,
        )
        .filters(PAGES)
        .lists::<Version>(200),
        get(token(SecretsRead), "/api/v1/secrets/{id}/copies", "List a secret's copies", secrets::copies)
            .lists::<copies::Copy>(200),
        post(token(SecretsSync), "/api/v1/secrets/{id}/sync", "Push a secret's copies again", secrets::sync)
            .gives::<Secret>(202),
        post(token(SecretsWrite), "/api/v1/secrets/{id}/switch-off", "Switch a secret off", secrets::off)
            .says("It is neither pushed nor rotated any more. Nothing is lost.")
            .matching()
            .takes::<ReasonGiven>()
            .gives::<Secret>(200),
        post(token(SecretsWrite), "/api/v1/secrets/{id}/switch-on", "Switch a secret on again", secrets::on)
            .matching()
            .takes::<ReasonGiven>()
            .gives::<Secret>(200),
    ]
}

fn beyond() -> Vec<Line> {
    use Scope::{AuditRead, RotationsApprove, SecretsRead, SecretsRotate, UsersRead, UsersWrite};
    let token = |scope| Access::Scope(Some(scope));
    let act = |scope, path, summary, line: fn(Access, &'static str, &'static str) -> Line| {
        line(token(scope), path, summary).gives::<rotations::Rotation>(200)
    };
    vec![
        get(token(SecretsRead), "/api/v1/rotations", "List rotations", rotations::index)
            .filters(OF_ROTATIONS)
            .lists::<rotations::Rotation>(200),
        get(token(SecretsRead), "/api/v1/rotations/{id}", "Read a rotation", rotations::show)
            .gives::<rotations::Rotation>(200),
        act(
            RotationsApprove,
            "/api/v1/rotations/{id}/approve",
            "Approve what another person asked for",
            |a, p, s| post(a, p, s, rotations::approve),
        ),
        act(RotationsApprove, "/api/v1/rotations/{id}/reject", "Reject it, with a reason", |a, p, s| {
            post(a, p, s, rotations::reject).takes::<rotations::RotationReject>()
        }),
        act(SecretsRotate, "/api/v1/rotations/{id}/withdraw", "Withdraw one's own request", |a, p, s| {
            post(a, p, s, rotations::withdraw)
        }),
        act(SecretsRotate, "/api/v1/rotations/{id}/cancel", "Lead a rotation at a source back", |a, p, s| {
            post(a, p, s, rotations::cancel)
        }),
        act(SecretsRotate, "/api/v1/rotations/{id}/retry", "Try the way back once more", |a, p, s| {
            post(a, p, s, rotations::retry)
        }),
        post(
            token(SecretsRotate),
            "/api/v1/rotations/{id}/roll-back",
            "Bring the former value back",
            rotations::roll_back,
        )
        .says("A rotation of its own, by the rules of any other: of the one that put the value in force that is in force now.")
        .waits()
        .takes::<rotations::RotationRollBack>()
        .gives::<rotations::Rotation>(201),
        get(token(SecretsRead), "/api/v1/break-glass", "List broken glass", glass::index)
            .says("What was done without approval and nobody else has acknowledged yet, newest first, 20 at most. For managers and admins.")
            .lists::<glass::BrokenGlass>(200),
        post(
            token(RotationsApprove),
            "/api/v1/break-glass/{id}/acknowledge",
            "Acknowledge broken glass",
            glass::acknowledge,
        )
        .says("By another manager or admin than the one who broke it.")
        .gives::<Secret>(200),
        get(token(SecretsRead), "/api/v1/environments", "List environments", environments::index)
            .filters(PAGES)
            .lists::<environments::Environment>(200),
        get(token(SecretsRead), "/api/v1/environments/{id}", "Read an environment", environments::show)
            .gives::<environments::Environment>(200),
        get(token(UsersRead), "/api/v1/users", "List accounts", users::index)
            .filters(OF_USERS)
            .lists::<User>(200),
        post(token(UsersWrite), "/api/v1/users", "Make an account", users::create)
            .takes::<UserCreate>()
            .gives::<User>(201),
        get(token(UsersRead), "/api/v1/users/{id}", "Read an account", users::show).gives::<User>(200),
        patch(token(UsersWrite), "/api/v1/users/{id}", "Change an account's role or state", users::change)
            .matching()
            .takes::<UserUpdate>()
            .gives::<User>(200),
        get(token(AuditRead), "/api/v1/audit", "Read the audit log", audit::index)
            .filters(OF_AUDIT)
            .lists::<audit::AuditEvent>(200),
    ]
}

/// The table as a router. Whatever else begins with `/api` is answered here as well.
pub fn router(app: &Shared) -> Router<Shared> {
    let nowhere = || {
        let nowhere = any(|| async { Failure::from(Error::NotFound).into_response() });
        nowhere.layer(from_fn_with_state(Gate::open(app), gate))
    };
    gated(app, table())
        .method_not_allowed_fallback(|| async { Failure::NoSuchMethod.into_response() })
        .route("/api", nowhere())
        .route("/api/{*rest}", nowhere())
        .layer(CatchPanicLayer::custom(|_| {
            Failure::from(Error::broken("a handler panicked")).into_response()
        }))
}

/// Each line behind its own gate.
pub fn gated(app: &Shared, lines: Vec<Line>) -> Router<Shared> {
    lines.into_iter().fold(Router::new(), |router, line| {
        let held = Gate {
            app: app.clone(),
            access: line.access,
            most: line.most,
            usual: line.usual(),
            going: line.going,
            // What is for everybody and never changes may be asked for with a parameter that only a cache understands.
            filters: (line.access != Access::Public || line.method != "GET").then_some(line.about.filters),
        };
        let gated: MethodRouter<Shared> = line.answer.layer(from_fn_with_state(held, gate));
        // The gate has limits of its own, and reads the whole body before the handler does.
        let gated: MethodRouter<Shared> = gated.layer(DefaultBodyLimit::disable());
        router.route(line.path, gated)
    })
}
