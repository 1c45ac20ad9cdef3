//! Somebody who uses the console while everything that it answers is kept, heads and bodies, to be searched afterwards.
use crate::support::site::{Answer, Visitor};
use std::sync::{Arc, Mutex};

/// What was answered, and to what.
pub type Kept = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

pub struct Person {
    who: &'static str,
    visitor: Visitor,
    kept: Kept,
}

impl Person {
    pub fn arrives(who: &'static str, base: &str, kept: &Kept) -> Self {
        Self { who, visitor: Visitor::of(base), kept: kept.clone() }
    }

    pub async fn sign_in(&self, password: &str) -> Answer {
        self.get("/login").await;
        self.post("/login", &[("username", self.who), ("password", password)]).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        let answer = self.visitor.get(path).await;
        self.keep("GET", path, answer)
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.visitor.post(path, fields).await;
        self.keep("POST", path, answer)
    }

    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        let answer = self.visitor.upload(path, fields, file).await;
        self.keep("POST", path, answer)
    }

    /// The value, as its page shows it: the only answer that is not kept. What it answers beside the value is.
    pub async fn reveal(&self, secret: i64) -> String {
        let path = format!("/secrets/{secret}/reveal");
        let mut answer = self.visitor.post(&path, &[("reason", "a test")]).await;
        let (before, rest) =
            answer.body.split_once("data-value>\n").unwrap_or_else(|| panic!("{}", answer.body));
        let (value, after) = rest.split_once("</pre>").unwrap();
        let value = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
            .into_iter()
            .fold(value.to_owned(), |text, (written, letter)| text.replace(written, letter));
        answer.body = format!("{before}{after}");
        self.keep("POST", &path, answer);
        value
    }

    /// What a browser holds of the session and of the form's token: none of it may be stored or logged.
    pub fn session(&self) -> String {
        self.visitor.cookie("keeper").unwrap()
    }

    fn keep(&self, method: &str, path: &str, answer: Answer) -> Answer {
        let mut whole = Vec::new();
        for (name, value) in &answer.headers {
            whole.extend_from_slice(&[name.as_str().as_bytes(), b": ", value.as_bytes(), b"\n"].concat());
        }
        whole.extend_from_slice(answer.body.as_bytes());
        let who = self.who;
        self.kept.lock().unwrap().push((format!("{method} {path} as {who}: {}", answer.status), whole));
        answer
    }
}
