//! Whole pages over loopback: sign-in, session, list, template, as a browser waits for them.
use super::place::PASSWORD;
use super::{line, rounds};
use keeper::app::Shared;
use keeper::web;
use std::time::Instant;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub async fn measure(app: &Shared) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let stop = CancellationToken::new();
    tokio::spawn(web::serve(app.clone(), listener, stop.clone()));
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let cookies = sign_in(&http, &base).await;
    for path in ["/", "/secrets", "/secrets?q=pay", "/secrets?q=svc-07", "/environments"] {
        let mut times = Vec::new();
        let mut told = String::new();
        for _ in 0..rounds() {
            let began = Instant::now();
            let answer = http.get(format!("{base}{path}")).header("cookie", &cookies).send().await.unwrap();
            let status = answer.status().as_u16();
            let body = answer.text().await.unwrap();
            times.push(began.elapsed());
            told = format!("{status}, {} kB", body.len() / 1000);
        }
        line(&format!("page {path}"), &times, &told);
    }
    stop.cancel();
}

async fn sign_in(http: &reqwest::Client, base: &str) -> String {
    let jar = |answer: &reqwest::Response| -> Vec<String> {
        let set = answer.headers().get_all("set-cookie").iter();
        set.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap().to_owned()).collect()
    };
    let form = http.get(format!("{base}/login")).send().await.unwrap();
    let before = jar(&form).join("; ");
    let page = form.text().await.unwrap();
    let token = page.split("name=\"_csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = [("username", "demo-admin"), ("password", PASSWORD), ("_csrf", token.as_str())];
    let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = http.post(format!("{base}/login")).header("cookie", &before).body(body);
    let answer = request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 303);
    jar(&answer).join("; ")
}
