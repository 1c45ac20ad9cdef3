//! Logs: lines for people on a terminal, JSON lines elsewhere. Never a value: nothing that is logged can hold one.
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Statements of the drivers stay out of the log: their parameters have no business there.
pub fn start(level: &str) {
    let filter = EnvFilter::try_new(format!(
        "{level},sqlx=warn,hyper=warn,h2=warn,aws_smithy_runtime=warn,tower_sessions_core=error"
    ));
    let filter = filter.unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = if std::io::stderr().is_terminal() {
        builder.try_init()
    } else {
        builder.json().flatten_event(true).try_init()
    };
}
