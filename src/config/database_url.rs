//! The database's address. It may hold a password, so it shows itself without one.
use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use url::Url;
use zeroize::Zeroizing;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
    MySql,
}

#[derive(Clone)]
pub struct DatabaseUrl {
    text: Zeroizing<String>,
    engine: Engine,
}

impl DatabaseUrl {
    /// The complaint never repeats the address.
    pub fn parse(text: &str) -> Result<Self, String> {
        let engine = match text.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Engine::Sqlite,
            Some("postgres" | "postgresql") => Engine::Postgres,
            Some("mysql" | "mariadb") => Engine::MySql,
            _ => return Err("must begin with sqlite:, postgres: or mysql:".to_owned()),
        };
        let url = Self { text: Zeroizing::new(text.to_owned()), engine };
        if engine == Engine::Sqlite {
            if url.sqlite_path().is_empty() {
                return Err("must name a file, such as sqlite:///var/lib/keeper/keeper.db".to_owned());
            }
        } else {
            // `Url`'s own message would do, but it is not ours to promise what it repeats.
            let parsed =
                Url::parse(text).map_err(|_| format!("must be an address such as {}", engine.example()))?;
            if parsed.path().trim_matches('/').is_empty() && !parsed.query_pairs().any(|(k, _)| k == "dbname")
            {
                return Err(format!("must name a database, such as {}", engine.example()));
            }
        }
        Ok(url)
    }

    /// The embedded database of a data directory. sqlx decodes `%` and cuts at `?`, so both are encoded.
    pub fn embedded(data_dir: &Path) -> Result<Self, String> {
        let file = data_dir.join("keeper_dev.db");
        let path =
            file.to_str().ok_or("must be UTF-8")?.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
        Self::parse(&format!("sqlite://{path}"))
    }

    /// The address with its password: for the one who connects.
    pub fn expose(&self) -> &str {
        &self.text
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Whether values and passwords on their way to the database can be read by nobody else: the database is
    /// on this machine, or the connection insists on TLS.
    pub fn is_private(&self) -> bool {
        if self.engine == Engine::Sqlite {
            return true;
        }
        Url::parse(&self.text).is_ok_and(|url| is_local(&url, self.engine) || insists_on_tls(&url))
    }

    /// The file of an embedded database.
    pub fn file(&self) -> Option<PathBuf> {
        (self.engine == Engine::Sqlite).then(|| PathBuf::from(decoded(self.sqlite_path())))
    }

    fn sqlite_path(&self) -> &str {
        let rest = self.text.strip_prefix("sqlite:").unwrap_or_default();
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        rest.split_once('?').map_or(rest, |(path, _)| path)
    }
}

impl Engine {
    fn example(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite:///var/lib/keeper/keeper.db",
            Self::Postgres => "postgres://keeper@db.example.com/keeper?sslmode=verify-full",
            Self::MySql => "mysql://keeper@db.example.com/keeper?ssl-mode=VERIFY_IDENTITY",
        }
    }
}

/// `%41` is `A`, as sqlx reads it.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let byte = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(b'%'));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Follows what sqlx does: a socket wins, else the last host that is named counts.
fn is_local(url: &Url, engine: Engine) -> bool {
    let mut host = url.host_str().filter(|host| !host.is_empty()).map(str::to_owned);
    let mut socket = host.as_deref().is_some_and(|host| host.to_ascii_lowercase().starts_with("%2f"));
    for (key, value) in url.query_pairs() {
        match (engine, &*key) {
            (Engine::Postgres, "host") if value.starts_with('/') => socket = true,
            (Engine::Postgres, "host" | "hostaddr") => host = Some(value.into_owned()),
            (Engine::MySql, "socket") => socket = true,
            _ => {}
        }
    }
    // Without a host PostgreSQL's own variables decide, which Keeper does not see: that is not local.
    socket || host.is_some_and(|host| is_loopback(&host))
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

fn insists_on_tls(url: &Url) -> bool {
    // As in sqlx, the last one counts.
    let mode = url.query_pairs().filter(|(key, _)| matches!(&**key, "sslmode" | "ssl-mode")).last();
    mode.is_some_and(|(_, mode)| {
        let mode = mode.to_ascii_lowercase().replace('_', "-");
        matches!(&*mode, "require" | "required" | "verify-ca" | "verify-full" | "verify-identity")
    })
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.engine == Engine::Sqlite {
            return write!(f, "sqlite://{}", self.sqlite_path());
        }
        let url = Url::parse(&self.text).map_err(|_| fmt::Error)?;
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        write!(f, "{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_shows_itself_without_user_password_and_parameters() {
        let table = [
            (
                "postgres://joe:canary@db.example.com:5433/keeper?password=canary",
                "postgres://db.example.com:5433/keeper",
            ),
            ("mysql://joe:canary@db/keeper?ssl-mode=REQUIRED", "mysql://db/keeper"),
            ("sqlite:///var/lib/keeper.db?mode=rwc", "sqlite:///var/lib/keeper.db"),
        ];
        for (text, shown) in table {
            let url = DatabaseUrl::parse(text).unwrap();
            assert_eq!((url.to_string(), format!("{url:?}")), (shown.to_owned(), shown.to_owned()));
            assert_eq!(url.expose(), text);
        }
    }

    #[test]
    fn an_impossible_address_is_refused_without_being_repeated() {
        for text in [
            "canary",
            "oracle://canary/x",
            "postgres://joe:canary@db:x/keeper",
            "postgres://canary",
            "sqlite://",
            "sqlite:",
        ] {
            let problem = DatabaseUrl::parse(text).unwrap_err();
            assert!(!problem.contains("canary"), "{problem}");
        }
    }

    #[test]
    fn a_database_elsewhere_is_private_only_when_it_insists_on_tls() {
        let table = [
            ("sqlite://./data/keeper.db", true),
            ("postgres://k@localhost/k", true),
            ("postgres://k@127.0.0.1/k", true),
            ("postgres://k@[::1]/k", true),
            ("postgres://k@%2Fvar%2Frun%2Fpostgresql/k", true),
            ("postgres:///k?host=/var/run/postgresql", true),
            ("mysql://k@localhost/k", true),
            ("mysql://k@db/k?socket=/run/mysqld/mysqld.sock", true),
            ("postgres://k@db/k?sslmode=require", true),
            ("postgres://k@db/k?sslmode=verify-full", true),
            ("mysql://k@db/k?ssl-mode=VERIFY_IDENTITY", true),
            ("mysql://k@db/k?ssl-mode=required", true),
            ("postgres:///k", false),
            ("postgres://k@db/k", false),
            ("postgres://k@10.0.0.1/k?sslmode=prefer", false),
            ("postgres://k@db/k?sslmode=require&sslmode=disable", false),
            ("postgres://k@localhost/k?host=db", false),
            ("postgres://k@localhost.example.com/k", false),
            ("mysql://k@db/k?ssl-mode=PREFERRED", false),
            ("mysql://k@db/k?host=localhost", false),
        ];
        for (text, private) in table {
            assert_eq!(DatabaseUrl::parse(text).unwrap().is_private(), private, "{text}");
        }
    }

    #[test]
    fn the_embedded_database_lies_in_the_data_directory_whatever_its_name() {
        let url = DatabaseUrl::embedded(Path::new("./data")).unwrap();
        assert_eq!(url.expose(), "sqlite://./data/keeper_dev.db");
        let odd = DatabaseUrl::embedded(Path::new("/tmp/100%?")).unwrap();
        assert_eq!(odd.expose(), "sqlite:///tmp/100%25%3F/keeper_dev.db");
    }
}
