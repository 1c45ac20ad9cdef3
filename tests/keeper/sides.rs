//! Environments beside each other: paths that are previewed and kept apart, values that are compared and promoted.
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::audit;
use keeper::domain::actor::Actor;
use keeper::domain::error::Error;
use keeper::environments::{self, EnvironmentInput};
use keeper::rotations::{self, Promote, Promoted};
use keeper::secrets::{self, Asked, Likeness, SecretInput, Show};
use keeper::{sql, tx};
use time::Duration;

fn with_vault(name: &str, template: &str) -> EnvironmentInput {
    EnvironmentInput {
        name: name.into(),
        display_name: name.into(),
        stage: "development".into(),
        vault_enabled: Some("true".into()),
        vault_url: "https://vault.example:8200".into(),
        vault_mount: "kv".into(),
        vault_path_template: template.into(),
        vault_token: Some("a-token".to_owned().into()),
        ..EnvironmentInput::default()
    }
}

async fn make(house: &House, input: EnvironmentInput) -> Result<i64, Error> {
    environments::create(&house.app, &house.operator(), input.parse()?).await
}

fn told(error: Error) -> String {
    match error {
        Error::Invalid(fields) => {
            let told = fields.iter().map(|(field, messages)| format!("{field}: {}", messages.join("; ")));
            told.collect::<Vec<_>>().join("; ")
        }
        other => panic!("not a field's error: {other:?}"),
    }
}

async fn add(house: &House, environment: i64, name: &str, service: &str, level: &str, value: &str) -> i64 {
    let input = SecretInput {
        service_name: service.into(),
        secrecy_level: level.into(),
        description: "what it opens".into(),
        tags: "team=pay".into(),
        rotation_interval_days: "30".into(),
        ..House::secret_input(environment, name, value)
    };
    secrets::create(&house.app, &house.operator(), input.parse_create(house.app.now()).unwrap())
        .await
        .unwrap()
}

fn wish(to: i64, number: i64, row_version: i64) -> Promote {
    Promote { to, number, reason: "tested".into(), breaks_glass: false, row_version }
}

three! {
    // S44 S46: a template that would bring two secrets to one path is refused at its field, in one place and between two.
    async fn templates_keep_secrets_apart(house: House) {
        let one = make(&house, with_vault("one", "{service}/{name}")).await.unwrap();
        let twin = told(make(&house, with_vault("two", "{service}/{name}")).await.unwrap_err());
        assert!(twin.starts_with("vault_path_template:") && twin.contains("path that one gives"), "{twin}");
        for elsewhere in [
            EnvironmentInput { vault_mount: "other".into(), ..with_vault("mount", "{service}/{name}") },
            EnvironmentInput { vault_url: "https://other.example:8200".into(), ..with_vault("host", "{service}/{name}") },
            with_vault("named", "{environment}/{service}/{name}"),
        ] {
            make(&house, elsewhere).await.unwrap();
        }
        // a/b-c and a-b/c are two paths now, and would be one.
        add(&house, one, "b-c", "a", "internal", "v").await;
        add(&house, one, "c", "a-b", "internal", "v").await;
        let change = |template: &str| EnvironmentInput { row_version: "1".into(), ..with_vault("one", template) };
        let save = |template: &'static str| { let (house, input) = (&house, change(template)); async move {
            environments::update(&house.app, &house.operator(), one, input.parse()?).await
        } };
        let clash = told(save("x/{service}-{name}").await.unwrap_err());
        assert!(clash.contains("would put c at x/a-b-c, where one/b-c lies"), "{clash}");
        assert!(told(save("{service}").await.unwrap_err()).contains("must contain {name}"));
        save("x/{service}/{name}").await.unwrap();
        let kept = secrets::copies(&house.app, secrets_named(&house, one, "c").await).await.unwrap();
        assert_eq!(kept[0].remote_path, "a-b/c", "a copy keeps the path that it was first given");
    }
}

async fn secrets_named(house: &House, environment: i64, name: &str) -> i64 {
    let place = environments::enter(&house.app, &house.operator(), environment).await.unwrap();
    let mut conn = house.app.db.read().await.unwrap();
    secrets::find_named(&mut conn, &place, name, false).await.unwrap().unwrap().secret.id
}

three! {
    // S46: the form shows the exact paths of real secrets while it is typed, what lies elsewhere, and who would meet.
    async fn a_template_is_previewed_on_its_form(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        let one = make(&house, with_vault("one", "{environment}/{name}")).await.unwrap();
        make(&house, with_vault("two", "shared/{name}")).await.unwrap();
        add(&house, one, "db", "checkout", "internal", "v").await;
        let ada = site.signed_in("ada", PASSWORD).await;
        let edit = ada.get(&format!("/environments/{one}/edit")).await.body;
        assert!(edit.contains("one/db") && edit.contains("hx-get=\"/environments/preview\"") && edit.contains("formaction=\"/environments/preview\""));
        let fields = |template: &'static str| format!(
            "/environments/preview?id={one}&name=one&stage=development&vault_enabled=true&vault_url=https://vault.example:8200/&vault_mount=kv&vault_path_template={template}"
        );
        let part = ada.get(&fields("{environment}/{service}/{name}")).await.body;
        assert!(!part.contains("<html") && part.contains("one/checkout/db") && part.contains("now at <code>one/db</code>"), "{part}");
        assert!(part.contains("the copies of 1 lie elsewhere now"));
        let part = ada.get(&fields("shared/{name}")).await.body;
        assert!(part.contains("two gives secrets of the same name the same paths"), "{part}");
        assert!(ada.get(&fields("{user}/{name}")).await.body.contains("knows {environment}"));
        let id = one.to_string();
        let typed = [("id", id.as_str()), ("name", "one"), ("display_name", "kept words"), ("stage", "development"), ("vault_enabled", "true"),
            ("vault_url", "https://vault.example:8200"), ("vault_mount", "kv"), ("vault_path_template", "new/{name}"), ("vault_token", "canary-token"), ("row_version", "1")];
        let page = ada.post("/environments/preview", &typed).await;
        assert!(page.status == 200 && page.body.contains("new/db") && page.body.contains("kept words") && !page.body.contains("canary-token"), "{}", page.body);
        assert_eq!(environments::enter(&house.app, &house.operator(), one).await.unwrap().environment.row_version, 1);
        let fresh = ada.post("/environments/preview", &[("name", "Three"), ("stage", "staging"), ("aws_enabled", "true"), ("aws_path_template", "{stage}/{environment}/{name}")]).await;
        assert!(fresh.body.contains("staging/three/db-password"), "{}", fresh.body);
    }
}

three! {
    // Two admins save one environment: the second sees both sides, field by field, and can go on.
    async fn the_second_admin_sees_both_sides(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        let one = make(&house, with_vault("one", "{environment}/{name}")).await.unwrap();
        let ada = site.signed_in("ada", PASSWORD).await;
        let save = |words: &'static str, version: &'static str| vec![("name", "one"), ("display_name", words), ("stage", "development"), ("access", "open"), ("row_version", version)];
        ada.get(&format!("/environments/{one}/edit")).await;
        let path = format!("/environments/{one}/edit");
        assert_eq!(ada.post(&path, &save("theirs", "1")).await.status, 303);
        let second = ada.post(&path, &save("yours", "1")).await;
        assert!(second.status == 409 && second.body.contains("<td>theirs</td><td>yours</td>"), "{}", second.body);
        assert!(second.body.contains("name=\"row_version\" value=\"2\"") && second.body.contains("begin anew with theirs"));
        assert_eq!(ada.post(&path, &save("yours", "2")).await.status, 303);
    }
}

three! {
    // S36 S43 S89: two environments by name and digest; a closed door is no environment; pages hold each name once.
    async fn two_environments_stand_side_by_side(house: House) {
        let uma_id = house.add_user("uma", "user").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let staging = house.add_environment("staging", "staging", "open", &[]).await;
        let closed = house.add_environment("closed", "staging", "members", &[]).await;
        house.add_environment("hers", "staging", "members", &[uma_id]).await;
        for (name, left, right) in [("a", Some("1"), None), ("b", Some("1"), Some("1")), ("c", Some("1"), Some("2")), ("d", None, Some("1"))] {
            for (environment, value) in [(dev, left), (staging, right)] {
                if let Some(value) = value {
                    house.add_secret(environment, name, value).await;
                }
            }
        }
        let uma = house.person("uma").await;
        let page = |show, after: &str| {
            let asked = Asked { left: dev, right: staging, show, after: after.to_owned(), limit: 3 };
            let (house, uma) = (&house, &uma);
            async move { secrets::side_by_side(&house.app, uma, &asked).await.unwrap().page }
        };
        let first = page(Show::All, "").await;
        let likeness: Vec<_> = first.items.iter().map(|pair| (pair.name.as_str(), pair.likeness())).collect();
        assert_eq!(likeness, [("a", None), ("b", Some(Likeness::Equal)), ("c", Some(Likeness::Differs))]);
        let second = page(Show::All, first.next.as_deref().unwrap()).await;
        assert!(second.items.len() == 1 && second.items[0].left.is_none() && second.next.is_none());
        for (show, names) in [(Show::Differs, "c"), (Show::Missing, "a d"), (Show::Equal, "b")] {
            let names_seen: Vec<String> = page(show, "").await.items.into_iter().map(|pair| pair.name).collect();
            assert_eq!(names_seen.join(" "), names);
        }
        for (left, right) in [(dev, closed), (closed, dev), (dev, 999)] {
            let asked = Asked { left, right, show: Show::All, after: String::new(), limit: 3 };
            assert!(matches!(secrets::side_by_side(&house.app, &uma, &asked).await, Err(Error::NotFound)));
        }
    }
}

/// Rows as a long life leaves them, made at once: what is tested is how they are read.
async fn many(house: &House, environment: i64, names: &[String], digest: u8) {
    for names in names.chunks(100) {
        some(house, environment, names, digest).await;
    }
}

async fn some(house: &House, environment: i64, names: &[String], digest: u8) {
    let now = house.app.now();
    let stored: keeper::domain::error::Result<()> = tx!(house.app.db, |tx| {
        for name in names {
            let uid = format!("{environment:016}{:>16}", name.replace(|c: char| !c.is_ascii_digit(), ""))
                .replace(' ', "0");
            let id = tx
                .insert(sql!(
                    "INSERT INTO secrets (uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, aws_sync_status,
                       vault_sync_status, sync_status, auto_rotate, tags, is_active, current_version, row_version, created_at, updated_at)
                     VALUES (?, ?, 'n', '', 'token', 'internal', '', ?, 'not_configured', 'not_configured', 'not_configured', ?, '{}', ?, 1, 1, ?, ?)",
                    uid, name, environment, false, true, now, now
                ))
                .await?;
            tx.insert(sql!(
                "INSERT INTO secret_versions (secret_id, number, ciphertext, nonce, wrapped_key, key_id, digest, length, state, author_name, reason, created_at, updated_at)
                 VALUES (?, 1, ?, ?, ?, 'k', ?, 1, 'current', 'tester', '', ?, ?)",
                id, vec![0_u8], vec![0_u8], vec![0_u8], vec![digest; 32], now, now
            ))
            .await?;
        }
        Ok(())
    });
    stored.unwrap();
}

three! {
    // S89 S111 S112: names beyond what is read in one step are compared too, each once, in order; rare ones are found further on.
    async fn long_environments_are_compared_to_the_end(house: House) {
        let (left, right) = (house.add_environment("left", "development", "open", &[]).await, house.add_environment("right", "development", "open", &[]).await);
        let names = |every: usize, from: usize| (from..1300).step_by(every).map(|n| format!("n-{n:05}")).collect::<Vec<_>>();
        many(&house, left, &names(2, 0), 1).await;
        many(&house, right, &names(3, 0), 1).await;
        many(&house, right, &["n-01290x1".to_owned()], 2).await;
        many(&house, left, &["n-01290x1".to_owned()], 1).await;
        let walk = |show| { let house = &house; async move {
            let (mut after, mut seen, mut pages) = (String::new(), Vec::new(), 0);
            loop {
                let asked = Asked { left, right, show, after: after.clone(), limit: 100 };
                let page = secrets::side_by_side(&house.app, &house.operator(), &asked).await.unwrap().page;
                assert!(page.items.len() <= 100);
                seen.extend(page.items.into_iter().map(|pair| pair.name));
                pages += 1;
                match page.next { Some(next) => after = next, None => return (seen, pages) }
            }
        } };
        let mut all: Vec<String> = names(2, 0).into_iter().chain(names(3, 0)).chain(["n-01290x1".to_owned()]).collect();
        all.sort();
        all.dedup();
        let (seen, pages) = walk(Show::All).await;
        assert_eq!((seen.len(), pages), (all.len(), all.len().div_ceil(100)));
        assert_eq!(seen, all);
        assert_eq!(walk(Show::Equal).await.0, names(6, 0));
        assert_eq!(walk(Show::Differs).await.0, ["n-01290x1"]);
    }
}

three! {
    // S35 S36 S47: a promoted value is a new version there, or a new secret with the same metadata; both sides have an event.
    async fn a_value_is_promoted_unseen(house: House) {
        house.add_user("max", "manager").await;
        let max = house.person("max").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let staging = house.add_environment("staging", "staging", "open", &[]).await;
        let id = add(&house, dev, "db", "checkout", "confidential", "canary-first").await;
        let Promoted::Created(there) = rotations::promote(&house.app, &max, id, &wish(staging, 1, 0)).await.unwrap() else { panic!() };
        let made = secrets::find(&house.app, &max, there).await.unwrap().secret;
        let source = secrets::find(&house.app, &max, id).await.unwrap().secret;
        assert_eq!(
            (&made.name, &made.description, &made.service_name, &made.tags, made.secrecy_level, made.rotation_interval_days, made.creator_id),
            (&source.name, &source.description, &source.service_name, &source.tags, source.secrecy_level, source.rotation_interval_days, max.id())
        );
        assert_ne!(made.uid, source.uid);
        house.rotate(&max, id, "canary-second").await.unwrap();
        let Promoted::Changed(rotation) = rotations::promote(&house.app, &max, id, &wish(staging, 2, 1)).await.unwrap() else { panic!() };
        assert_eq!(rotations::find(&house.app, &max, rotation).await.unwrap().mode, "promoted");
        let shown = secrets::reveal(&house.app, &max, there, None, "").await.unwrap();
        assert_eq!((shown.number, shown.value.expose()), (2, b"canary-second".as_slice()));
        let events = |id| { let house = &house; async move {
            let filter = audit::Filter { secret_id: Some(id), action: Some("secret.promoted".into()), limit: 9, ..audit::Filter::default() };
            audit::list(&house.app, &filter).await.unwrap().items
        } };
        let (here, gone) = (events(there).await, events(id).await);
        assert_eq!((here[0].detail("from"), here[0].detail("from version"), here[0].environment_id), (Some("dev/db".into()), Some("2".into()), Some(staging)));
        assert_eq!((gone[0].detail("to"), gone[0].detail("to version"), gone[0].environment_id), (Some("staging/db".into()), Some("2".into()), Some(dev)));
        assert!(here.iter().chain(&gone).all(|line| !line.payload.contains("canary")));
        assert!(matches!(rotations::promote(&house.app, &max, id, &wish(staging, 2, 2)).await, Err(Error::Conflict(_))), "equal already");
    }
}

three! {
    // S43 S45: the rules of both sides: the right to reveal here, to change there, proof and reason, and never to a weaker place.
    async fn a_promotion_asks_both_sides(house: House) {
        house.add_user("uma", "user").await;
        let max_id = house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let secret_dev = house.add_environment("vip", "development", "members", &[]).await;
        let prod = house.add_environment("prod", "production", "members", &[max_id]).await;
        let plain = add(&house, dev, "db", "", "internal", "v").await;
        let restricted = add(&house, dev, "top", "", "restricted", "v").await;
        add(&house, prod, "top", "", "internal", "w").await;
        let in_prod = add(&house, prod, "live", "", "internal", "v").await;
        let hidden = add(&house, secret_dev, "x", "", "internal", "v").await;
        house.add_user("ada", "admin").await;
        let says = |name: &'static str, id, wish: Promote| { let house = &house; async move {
            let person = house.person(name).await;
            rotations::promote(&house.app, &person, id, &wish).await.map(|_| ())
        } };
        assert!(matches!(says("uma", plain, wish(prod, 1, 0)).await, Err(Error::NotFound)), "a closed door there");
        let weaker = says("max", in_prod, wish(dev, 1, 0)).await.unwrap_err().to_string();
        assert!(weaker.contains("weaker stage"), "{weaker}");
        let lower = says("max", restricted, wish(prod, 1, 1)).await.unwrap_err().to_string();
        assert!(lower.contains("lower secrecy level"), "{lower}");
        assert!(matches!(says("ada", hidden, wish(prod, 1, 0)).await, Err(Error::Forbidden(_))), "no member here: no reveal, no promotion");
        assert!(matches!(says("uma", restricted, wish(dev, 1, 0)).await, Err(Error::Forbidden(_))));
        assert!(matches!(says("max", plain, Promote { reason: String::new(), ..wish(prod, 1, 0) }).await, Err(Error::Invalid(_))));
        assert!(matches!(says("max", plain, wish(prod, 2, 0)).await, Err(Error::Conflict(_))), "another version was looked at");
        let Actor::Person(mut late) = house.person("max").await else { unreachable!() };
        late.proved_at = house.app.now().minus(Duration::minutes(26));
        assert!(matches!(rotations::promote(&house.app, &Actor::Person(late), plain, &wish(prod, 1, 0)).await, Err(Error::ProofNeeded)));
        // S108: none of these has left anything behind.
        let versions = house.app.db.read().await.unwrap().number(sql!("SELECT COUNT(*) FROM secret_versions")).await.unwrap();
        assert_eq!(versions, 5);
        says("max", plain, wish(prod, 1, 0)).await.unwrap();
    }
}

three! {
    // S43 S78 S113: the pages of comparing and promoting, by forms; no value on any of them.
    async fn comparing_and_promoting_go_through_forms(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        house.add_user("uma", "user").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let prod = house.add_environment("prod", "production", "open", &[]).await;
        let closed = house.add_environment("closed", "staging", "members", &[]).await;
        let id = house.add_secret(dev, "db", "canary-first").await;
        let max = site.signed_in("max", PASSWORD).await;
        assert!(max.get("/environments/compare").await.body.contains("Choose two environments"));
        let compared = max.get(&format!("/environments/compare?left={dev}&right={prod}")).await.body;
        let link = format!("/secrets/{id}/promote?to={prod}");
        assert!(compared.contains("Only in dev") && compared.contains(&format!("href=\"{link}\"")), "{compared}");
        assert_eq!(max.get(&format!("/environments/compare?left={dev}&right={closed}")).await.status, 404);
        assert_eq!(max.get(&format!("/environments/compare?left={dev}&right={prod}&show=x")).await.status, 422);
        let asked = max.get(&link).await.body;
        assert!(asked.contains("prod does not have it yet") && asked.contains("Promote to production"), "{asked}");
        let to = prod.to_string();
        let send = |reason: &'static str| vec![("to", to.as_str()), ("number", "1"), ("row_version", "0"), ("reason", reason)];
        let path = format!("/secrets/{id}/promote");
        let refused = max.post(&path, &send("")).await;
        assert!(refused.status == 422 && refused.body.contains("id=\"e-reason\""), "{}", refused.body);
        assert_eq!(max.post(&path, &[]).await.status, 422);
        let made = max.post(&path, &send("go live")).await;
        assert_eq!(made.status, 303, "{}", made.body);
        let there = max.get(made.location()).await.body;
        assert!(there.contains("The secret was made here"), "{there}");
        let compared = max.get(&format!("/environments/compare?left={dev}&right={prod}&show=equal")).await.body;
        assert!(compared.contains("class=\"status equal\"") && !compared.contains("/promote?to="), "{compared}");
        for body in [&compared, &asked, &there, &refused.body] {
            assert!(!body.contains("canary"));
        }
        let uma = site.signed_in("uma", PASSWORD).await;
        assert!(!uma.get(&format!("/environments/compare?left={dev}&right={prod}")).await.body.contains("/promote?to="));
        assert_eq!(uma.get(&link).await.status, 403);
    }
}
