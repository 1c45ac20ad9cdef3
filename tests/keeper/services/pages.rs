//! /settings/service-accounts, as an admin keeps them.
use super::*;
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::three;
use keeper::people;
use time::Duration;

const HOME: &str = "/settings/service-accounts";

/// The token that the page shows this once.
fn shown(page: &str) -> String {
    let rest = page.split("data-value>\n").nth(1).unwrap_or_else(|| panic!("{page}"));
    rest.split("</pre>").next().unwrap().to_owned()
}

three! {
    // S38: made, given a token that is shown once, followed, changed over, switched off and on; every step is in the audit log.
    async fn an_admin_keeps_service_accounts_on_their_pages(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await.to_string();
        let ada = site.signed_in("ada", PASSWORD).await;
        assert!(ada.get(HOME).await.body.contains("No service account yet"));
        let form = ada.get(&format!("{HOME}/new")).await.body;
        assert!(form.contains("value=\"ada\"") && form.contains("secrets:reveal") && form.contains("without_proof"), "{form}");
        let fields = [("name", "Deploy"), ("description", "Deploys the shop"), ("owner", "ada"), ("role", "manager"), ("scopes", "secrets:read"), ("scopes", "secrets:reveal"), ("environments", dev.as_str())];
        let answer = ada.post(HOME, &fields).await;
        let at = answer.location().to_owned();
        assert!(answer.status == 303 && at.starts_with(HOME), "{}", answer.body);
        let page = ada.get(&at).await.body;
        assert!(page.contains("Deploys the shop") && page.contains("service:deploy") && page.contains(">dev</a>") && page.contains("There is none yet"), "{page}");
        let again = ada.post(HOME, &fields).await;
        assert!(again.status == 422 && again.body.contains("Name is taken") && again.body.contains("value=\"Deploys the shop\""), "{}", again.body);
        let answer = ada.post(&format!("{at}/tokens"), &[("days", "10")]).await;
        let token = shown(&answer.body);
        assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
        assert_eq!(opened(&house, &token).await.unwrap().name(), "service:deploy");
        let page = ada.get(&at).await.body;
        assert!(!page.contains(&token[..12]) && page.contains(&format!("kpr_…{}", &token[38..])) && page.contains("192.0.2.7"), "{page}");
        assert!(page.contains("Its last token ends") && ada.get(HOME).await.body.contains("Its last token ends"));
        let next = shown(&ada.post(&format!("{at}/tokens"), &[("days", "90"), ("former_ends_in", "1")]).await.body);
        let full = ada.post(&format!("{at}/tokens"), &[("days", "90")]).await;
        assert!(full.status == 409 && full.body.contains("Two of its tokens are in use already"), "{}", full.body);
        house.app.clock.advance(Duration::hours(1));
        let ada = site.signed_in("ada", PASSWORD).await;
        assert!(opened(&house, &token).await.is_none() && opened(&house, &next).await.is_some());
        let list = ada.get(HOME).await.body;
        assert!(!list.contains("Its last token ends") && list.contains("Deploys the shop"), "{list}");
        let asks = ada.get(&format!("{at}/switch-off")).await.body;
        assert!(asks.contains("Its tokens open nothing"), "{asks}");
        assert_eq!(ada.post(&format!("{at}/switch-off"), &[]).await.status, 303);
        assert!(opened(&house, &next).await.is_none() && ada.get(&at).await.body.contains("Switch on"));
        assert_eq!(ada.post(&format!("{at}/switch-on"), &[]).await.status, 303);
        assert!(opened(&house, &next).await.is_some());
        let account = services::by_name(&house.app, &house.operator(), "deploy").await.unwrap().unwrap().id;
        let newest = services::tokens(&house.app, &house.operator(), account).await.unwrap()[0].id;
        assert_eq!(ada.post(&format!("{at}/tokens/{newest}/revoke"), &[]).await.status, 303);
        assert!(opened(&house, &next).await.is_none() && ada.get(&at).await.body.contains("Revoked"));
        let did: Vec<String> = told(&house).await;
        assert_eq!(did, [
            "service.created of deploy by user ada", "service.token_made of deploy by user ada", "service.token_made of deploy by user ada",
            "service.switched_off of deploy by user ada", "service.switched_on of deploy by user ada", "service.token_revoked of deploy by user ada",
        ]);
    }
}

three! {
    // S38: what is wrong with the form is said beside its fields, and a second writer overwrites nothing.
    async fn what_is_wrong_with_an_account_is_said_beside_its_field(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        house.add_user("max", "manager").await;
        house.add_user("gone", "user").await;
        people::set_active(&house.app, &house.operator(), "gone", false).await.unwrap();
        let ada = site.signed_in("ada", PASSWORD).await;
        ada.get(&format!("{HOME}/new")).await;
        for (fields, why) in [
            (&[("name", "a b"), ("role", "king"), ("owner", ""), ("scopes", "secrets:eat")][..], "Name Invalid|Role must be one of user, manager, admin|Owner is required|Scopes must be one of secrets:read|Environments are required"),
            (&[("name", "x"), ("role", "user"), ("owner", "gone"), ("all_environments", "true")], "Scopes are required"),
            (&[("name", "x"), ("role", "user"), ("owner", "gone"), ("scopes", "audit:read"), ("all_environments", "true")], "Owner must be the user name of an active account"),
            (&[("name", "x"), ("role", "user"), ("owner", "max"), ("scopes", "audit:read"), ("all_environments", "true")], "Owner must be you"),
            (&[("name", "x"), ("role", "user"), ("owner", "ada"), ("scopes", "audit:read"), ("environments", "999999")], "Environments hold one that does not exist"),
        ] {
            let answer = ada.post(HOME, fields).await;
            for why in why.split('|') {
                let is_there = answer.body.contains(why) || why.split_once(' ').is_some_and(|(_, rest)| answer.body.contains(rest));
                assert!(answer.status == 422 && is_there, "{why}: {}", answer.body);
            }
        }
        let id = account(&house, ("deploy", "ada"), "manager", &["secrets:read"], &[]).await;
        let at = format!("{HOME}/{id}");
        let edit = |version: &'static str, description: &'static str| {
            vec![("name", "deploy"), ("description", description), ("owner", "ada"), ("role", "user"), ("scopes", "audit:read"), ("all_environments", "true"), ("row_version", version)]
        };
        let answer = ada.post(&format!("{at}/edit"), &edit("1", "first")).await;
        assert_eq!((answer.status, answer.location()), (303, at.as_str()), "{}", answer.body);
        let late = ada.post(&format!("{at}/edit"), &edit("1", "second")).await;
        assert!(late.status == 409 && late.body.contains("first") && late.body.contains("value=\"second\"") && late.body.contains("name=\"row_version\" value=\"2\""), "{}", late.body);
        let page = ada.get(&at).await.body;
        assert!(page.contains("first") && page.contains("audit:read") && !page.contains("secrets:read"), "{page}");
        let days = ada.post(&format!("{at}/tokens"), &[("days", "366"), ("former_ends_in", "200")]).await;
        assert!(days.status == 422 && days.body.contains("Days must be from 1 to 365") && days.body.contains("Hours must be from 0 to 168"), "{}", days.body);
        assert!(ada.post(&format!("{at}/tokens"), &[]).await.body.contains("Days are required"));
    }
}

three! {
    // S38: managing them is an admin's work, with a fresh proof; a manager gets nothing, whoever owns the account.
    async fn managing_them_takes_an_admin_with_a_fresh_proof(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        house.add_user("max", "manager").await;
        let id = account(&house, ("deploy", "max"), "manager", &["secrets:read"], &[]).await;
        let at = format!("{HOME}/{id}");
        let max = site.signed_in("max", PASSWORD).await;
        for path in [HOME, &format!("{HOME}/new"), &at, &format!("{at}/edit"), &format!("{at}/switch-off")] {
            assert_eq!(max.get(path).await.status, 403, "{path}");
        }
        for path in [HOME, &format!("{at}/tokens"), &format!("{at}/switch-off"), &format!("{at}/edit"), &format!("{at}/tokens/1/revoke")] {
            assert_eq!(max.post(path, &[("days", "1")]).await.status, 403, "{path}");
        }
        assert!(!max.get("/").await.body.contains(HOME));
        let ada = site.signed_in("ada", PASSWORD).await;
        ada.get(&at).await;
        house.app.clock.advance(Duration::minutes(26));
        for path in [format!("{at}/tokens"), format!("{at}/switch-off")] {
            let late = ada.post(&path, &[("days", "1")]).await;
            assert!(late.status == 403 && late.body.contains("/step-up?next="), "{path}: {}", late.body);
        }
        assert!(ada.get(&format!("{HOME}/new")).await.location().starts_with("/step-up"));
        assert_eq!(told(&house).await.len(), 1, "nothing but its making");
    }
}

three! {
    // S38 S43: nobody makes a program that acts in another's name; whoever takes one over gets none of its tokens.
    async fn a_program_acts_in_the_name_of_whoever_makes_it(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        house.add_user("bob", "admin").await;
        let id = account(&house, ("deploy", "bob"), "manager", &["secrets:read"], &[]).await;
        let (ada, bob) = (site.signed_in("ada", PASSWORD).await, site.signed_in("bob", PASSWORD).await);
        let at = format!("{HOME}/{id}");
        assert_eq!(bob.get(&at).await.status, 200);
        let token = shown(&bob.post(&format!("{at}/tokens"), &[("days", "10")]).await.body);
        assert_eq!(ada.get(&at).await.status, 200);
        let refused = ada.post(&format!("{at}/tokens"), &[("days", "10")]).await;
        assert!(refused.status == 409 && refused.body.contains("in the name of the account’s owner"), "{}", refused.body);
        let over = |owner: &'static str| [("name", "deploy"), ("description", ""), ("owner", owner), ("role", "manager"), ("scopes", "secrets:read"), ("scopes", "secrets:reveal"), ("all_environments", "true"), ("row_version", "1")];
        let widened = ada.post(&format!("{at}/edit"), &over("bob")).await;
        assert!(widened.status == 422 && widened.body.contains("Owner must be you"), "{}", widened.body);
        assert!(opened(&house, &token).await.is_some());
        assert_eq!(ada.post(&format!("{at}/edit"), &over("ada")).await.status, 303);
        assert!(opened(&house, &token).await.is_none(), "the former owner's token has ended");
        let own = shown(&ada.post(&format!("{at}/tokens"), &[("days", "10")]).await.body);
        assert_eq!(opened(&house, &own).await.unwrap().id(), house.person("ada").await.id());
    }
}
