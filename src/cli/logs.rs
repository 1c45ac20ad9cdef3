//! Logs: lines for people on a terminal, JSON lines elsewhere. Never a value: what Keeper says holds none, and libraries, which
//! know nothing of values, are heard only when they warn.
use std::io::IsTerminal;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

pub fn start(level: &str) {
    let lines = fmt::layer().with_writer(std::io::stderr);
    let _ = if std::io::stderr().is_terminal() {
        heard(level).with(lines).try_init()
    } else {
        heard(level).with(lines.json().flatten_event(true)).try_init()
    };
}

/// What `KEEPER_LOG` asks for, as far as `may_be_heard` goes along. The rule is a filter of its own: written behind the
/// directives of `KEEPER_LOG`, it would lose to each that names a module, a span or a field more closely.
fn heard(level: &str) -> impl Subscriber + for<'a> LookupSpan<'a> + Send + Sync {
    let asked = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::registry().with(asked).with(filter_fn(may_be_heard))
}

/// Below a warning libraries tell of headers, bodies, statements with their parameters, credentials and messages of identity
/// providers. Silence is the rule for all of them, so that one that is new here is silent too.
fn may_be_heard(what: &Metadata<'_>) -> bool {
    let of = |name: &str| what.target().split("::").next() == Some(name);
    let loudest = if of("keeper") {
        Level::TRACE
    } else if of("tower_sessions_core") {
        Level::ERROR // it warns of every cookie whose session has ended
    } else {
        Level::WARN
    };
    *what.level() <= loudest
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::{enabled, subscriber::with_default};

    // S48 S97: whatever KEEPER_LOG says.
    #[test]
    fn no_setting_makes_a_library_say_more_than_a_warning() {
        for level in [
            "trace",
            "trace,aws_runtime=trace",
            "aws_runtime::auth=trace,aws_sigv4::http_request::sign=trace,sqlx::query=trace,samael=debug",
            "warn,[{}]=trace",
            "[orchestrator]=trace,hyper_util=trace,reqwest=trace",
        ] {
            with_default(heard(level), || {
                assert!(!enabled!(target: "aws_runtime::auth", Level::DEBUG), "{level}");
                assert!(!enabled!(target: "aws_sigv4::http_request::sign", Level::TRACE), "{level}");
                assert!(!enabled!(target: "aws_config", Level::INFO), "{level}");
                assert!(!enabled!(target: "aws_smithy_runtime::client", Level::TRACE), "{level}");
                assert!(!enabled!(target: "hyper_util::client", Level::TRACE), "{level}");
                assert!(!enabled!(target: "reqwest::connect", Level::TRACE), "{level}");
                assert!(!enabled!(target: "rustls::client", Level::DEBUG), "{level}");
                assert!(!enabled!(target: "sqlx::query", Level::INFO), "{level}");
                assert!(!enabled!(target: "samael", Level::DEBUG), "{level}");
                assert!(!enabled!(target: "keeper_of_something_else", Level::INFO), "{level}");
                assert!(!enabled!(target: "tower_sessions_core::session", Level::WARN), "{level}");
            });
        }
    }

    #[test]
    fn keeper_itself_is_as_loud_as_it_is_asked_to_be() {
        with_default(heard("debug,keeper::server=warn"), || {
            assert!(enabled!(target: "keeper", Level::DEBUG));
            assert!(enabled!(target: "keeper::sync::push", Level::DEBUG));
            assert!(!enabled!(target: "keeper::sync::push", Level::TRACE));
            assert!(!enabled!(target: "keeper::server", Level::INFO));
            assert!(enabled!(target: "rustls::client", Level::WARN));
            assert!(enabled!(target: "tower_sessions_core::session", Level::ERROR));
        });
        with_default(heard("off"), || assert!(!enabled!(target: "keeper", Level::ERROR)));
    }
}
