//! Rule 1: a body past the limit is turned away unread.
use super::court::{Court, Sent};
use crate::support::idp::SSO;
use keeper::db::Engine;

#[tokio::test(flavor = "multi_thread")] // S04 S70
async fn a_body_past_the_limit_is_turned_away_unread() {
    let court = Court::open(Engine::Sqlite).await.unwrap();
    let asked = court.ask().await;
    let cookie = format!("keeper-saml={}", asked.visitor.cookie("keeper-saml").unwrap());
    for size in [1 << 20, 20_000_000] {
        let good = Sent::from(asked.document.clone().sign_as("both", &court.idp)).parameter();
        let body: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("RelayState", &"A".repeat(size))
            .append_pair("SAMLResponse", &good)
            .finish();
        let request =
            reqwest::Client::new().post(format!("{}/saml/acs", court.site.base)).header("origin", SSO);
        let request =
            request.header("content-type", "application/x-www-form-urlencoded").header("cookie", &cookie);
        // The server need not read to the end, so the answer may be lost with the connection.
        if let Ok(answer) = request.body(body).send().await {
            assert_eq!(answer.status().as_u16(), 413, "{size} bytes");
            let mut cookies = answer.headers().get_all("set-cookie").iter();
            assert!(!cookies.any(|cookie| cookie.as_bytes().starts_with(b"keeper=")), "{size} bytes");
        }
    }
    // Nothing was used up: the honest answer still opens the session.
    let honest = Sent::from(asked.document.clone().sign_as("both", &court.idp));
    assert_eq!(court.post(&asked, honest).await.status, 303, "{}", court.why().await);
}
