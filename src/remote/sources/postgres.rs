//! PostgreSQL, from version 10. `session.rs` calls it.
//!
//! The administrator needs `CREATEROLE`, from version 16 also the ADMIN option on each user that it is to change.
use super::answers::{Look, Remark};
use super::faults::{POSTGRES_NEED, Said, While, heard};
use super::quote::{identifier, plain};
use super::session::{Login, Statement};
use super::settings::{Account, SourceEngine};
use super::trust::Roots;
use super::{Inner, scram, way};
use crate::domain::plaintext::Plaintext;
use crate::kit::chance::Chance;
use crate::remote::error::RemoteError;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, PgConnection};

const ENGINE: SourceEngine = SourceEngine::Postgres;

pub(super) async fn open(source: &Inner, login: Login<'_>) -> Result<PgConnection, Said> {
    let settings = &source.settings;
    let password = std::str::from_utf8(login.password.expose()).map_err(|_| Said::Wrong)?;
    let file = format!("/.s.PGSQL.{}", settings.server.port()); // what the driver looks for in a socket's folder
    let path = way::open(ENGINE.who(), &settings.server, source.roots.encrypted(), &file, &source.chance)
        .await
        .map_err(Said::No)?;
    // The driver keeps the password in memory that is not wiped, for as long as it signs in.
    let options = PgConnectOptions::new_without_pgpass()
        .host(&settings.server.name()) // for the certificate: the socket goes before it
        .port(settings.server.port())
        .socket(path)
        .database(settings.database.as_deref().unwrap_or("postgres"))
        .username(login.name)
        .password(password)
        .application_name("keeper")
        .disable_statement_logging();
    let options = match &source.roots {
        Roots::Off => options.ssl_mode(PgSslMode::Disable),
        Roots::Pem(pem) => options.ssl_mode(PgSslMode::VerifyFull).ssl_root_cert_from_pem(pem.clone()),
    };
    Box::pin(options.connect()).await.map_err(|e| heard(ENGINE, While::SigningIn, &e))
}

pub(super) async fn settle(conn: &mut PgConnection) -> Result<(), RemoteError> {
    if conn.server_version_num().is_none_or(|version| version < 100_000) {
        // It would take a verifier for the password itself.
        return Err(RemoteError::last(
            "PostgreSQL is older than version 10, and keeps passwords in old ways only",
        ));
    }
    let limits = "SET statement_timeout = '5s'; SET lock_timeout = '5s'";
    sqlx::raw_sql(limits).execute(conn).await.map(|_| ()).map_err(|e| broke(&e))
}

pub(super) async fn look(conn: &mut PgConnection, account: &Account) -> Result<Look, RemoteError> {
    type Found = (bool, bool, bool, bool, bool);
    let sql = "SELECT it.rolsuper, it.rolcanlogin, coalesce(it.rolvaliduntil < now(), false), it.oid = me.oid, \
               me.rolsuper OR it.oid = me.oid OR (me.rolcreaterole AND NOT it.rolsuper \
               AND CASE WHEN current_setting('server_version_num')::int < 160000 THEN NOT it.rolreplication \
               ELSE pg_has_role(me.oid, it.oid, 'MEMBER WITH ADMIN OPTION') END) \
               FROM pg_roles it CROSS JOIN pg_roles me WHERE it.rolname = $1 AND me.rolname = current_user";
    let found: Option<Found> =
        sqlx::query_as(sql).bind(&account.name).fetch_optional(conn).await.map_err(|e| broke(&e))?;
    let Some((superuser, may_sign_in, expired, itself, may_change)) = found else {
        return Ok(Look::missing());
    };
    let further = [
        (!may_sign_in, Remark::Locked),
        (expired, Remark::Expired),
        (!can_sign_in(&account.name), Remark::Unprovable("its name cannot be said in PostgreSQL's sign-in")),
    ];
    let look = Look { exists: true, may_change, superuser, itself, remarks: Vec::new() };
    Ok(look.remark(POSTGRES_NEED, further))
}

/// The driver writes the name into the exchange as it is, where a comma would end it.
fn can_sign_in(name: &str) -> bool {
    !name.contains(',') && stringprep::saslprep(name).is_ok()
}

pub(super) fn change(account: &Account, new: &Plaintext, chance: &Chance) -> Result<Statement, RemoteError> {
    let verifier = verifier(new, chance)?;
    Ok(Statement::new(format!("ALTER ROLE {} WITH PASSWORD {verifier}", identifier(&account.name))))
}

/// For a rehearsal: it may sign in once at a time, and no longer than it takes.
pub(super) async fn create(
    conn: &mut PgConnection,
    account: &Account,
    first: &Plaintext,
    chance: &Chance,
) -> Result<Statement, RemoteError> {
    let sql = "SELECT to_char(now() AT TIME ZONE 'UTC' + interval '10 minutes', 'YYYY-MM-DD HH24:MI:SS')";
    let until: String = sqlx::query_scalar(sql).fetch_one(conn).await.map_err(|e| broke(&e))?;
    let until = plain(&format!("{until}+00")).ok_or_else(|| RemoteError::garbage(ENGINE.who()))?;
    let (name, verifier) = (identifier(&account.name), verifier(first, chance)?);
    Ok(Statement::new(format!(
        "CREATE ROLE {name} WITH LOGIN CONNECTION LIMIT 1 VALID UNTIL {until} PASSWORD {verifier}"
    )))
}

pub(super) fn remove(account: &Account) -> Statement {
    Statement::new(format!("DROP ROLE IF EXISTS {}", identifier(&account.name)))
}

/// The server's time in seconds since 1970, and the users whose names begin so.
pub(super) async fn named(conn: &mut PgConnection, prefix: &str) -> Result<(i64, Vec<String>), RemoteError> {
    let now = sqlx::query_scalar("SELECT extract(epoch FROM now())::bigint");
    let now = now.fetch_one(&mut *conn).await.map_err(|e| broke(&e))?;
    let names =
        sqlx::query_scalar("SELECT rolname::text FROM pg_roles WHERE left(rolname::text, length($1)) = $1");
    let names = names.bind(prefix).fetch_all(conn).await.map_err(|e| broke(&e))?;
    Ok((now, names))
}

fn verifier(value: &Plaintext, chance: &Chance) -> Result<String, RemoteError> {
    let prepared = scram::prepared(value).map_err(RemoteError::last)?;
    let salt = chance.bytes().map_err(|_| RemoteError::last("this machine gave no random bytes"))?;
    plain(&scram::verifier(&prepared, &salt)).ok_or_else(|| RemoteError::garbage(ENGINE.who()))
}

fn broke(error: &sqlx::Error) -> RemoteError {
    heard(ENGINE, While::Working, error).told_to_administrator(ENGINE.who())
}
