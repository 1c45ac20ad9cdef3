//! The hours in which Keeper may rotate by itself: set by a form, shown on the page, and kept to by the worker.
use crate::support::house::PASSWORD;
use crate::support::site::{Answer, Site, Visitor};
use crate::support::{House, three};
use keeper::kit::clock::Utc;
use keeper::rotations::rotate_due;
use keeper::secrets::{self, SecretInput};

fn at(text: &str) -> Utc {
    Utc::parse(text).unwrap()
}

/// Sets the house's clock, forwards or backwards.
fn now_is(house: &House, text: &str) {
    house.app.clock.advance(at(text).since(house.app.now()));
}

const NIGHTS: [(&str, &str); 5] = [
    ("window_days", "sat"),
    ("window_days", "sun"),
    ("window_from", "22:00"),
    ("window_to", "04:00"),
    ("window_zone", "europe/berlin"),
];

async fn create(visitor: &Visitor, environment: i64, name: &str, more: &[&[(&str, &str)]]) -> Answer {
    let environment = environment.to_string();
    let fields = [
        ("environment_id", environment.as_str()),
        ("name", name),
        ("display_name", "Nightly"),
        ("secret_type", "token"),
        ("secrecy_level", "internal"),
        ("value", "v"),
    ];
    visitor.post("/secrets", &[&fields, &more.concat()[..]].concat()).await
}

async fn version(house: &House, id: i64) -> i64 {
    house.secret(id).await.current_version
}

three! {
    // S60: the next rotation is due within its window, whatever changes the secret, and its page says when in both time zones.
    async fn a_rotation_is_due_within_its_window(house: House) {
        now_is(&house, "2027-03-01T10:00:00Z"); // a Monday
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = site.signed_in("max", PASSWORD).await;
        let weekly = [("auto_rotate", "true"), ("rotation_interval_days", "7")];
        let id = create(&max, dev, "nightly", &[&NIGHTS[..], &weekly[..]]).await.new_id();
        let secret = house.secret(id).await;
        assert_eq!((secret.window_days.as_str(), secret.window_zone.as_str()), ("sat,sun", "Europe/Berlin"));
        // Seven days on it is Monday again: the night of Saturday is the next.
        assert_eq!(secret.next_rotation_at, Some(at("2027-03-13T21:00")));
        let home = format!("/secrets/{id}");
        let page = max.get(&home).await.body;
        assert!(page.contains("Saturday and Sunday, 22:00 to 04:00, Europe/Berlin"), "{page}");
        assert!(page.contains("13 Mar 2027, 21:00 UTC") && page.contains("13 Mar 2027, 22:00 in Europe/Berlin"), "{page}");
        let form = max.get(&format!("{home}/edit")).await.body;
        for part in ["value=\"sat\" checked", "value=\"sun\" checked", "value=\"22:00\"", "value=\"Europe/Berlin\"", "<option value=\"Asia/Kolkata\">"] {
            assert!(form.contains(part), "{part}: {form}");
        }
        assert!(!form.contains("value=\"mon\" checked"));
        // Changed: two weeks on, in the summer's time of the next month.
        let fields = [("display_name", "x"), ("secret_type", "token"), ("secrecy_level", "internal"), ("row_version", "1"), ("auto_rotate", "true"), ("rotation_interval_days", "28")];
        assert_eq!(max.post(&format!("{home}/edit"), &[&fields, &NIGHTS[..]].concat()).await.status, 303);
        assert_eq!(house.secret(id).await.next_rotation_at, Some(at("2027-04-03T20:00")));
        let late = max.post(&format!("{home}/edit"), &fields).await;
        assert!(late.status == 409 && late.body.contains("Window</th><td>Saturday and Sunday, 22:00 to 04:00, Europe/Berlin</td><td>any time</td>"), "{}", late.body);
        // Rotated by hand, outside of it: the time to the next begins anew.
        house.rotate(&house.operator(), id, "w").await.unwrap();
        assert_eq!(house.secret(id).await.next_rotation_at, Some(at("2027-04-03T20:00")));
        // Tags that are put on leave it as it is, and a bulk operation writes it anew.
        now_is(&house, "2027-03-02T10:00:00Z");
        let add = [("team".to_owned(), "pay".to_owned())].into();
        let none = std::collections::BTreeSet::new();
        let tagged: keeper::domain::error::Result<bool> = keeper::tx!(house.app.db, |tx| {
            secrets::retag(&house.app, tx, &house.operator(), id, &add, &none, "a test").await
        });
        assert!(tagged.unwrap());
        let secret = house.secret(id).await;
        assert_eq!((secret.next_rotation_at, secret.window_from.as_str()), (Some(at("2027-04-03T20:00")), "22:00"));
        // Without one again: the plain due date.
        let max = site.signed_in("max", PASSWORD).await;
        let row_version = secret.row_version.to_string();
        let fields = fields.map(|(name, typed)| (name, if name == "row_version" { row_version.as_str() } else { typed }));
        assert_eq!(max.post(&format!("{home}/edit"), &fields).await.status, 303);
        assert_eq!(house.secret(id).await.next_rotation_at, Some(at("2027-03-29T10:00")));
        assert!(!max.get(&home).await.body.contains("Window"));
    }
}

three! {
    // S56 S57 S65: what is wrong with a window is told beside each of its fields, and what was typed stays.
    async fn a_window_is_whole_or_none(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = site.signed_in("max", PASSWORD).await;
        let every = ("rotation_interval_days", "30");
        for (fields, wrong) in [
            (&[("window_from", "22:00"), ("window_to", "04:00"), ("window_zone", "UTC"), every][..], &["window_days"][..]),
            (&[("window_days", "mon"), every][..], &["window_from", "window_to", "window_zone"][..]),
            (&[("window_days", "Monday"), ("window_from", "24:00"), ("window_to", "4"), ("window_zone", "Mars"), every][..], &["window_days", "window_from", "window_to", "window_zone"][..]),
            (&NIGHTS[..], &["rotation_interval_days"][..]),
            (&[("window_days", "mon"), ("window_from", "22:00"), ("window_to", "04:00"), ("window_zone", "/etc/passwd"), every][..], &["window_zone"][..]),
        ] {
            let answer = create(&max, dev, "wrong", &[fields]).await;
            assert_eq!(answer.status, 422, "{fields:?}");
            for field in ["window_days", "window_from", "window_to", "window_zone", "rotation_interval_days"] {
                let told = answer.body.contains(&format!("id=\"e-{field}\""));
                assert_eq!(told, wrong.contains(&field), "{field} of {fields:?}: {}", answer.body);
            }
            for (name, typed) in fields.iter().filter(|(name, _)| *name != "window_days") {
                assert!(answer.body.contains(&format!("value=\"{typed}\"")), "{name} {typed}: {}", answer.body);
            }
        }
        // A suggested zone alone is none.
        let id = create(&max, dev, "zone", &[&[("window_zone", "UTC"), ("window_from", ""), every][..]]).await.new_id();
        assert_eq!(house.secret(id).await.window_zone, "");
    }
}

three! {
    // What is due begins inside of its window alone: after a server was down over one, and after the clocks have changed.
    async fn nothing_is_rotated_outside_of_its_window(house: House) {
        now_is(&house, "2027-03-01T10:00:00Z");
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let add = async |name: &str, window: &str| {
            let (days, from, to, zone) = match window.split(' ').collect::<Vec<_>>()[..] {
                [days, from, to, zone] => (days, from, to, zone),
                _ => ("", "", "", ""),
            };
            let input = SecretInput {
                auto_rotate: Some("true".into()),
                rotation_interval_days: "7".into(),
                window: keeper::domain::schedule::WindowInput {
                    window_days: days.split(',').map(str::to_owned).collect(),
                    window_from: from.into(),
                    window_to: to.into(),
                    window_zone: zone.into(),
                },
                ..House::secret_input(dev, name, "v")
            };
            let new = input.parse_create(house.app.now()).unwrap();
            secrets::create(&house.app, &house.operator(), new).await.unwrap()
        };
        let night = add("night", "sat 22:00 04:00 Europe/Berlin").await;
        let any = add("any", "").await;
        // Due on Saturday the 13th at 21:00 UTC, and not on Monday the 8th.
        now_is(&house, "2027-03-08T10:00:00Z");
        assert_eq!(rotate_due(&house.app).await.unwrap(), 1);
        assert_eq!((version(&house, any).await, version(&house, night).await), (2, 1));
        now_is(&house, "2027-03-13T20:59:59Z");
        rotate_due(&house.app).await.unwrap();
        assert_eq!(version(&house, night).await, 1, "a second too early");
        // The server was down over it, and comes back a minute after its end: it waits for the next.
        now_is(&house, "2027-03-14T03:00:00Z");
        rotate_due(&house.app).await.unwrap();
        assert_eq!(version(&house, night).await, 1, "too late");
        let secret = house.secret(night).await;
        assert!(secret.needs_rotation(house.app.now()));
        assert_eq!(secret.begins(house.app.now()).unwrap(), Some(at("2027-03-20T21:00")));
        now_is(&house, "2027-03-20T21:00:00Z");
        rotate_due(&house.app).await.unwrap();
        assert_eq!(version(&house, night).await, 2);
        // The next is the night in which clocks go forward: the window ends at 04:00 of the summer, an hour of UTC earlier.
        assert_eq!(house.secret(night).await.next_rotation_at, Some(at("2027-03-27T21:00")));
        now_is(&house, "2027-03-28T02:00:00Z");
        rotate_due(&house.app).await.unwrap();
        assert_eq!(version(&house, night).await, 2, "it is 04:00 there");
        now_is(&house, "2027-03-28T01:59:59Z");
        rotate_due(&house.app).await.unwrap();
        assert_eq!(version(&house, night).await, 3, "it is 03:59 there");
        // A server's clock that is set back into the same window makes nothing due again.
        now_is(&house, "2027-03-27T22:00:00Z");
        rotate_due(&house.app).await.unwrap();
        assert_eq!(version(&house, night).await, 3);
        assert_eq!(house.secret(night).await.next_rotation_at, Some(at("2027-04-04T01:59:59")));
    }
}

three! {
    // What a file says of both is checked like a form, and an export says it again.
    async fn a_file_brings_policies_and_windows(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = site.signed_in("max", PASSWORD).await;
        let upload = async |text: &str| {
            let environment = dev.to_string();
            let fields = [("environment_id", &*environment), ("format", "json"), ("secret_type", "password"), ("secrecy_level", "internal")];
            max.upload("/secrets/import", &fields, ("secrets.json", text.as_bytes())).await
        };
        let row = |policy: &str, days: &str| format!(r#"[{{"name": "filed", "value": "v", "rotation_interval_days": 30, "auto_rotate": true, "policy": "{policy}",
            "window_days": "{days}", "window_from": "22:00", "window_to": "04:00", "window_zone": "UTC"}}]"#);
        let wrong = upload(&row("keypair:ed25519:openssh", "someday")).await;
        let page = max.get(wrong.location()).await.body;
        assert!(page.contains("policy must be letters or words or bytes") && page.contains("window_days must be one of"), "{page}");
        let held = upload(&row("words:6:-", "sat,sun")).await.location().to_owned();
        let page = max.get(&held).await;
        let done = max.post(&held, &[("seen", page.hidden("seen"))]).await;
        assert_eq!(done.status, 303, "{}", done.body);
        let filter = secrets::Filter { environments: vec![dev], limit: 9, ..secrets::Filter::default() };
        let filed = secrets::list(&house.app, &filter).await.unwrap().items.remove(0);
        assert_eq!((filed.policy.as_str(), filed.window_days.as_str()), ("words:6:-", "sat,sun"));
        assert!(filed.window().unwrap().unwrap().is_open(filed.next_rotation_at.unwrap()));
        max.get("/secrets/export").await;
        let json = max.post("/secrets/export", &[("format", "json")]).await.body;
        assert!(json.contains("\"policy\":\"words:6:-\"") && json.contains("\"window_zone\":\"UTC\""), "{json}");
    }
}
