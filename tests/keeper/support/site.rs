//! The console over HTTP, as people with a browser meet it: a running server, and visitors with cookies of their own.
use keeper::app::Shared;
use keeper::server;
use std::collections::BTreeMap;
use std::sync::Mutex;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub struct Site {
    pub base: String,
    stop: CancellationToken,
}

impl Site {
    pub async fn start(app: &Shared) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        tokio::spawn(server::serve(app.clone(), listener, stop.clone()));
        Self { base, stop }
    }

    pub fn visitor(&self) -> Visitor {
        Visitor::of(&self.base)
    }

    /// Somebody who has signed in with a password.
    pub async fn signed_in(&self, username: &str, password: &str) -> Visitor {
        let visitor = self.visitor();
        visitor.get("/login").await;
        let answer = visitor.post("/login", &[("username", username), ("password", password)]).await;
        assert_eq!(answer.status, 303, "{username} could not sign in: {}", answer.body);
        visitor.get("/step-up").await;
        visitor
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A browser without script: it keeps cookies, and sends the token of the last form it saw.
pub struct Visitor {
    base: String,
    http: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
    csrf: Mutex<String>,
}

pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// The id at the end of the address that a form led to.
    pub fn new_id(&self) -> i64 {
        let last = self.location().split('?').next().unwrap().rsplit('/').next().unwrap();
        last.parse()
            .unwrap_or_else(|_| panic!("{} leads to {:?}: {}", self.status, self.location(), self.body))
    }

    /// What a hidden field of the page carries; empty without one.
    pub fn hidden(&self, name: &str) -> &str {
        let field = format!("type=\"hidden\" name=\"{name}\" value=\"");
        self.body.split(&field).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
    }
}

impl Visitor {
    /// Of a console at this address, whichever process serves it.
    pub fn of(base: &str) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { base: base.to_owned(), http, cookies: Mutex::default(), csrf: Mutex::default() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.http.get(format!("{}{path}", self.base))).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&'static str, &str)]) -> Answer {
        let request =
            headers.iter().fold(self.http.get(format!("{}{path}", self.base)), |r, (k, v)| r.header(*k, *v));
        self.send(request).await
    }

    /// A line of the route table, as a browser asks for it or as htmx does.
    pub async fn ask(&self, method: &str, path: &str, as_fragment: bool) -> Answer {
        let headers = [("hx-request", "true"), ("hx-request-type", "partial")];
        let headers = if as_fragment { &headers[..] } else { &[] };
        match method {
            "GET" => self.get_with(path, headers).await,
            _ => self.post_with(path, &[], headers).await,
        }
    }

    /// A form of ours: its token is added.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(path, fields, &[]).await
    }

    async fn post_with(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&'static str, &str)],
    ) -> Answer {
        let token = self.csrf.lock().unwrap().clone();
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("_csrf", token.as_str())]).collect();
        self.post_bare(path, &fields, headers).await
    }

    /// Exactly these fields and headers.
    pub async fn post_bare(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&'static str, &str)],
    ) -> Answer {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.http.post(format!("{}{path}", self.base)).body(body);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.send(headers.iter().fold(request, |r, (k, v)| r.header(*k, *v))).await
    }

    /// A form in parts, with a file; its token comes last, as a form of anybody's may have it.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        let token = self.csrf.lock().unwrap().clone();
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("_csrf", token.as_str())]).collect();
        self.post_parts(path, &fields, Some(file)).await
    }

    /// Exactly these parts.
    pub async fn post_parts(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        file: Option<(&str, &[u8])>,
    ) -> Answer {
        let mut body = Vec::new();
        let mut part = |head: String, content: &[u8]| {
            body.extend_from_slice(
                format!("--part\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes(),
            );
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        };
        if let Some((name, content)) = file {
            part(format!("name=\"file\"; filename=\"{name}\""), content);
        }
        for (name, value) in fields {
            part(format!("name=\"{name}\""), value.as_bytes());
        }
        body.extend_from_slice(b"--part--\r\n");
        let request = self.http.post(format!("{}{path}", self.base)).body(body);
        self.send(request.header("content-type", "multipart/form-data; boundary=part")).await
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let cookies = self
            .cookies
            .lock()
            .unwrap()
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect::<Vec<_>>()
            .join("; ");
        let response = request.header("cookie", cookies).send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        for cookie in headers.get_all("set-cookie") {
            let (pair, rest) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.lock().unwrap().remove(name);
            } else {
                self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
            }
        }
        let answer = Answer { status, headers, body: response.text().await.unwrap() };
        let token = answer.hidden("_csrf");
        if !token.is_empty() {
            token.clone_into(&mut self.csrf.lock().unwrap());
        }
        answer
    }
}
