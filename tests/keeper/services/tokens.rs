//! The life of a token, from its making to its end, whichever of its ends comes first.
use super::*;
use crate::support::three;
use keeper::domain::enums::Role;
use keeper::people;
use time::Duration;

three! {
    // S38: a token is shown once and kept as its hash; it ends at its time, and whoever holds it then is told nothing else than a stranger.
    async fn a_token_is_kept_as_its_hash_and_ends_at_its_time(house: House) {
        house.add_user("max", "manager").await;
        let id = account(&house, ("deploy", "max"), "manager", &["secrets:read"], &[]).await;
        let made = make(&house, id, 30, None).await.unwrap();
        let token = text(&made);
        assert!(token.starts_with("kpr_") && token.len() == 42 && token.ends_with(&made.hint), "{token}");
        let rows: Vec<(String, String, String)> =
            house.app.db.read().await.unwrap().all(sql!("SELECT token_hash, hint, created_by FROM service_tokens")).await.unwrap();
        assert!(rows.len() == 1 && rows[0].0.len() == 64 && rows[0].1 == made.hint && rows[0].2 == "operator:tester", "{rows:?}");
        assert!(!format!("{rows:?}").contains(&token[..20]));
        let log: Vec<(String,)> = house.app.db.read().await.unwrap().all(sql!("SELECT payload FROM audit_events")).await.unwrap();
        assert!(log.iter().all(|(payload,)| !payload.contains(&token[4..20])));
        let actor = opened(&house, &token).await.unwrap();
        assert_eq!((actor.kind(), actor.name().as_str(), actor.role()), ("service", "service:deploy", Role::Manager));
        let strange = format!("{}{}", &token[..41], if token.ends_with('0') { '1' } else { '0' });
        for other in [strange.as_str(), "kpr_", "", "kpr_00000000000000000000000000000000000000"] {
            assert!(opened(&house, other).await.is_none(), "{other}");
        }
        house.app.clock.advance(Duration::days(30) - Duration::seconds(1));
        assert!(opened(&house, &token).await.is_some());
        house.app.clock.advance(Duration::seconds(1));
        assert!(opened(&house, &token).await.is_none());
    }
}

three! {
    // S38: what ends an account ends its tokens in the very next request, and its owner's end is one of them.
    async fn a_token_ends_with_its_account_and_with_its_owner(house: House) {
        house.add_user("ada", "admin").await;
        house.add_user("max", "manager").await;
        let (app, operator) = (&house.app, house.operator());
        let id = account(&house, ("deploy", "max"), "manager", &["secrets:read"], &[]).await;
        let made = make(&house, id, 30, None).await.unwrap();
        let token = text(&made);
        services::set_active(app, &operator, id, false).await.unwrap();
        assert!(opened(&house, &token).await.is_none());
        services::set_active(app, &operator, id, true).await.unwrap();
        assert!(opened(&house, &token).await.is_some());
        people::set_active(app, &operator, "max", false).await.unwrap();
        assert!(opened(&house, &token).await.is_none());
        people::set_active(app, &operator, "max", true).await.unwrap();
        people::set_role(app, &operator, "max", Role::User).await.unwrap();
        assert_eq!(opened(&house, &token).await.unwrap().role(), Role::User, "never more than its owner is now");
        people::set_role(app, &operator, "max", Role::Admin).await.unwrap();
        assert_eq!(opened(&house, &token).await.unwrap().role(), Role::Manager, "never more than it was made for");
        services::revoke_token(app, &operator, id, made.id).await.unwrap();
        assert!(opened(&house, &token).await.is_none());
        services::revoke_token(app, &operator, id, made.id).await.unwrap();
        assert_eq!(told(&house).await, [
            "service.created of deploy by operator operator:tester",
            "service.token_made of deploy by operator operator:tester",
            "service.switched_off of deploy by operator operator:tester",
            "service.switched_on of deploy by operator operator:tester",
            "service.token_revoked of deploy by operator operator:tester",
        ]);
        let other = account(&house, ("other", "max"), "user", &["secrets:read"], &[]).await;
        assert!(matches!(services::revoke_token(app, &operator, other, made.id).await, Err(Error::NotFound)), "a token of another account");
    }
}

three! {
    // S38: the next token overlaps with the one before, for as long as somebody said, and there are never more than two.
    async fn tokens_overlap_while_a_program_changes_over(house: House) {
        house.add_user("max", "manager").await;
        let id = account(&house, ("deploy", "max"), "manager", &["secrets:read"], &[]).await;
        let first = text(&make(&house, id, 30, None).await.unwrap());
        let second = text(&make(&house, id, 60, Some(24)).await.unwrap());
        assert!(opened(&house, &first).await.is_some() && opened(&house, &second).await.is_some());
        assert!(refused(make(&house, id, 30, None).await).contains("two of its tokens"));
        house.app.clock.advance(Duration::hours(24));
        assert!(opened(&house, &first).await.is_none() && opened(&house, &second).await.is_some());
        let third = text(&make(&house, id, 30, Some(0)).await.unwrap());
        assert!(opened(&house, &second).await.is_none() && opened(&house, &third).await.is_some());
        // A former token never lives longer than it would have.
        house.app.clock.advance(Duration::days(29));
        let fourth = text(&make(&house, id, 30, Some(168)).await.unwrap());
        house.app.clock.advance(Duration::days(1));
        assert!(opened(&house, &third).await.is_none() && opened(&house, &fourth).await.is_some());
    }
}

three! {
    // An ordinary request writes nothing: the last use is kept to the minute.
    async fn the_last_use_is_kept_to_the_minute(house: House) {
        house.add_user("max", "manager").await;
        let id = account(&house, ("deploy", "max"), "manager", &["secrets:read"], &[]).await;
        let token = text(&make(&house, id, 30, None).await.unwrap());
        let used = || async { services::tokens(&house.app, &house.operator(), id).await.unwrap().remove(0) };
        assert_eq!(used().await.last_used_at, None);
        let begin = house.app.now();
        opened(&house, &token).await.unwrap();
        let first = used().await;
        assert_eq!((first.last_used_at, first.last_used_addr.as_str()), (Some(begin), "192.0.2.7"));
        house.app.clock.advance(Duration::seconds(50));
        opened(&house, &token).await.unwrap();
        assert_eq!(used().await.last_used_at, Some(begin));
        house.app.clock.advance(Duration::seconds(20));
        opened(&house, &token).await.unwrap();
        assert_eq!(used().await.last_used_at, Some(house.app.now()));
    }
}
