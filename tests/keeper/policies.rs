//! What values are made of, through the forms: a policy that is kept, one for a single time, and what belongs to a key pair.
use crate::support::house::PASSWORD;
use crate::support::site::{Answer, Site, Visitor};
use crate::support::{House, three};
use keeper::{secrets, sql};

/// A new secret that Keeper makes.
async fn made(visitor: &Visitor, environment: i64, name: &str, kind: &str, more: &[(&str, &str)]) -> Answer {
    let environment = environment.to_string();
    let fields = [
        ("environment_id", environment.as_str()),
        ("name", name),
        ("display_name", "Made"),
        ("secret_type", kind),
        ("secrecy_level", "internal"),
        ("mode", "generated"),
        ("value", "not meant"),
    ];
    visitor.post("/secrets", &[&fields, more].concat()).await
}

async fn value(house: &House, id: i64) -> String {
    let secret = house.secret(id).await;
    let value = secrets::open_version(&house.app, &secret, secret.current_version).await.unwrap();
    String::from_utf8(value.expose().to_vec()).unwrap()
}

/// Rotates by the form, with the row version that the page carries.
async fn rotate(visitor: &Visitor, id: i64, more: &[(&str, &str)]) -> Answer {
    let form = format!("/secrets/{id}/rotate");
    let row_version = visitor.get(&form).await.hidden("row_version").to_owned();
    let says = more.iter().any(|(name, _)| *name == "mode");
    let made = if says { &[][..] } else { &[("mode", "generated")][..] };
    visitor.post(&form, &[made, &[("row_version", row_version.as_str())], more].concat()).await
}

three! {
    // S75: a rotation has fields of its own: a typed value or a generated one, with a reason; what belongs to the secret's form sets nothing.
    async fn a_rotation_takes_what_is_a_rotations(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = site.signed_in("max", PASSWORD).await;
        let id = house.add_secret(dev, "db", "first").await;
        let foreign = [("display_name", "Taken over"), ("secrecy_level", "restricted"), ("auto_rotate", "on"), ("current_version", "9")];
        let typed = [("mode", "typed"), ("new_value", " sec\nond "), ("reason", "the first leaked")];
        assert_eq!(rotate(&max, id, &[&typed[..], &foreign].concat()).await.status, 303);
        let (secret, version) = (house.secret(id).await, secrets::version(&house.app, id, 2).await.unwrap());
        assert_eq!((value(&house, id).await.as_str(), version.reason.as_str()), (" sec\nond ", "the first leaked"));
        assert_eq!((secret.display_name.as_str(), secret.secrecy_level.as_str(), secret.auto_rotate, secret.current_version), ("db", "internal", false, 2));
        assert_eq!(rotate(&max, id, &[("mode", "generated"), ("new_value", "not meant")]).await.status, 303);
        assert_eq!(value(&house, id).await.len(), 43, "an API key is made of 32 bytes");
        for (fields, words) in [(&[("mode", "typed")][..], "New value"), (&[("mode", "guessed"), ("new_value", "x")][..], "must be one of typed, generated")] {
            let told = rotate(&max, id, fields).await;
            assert!(told.status == 422 && told.body.contains(words), "{}", told.body);
        }
        assert_eq!(house.secret(id).await.current_version, 3);
    }
}

three! {
    // S116: a new value is made as its secret says, or as somebody says this once; the page tells it in words, with its strength.
    async fn a_value_is_made_of_what_its_secret_says(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = site.signed_in("max", PASSWORD).await;
        let phrase = [("policy", "words"), ("word_count", "7"), ("separator", "."), ("length", "9")];
        let id = made(&max, dev, "phrase", "password", &phrase).await.new_id();
        assert_eq!(house.secret(id).await.policy, "words:7:.");
        assert_eq!(value(&house, id).await.split('.').count(), 7);
        let page = max.get(&format!("/secrets/{id}")).await.body;
        assert!(page.contains("7 words, separated by ., 90 bits") && !page.contains("Public half"), "{page}");
        // Its own policy stands in the form of a rotation, and is what happens where nothing is said.
        let form = max.get(&format!("/secrets/{id}/rotate")).await.body;
        assert!(form.contains("value=\"words\" selected") && form.contains("name=\"word_count\" type=\"number\" value=\"7\""), "{form}");
        assert_eq!(rotate(&max, id, &[]).await.status, 303);
        assert_eq!(value(&house, id).await.split('.').count(), 7);
        // Once, in another way; short ones are the choice of whoever asks.
        assert_eq!(rotate(&max, id, &[("policy", "letters"), ("length", "8"), ("alphabet", "hex"), ("exclude", "abc")]).await.status, 303);
        let once = value(&house, id).await;
        assert!(once.len() == 8 && once.chars().all(|c| "0123456789def".contains(c)), "{once}");
        assert_eq!(rotate(&max, id, &[("length", "24"), ("alphabet", "hex")]).await.status, 303);
        assert_eq!(value(&house, id).await.len(), 24);
        assert_eq!(house.secret(id).await.policy, "words:7:.", "once is not for good");
        // What fits the type, where a secret keeps none.
        let token = made(&max, dev, "token", "token", &[("policy", "")]).await.new_id();
        assert_eq!((house.secret(token).await.policy.as_str(), value(&house, token).await.len()), ("", 43));
        let page = max.get(&format!("/secrets/{token}")).await.body;
        assert!(page.contains("32 random bytes in base64url, 256 bits (what fits its type)"), "{page}");
        // Changed like everything else, and recorded.
        let kept = [("display_name", "Made"), ("secret_type", "token"), ("secrecy_level", "internal"), ("row_version", "1"), ("policy", "bytes"), ("byte_count", "48"), ("encoding", "hex")];
        assert_eq!(max.post(&format!("/secrets/{token}/edit"), &kept).await.status, 303);
        assert_eq!(house.secret(token).await.policy, "bytes:48:hex");
        let told = sql!("SELECT COUNT(*) FROM audit_events WHERE action = 'secret.updated' AND payload LIKE '%\"policy\"%'");
        assert_eq!(house.app.db.read().await.unwrap().number(told).await.unwrap(), 1);
        let late = max.post(&format!("/secrets/{token}/edit"), &[&kept[..4], &[("policy", "letters")]].concat()).await;
        assert!(late.status == 409 && late.body.contains("<td>48 random bytes in hex, 384 bits</td><td>32 letters and digits, 190 bits</td>"), "{}", late.body);
    }
}

three! {
    // Of a key pair the public half is on the page of its rotation, for whoever installs it; the private one is on none.
    async fn the_public_half_of_a_key_pair_is_shown_and_the_private_one_is_not(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = site.signed_in("max", PASSWORD).await;
        let id = made(&max, dev, "deploy", "ssh_key", &[]).await.new_id();
        let first = house.secret(id).await.current_version;
        let first = secrets::version(&house.app, id, first).await.unwrap().public_half.unwrap();
        assert!(first.starts_with("ssh-ed25519 "));
        let private = value(&house, id).await;
        assert!(private.starts_with("-----BEGIN OPENSSH PRIVATE KEY-----"));
        let page = max.get(&format!("/secrets/{id}")).await.body;
        assert!(page.contains(first.trim()) && !page.contains("PRIVATE KEY"), "{page}");
        let answer = rotate(&max, id, &[("policy", "keypair"), ("key_kind", "rsa3072"), ("key_form", "pkcs8")]).await;
        let page = max.get(answer.location()).await.body;
        let public = secrets::version(&house.app, id, 2).await.unwrap().public_half.unwrap();
        assert!(public.starts_with("-----BEGIN PUBLIC KEY-----") && page.contains(public.trim()), "{page}");
        let secret = value(&house, id).await;
        let inner = secret.lines().nth(1).unwrap();
        for path in [answer.location().to_owned(), format!("/secrets/{id}"), format!("/secrets/{id}/versions"), format!("/secrets/{id}/activity"), "/audit".to_owned()] {
            let page = max.get(&path).await.body;
            assert!(!page.contains(inner) && !page.contains("PRIVATE KEY"), "{path}: {page}");
        }
        // A typed value has none, and a former one comes back with its own.
        house.rotate(&house.operator(), id, "typed").await.unwrap();
        assert!(!max.get(&format!("/secrets/{id}")).await.body.contains("Public half"));
        let restore = format!("/secrets/{id}/versions/1/restore");
        let row_version = max.get(&restore).await.hidden("row_version").to_owned();
        assert_eq!(max.post(&restore, &[("reason", "back"), ("row_version", &row_version)]).await.status, 303);
        assert!(max.get(&format!("/secrets/{id}")).await.body.contains(first.trim()));
    }
}

three! {
    // S63 S65: what does not fit a type is offered for it nowhere, and refused beside its field; what was typed stays.
    async fn a_policy_that_does_not_fit_is_refused_beside_its_field(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = site.signed_in("max", PASSWORD).await;
        let beside = |answer: &Answer, field: &str, words: &str| {
            let told = answer.body.split(&format!("id=\"e-{field}\"")).nth(1).and_then(|rest| rest.split("</p>").next());
            assert!(answer.status == 422 && told.is_some_and(|told| told.contains(words)), "{field} {words}: {} {told:?}", answer.status);
        };
        beside(&made(&max, dev, "a", "certificate", &[]).await, "mode", "made by somebody else");
        beside(&made(&max, dev, "a", "certificate", &[("policy", "letters")]).await, "policy", "must be empty");
        beside(&made(&max, dev, "a", "ssh_key", &[("policy", "words")]).await, "policy", "must be keypair");
        let weak = made(&max, dev, "a", "password", &[("policy", "letters"), ("length", "10"), ("exclude", "kept")]).await;
        beside(&weak, "length", "at least 64 are needed");
        assert!(weak.body.contains("name=\"exclude\" type=\"text\" value=\"kept\"") && weak.body.contains("value=\"generated\" checked"), "{}", weak.body);
        let id = house.add_secret(dev, "key", "v").await;
        let page = max.get(&format!("/secrets/{id}/rotate")).await.body;
        assert!(page.contains("value=\"letters\"") && !page.contains("value=\"words\"") && !page.contains("key_kind"), "{page}");
        for (field, typed, words) in [
            ("policy", "words", "must be bytes or letters"),
            ("policy", "keypair:ed25519:openssh", "must be bytes or letters"),
            ("length", "7", "from 8 to 256"),
            ("exclude", "a b", "without blanks"),
        ] {
            let policy = if field == "policy" { typed } else { "letters" };
            let more = [("policy", policy), if field == "policy" { ("reason", "r") } else { (field, typed) }];
            beside(&rotate(&max, id, &more).await, field, words);
        }
        let certificate = [("mode", "typed"), ("secret_type", "certificate")];
        let fields = [("environment_id", &*dev.to_string()), ("name", "cert"), ("display_name", "c"), ("secrecy_level", "internal"), ("value", "v")];
        let cert = max.post("/secrets", &[&certificate[..], &fields].concat()).await.new_id();
        assert!(!max.get(&format!("/secrets/{cert}/rotate")).await.body.contains("Keeper makes it"));
        beside(&rotate(&max, cert, &[]).await, "mode", "made by somebody else");
        assert_eq!(house.secret(id).await.current_version, 1);
    }
}
