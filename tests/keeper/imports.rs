//! Import over HTTP: what the preview tells, what the confirmation does, and what may never be seen or kept.
mod tree;

use crate::support::house::PASSWORD;
use crate::support::site::{Answer, Site, Visitor};
use crate::support::{House, three};
use keeper::domain::plaintext::Plaintext;
use keeper::imports::{self, UploadInput};
use keeper::{audit, secrets, sql};
use std::time::Instant;
use time::Duration;

async fn upload(visitor: &Visitor, environment: i64, file: (&str, &[u8])) -> Answer {
    visitor.get("/secrets/import").await;
    let environment = environment.to_string();
    let fields = [
        ("environment_id", &*environment),
        ("format", ""),
        ("secret_type", "token"),
        ("secrecy_level", "internal"),
    ];
    visitor.upload("/secrets/import", &fields, file).await
}

async fn confirm(visitor: &Visitor, preview: &str, reason: &str) -> Answer {
    let page = visitor.get(preview).await;
    visitor.post(preview, &[("seen", page.hidden("seen")), ("reason", reason)]).await
}

async fn count(house: &House, query: keeper::db::Query) -> i64 {
    house.app.db.read().await.unwrap().number(query).await.unwrap()
}

async fn value(house: &House, environment: i64, name: &str) -> (i64, Vec<u8>) {
    let filter =
        secrets::Filter { environments: vec![environment], limit: 200, ..secrets::Filter::default() };
    let found =
        secrets::list(&house.app, &filter).await.unwrap().items.into_iter().find(|s| s.name == name).unwrap();
    let shown = secrets::reveal(&house.app, &house.operator(), found.id, None, "").await.unwrap();
    (found.current_version, shown.value.expose().to_vec())
}

three! {
    // S85 S86 S87 S88: a file is shown by row before anything happens, then stored whole: sealed, versioned and recorded as by the forms.
    async fn a_file_is_shown_by_row_and_then_imported_whole(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        house.add_secret(dev, "changes", "before").await;
        house.add_secret(dev, "stays", "canary-same").await;
        let max = site.signed_in("max", PASSWORD).await;
        let file = b"NEW_ONE='canary-new\r\n  =1+1 '\nchanges=\"canary-\\u0000changed\"\nstays=canary-same\n";
        let preview = upload(&max, dev, ("a.env", file)).await.location().to_owned();
        let page = max.get(&preview).await;
        for words in ["new_one", "changes", "Make 1 secret, give 1 a new version", "version 1 to 2", "version 1 stays", "line 1", "line 3"] {
            assert!(page.body.contains(words), "{words}: {}", page.body);
        }
        assert!(!page.body.contains("canary"));
        assert_eq!(count(&house, sql!("SELECT COUNT(*) FROM secrets")).await, 2);
        let done = confirm(&max, &preview, "a migration").await;
        assert_eq!((done.status, done.location()), (303, preview.as_str()), "{}", done.body);
        let page = max.get(&preview).await;
        assert!(page.body.contains("1 secret made, 1 changed") && page.body.contains("1 secret held the same value"), "{}", page.body);
        assert!(!page.body.contains("canary"));
        assert_eq!(value(&house, dev, "new_one").await, (1, b"canary-new\r\n  =1+1 ".to_vec()));
        assert_eq!(value(&house, dev, "changes").await, (2, b"canary-\0changed".to_vec()));
        assert_eq!(value(&house, dev, "stays").await, (1, b"canary-same".to_vec()));
        assert_eq!(count(&house, sql!("SELECT COUNT(*) FROM rotations WHERE mode = 'imported' AND status = 'succeeded' AND to_version = 2")).await, 1);
        let log = audit::list(&house.app, &audit::Filter { limit: 50, ..audit::Filter::default() }).await.unwrap().items;
        let told: Vec<(&str, &str)> = log.iter().filter(|l| l.payload.contains("\"import\":")).map(|l| (l.action.as_str(), l.target.as_str())).collect();
        assert_eq!(told, [("import.confirmed", "dev"), ("secret.rotated", "dev/changes"), ("secret.created", "dev/new_one"), ("import.uploaded", "dev")]);
        assert!(log.iter().all(|line| !line.payload.contains("canary")));
        assert!(audit::verify(&house.app).await.unwrap().findings.is_empty());
        // Said twice it is done once, and nothing of the file is kept.
        assert_eq!(max.post(&preview, &[("seen", "x")]).await.location(), preview);
        assert_eq!(count(&house, sql!("SELECT COUNT(*) FROM secret_versions")).await, 4);
        assert_eq!(count(&house, sql!("SELECT COUNT(*) FROM imports WHERE ciphertext IS NOT NULL OR wrapped_key IS NOT NULL")).await, 0);
        assert!(max.get("/secrets?q=new").await.body.contains("new_one"));
    }
}

three! {
    // S85 S86 S33: one row that cannot be imported holds up all of them, and each says where it stands and what is wrong.
    async fn one_bad_row_holds_up_all(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let off = house.add_secret(dev, "off", "v").await;
        secrets::set_active(&house.app, &house.operator(), off, false, "", 1).await.unwrap();
        let max = site.signed_in("max", PASSWORD).await;
        let file = b"name,value,secrecy_level,expires_at\nfine,canary,,\noff,canary,,\ntwin,canary,,\ntwin,canary,,\nbad name,canary,top,2001-01-01T00:00\nempty,,,\nshort,canary\n";
        let preview = upload(&max, dev, ("a.csv", file)).await.location().to_owned();
        let page = max.get(&format!("{preview}?show=all")).await;
        for words in [
            "6 rows cannot be imported", "is switched off in dev", "line 4 and line 5", "Invalid name format", "must be one of internal, confidential, restricted",
            "must lie in the future", "at least 1 byte", "has 2 cells where the head has 4", "line 8",
        ] {
            assert!(page.body.contains(words), "{words}: {}", page.body);
        }
        assert!(!page.body.contains("canary") && page.hidden("seen").is_empty());
        let told = max.get(&preview).await;
        assert!(told.body.contains("off") && !told.body.contains(">fine<"));
        let forced = max.post(&preview, &[("seen", "x")]).await;
        assert_eq!(forced.status, 409);
        assert_eq!(count(&house, sql!("SELECT COUNT(*) FROM secrets")).await, 1);
        let unread = upload(&max, dev, ("a.json", b"{\"a\": canary")).await;
        assert!(unread.status == 422 && unread.body.contains("line 1, column") && !unread.body.contains("canary"), "{}", unread.body);
    }
}

three! {
    // What changed since the preview is found again inside the unit: nothing is stored, and the page shows how it stands now.
    async fn a_preview_that_is_out_of_date_imports_nothing(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = house.add_secret(dev, "db", "v").await;
        let max = site.signed_in("max", PASSWORD).await;
        let preview = upload(&max, dev, ("a.env", b"db=w\nnew=x\n")).await.location().to_owned();
        let page = max.get(&preview).await;
        house.rotate(&house.operator(), id, "meanwhile").await.unwrap();
        let late = max.post(&preview, &[("seen", page.hidden("seen"))]).await;
        assert!(late.status == 409 && late.body.contains("Something changed since the preview") && late.body.contains("version 2 to 3"), "{}", late.body);
        assert_eq!(count(&house, sql!("SELECT COUNT(*) FROM secrets")).await, 1);
        house.add_secret(dev, "new", "y").await;
        assert_eq!(max.post(&preview, &[("seen", late.hidden("seen"))]).await.status, 409);
        assert_eq!(confirm(&max, &preview, "").await.status, 303);
        assert_eq!(value(&house, dev, "new").await, (2, b"x".to_vec()));
    }
}

three! {
    // S38 S43: an import takes a manager, an open door and, in production, a reason and a fresh proof; a preview is its owner's alone.
    async fn an_import_keeps_to_roles_doors_and_owners(house: House) {
        let site = Site::start(&house.app).await;
        for (name, role) in [("uma", "user"), ("ada", "admin")] {
            house.add_user(name, role).await;
        }
        let max_id = house.add_user("max", "manager").await;
        let live = house.add_environment("live", "production", "members", &[max_id]).await;
        let closed = house.add_environment("closed", "development", "members", &[]).await;
        let max = site.signed_in("max", PASSWORD).await;
        let uma = site.signed_in("uma", PASSWORD).await;
        assert_eq!(uma.get("/secrets/import").await.status, 403);
        assert_eq!(upload(&max, closed, ("a.env", b"a=b")).await.status, 404);
        let preview = upload(&max, live, ("a.env", b"a=canary")).await.location().to_owned();
        assert_eq!(site.signed_in("ada", PASSWORD).await.get(&preview).await.status, 404);
        let page = max.get(&preview).await;
        let without = max.post(&preview, &[("seen", page.hidden("seen"))]).await;
        assert!(without.status == 422 && without.body.contains("Reason"), "{}", without.body);
        house.app.clock.advance(Duration::minutes(11));
        assert!(max.get(&preview).await.location().starts_with("/step-up?next="));
        house.app.clock.advance(Duration::minutes(15));
        let late = max.post(&preview, &[("seen", page.hidden("seen")), ("reason", "kept words")]).await;
        assert!(late.status == 403 && late.body.contains("kept words") && late.body.contains("/step-up?next="), "{}", late.body);
        assert_eq!(count(&house, sql!("SELECT COUNT(*) FROM secrets")).await, 0);
        house.app.clock.advance(Duration::minutes(5));
        assert_eq!(max.get(&preview).await.status, 409, "older than half an hour");
        imports::sweep(&house.app).await.unwrap();
        assert_eq!(count(&house, sql!("SELECT COUNT(*) FROM imports")).await, 0);
        let again = upload(&max, live, ("a.env", b"a=canary")).await.location().to_owned();
        assert_eq!(max.post(&format!("{again}/discard"), &[]).await.status, 303);
        assert_eq!(max.get(&again).await.status, 404);
        for n in 0..6 {
            assert_eq!(upload(&max, live, ("a.env", format!("a{n}=b").as_bytes())).await.status, 303);
        }
        assert_eq!(count(&house, sql!("SELECT COUNT(*) FROM imports")).await, 4);
    }
}

three! {
    // S70: a body that is too large is told as such, for this form and for the others; a form in parts needs its token too.
    async fn what_is_too_large_or_not_ours_is_refused(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = site.signed_in("max", PASSWORD).await;
        let large = upload(&max, dev, ("a.env", &vec![b'a'; 5 * 1024 * 1024])).await;
        assert!(large.status == 422 && large.body.contains("is larger than 4 MiB") && large.body.contains(&format!("<option value=\"{dev}\" data-weight=\"development\" selected")), "{} {}", large.status, large.body);
        let larger = upload(&max, dev, ("a.env", &vec![b'a'; 9 * 1024 * 1024])).await;
        assert!(larger.status == 413 && larger.body.contains("up to 4 MiB"), "{} {}", larger.status, larger.body);
        let value = "a".repeat(400 * 1024);
        assert_eq!(max.post("/secrets", &[("value", &value)]).await.status, 413);
        let just_fits = format!("a={}", "#".repeat(4 * 1024 * 1024 - 2));
        let told = upload(&max, dev, ("a.env", just_fits.as_bytes())).await;
        assert_eq!(told.status, 303, "{}", told.body);
        let stranger = site.signed_in("max", PASSWORD).await;
        stranger.get("/secrets/import").await;
        let forged = stranger.upload("/secrets/import", &[("_csrf", "forged"), ("environment_id", "1")], ("a.env", b"a=b")).await;
        assert_eq!(forged.status, 403);
        // In parts is read where a file may come, and nowhere else.
        assert_eq!(stranger.upload("/secrets", &[("environment_id", "1")], ("a.env", b"a=b")).await.status, 403);
    }
}

three! {
    // S86 S88 S92: a thousand rows, half of them new versions, in one transaction and well under a second.
    async fn a_thousand_rows_take_less_than_a_second(house: House) {
        house.add_user("max", "manager").await;
        let max = house.person("max").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let mut slowest = std::time::Duration::ZERO;
        for round in 0..2 {
            let rows = (round * 500..round * 500 + 1000).map(|n| format!("SVC_{n}_PASSWORD=value-{round}-{n}\n"));
            let file: String = rows.collect();
            let upload = UploadInput {
                environment_id: dev.to_string(),
                secret_type: "password".into(),
                secrecy_level: "internal".into(),
                content: Some(Plaintext::from(file)),
                ..UploadInput::default()
            };
            let id = imports::hold(&house.app, &max, upload.parse().unwrap()).await.unwrap();
            let seen = imports::preview(&house.app, &max, id).await.unwrap().plan.fingerprint();
            let begun = Instant::now();
            imports::confirm(&house.app, &max, id, &seen, "").await.unwrap();
            println!("{:?} import of 1,000 rows: {:?}", house.app.db.engine(), begun.elapsed());
            slowest = slowest.max(begun.elapsed());
        }
        assert_eq!(count(&house, sql!("SELECT COUNT(*) FROM secrets")).await, 1500);
        assert_eq!(count(&house, sql!("SELECT COUNT(*) FROM secret_versions WHERE state = 'current'")).await, 1500);
        assert_eq!(count(&house, sql!("SELECT COUNT(*) FROM secret_versions")).await, 2000);
        assert!(audit::verify(&house.app).await.unwrap().findings.is_empty());
        // Without optimisation and beside other tests: the benchmark has the strict figure.
        assert!(slowest < std::time::Duration::from_secs(5), "{slowest:?}");
    }
}

// S48 S87: between the preview and the confirmation nothing of the file lies in the clear, on the disk or in the log.
#[tokio::test(flavor = "multi_thread")]
async fn a_held_file_is_sealed() {
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("max", "manager").await;
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    let max = site.signed_in("max", PASSWORD).await;
    upload(&max, dev, ("a.env", b"a=canary-4711\n")).await;
    for file in std::fs::read_dir(house.data.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&bytes).contains("canary-4711"));
    }
}
