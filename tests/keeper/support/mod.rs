//! What the tests stand on: a house of one's own on each engine, and the people in it.
pub mod house;
pub mod html;
pub mod idp;
pub mod others;
pub mod place;
pub mod provider;
pub mod served;
pub mod site;
pub mod way;

pub use house::House;

/// The address of a real server. Missing, the test is skipped with a word; under `make test` it fails.
pub fn env_or_skip(variable: &str) -> Option<String> {
    let found = std::env::var(variable).ok().filter(|value| !value.is_empty());
    if found.is_none() {
        assert!(std::env::var_os("KEEPER_TEST_REQUIRE").is_none(), "{variable} is not set");
        println!("skipped: {variable} is not set");
    }
    found
}

/// A figure that `make test` shows: of a test that passes, the harness keeps what `println!` writes to itself.
macro_rules! tell {
    ($($text:tt)*) => {{
        use std::io::Write;
        std::io::stdout().write_all(format!("{}\n", format_args!($($text)*)).as_bytes()).unwrap();
    }};
}
pub(crate) use tell;

/// One sentence, told on the three engines.
macro_rules! three {
    ($(#[$meta:meta])* async fn $name:ident($house:ident: House) $body:block) => {
        mod $name {
            use super::*;
            use keeper::db::Engine;

            async fn story($house: House) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread")]
            async fn on_sqlite() {
                story(House::new(Engine::Sqlite).await.unwrap()).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres() {
                if let Some(house) = House::new(Engine::Postgres).await { story(house).await; }
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread")]
            async fn on_mysql() {
                if let Some(house) = House::new(Engine::Mysql).await { story(house).await; }
            }
        }
    };
}
pub(crate) use three;
