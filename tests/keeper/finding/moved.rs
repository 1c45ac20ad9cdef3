//! What was changed is found by what it is now, in every order, at once and when it is filed; what is gone has left its shelf.
use super::*;
use keeper::environments::{self, EnvironmentInput};
use keeper::secrets::{SecretInput, Sort, Sure};

pub(super) async fn found(house: &House, environments: &[i64], q: &str, tag: &str) -> Vec<i64> {
    let mut by_order = Vec::new();
    for sort in [Sort::Name, Sort::Updated, Sort::Due] {
        let filter = Filter {
            environments: environments.to_vec(),
            q: q.into(),
            tag: tag.into(),
            sort,
            limit: 50,
            ..Filter::default()
        };
        let page = secrets::list(&house.app, &filter).await.unwrap();
        by_order.push(page.items.iter().map(|secret| secret.id).collect::<Vec<_>>());
    }
    assert!(by_order.iter().all(|ids| *ids == by_order[0]), "{q} {tag}: {by_order:?}");
    by_order.remove(0)
}

/// Demands that `new` words find it alone and `old` words nothing, before and after it is filed.
pub(super) async fn demand(house: &House, environments: &[i64], id: i64, new: &[&str], old: &[&str]) {
    for filed in [false, true] {
        if filed {
            house.file_changes().await;
        }
        for (words, wanted) in [(new, vec![id]), (old, vec![])] {
            for word in words {
                let (q, tag) = word.strip_prefix('#').map_or((*word, ""), |tag| ("", tag));
                assert_eq!(found(house, environments, q, tag).await, wanted, "{word}, filed: {filed}");
            }
        }
    }
}

pub(super) fn with_copies(
    name: &str,
    display_name: &str,
    template: &str,
    row_version: &str,
) -> EnvironmentInput {
    EnvironmentInput {
        name: name.into(),
        display_name: display_name.into(),
        stage: "development".into(),
        access: "open".into(),
        vault_enabled: Some("true".into()),
        vault_url: "http://127.0.0.1:1".into(),
        vault_mount: "secret".into(),
        vault_path_template: template.into(),
        vault_token: Some("token".to_owned().into()),
        row_version: row_version.into(),
        ..EnvironmentInput::default()
    }
}

three! {
    // S91: texts, tags, the service, the path of a copy and the names of the environment, whichever was changed.
    async fn a_changed_secret_is_found_by_its_new_words_and_not_by_the_old(house: House) {
        let operator = house.operator();
        let other = house.add_environment("other", "staging", "open", &[]).await;
        house.add_secret(other, "bystander", "v").await;
        let home = with_copies("home", "Old house", "cellar/{name}", "");
        let home = environments::create(&house.app, &operator, home.parse().unwrap()).await.unwrap();
        let both = [home, other];
        let input = |display_name: &str, service: &str, tags: &str, row_version: i64| SecretInput {
            display_name: display_name.into(),
            service_name: service.into(),
            tags: tags.into(),
            rotation_interval_days: "30".into(),
            row_version: row_version.to_string(),
            ..House::secret_input(home, "kept-name", "v")
        };
        let new = input("Ancient label", "Bakery", "team=yeast", 0).parse_create(house.app.now()).unwrap();
        let id = secrets::create(&house.app, &operator, new).await.unwrap();
        demand(&house, &both, id, &["ancient", "AKER", "yeas", "#team=yeast", "old house", "cellar/kept", "ept-na"], &["modern", "#team=flour"]).await;

        let secret = secrets::find(&house.app, &operator, id).await.unwrap().secret;
        house.edit(id, input("Modern label", "Mill", "team=flour", secret.row_version)).await.unwrap();
        demand(&house, &both, id, &["modern label", "mill", "flour", "#team=flour", "kept"], &["ancient", "bakery", "yeast", "#team=yeast"]).await;

        // The environment gets another name for people and another place for copies to come.
        let version = house.environment(home).await.row_version.to_string();
        let change = with_copies("home", "New house", "attic/{name}", &version);
        environments::update(&house.app, &operator, home, change.parse().unwrap()).await.unwrap();
        demand(&house, &both, id, &["new house", "cellar/kept"], &["old house"]).await;
        assert!(found(&house, &[other], "kept", "").await.is_empty(), "asked for in another environment");
    }
}

three! {
    // S14: nothing of a purged secret is left on a shelf, and its words find nothing, filed or not.
    async fn a_purged_secret_leaves_its_shelf(house: House) {
        house.add_user("ada", "admin").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let (gone, stays) = (house.add_secret(dev, "short-lived", "v").await, house.add_secret(dev, "long-lived", "v").await);
        house.file_changes().await;
        secrets::set_active(&house.app, &house.operator(), gone, false, "", 1).await.unwrap();
        house.file_changes().await;
        assert!(shelves(&house).await.contains("short-lived"));
        house.app.clock.advance(time::Duration::days(31));
        let ada = house.person("ada").await;
        let sure = Sure { confirm: "short-lived".into(), reason: "a test".into() };
        secrets::purge(&house.app, &ada, gone, 2, &sure).await.unwrap();
        for filed in [false, true] {
            if filed {
                house.file_changes().await;
            }
            for active in [Some(true), Some(false)] {
                let filter = Filter { environments: vec![dev], q: "lived".into(), active, limit: 50, ..Filter::default() };
                let page = secrets::list(&house.app, &filter).await.unwrap();
                let wanted: &[i64] = if active == Some(true) { &[stays] } else { &[] };
                assert_eq!(page.items.iter().map(|secret| secret.id).collect::<Vec<_>>(), wanted, "filed: {filed}");
            }
        }
        let left = shelves(&house).await;
        assert!(!left.contains("short-lived") && left.contains("long-lived"), "{left:?}");
        let slips = house.app.db.read().await.unwrap().number(sql!("SELECT COUNT(*) FROM search_slips")).await.unwrap();
        assert_eq!(slips, 0);
    }
}

/// What stands on all shelves.
pub(super) async fn shelves(house: &House) -> String {
    let rows: Vec<(Vec<u8>,)> =
        house.app.db.read().await.unwrap().all(sql!("SELECT cards FROM search_shelves")).await.unwrap();
    rows.iter().map(|row| String::from_utf8_lossy(&row.0).into_owned()).collect()
}
