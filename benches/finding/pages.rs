//! Whole pages as the server makes them, from the request to the last byte of the answer: session, rights, list, template. What a
//! network adds is not in it.
use super::place::PASSWORD;
use super::{line, rounds};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, header};
use keeper::app::Shared;
use keeper::server;
use std::net::SocketAddr;
use std::time::Instant;
use tower::ServiceExt;

pub async fn measure(app: &Shared) {
    let router = server::router(app);
    let cookies = sign_in(&router).await;
    for path in ["/", "/secrets", "/secrets?q=pay", "/secrets?q=svc-07", "/environments"] {
        let mut times = Vec::new();
        let mut told = String::new();
        for _ in 0..rounds() {
            let request = Request::get(path).header(header::COOKIE, &cookies).body(Body::empty()).unwrap();
            let began = Instant::now();
            let (status, _, body) = ask(&router, request).await;
            times.push(began.elapsed());
            told = format!("{status}, {} kB", body.len() / 1000);
        }
        line(&format!("page {path}"), &times, &told);
    }
}

async fn ask(router: &Router, mut request: Request<Body>) -> (u16, HeaderMap, String) {
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 9))));
    let answer = router.clone().oneshot(request).await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, headers, String::from_utf8(body.to_vec()).unwrap())
}

async fn sign_in(router: &Router) -> String {
    let jar = |headers: &HeaderMap| -> Vec<String> {
        let set = headers.get_all(header::SET_COOKIE).iter();
        set.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap().to_owned()).collect()
    };
    let (_, headers, page) = ask(router, Request::get("/login").body(Body::empty()).unwrap()).await;
    let token = page.split("name=\"_csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = [("username", "demo-admin"), ("password", PASSWORD), ("_csrf", token.as_str())];
    let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post("/login")
        .header(header::COOKIE, jar(&headers).join("; "))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .unwrap();
    let (status, headers, _) = ask(router, request).await;
    assert_eq!(status, 303);
    jar(&headers).join("; ")
}
