//! The rules of a secret's fields, on both sides of each limit, through the form: what is taken is stored as it should be, what is
//! not is told beside its field.
use crate::support::house::PASSWORD;
use crate::support::site::{Answer, Site, Visitor};
use crate::support::{House, three};
use keeper::kit::clock::Utc;
use keeper::secrets::{self, Secret};
use time::Duration;

/// A new secret whose other fields are right; `name` is one that nothing has yet.
async fn send(visitor: &Visitor, environment: i64, name: &str, field: &str, typed: &str) -> Answer {
    let environment = environment.to_string();
    let fields = [
        ("environment_id", environment.as_str()),
        ("name", name),
        ("display_name", "Right"),
        ("description", ""),
        ("secret_type", "token"),
        ("secrecy_level", "internal"),
        ("service_name", ""),
        ("tags", ""),
        ("value", "v"),
        ("reason", ""),
        ("expires_at", ""),
        ("rotation_interval_days", ""),
    ];
    let fields: Vec<(&str, &str)> =
        fields.into_iter().filter(|(name, _)| *name != field).chain([(field, typed)]).collect();
    visitor.post("/secrets", &fields).await
}

/// How a field reads once it is stored.
type Read = fn(&Secret) -> String;

three! {
    // S49 S50 S51 S52 S53 S56 S58 S59 S61 S81 S109 S112: what is within its rule is stored, exactly as the rule says.
    async fn what_is_right_is_stored(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = site.signed_in("max", PASSWORD).await;
        let (longest, widest) = ("a".repeat(255), "\u{1f511}".repeat(255));
        let soon = house.app.now().plus(Duration::minutes(2)).to_input();
        let name: Read = |s| s.name.clone();
        let display: Read = |s| s.display_name.clone();
        let service: Read = |s| s.service_name.clone();
        let interval: Read = |s| s.rotation_interval_days.map(|days| days.to_string()).unwrap_or_default();
        let expiry: Read = |s| s.expires_at.map(Utc::to_input).unwrap_or_default();
        let description: Read = |s| s.description.clone();
        let policy: Read = |s| s.policy.clone();
        for (n, (field, typed, read, kept)) in [
            ("name", "a", name, "a"),
            ("name", longest.as_str(), name, longest.as_str()),
            ("name", "DB-Password_1.Prod", name, "db-password_1.prod"),
            ("name", "  db ", name, "db"),
            ("name", "-7-", name, "-7-"),
            ("display_name", " Größe 🔑 ", display, "Größe 🔑"),
            ("display_name", widest.as_str(), display, widest.as_str()),
            ("service_name", widest.as_str(), service, widest.as_str()),
            ("service_name", "", service, ""),
            ("description", "two\r\nlines\tand a tab", description, "two\nlines\tand a tab"),
            ("rotation_interval_days", "1", interval, "1"),
            ("rotation_interval_days", "365", interval, "365"),
            ("rotation_interval_days", "", interval, ""),
            ("policy", "", policy, ""),
            ("policy", "bytes", policy, "bytes:32:base64url"),
            ("policy", " bytes:64:hex ", policy, "bytes:64:hex"),
            ("policy", "letters:40:letters_digits_symbols:-/,", policy, "letters:40:letters_digits_symbols:-,/"),
            ("expires_at", soon.as_str(), expiry, soon.as_str()),
            ("expires_at", "2999-01-01T10:00:00+02:00", expiry, "2999-01-01T08:00"),
            ("expires_at", "9999-12-31T23:59", expiry, "9999-12-31T23:59"),
        ].into_iter().enumerate() {
            let answer = send(&max, dev, &format!("right-{n}"), field, typed).await;
            assert_eq!(answer.status, 303, "{field} {typed:?}: {}", answer.body);
            assert_eq!(read(&house.secret(answer.new_id()).await), kept, "{field} {typed:?}");
        }
        // A value is never trimmed, folded or cut.
        for (n, value) in [" ", " a\tb ", "ä🔑\u{202e}\u{0}", &"x".repeat(65_536)].into_iter().enumerate() {
            let id = send(&max, dev, &format!("value-{n}"), "value", value).await.new_id();
            let shown = secrets::reveal(&house.app, &house.operator(), id, None, "").await.unwrap();
            assert_eq!(shown.value.expose(), value.as_bytes());
        }
    }
}

three! {
    // S49 S50 S53 S54 S55 S56 S57 S58 S61 S62 S63 S64 S67 S109 S112: what is not is refused beside its field, and nothing is stored.
    async fn what_is_wrong_is_told_beside_its_field(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = site.signed_in("max", PASSWORD).await;
        let (long, wide) = ("a".repeat(256), "\u{1f511}".repeat(256));
        let now = house.app.now();
        let (this, before) = (now.to_input(), now.minus(Duration::days(1)).to_input());
        let format = "Invalid name format";
        let types = "password, api_key, token, database_credential, certificate, ssh_key, encryption_key, oauth_client, generic";
        for (field, typed, words) in [
            ("name", "", "is required"), ("name", "   ", "is required"), ("name", long.as_str(), "255"),
            ("name", "a b", format), ("name", "a/b", format), ("name", "a$b", format), ("name", "---", format), ("name", "größe", format),
            ("display_name", "", "is required"), ("display_name", wide.as_str(), "255"), ("display_name", "a\u{202e}b", "control characters"),
            ("service_name", wide.as_str(), "255"), ("service_name", "a\0b", "control characters"),
            ("description", &"a".repeat(4001), "4000"),
            ("environment_id", "", "is required"), ("environment_id", "0", "above 0"), ("environment_id", "-1", "above 0"), ("environment_id", "x", "above 0"), ("environment_id", "999999", "environment"),
            ("secret_type", "sword", types), ("secret_type", "Token", types), ("secrecy_level", "secret", "internal, confidential, restricted"),
            ("rotation_interval_days", "0", "from 1 to 365"), ("rotation_interval_days", "366", "from 1 to 365"), ("rotation_interval_days", "-1", "from 1 to 365"),
            ("rotation_interval_days", "1.5", "whole number"), ("rotation_interval_days", "ten", "whole number"),
            ("expires_at", this.as_str(), "future"), ("expires_at", before.as_str(), "future"), ("expires_at", "tomorrow", "date and time"),
            ("expires_at", "9999-12-31T23:59:59-01:00", "date and time"),
            ("tags", "no pair", "key=value"),
            ("policy", "runes", "letters, words, keypair, bytes"), ("policy", "runes:8:x", "must be a policy such as"),
            ("policy", "words:6:-", "must be bytes or letters"), ("policy", "letters:8:hex", "at least 64 are needed"),
            ("mode", "neither", "typed, generated"),
            ("value", "", "at least 1 byte"), ("value", &"x".repeat(65_537), "65536 bytes"),
            ("reason", &"a".repeat(501), "500"),
        ] {
            let answer = send(&max, dev, "wrong", field, typed).await;
            assert_eq!(answer.status, 422, "{field} {typed:?}: {}", answer.body);
            let beside = answer.body.split(&format!("id=\"e-{field}\"")).nth(1).and_then(|rest| rest.split("</p>").next());
            assert!(beside.is_some_and(|text| text.contains(words)), "{field} {typed:?}: {beside:?}");
        }
        let filter = secrets::Filter { environments: vec![dev], limit: 200, ..secrets::Filter::default() };
        assert!(secrets::list(&house.app, &filter).await.unwrap().items.is_empty());
    }
}

three! {
    // S57 S58 S62 S66 S80: what belongs together is asked together, also when only one of the two is changed; an old date may stay.
    async fn rules_hold_when_a_secret_is_changed(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = site.signed_in("max", PASSWORD).await;
        let soon = house.app.now().plus(Duration::hours(2));
        let id = send(&max, dev, "db", "expires_at", &soon.to_input()).await.new_id();
        let edit = async |person: &Visitor, changed: &[(&str, &str)]| {
            let row_version = house.secret(id).await.row_version.to_string();
            let same = [("display_name", "Right"), ("secret_type", "token"), ("secrecy_level", "internal"), ("row_version", &row_version)];
            person.post(&format!("/secrets/{id}/edit"), &[&same, changed].concat()).await
        };
        let (date, earlier) = (soon.to_input(), soon.minus(Duration::minutes(5)).to_input());
        let (by_itself, monthly, date) = (("auto_rotate", "true"), ("rotation_interval_days", "30"), ("expires_at", &*date));
        let without = edit(&max, &[by_itself, date]).await;
        assert_eq!(without.status, 422);
        assert_eq!(without.body.matches("is required with automatic rotation").count(), 2, "on top and beside the field: {}", without.body);
        assert_eq!(edit(&max, &[by_itself, monthly, date]).await.status, 303);
        assert_eq!(edit(&max, &[by_itself, ("rotation_interval_days", ""), date]).await.status, 422);
        let secret = house.secret(id).await;
        assert_eq!((secret.auto_rotate, secret.rotation_interval_days), (true, Some(30)));
        house.app.clock.advance(Duration::hours(3));
        let max = site.signed_in("max", PASSWORD).await;
        assert_eq!(edit(&max, &[("expires_at", &earlier)]).await.status, 422);
        assert_eq!(edit(&max, &[("description", "an old date"), date]).await.status, 303);
        assert_eq!(house.secret(id).await.description, "an old date");
        let empty = max.post("/secrets", &[]).await;
        for field in ["environment_id", "name", "display_name", "secret_type", "secrecy_level", "value"] {
            assert_eq!(empty.body.matches(&format!("id=\"e-{field}\"")).count(), 1, "{field}: {}", empty.body);
        }
    }
}

three! {
    // S26 S106: from a secret to its environment, its maker, its versions and its events, and from each of them back.
    async fn everything_leads_to_a_secret_and_from_it(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = site.signed_in("max", PASSWORD).await;
        let id = send(&max, dev, "db", "display_name", "Database").await.new_id();
        let rotation = house.rotate(&house.person("max").await, id, "w").await.unwrap();
        let home = format!("/secrets/{id}");
        let page = max.get(&home).await.body;
        for link in [format!("{home}/versions"), format!("{home}/activity"), format!("{home}/access"), format!("/rotations/{rotation}")] {
            assert!(page.contains(&format!("href=\"{link}\"")), "{link}: {page}");
        }
        assert!(page.contains("max") && page.contains("dev"), "{page}");
        for (from, to) in [
            (format!("/secrets?environment={dev}"), home.as_str()),
            (format!("{home}/versions"), home.as_str()),
            (format!("{home}/activity"), home.as_str()),
            (format!("/rotations/{rotation}"), home.as_str()),
            ("/audit".to_owned(), home.as_str()),
        ] {
            let page = max.get(&from).await.body;
            assert!(page.contains(&format!("href=\"{to}\"")), "{from}: {page}");
        }
        assert!(max.get(&format!("/environments/{dev}")).await.body.contains(&format!("href=\"/secrets?environment={dev}\"")));
        assert!(max.get(&format!("{home}/versions")).await.body.contains("max"));
    }
}
