//! `keeper serve` as people run it: a process of its own on a free port, ended by its id; and the browser that visits it.
use serde_json::Value;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub struct Served {
    child: Child,
    pub url: String,
    data: PathBuf,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The binary on this data folder, without the settings of whoever runs the tests.
pub fn keeper(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keeper"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KEEPER_")) {
        command.env_remove(name);
    }
    command.arg("--data-dir").arg(data);
    command
}

impl Served {
    pub async fn start(data: &Path, settings: &[(&str, &str)]) -> Self {
        let served = Self::begin(data, settings);
        let patience = Instant::now();
        while reqwest::get(format!("{}/healthz", served.url)).await.is_err() {
            assert!(patience.elapsed() < Duration::from_secs(20), "keeper did not start: {}", served.log());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        served
    }

    /// Without waiting until it answers.
    pub fn begin(data: &Path, settings: &[(&str, &str)]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = std::fs::File::options().create(true).append(true).open(data.join("serve.log")).unwrap();
        let child = keeper(data)
            .arg("serve")
            .env("KEEPER_LISTEN", format!("127.0.0.1:{port}"))
            .envs(settings.iter().copied())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        Self { child, url: format!("http://127.0.0.1:{port}"), data: data.to_owned() }
    }

    /// Waits until it has died of itself, at a fault point.
    pub async fn dies(&mut self) {
        let patience = Instant::now();
        let ended = loop {
            if let Some(ended) = self.child.try_wait().unwrap() {
                break ended;
            }
            assert!(patience.elapsed() < Duration::from_secs(30), "keeper did not die: {}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        // One that ended with a code has refused to begin, and never came to the point.
        assert_eq!(ended.code(), None, "{}", self.log());
    }

    /// Ends it as an operator does: what is running may finish.
    pub fn stop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        assert!(self.child.wait().unwrap().success());
    }

    /// What the process wrote so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.data.join("serve.log")).unwrap_or_default()
    }

    /// Clicks through a script of `tests/browser`; what it saw, as it tells it.
    pub fn browse(&self, script: &str, settings: &[(&str, &str)]) -> Value {
        let output = Command::new("node")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser").join(script))
            .env("KEEPER_URL", &self.url)
            .envs(settings.iter().copied())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}\n{}", String::from_utf8_lossy(&output.stderr), self.log());
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// Chromium and what drives it; without them the tests of the browser skip themselves.
pub fn has_browser() -> bool {
    use super::env_or_skip;
    env_or_skip("KEEPER_TEST_CHROMIUM").is_some() && env_or_skip("KEEPER_TEST_NODE_MODULES").is_some()
}
