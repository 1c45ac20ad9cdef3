//! Passwords changed at their source, against a real PostgreSQL and a real MariaDB.
mod hindrances;
mod looks;
mod passwords;
pub mod place;
pub mod proxy;
mod rehearsals;
pub mod tls;

/// One sentence, told on both engines.
macro_rules! both {
    ($(#[$meta:meta])* async fn $name:ident($place:ident: Place) $body:block) => {
        mod $name {
            use super::*;

            async fn story($place: Place) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres() {
                if let Some(place) = Place::postgres().await { story(place).await; }
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread")]
            async fn on_mysql() {
                if let Some(place) = Place::mysql().await { story(place).await; }
            }
        }
    };
}
use both;
