//! Rule 4: an answer is good for one request, one browser, one time, and ten minutes: on the three engines.
use super::court::{Asked, Court, Sent};
use crate::support::site::Answer;
use keeper::db::Engine;
use time::Duration;

/// One sentence, told on the three engines, before the court.
macro_rules! before_three {
    ($(async fn $name:ident($court:ident: Court) $body:block)+) => { $(
        mod $name {
            use super::*;

            async fn story($court: Court) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn on_sqlite() {
                story(Court::open(Engine::Sqlite).await.unwrap()).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres() {
                if let Some(court) = Court::open(Engine::Postgres).await { story(court).await; }
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_mysql() {
                if let Some(court) = Court::open(Engine::Mysql).await { story(court).await; }
            }
        }
    )+ };
}

fn good(court: &Court, asked: &Asked) -> String {
    asked.document.clone().sign_as("both", &court.idp).text()
}

async fn welcome(court: &Court, asked: &Asked, text: &str) {
    let answer = court.post(asked, Sent::Xml(text.to_owned())).await;
    assert_eq!(answer.status, 303, "{}", court.why().await);
    assert!(court.is_signed_in(&asked.visitor).await);
}

/// Refused with 4xx, no session cookie, and a reason that tells which rule it was.
async fn refused(court: &Court, answer: &Answer, word: &str) {
    let why = court.why().await;
    assert!((400..500).contains(&answer.status), "{}: {why}", answer.status);
    let cookies = answer.headers.get_all("set-cookie");
    assert!(!cookies.iter().any(|cookie| cookie.as_bytes().starts_with(b"keeper=")), "a session: {why}");
    assert!(why.contains(word), "refused for another reason than {word:?}: {why}");
}

async fn refuses(court: &Court, asked: &Asked, text: &str, word: &str) {
    let answer = court.post(asked, Sent::Xml(text.to_owned())).await;
    refused(court, &answer, word).await;
}

before_three! {
    // S04: the same answer a second time, to the same request and to another.
    async fn an_answer_is_good_once(court: Court) {
        let asked = court.ask().await;
        let text = good(&court, &asked);
        welcome(&court, &asked, &text).await;
        asked.visitor.post("/logout", &[]).await;
        refuses(&court, &asked, &text, "already answered").await;
        let later = court.ask().await;
        refuses(&court, &later, &text, "another browser").await;
        // In the very browser, after a new request of its own.
        let Asked { visitor, .. } = asked;
        let again = court.ask_as(visitor).await;
        refuses(&court, &again, &text, "already answered").await;
    }

    // S04: a new assertion for a request that was answered.
    async fn a_request_is_answered_once(court: Court) {
        let asked = court.ask().await;
        welcome(&court, &asked, &good(&court, &asked)).await;
        let second = court.document(&asked.request).sign_as("both", &court.idp).text();
        refuses(&court, &asked, &second, "already answered").await;
    }

    // S04: an old assertion in a new envelope for a new request, and a new one by the provider under an old ID.
    async fn an_assertion_is_believed_once(court: Court) {
        let asked = court.ask().await;
        let document = asked.document.clone().sign("assertion", &court.idp.rsa);
        welcome(&court, &asked, &document.text()).await;
        let old = document.part("assertion");
        let later = court.ask().await;
        let wrapped = later.document.clone().set("assertions", old);
        refuses(&court, &later, &wrapped.text(), "answers another request").await;
        let later = court.ask().await;
        let twin = later.document.clone().set("assertion.name", document.part("assertion.name"));
        refuses(&court, &later, &twin.sign_as("both", &court.idp).text(), "used before").await;
    }

    // S04: the same answer eight times at once opens one session; so do two answers that share an assertion's ID.
    async fn of_many_at_once_one_wins(court: Court) {
        let asked = court.ask().await;
        let text = good(&court, &asked);
        let tries: Vec<_> = (0..8).map(|_| court.post(&asked, Sent::Xml(text.clone()))).collect();
        let answers = futures_util::future::join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 303).count(), 1);
        assert_eq!(answers.iter().filter(|answer| answer.status == 403).count(), 7);
        let (one, two) = (court.ask().await, court.ask().await);
        let twin = two.document.clone().set("assertion.name", one.document.part("assertion.name"));
        let (left, right) = (good(&court, &one), twin.sign_as("both", &court.idp).text());
        let (left, right) = tokio::join!(court.post(&one, Sent::Xml(left)), court.post(&two, Sent::Xml(right)));
        let mut both = [left.status, right.status];
        both.sort_unstable();
        assert_eq!(both, [303, 403]);
    }

    // S04: after ten minutes a request is nobody's, though the answer be fresh.
    async fn a_request_grows_old(court: Court) {
        let asked = court.ask().await;
        court.house.app.clock.advance(Duration::minutes(10) - Duration::seconds(5));
        welcome(&court, &asked, &court.document(&asked.request).sign_as("both", &court.idp).text()).await;
        let asked = court.ask().await;
        court.house.app.clock.advance(Duration::minutes(10) + Duration::seconds(1));
        let fresh = court.document(&asked.request).sign_as("both", &court.idp).text();
        refuses(&court, &asked, &fresh, "more than 10 minutes ago").await;
    }

    // S04: an answer belongs to the browser that asked. The other's try does not use the request up.
    async fn an_answer_belongs_to_its_browser(court: Court) {
        let (mine, theirs) = (court.ask().await, court.ask().await);
        let text = good(&court, &mine);
        refuses(&court, &theirs, &text, "another browser").await;
        let nobody = Asked { visitor: court.site.visitor(), ..court.ask().await };
        refuses(&court, &nobody, &text, "another browser").await;
        // Said to answer the second browser's request, it is no longer what was signed.
        let moved = text.replace(&mine.request, &theirs.request);
        refuses(&court, &theirs, &moved, "signature is not valid").await;
        welcome(&court, &mine, &text).await;
    }
}
