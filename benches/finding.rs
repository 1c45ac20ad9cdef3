//! `make bench`: how long the server takes to list, to search and to show a page with 1,000, 100,000 and 1,000,000 secrets, on each
//! engine whose server is there. It prints figures and judges none. `KEEPER_BENCH_SIZES=1000,100000` is a quick look.
#![allow(clippy::unwrap_used, clippy::expect_used)]
use keeper::app::{App, Shared};
use keeper::config::{Overrides, Settings};
use keeper::crypto::kms::{Kms, LocalKms};
use keeper::crypto::passwords::Hasher;
use keeper::db::{Db, Engine};
use keeper::domain::enums::{SecrecyLevel, SecretType, SyncStatus};
use keeper::kit::chance::Chance;
use keeper::kit::clock::Clock;
use keeper::kit::page::Cursor;
use keeper::secrets::{self, Due, Filter, Sort};
use keeper::web;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

const PASSWORD: &str = "a password for measuring";

#[tokio::main]
async fn main() {
    let sizes = std::env::var("KEEPER_BENCH_SIZES").unwrap_or_else(|_| "1000,100000,1000000".to_owned());
    let sizes: Vec<u32> =
        sizes.split(',').map(|size| size.trim().parse().expect("sizes are numbers")).collect();
    let engines =
        std::env::var("KEEPER_BENCH_ENGINES").unwrap_or_else(|_| "sqlite,postgres,mysql".to_owned());
    println!("server time in milliseconds, p50 / p95\n");
    for name in engines.split(',') {
        let folder = tempfile::tempdir().unwrap();
        let Some(url) = fresh_database(name, folder.path()).await else {
            println!("{name}: no server, skipped");
            continue;
        };
        for size in &sizes {
            let began = Instant::now();
            seed(&url, folder.path(), *size);
            let app = open(&url, folder.path()).await;
            println!(
                "{} with {size} secrets, stored and filed in {:.1} s",
                app.db.engine().name(),
                began.elapsed().as_secs_f64()
            );
            measure(&app, *size).await;
            println!();
        }
    }
}

async fn measure(app: &Shared, size: u32) {
    let all = Filter { environments: vec![1, 2, 3], limit: 50, ..Filter::default() };
    let of = |q: &str| Filter { q: q.to_owned(), ..all.clone() };
    let middle = Cursor::After(format!("svc-100-secret-{:07}~0", size / 2));
    let back = Cursor::Before(format!("svc-100-secret-{:07}~0", size / 2));
    let rare = format!("{:06}", size / 3);
    let cases: Vec<(String, Filter)> = vec![
        ("list, first page".into(), all.clone()),
        ("list, from the middle".into(), Filter { cursor: middle.clone(), ..all.clone() }),
        ("list, back from the middle".into(), Filter { cursor: back, ..all.clone() }),
        ("list, 200 rows".into(), Filter { limit: 200, ..all.clone() }),
        ("list, last changed".into(), Filter { sort: Sort::Updated, ..all.clone() }),
        ("list, one environment".into(), Filter { environments: vec![2], ..all.clone() }),
        ("filter, type".into(), Filter { secret_type: Some(SecretType::Certificate), ..all.clone() }),
        (
            "filter, level and tag".into(),
            Filter { level: Some(SecrecyLevel::Restricted), tag: "team=search".into(), ..all.clone() },
        ),
        ("filter, status failed (none)".into(), Filter { status: Some(SyncStatus::Failed), ..all.clone() }),
        ("filter, overdue".into(), Filter { due: Some(Due::Overdue), sort: Sort::Due, ..all.clone() }),
        (
            "filter, overdue and type".into(),
            Filter {
                due: Some(Due::Overdue),
                secret_type: Some(SecretType::Token),
                sort: Sort::Due,
                ..all.clone()
            },
        ),
        ("search pay".into(), of("pay")),
        ("search pay, from the middle".into(), Filter { cursor: middle, ..of("pay") }),
        ("search svc-07".into(), of("svc-07")),
        ("search db prod".into(), of("db prod")),
        ("search s (one letter)".into(), of("s")),
        ("search 77".into(), of("77")),
        (format!("search {rare} (one of them)"), of(&rare)),
        ("search plat 99 oauth".into(), of("plat 99 oauth")),
        ("search nowhere".into(), of("nowhere")),
        ("search pay, last changed".into(), Filter { sort: Sort::Updated, ..of("pay") }),
        ("search pay, below the box (8)".into(), Filter { limit: 8, ..of("pay") }),
    ];
    for (name, filter) in cases {
        let (mut times, mut told) = (Vec::new(), String::new());
        for _ in 0..rounds() {
            let began = Instant::now();
            let page = secrets::list(app, &filter).await.unwrap();
            times.push(began.elapsed());
            told = format!("{} rows{}", page.items.len(), if page.is_cut { ", goes on" } else { "" });
        }
        line(&name, &times, &told);
    }
    let mut times = Vec::new();
    for _ in 0..rounds() {
        let began = Instant::now();
        secrets::tallies(app).await.unwrap();
        times.push(began.elapsed());
    }
    line("totals of all environments", &times, "");
    pages(app).await;
}

/// Whole pages over loopback: sign-in, session, list, template.
async fn pages(app: &Shared) {
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

fn rounds() -> usize {
    std::env::var("KEEPER_BENCH_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(60)
}

/// The first rounds warm the caches and are left out.
fn line(name: &str, times: &[Duration], told: &str) {
    let mut times: Vec<f64> = times.iter().skip(5).map(|time| time.as_secs_f64() * 1000.0).collect();
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!("  {name:<34} {:>7.2} / {:>7.2}   {told}", at(50), at(95));
}

fn seed(url: &str, folder: &Path, size: u32) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_keeper"))
        .args(["--data-dir", folder.to_str().unwrap(), "--database-url", url])
        .args(["seed-demo", "--password-stdin", "--secrets", &size.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(child.wait().unwrap().success(), "the demo data could not be made");
}

async fn open(url: &str, folder: &Path) -> Shared {
    let env = BTreeMap::from([
        ("KEEPER_DATA_DIR".to_owned(), folder.display().to_string()),
        ("KEEPER_DATABASE_URL".to_owned(), url.to_owned()),
        ("KEEPER_LIMITS".to_owned(), "off".to_owned()),
    ]);
    let settings = Settings::load(&Overrides::default(), &env).unwrap();
    let db = Db::open(settings.database_url.expose(), settings.database_pool).await.unwrap();
    let chance = Chance::System;
    let kms = Kms::Local(LocalKms::open(&settings.key_file, false, &chance).unwrap());
    let hasher = Hasher::new(&chance).unwrap();
    let app = Arc::new(App::new(settings, db, kms, hasher, Clock::System, chance));
    app.open_keys().await.unwrap();
    app
}

async fn fresh_database(engine: &str, folder: &Path) -> Option<String> {
    let name = format!("keeper_bench_{}", hex::encode(Chance::System.bytes::<4>().unwrap()));
    let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    let beside = |url: &str| format!("{}/{name}", url.rsplit_once('/').unwrap().0);
    let server = |variable: &str| std::env::var(variable).ok().filter(|url| !url.is_empty());
    if engine == "sqlite" {
        return Some(format!("sqlite://{}", folder.join("keeper.db").display()));
    }
    let url =
        server(if engine == "postgres" { "KEEPER_TEST_POSTGRES_URL" } else { "KEEPER_TEST_MYSQL_URL" })?;
    if Engine::of_url(&url)? == Engine::Postgres {
        let mut conn = PgConnection::connect(&url).await.ok()?;
        sqlx::raw_sql(create).execute(&mut conn).await.unwrap();
    } else {
        let mut conn = MySqlConnection::connect(&url).await.ok()?;
        sqlx::raw_sql(create).execute(&mut conn).await.unwrap();
    }
    Some(beside(&url))
}
