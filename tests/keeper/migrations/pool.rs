//! Connections to the database: as many as the setting says, used again and again, and a sentence where all are in use.
use super::Hand;
use crate::api::Program;
use crate::support::house::PASSWORD;
use crate::support::site::{Answer, Site};
use crate::support::{House, three};
use keeper::db::{Conn, Engine};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// A page begins its sentence with a capital, a program is told without one.
const IN_USE: &str = "all connections to the database are in use: try again in a moment";
/// An answer is waited for no longer than this.
const SOON: Duration = Duration::from_secs(6);

/// Every connection that there may be.
async fn all(house: &House, pool: usize) -> Vec<Conn> {
    let mut held = Vec::new();
    for _ in 0..pool {
        held.push(house.app.db.read().await.unwrap());
    }
    held
}

/// How often this very process has the file open.
fn open_files(house: &House) -> BTreeSet<i64> {
    let file = house.data.path().join("keeper.db").canonicalize().unwrap();
    let open = std::fs::read_dir("/proc/self/fd").unwrap().map(|entry| entry.unwrap().path());
    let ours = open.filter(|fd| std::fs::read_link(fd).is_ok_and(|target| target == file));
    ours.map(|fd| fd.file_name().unwrap().to_str().unwrap().parse().unwrap()).collect()
}

/// The connections that Keeper has, as the server knows them; those to a file by the process's own list of open files.
async fn connections(house: &House) -> BTreeSet<i64> {
    if house.app.db.engine() == Engine::Sqlite {
        return open_files(house);
    }
    match Hand::of(house).await {
        Hand::Sqlite(_) => unreachable!(),
        Hand::Postgres(mut conn) => {
            let text = "SELECT pid::bigint FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
            let rows: Vec<i64> = sqlx::query_scalar(text).fetch_all(&mut conn).await.unwrap();
            rows.into_iter().collect()
        }
        Hand::Mysql(mut conn) => {
            let text = "SELECT CAST(id AS SIGNED) FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()";
            let rows: Vec<i64> = sqlx::query_scalar(text).fetch_all(&mut conn).await.unwrap();
            rows.into_iter().collect()
        }
    }
}

three! {
    // S10: while all connections are in use, pages and programs are told so soon and in words; afterwards the next request is answered.
    async fn exhaustion_is_told_and_passes(house: House) {
        for pool in [1, 2] {
            let setting = pool.to_string();
            let Some(house) = House::with(house.app.db.engine(), &[("KEEPER_DATABASE_POOL", &setting)]).await else { return };
            house.add_user("ada", "admin").await;
            let site = Site::start(&house.app).await;
            let ada = site.signed_in("ada", PASSWORD).await;
            let program = Program::of(&site, "ada").await;
            let stranger = site.visitor();
            stranger.get("/login").await;

            let held = all(&house, pool).await;
            let begun = Instant::now();
            let page = ada.get("/secrets").await;
            assert!(page.status == 503 && page.body.to_lowercase().contains(IN_USE), "{pool}: {} {}", page.status, page.body);
            assert!(is_page(&page), "{pool}: {}", page.body);
            assert!(begun.elapsed() < SOON, "{pool}: {:?}", begun.elapsed());
            let begun = Instant::now();
            let reply = program.get("/api/v1/secrets").await;
            assert!(reply.status == 503 && reply.code() == "unavailable" && reply.text.to_lowercase().contains(IN_USE), "{pool}: {} {}", reply.status, reply.text);
            assert!(begun.elapsed() < SOON, "{pool}: {:?}", begun.elapsed());
            let begun = Instant::now();
            let login = stranger.post("/login", &[("username", "ada"), ("password", PASSWORD)]).await;
            assert!(login.status == 503 && login.body.contains("in use"), "{pool}: {} {}", login.status, login.body);
            assert!(is_page(&login) && reply.header("retry-after") == "2", "{pool}: {}", login.body);
            assert!(begun.elapsed() < SOON * 2, "{pool}: {:?}", begun.elapsed());
            assert_eq!(stranger.get("/readyz").await.status, 503, "{pool}");
            assert_eq!(stranger.get("/healthz").await.status, 200, "{pool}: the process itself is well");

            drop(held);
            assert_eq!(ada.get("/secrets").await.status, 200, "{pool}");
            assert_eq!(program.get("/api/v1/secrets").await.status, 200, "{pool}");
            assert_eq!(stranger.get("/readyz").await.status, 200, "{pool}");
        }
    }
}

/// In the console's look, and with the word for whoever asks by itself.
fn is_page(answer: &Answer) -> bool {
    answer.header("content-type").starts_with("text/html")
        && answer.header("retry-after") == "2"
        && answer.body.contains("503 Not available")
        && answer.body.contains("/static/")
}

/// Lets whoever waits for the one connection have it so many times, one after the other, and then keeps it to the end of the test.
async fn lend(house: &House, mut held: Conn, times: usize) -> Conn {
    for _ in 0..times {
        // Whoever asked is in the queue by now, or asks for none any more.
        tokio::time::sleep(Duration::from_millis(250)).await;
        let let_go = async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            drop(held);
        };
        let (next, ()) = tokio::join!(house.app.db.read(), let_go);
        held = next.unwrap();
    }
    held
}

three! {
    // S10: whichever statement of a sign-in finds no connection, the first of them or the one that stores the session: it is told as such.
    async fn a_sign_in_is_turned_away_at_any_of_its_statements(house: House) {
        let Some(house) = House::with(house.app.db.engine(), &[("KEEPER_DATABASE_POOL", "1")]).await else { return };
        house.add_user("ada", "admin").await;
        let site = Site::start(&house.app).await;
        let stranger = site.visitor();
        let mut turned_away = 0;
        loop {
            stranger.get("/login").await;
            let held = house.app.db.read().await.unwrap();
            let fields = [("username", "ada"), ("password", PASSWORD)];
            let sign_in = stranger.post("/login", &fields);
            tokio::pin!(sign_in);
            let lent = async {
                let held = lend(&house, held, turned_away).await;
                tokio::time::sleep(SOON).await;
                drop(held);
            };
            let answer = tokio::select! {
                answer = &mut sign_in => answer,
                () = lent => panic!("{turned_away}: no answer"),
            };
            if answer.status == 303 {
                break;
            }
            assert!(is_page(&answer) && answer.body.to_lowercase().contains(IN_USE), "{turned_away}: {} {}", answer.status, answer.body);
            turned_away += 1;
            assert!(turned_away < 12, "nobody is let in");
        }
        assert!(turned_away > 1, "{turned_away}");
        assert_eq!(stranger.get("/secrets").await.status, 200);
    }
}

three! {
    // S10: requests use the connections that there are, and there are no more than the setting says.
    async fn connections_are_used_again(house: House) {
        let Some(house) = House::with(house.app.db.engine(), &[("KEEPER_DATABASE_POOL", "2")]).await else { return };
        house.add_user("ada", "admin").await;
        let site = Site::start(&house.app).await;
        let ada = site.signed_in("ada", PASSWORD).await;
        let program = Program::of(&site, "ada").await;
        // What is opened late is open by now.
        drop(all(&house, 2).await);
        let mut before = connections(&house).await;
        // The one that brought up the schema may still be going. Of a file SQLite keeps what it has closed open for the next one.
        let begun = Instant::now();
        while house.app.db.engine() != Engine::Sqlite && before.len() != 2 {
            assert!(begun.elapsed() < SOON, "{before:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
            before = connections(&house).await;
        }
        for _ in 0..20 {
            let (page, reply, ready) = tokio::join!(ada.get("/secrets"), program.get("/api/v1/secrets"), ada.get("/readyz"));
            assert_eq!((page.status, reply.status, ready.status), (200, 200, 200));
        }
        for n in 0..5 {
            house.add_environment(&format!("e{n}"), "development", "open", &[]).await;
        }
        assert_eq!(connections(&house).await, before);
    }
}
