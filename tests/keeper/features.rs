//! The rules of secrets, said to the feature functions that every door calls, on the three engines.
use crate::support::house::PASSWORD;
use crate::support::{House, three};
use keeper::domain::actor::Actor;
use keeper::domain::enums::{SyncStatus, VersionState};
use keeper::domain::error::Error;
use keeper::domain::plaintext::Plaintext;
use keeper::kit::page::Cursor;
use keeper::secrets::{self, Filter, SecretInput};
use keeper::{audit, sql};

fn fields(error: Error) -> Vec<(String, String)> {
    match error {
        Error::Invalid(fields) => {
            fields.iter().map(|(field, messages)| (field.to_owned(), messages.join("; "))).collect()
        }
        other => panic!("not a field's error: {other:?}"),
    }
}

three! {
    // S12 S13 S22 S34 S35: a secret is stored with its maker, and each value is a version that opens as it was.
    async fn a_secret_keeps_every_value(house: House) {
        house.add_user("max", "manager").await;
        let max = house.person("max").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let new = House::secret_input(dev, " DB-Pass ", "  first \n\u{1f511}").parse_create(house.app.now()).unwrap();
        let id = secrets::create(&house.app, &max, new).await.unwrap();
        house.rotate(&max, id, "second").await.unwrap();
        house.rotate(&max, id, "third").await.unwrap();
        let found = secrets::find(&house.app, &max, id).await.unwrap();
        assert_eq!((found.secret.name.as_str(), found.secret.creator_id, found.secret.current_version), ("db-pass", max.id(), 3));
        let states: Vec<VersionState> = secrets::history(&house.app, id, &Cursor::First, 9).await.unwrap().items.iter().map(|v| v.state).collect();
        assert_eq!(states, [VersionState::Current, VersionState::Previous, VersionState::Retired]);
        for (number, value) in [(1, "  first \n\u{1f511}"), (2, "second"), (3, "third")] {
            let shown = secrets::reveal(&house.app, &max, id, Some(number), "").await.unwrap();
            assert_eq!(shown.value.expose(), value.as_bytes());
        }
    }
}

three! {
    // S33 S36 S55: a name is taken once in an environment, active or not, and free in another; an unknown environment is named.
    async fn a_name_is_taken_once_in_an_environment(house: House) {
        let (dev, other) = (house.add_environment("dev", "development", "open", &[]).await, house.add_environment("other", "staging", "open", &[]).await);
        let id = house.add_secret(dev, "db", "x").await;
        house.add_secret(other, "db", "x").await;
        let again = |environment| {
            let house = &house;
            async move {
                let new = House::secret_input(environment, "DB", "y").parse_create(house.app.now()).unwrap();
                fields(secrets::create(&house.app, &house.operator(), new).await.unwrap_err())
            }
        };
        assert_eq!(again(dev).await, [("name".to_owned(), "already exists in dev".to_owned())]);
        let version = house.secret(id).await.row_version;
        secrets::set_active(&house.app, &house.operator(), id, false, "", version).await.unwrap();
        assert!(again(dev).await[0].1.contains("restore"));
        assert_eq!(again(99).await[0].0, "environment_id");
    }
}

three! {
    // S49 to S58, S61 to S67: what is wrong is said beside its field, all of it at once, and nothing is stored.
    async fn bad_input_is_told_by_field(house: House) {
        let now = house.app.now();
        let input = SecretInput {
            environment_id: "0".into(), name: "a b".into(), display_name: String::new(), secret_type: "pass".into(), secrecy_level: "top".into(),
            service_name: "s".repeat(256), expires_at: "2001-01-01T00:00".into(), auto_rotate: Some("true".into()), tags: "x".into(),
            value: Some(Plaintext::new(Vec::new())), ..SecretInput::default()
        };
        let told = fields(input.parse_create(now).err().unwrap());
        let named: Vec<&str> = told.iter().map(|(field, _)| field.as_str()).collect();
        for field in ["environment_id", "name", "display_name", "secret_type", "secrecy_level", "service_name", "expires_at", "rotation_interval_days", "tags", "value"] {
            assert!(named.contains(&field), "{field} in {told:?}");
        }
        let type_error = &told.iter().find(|(field, _)| field == "secret_type").unwrap().1;
        assert!(type_error.contains("password") && type_error.contains("generic"), "{type_error}");
        assert_eq!(house.app.db.read().await.unwrap().number(sql!("SELECT COUNT(*) FROM secrets")).await.unwrap(), 0);
    }
}

three! {
    // S38 S43 S45: role × stage × secrecy, and the door before all.
    async fn roles_reach_as_far_as_the_table_says(house: House) {
        for role in ["user", "manager", "admin"] {
            house.add_user(role, role).await;
        }
        let manager = house.person("manager").await.id().unwrap();
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let prod = house.add_environment("prod", "production", "members", &[manager]).await;
        let level = |level: &str, id| {
            let house = &house;
            let level = level.to_owned();
            async move {
                let mut input = House::secret_input(id, &format!("s-{level}"), "v");
                input.secrecy_level = level;
                secrets::create(&house.app, &house.operator(), input.parse_create(house.app.now()).unwrap()).await.unwrap()
            }
        };
        let (plain, restricted, in_prod) = (level("confidential", dev).await, level("restricted", dev).await, level("internal", prod).await);
        // user, manager, admin (who is no member of prod): true is a value, "forbidden" and "not found" are the other two.
        let table = [(plain, ["yes", "yes", "yes"]), (restricted, ["forbidden", "yes", "yes"]), (in_prod, ["not found", "yes", "forbidden"])];
        for (id, expected) in table {
            for (role, outcome) in ["user", "manager", "admin"].into_iter().zip(expected) {
                let person = house.person(role).await;
                let got = match secrets::reveal(&house.app, &person, id, None, "because").await {
                    Ok(_) => "yes",
                    Err(Error::Forbidden(_)) => "forbidden",
                    Err(Error::NotFound) => "not found",
                    Err(other) => panic!("{other:?}"),
                };
                assert_eq!(got, outcome, "{role} reveals {id}");
            }
        }
        let user = house.person("user").await;
        assert!(matches!(house.rotate(&user, in_prod, "x").await, Err(Error::NotFound)));
        assert!(matches!(house.rotate(&user, restricted, "x").await, Err(Error::Forbidden(_))));
        assert!(house.rotate(&house.person("admin").await, in_prod, "x").await.is_ok());
    }
}

three! {
    // Revealing restricted values and changing production asks for a reason and a fresh proof of identity.
    async fn what_matters_asks_for_a_reason_and_a_fresh_proof(house: House) {
        house.add_user("admin", "admin").await;
        let prod = house.add_environment("prod", "production", "open", &[]).await;
        let id = house.add_secret(prod, "db", "v").await;
        let Actor::Person(mut person) = house.person("admin").await else { unreachable!() };
        person.proved_at = house.app.now().minus(time::Duration::minutes(26));
        assert!(matches!(house.rotate(&Actor::Person(person.clone()), id, "x").await, Err(Error::ProofNeeded)));
        person.proved_at = house.app.now().minus(time::Duration::minutes(24));
        let version = house.secret(id).await.row_version.to_string();
        let input = keeper::rotations::RotateInput { mode: "generated".into(), row_version: version, ..keeper::rotations::RotateInput::default() };
        let told = fields(keeper::rotations::rotate(&house.app, &Actor::Person(person.clone()), id, input.parse().unwrap()).await.unwrap_err());
        assert_eq!(told[0].0, "reason");
        assert!(house.rotate(&Actor::Person(person), id, "x").await.is_ok());
    }
}

three! {
    // The second writer is told, and overwrites nothing.
    async fn the_second_writer_is_told(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = house.add_secret(dev, "db", "v").await;
        let input = |text: &str| {
            SecretInput { display_name: text.into(), secret_type: "token".into(), secrecy_level: "internal".into(), row_version: "1".into(), ..SecretInput::default() }
        };
        house.edit(id, input("first")).await.unwrap();
        assert!(matches!(house.edit(id, input("second")).await, Err(Error::Conflict(_))));
        assert_eq!(house.secret(id).await.display_name, "first");
    }
}

three! {
    // S32: a switched-off secret is hidden from lists by default, and neither changed nor rotated; an environment likewise.
    async fn what_is_switched_off_rests(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = house.add_secret(dev, "db", "v").await;
        let operator = house.operator();
        secrets::set_active(&house.app, &operator, id, false, "", 1).await.unwrap();
        let list = |active| Filter { environments: vec![dev], active, limit: 9, ..Filter::default() };
        assert_eq!(secrets::list(&house.app, &list(None)).await.unwrap().items.len(), 0);
        assert_eq!(secrets::list(&house.app, &list(Some(false))).await.unwrap().items.len(), 1);
        assert!(matches!(house.rotate(&operator, id, "x").await, Err(Error::Conflict(_))));
        secrets::set_active(&house.app, &operator, id, true, "", 2).await.unwrap();
        keeper::environments::set_active(&house.app, &operator, dev, false).await.unwrap();
        assert!(matches!(house.rotate(&operator, id, "x").await, Err(Error::Forbidden(_))));
    }
}

three! {
    // S89 and the search: pages by keyset hold every row once, in order; a search finds letters anywhere in words.
    async fn a_list_is_paged_and_searched(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        for n in 0..25 {
            house.add_secret(dev, &format!("svc-{n:02}-key"), "v").await;
        }
        let mut filter = Filter { environments: vec![dev], limit: 10, ..Filter::default() };
        let mut names = Vec::new();
        loop {
            let page = secrets::list(&house.app, &filter).await.unwrap();
            names.extend(page.items.into_iter().map(|s| s.name));
            match page.next {
                Some(next) => filter.cursor = keeper::kit::page::Cursor::After(next),
                None => break,
            }
        }
        let expected: Vec<String> = (0..25).map(|n| format!("svc-{n:02}-key")).collect();
        assert_eq!(names, expected);
        for (q, found) in [("svc-07", 1), ("key 07", 1), ("svc", 9), ("nothing", 0), ("' OR 1=1 --", 0), ("%", 0)] {
            let filter = Filter { environments: vec![dev], q: q.into(), limit: 9, ..Filter::default() };
            assert_eq!(secrets::list(&house.app, &filter).await.unwrap().items.len(), found, "{q:?}");
        }
    }
}

three! {
    // S47 S48: each act has its event, none holds a value, and the chain is whole.
    async fn everything_is_in_the_log_and_no_value_is(house: House) {
        house.add_user("ada", "admin").await;
        let ada = house.person("ada").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = house.add_secret(dev, "db", "canary-4711-first").await;
        house.rotate(&ada, id, "canary-4711-second").await.unwrap();
        secrets::reveal(&house.app, &ada, id, None, "to see it").await.unwrap();
        let page = audit::list(&house.app, &audit::Filter { limit: 50, ..audit::Filter::default() }).await.unwrap();
        let actions: Vec<&str> = page.items.iter().rev().map(|line| line.action.as_str()).collect();
        assert_eq!(actions, ["user.created", "environment.created", "secret.created", "secret.rotated", "secret.revealed"]);
        assert!(page.items.iter().all(|line| !line.payload.contains("canary") && !line.payload.contains(PASSWORD)));
        assert_eq!(audit::verify(&house.app).await.unwrap().findings.len(), 0);
        let rows: Vec<(Vec<u8>,)> = house.app.db.read().await.unwrap().all(sql!("SELECT ciphertext FROM secret_versions")).await.unwrap();
        assert!(rows.iter().all(|row| !String::from_utf8_lossy(&row.0).contains("canary")));
        if house.app.db.engine() == keeper::db::Engine::Sqlite {
            for file in ["keeper.db", "keeper.db-wal"] {
                let bytes = std::fs::read(house.data.path().join(file)).unwrap_or_default();
                assert!(!String::from_utf8_lossy(&bytes).contains("canary-4711"), "{file}");
            }
        }
    }
}

three! {
    // Two recorders at the same moment keep one chain.
    async fn the_chain_stays_whole_under_parallel_writers(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let writers: Vec<_> = (0..4).map(|w| {
            let app = house.app.clone();
            tokio::spawn(async move {
                for n in 0..5 {
                    let new = House::secret_input(dev, &format!("s-{w}-{n}"), "v").parse_create(app.now()).unwrap();
                    secrets::create(&app, &Actor::System, new).await.unwrap();
                }
            })
        }).collect();
        for writer in writers {
            writer.await.unwrap();
        }
        let report = audit::verify(&house.app).await.unwrap();
        assert_eq!((report.events, report.findings.len()), (21, 0), "{:?}", report.findings);
        let listed = secrets::list(&house.app, &Filter { environments: vec![dev], limit: 50, ..Filter::default() }).await.unwrap();
        assert!(listed.items.iter().all(|secret| secret.sync_status() == SyncStatus::NotConfigured) && listed.items.len() == 20);
    }
}
