//! A credential that lives already is adopted as it is. Each sentence is told of both servers.
use super::{add, adopt, count, current, field, fields, near, nowhere, places, strategies, wish};
use crate::sources::place::{ADMIN_PASSWORD, Place, fresh, nobody, value};
use crate::support::{House, three};
use keeper::domain::error::{Error, Result};
use keeper::remote::sources::{Accepts, Changed};
use keeper::sources::{self, SourceInput, StrategyInput};
use keeper::{audit, tx};
use std::sync::Arc;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};

/// What the server itself keeps of a user's password.
pub async fn kept(place: &Place, name: &str) -> Vec<String> {
    place
        .asks(&if place.is_postgres() {
            format!("SELECT rolpassword FROM pg_authid WHERE rolname = '{name}'")
        } else {
            format!(
                "SELECT CONVERT(authentication_string USING utf8mb4) FROM mysql.user WHERE User = '{name}'"
            )
        })
        .await
}

fn login(name: &str, password: &str) -> String {
    format!(
        "{{ \"host\": \"db\\u002e1\", \"username\": \"{name}\",\"password\":\"{password}\", \"n\": 1.50 }}"
    )
}

async fn named(house: &House, environment: i64, place: &Place) -> i64 {
    add(house, environment, SourceInput { name: place.admin.replace('_', "-"), ..near(place) }).await
}

async fn has(house: &House, secret: i64) -> bool {
    let secret = house.secret(secret).await;
    let found: Result<bool> =
        tx!(house.app.db, |tx| Ok(sources::demand_value_only(tx, &[&secret]).await.is_err()));
    found.unwrap()
}

three! {
    // Adopting leaves the user, its password and the secret's value as they are, and from then on the secret has a strategy.
    async fn adopting_changes_nothing(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        for place in places().await {
            let (name, source) = (fresh("app"), named(&house, dev, &place).await);
            let password = fresh("in-force");
            place.add(&name, &password).await;
            let secret = house.add_secret(dev, &name, &password).await;
            let before = kept(&place, &name).await;
            assert!(before.len() == 1 && sources::strategy(&house.app, secret).await.unwrap().is_none() && !has(&house, secret).await);
            assert_eq!(adopt(&house, secret, wish(&house, secret, source, &name).await).await.unwrap(), Vec::<String>::new());
            assert_eq!(kept(&place, &name).await, before);
            assert!(place.opens(&name, &password).await);
            assert_eq!(current(&house, secret).await, password);
            assert_eq!((house.secret(secret).await.current_version, house.secret(secret).await.row_version), (1, 2));
            let strategy = sources::strategy(&house.app, secret).await.unwrap().unwrap();
            assert!(has(&house, secret).await && !strategy.takes_turns());
            assert_eq!(strategy.login(&value(&password)).unwrap().0.name, name);
            assert_eq!(strategy.accepts(&value(&password)).await, Accepts::Yes);
            nowhere(&house, &[&password, ADMIN_PASSWORD]).await;
            let told = sources::described(&house.app, &house.operator(), secret).await.unwrap().unwrap();
            assert_eq!((told.source.id, told.accounts.len(), told.accounts[0].name.as_str()), (source, 1, name.as_str()));
            let twin = house.add_secret(dev, &format!("{name}-twin"), &password).await;
            let told = fields(adopt(&house, twin, wish(&house, twin, source, &name).await).await);
            assert!(told[0].0 == "account_name" && told[0].1.contains(&format!("a user of {name} already")), "{told:?}");
            let bad = StrategyInput { row_version: "1".into(), ..wish(&house, secret, source, &name).await };
            assert!(matches!(adopt(&house, secret, bad).await, Err(Error::Conflict(_))), "an old form");
            assert!(adopt(&house, secret, wish(&house, secret, source, &name).await).await.is_ok(), "said again");
            let row_version = house.secret(secret).await.row_version;
            house.clear_strategy(&house.operator(), secret, row_version).await.unwrap();
            assert!(!has(&house, secret).await && sources::strategy(&house.app, secret).await.unwrap().is_none());
            assert!(place.opens(&name, &password).await);
        }
        assert_eq!(count(&house, "secret.strategy_set").await, 2 * count(&house, "secret.strategy_cleared").await);
        assert_eq!(audit::verify(&house.app).await.unwrap().findings.len(), 0);
    }
}

three! {
    // A value that is not the one in force is refused with what to do about it, and nothing is stored.
    async fn a_wrong_value_is_refused_and_nothing_is_stored(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        for place in places().await {
            let (name, source) = (fresh("app"), named(&house, dev, &place).await);
            place.add(&name, "the one in force").await;
            let secret = house.add_secret(dev, &name, "never-the-one-in-force").await;
            let before = kept(&place, &name).await;
            let told = fields(adopt(&house, secret, wish(&house, secret, source, &name).await).await);
            assert!(told.len() == 1 && told[0].0 == "account_name" && told[0].1.contains("give the secret the password that is in force first"), "{told:?}");
            for (account, host, why) in [
                (fresh("nobody"), "", "create it there first"),
                (place.admin.clone(), "", "Keeper's own administrator"),
            ] {
                let wrong = StrategyInput { account_host: host.into(), ..wish(&house, secret, source, &account).await };
                let told = fields(adopt(&house, secret, wrong).await);
                assert!(told[0].0 == "account_name" && told[0].1.contains(why), "{told:?}");
            }
            if place.is_postgres() {
                let host = StrategyInput { account_host: "localhost".into(), ..wish(&house, secret, source, &name).await };
                assert_eq!(field(adopt(&house, secret, host).await), "account_host");
            }
            let shape = StrategyInput { shape: "json".into(), ..wish(&house, secret, source, &name).await };
            assert_eq!(field(adopt(&house, secret, shape).await), "shape");
            assert_eq!(kept(&place, &name).await, before);
            assert_eq!(house.secret(secret).await.row_version, 1);
            nowhere(&house, &["never-the-one-in-force"]).await;
        }
        assert_eq!((strategies(&house).await, count(&house, "secret.strategy_set").await), (0, 0));
    }
}

three! {
    // What could not be found out is no yes: a server that is away, an administrator that is not let in, a user out of reach.
    async fn what_cannot_be_found_out_is_refused(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        for place in places().await {
            let name = fresh("app");
            place.add(&name, "right").await;
            let secret = house.add_secret(dev, &name, "right").await;
            let away = add(&house, dev, SourceInput { name: fresh("a").replace('_', "-"), port: nobody().await.to_string(), ..near(&place) }).await;
            let shut = add(&house, dev, SourceInput { name: fresh("b").replace('_', "-"), password: Some(value("wrong")), ..near(&place) }).await;
            for (source, why) in [(away, "refused the connection"), (shut, "does not let Keeper's administrator in")] {
                let told = adopt(&house, secret, wish(&house, secret, source, &name).await).await;
                assert!(matches!(&told, Err(Error::Unavailable { what, .. }) if what.contains(why)), "{told:?}");
            }
            if !place.is_postgres() {
                place.does(&format!("CREATE USER {name}@'10.9.8.7' IDENTIFIED BY 'right'")).await;
                let source = named(&house, dev, &place).await;
                let far = StrategyInput { account_host: "10.9.8.7".into(), ..wish(&house, secret, source, &name).await };
                let told = fields(adopt(&house, secret, far).await);
                assert!(told[0].0 == "account_name" && told[0].1.contains("other machines"), "{told:?}");
            }
        }
        assert_eq!(strategies(&house).await, 0);
    }
}

three! {
    // Two users take turns: each rotation changes the one that is not in the value, and all else in the value stays.
    async fn two_users_take_turns(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        for place in places().await {
            let source = named(&house, dev, &place).await;
            let [a, b] = [fresh("turn_a"), fresh("turn_b")];
            place.add(&a, "first").await;
            let secret = house.add_secret(dev, &a, &login(&a, "first")).await;
            let asked = || async { StrategyInput { second_name: b.clone(), shape: "json".into(), ..wish(&house, secret, source, &a).await } };
            assert_eq!(field(adopt(&house, secret, asked().await).await), "second_name", "there is no second user yet");
            place.add(&b, "whatever").await;
            let stranger = StrategyInput { account_name: b.clone(), second_name: String::new(), ..asked().await };
            assert_eq!(field(adopt(&house, secret, stranger).await), "account_name");
            adopt(&house, secret, asked().await).await.unwrap();
            let strategy = sources::strategy(&house.app, secret).await.unwrap().unwrap();
            assert!(strategy.takes_turns());
            let first = value(&current(&house, secret).await);
            let turn = strategy.turn(&first, &value("second")).unwrap();
            assert_eq!((turn.account.name.as_str(), turn.value.expose(), turn.password.expose()), (b.as_str(), login(&b, "second").as_bytes(), &b"second"[..]));
            strategy.check(&turn.value).unwrap();
            assert!(strategy.look(&turn.value).await.unwrap().may_change);
            assert_eq!(strategy.accepts(&turn.value).await, Accepts::No);
            assert_eq!(strategy.change(&turn.value).await, Ok(Changed::Yes));
            assert_eq!((strategy.accepts(&turn.value).await, strategy.accepts(&first).await), (Accepts::Yes, Accepts::Yes));
            let next = strategy.turn(&turn.value, &value("third")).unwrap();
            assert_eq!((next.account.name.as_str(), next.value.expose()), (a.as_str(), login(&a, "third").as_bytes()));
            // What is no login of theirs is told and asks nobody.
            for odd in ["no json", &login("root", "x")] {
                assert_eq!(field(strategy.check(&value(odd))), "new_value");
                assert!(matches!(strategy.turn(&value(odd), &value("new")), Err(Error::Conflict(_))));
                assert!(matches!(strategy.login(&value(odd)), Err(Error::Conflict(_))));
                assert!(matches!(strategy.accepts(&value(odd)).await, Accepts::Unknown(_)));
                assert!(strategy.change(&value(odd)).await.is_err() && strategy.look(&value(odd)).await.is_err());
            }
            assert_eq!(field(strategy.check(&value(&login(&a, "\\u0000")))), "new_value");
        }
    }
}

/// A door to a server that says when somebody has come, and lets nobody through before it is told to.
async fn gate(port: u16) -> (u16, oneshot::Receiver<()>, Arc<Notify>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (at, (come, arrived), open) =
        (listener.local_addr().unwrap().port(), oneshot::channel(), Arc::new(Notify::new()));
    let opened = open.clone();
    tokio::spawn(async move {
        let mut first = Some(come);
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            if let Some(come) = first.take() {
                come.send(()).unwrap();
                opened.notified().await;
            }
            let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            tokio::spawn(async move { copy_bidirectional(&mut client, &mut server).await });
        }
    });
    (at, arrived, open)
}

three! {
    // A source or a secret that changes while the server is asked is not mixed with what was seen.
    async fn what_moved_meanwhile_is_looked_at_again(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let operator = house.operator();
        for place in places().await {
            for moves_secret in [false, true] {
                let (name, (port, arrived, open)) = (fresh("app"), gate(place.port).await);
                place.add(&name, "right").await;
                let input = || SourceInput { name: name.replace('_', "-"), port: port.to_string(), ..near(&place) };
                let source = add(&house, dev, input()).await;
                let secret = house.add_secret(dev, &name, "right").await;
                let asked = wish(&house, secret, source, &name).await;
                let (set, ()) = tokio::join!(adopt(&house, secret, asked), async {
                    arrived.await.unwrap();
                    if moves_secret {
                        house.rotate(&operator, secret, "another").await.unwrap();
                    } else {
                        let moved = SourceInput { row_version: "1".into(), ..input() }.parse(&house.app).unwrap();
                        sources::update(&house.app, &operator, source, moved).await.unwrap();
                    }
                    open.notify_one();
                });
                assert!(matches!(&set, Err(Error::Conflict(why)) if why.contains("meanwhile")), "{set:?}");
            }
        }
        assert_eq!(strategies(&house).await, 0);
    }
}
