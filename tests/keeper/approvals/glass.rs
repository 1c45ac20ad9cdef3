//! Breaking the glass: now and without approval, with a reason, and in sight until another person has acknowledged it.
use super::*;
use crate::support::three;
use keeper::domain::actor::Actor;
use keeper::rotations::RotateInput;

async fn broken(house: &House, actor: &Actor, secret: i64, reason: &str) -> Result<i64> {
    let input = RotateInput {
        mode: "typed".into(),
        new_value: Some("second".to_owned().into()),
        reason: reason.into(),
        break_glass: Some("yes".into()),
        row_version: house.secret(secret).await.row_version.to_string(),
        ..RotateInput::default()
    };
    rotations::rotate(&house.app, actor, secret, input.parse()?).await
}

three! {
    async fn a_manager_breaks_it_with_a_reason_and_another_acknowledges(house: House) {
        people(&house).await;
        let (uma, max, mia) = (house.person("uma").await, house.person("max").await, house.person("mia").await);
        let dev = guarded(&house, "dev", "development").await;
        let id = house.add_secret(dev, "db", "first").await;
        assert_eq!(why(broken(&house, &uma, id, "it burns").await), "breaking the glass takes a manager or an admin");
        assert!(matches!(broken(&house, &max, id, " ").await, Err(Error::Invalid(fields)) if !fields.of("reason").is_empty()));
        assert_eq!((current(&house, id).await.as_str(), secrets::unacknowledged(&house.app, &[dev], None).await.unwrap().len()), ("first", 0));
        let rotation = broken(&house, &max, id, "it burns").await.unwrap();
        assert_eq!((status(&house, rotation).await, current(&house, id).await.as_str()), (RotationStatus::Succeeded, "second"));
        let seen = secrets::unacknowledged(&house.app, &[dev], None).await.unwrap().pop().unwrap();
        assert_eq!((seen.secret_name.as_str(), seen.actor_name.as_str(), seen.reason.as_str(), seen.rotation_id), ("db", "max", "it burns", Some(rotation)));
        assert_eq!(why(secrets::acknowledge(&house.app, &max, seen.id).await), "another manager or admin acknowledges this");
        assert_eq!(why(secrets::acknowledge(&house.app, &uma, seen.id).await), "acknowledging takes a manager or an admin");
        for _ in 0..2 {
            assert_eq!(secrets::acknowledge(&house.app, &mia, seen.id).await.unwrap(), id);
        }
        assert_eq!(secrets::unacknowledged(&house.app, &[dev], None).await.unwrap().len(), 0);
        assert_eq!(events(&house, id).await[1..], ["glass.broken by max", "secret.rotated by max", "glass.acknowledged by mia"]);
    }
}

three! {
    // Where nothing waits for anybody there is no glass; and what waits is voided by what is done past it.
    async fn it_is_broken_only_where_there_is_one(house: House) {
        people(&house).await;
        let (uma, max) = (house.person("uma").await, house.person("max").await);
        let plain = house.add_environment("plain", "development", "open", &[]).await;
        let id = house.add_secret(plain, "db", "first").await;
        broken(&house, &uma, id, "why not").await.unwrap();
        assert_eq!(secrets::unacknowledged(&house.app, &[plain], None).await.unwrap().len(), 0);
        let prod = house.add_environment("prod", "production", "open", &[]).await;
        let id = house.add_secret(prod, "db", "first").await;
        assert!(why(broken(&house, &uma, id, "it burns").await).contains("takes a manager or an admin"));
        let waits = house.rotate(&uma, id, "third").await.unwrap();
        broken(&house, &max, id, "it burns").await.unwrap();
        assert_eq!(secrets::unacknowledged(&house.app, &[prod], None).await.unwrap().len(), 0, "a manager needs nobody there");
        rotations::sweep(&house.app).await.unwrap();
        assert_eq!(status(&house, waits).await, RotationStatus::Cancelled);
    }
}

three! {
    // An admin who is no member sees a value by breaking the glass, and in no other way: with a reason and a fresh proof, in sight of
    // the others, and its rotation is due at once. A manager behind the closed door sees nothing.
    async fn an_admin_who_is_no_member_breaks_it_to_see_a_value(house: House) {
        people(&house).await;
        let (max, ada) = (house.person("max").await, house.person("ada").await);
        let mia = house.person("mia").await;
        let vault = house.add_environment("vault", "production", "members", &[mia.id().unwrap()]).await;
        let id = house.add_secret(vault, "db", "first").await;
        assert!(why(secrets::reveal(&house.app, &ada, id, None, "it burns").await.map(|_| ())).contains("only members"));
        assert!(matches!(secrets::reveal_by_glass(&house.app, &max, id, None, "it burns").await, Err(Error::NotFound)));
        assert!(matches!(secrets::reveal_by_glass(&house.app, &ada, id, None, " ").await, Err(Error::Invalid(_))));
        let Actor::Person(mut late) = ada.clone() else { unreachable!() };
        late.proved_at = house.app.now().minus(time::Duration::minutes(26));
        assert!(matches!(secrets::reveal_by_glass(&house.app, &Actor::Person(late), id, None, "it burns").await, Err(Error::ProofNeeded)));
        assert!(secrets::unacknowledged(&house.app, &[vault], None).await.unwrap().is_empty() && !house.secret(id).await.needs_rotation(house.app.now()));
        let shown = secrets::reveal_by_glass(&house.app, &ada, id, None, "it burns").await.unwrap();
        assert_eq!(shown.value.expose(), b"first");
        let secret = house.secret(id).await;
        assert!(secret.needs_rotation(house.app.now()) && secret.row_version == 1);
        let seen = secrets::unacknowledged(&house.app, &[vault], None).await.unwrap().pop().unwrap();
        assert_eq!((seen.act, seen.actor_name.as_str(), seen.reason.as_str()), (secrets::Broke::Reveal, "ada", "it burns"));
        assert_eq!(events(&house, id).await[1..], ["glass.broken by ada", "secret.revealed by ada"]);
        secrets::acknowledge(&house.app, &mia, seen.id).await.unwrap();
        house.rotate(&mia, id, "second").await.unwrap();
        assert!(!house.secret(id).await.needs_rotation(house.app.now()));
        // Who may see it anyway breaks nothing.
        secrets::reveal_by_glass(&house.app, &mia, id, None, "a look").await.unwrap();
        assert!(secrets::unacknowledged(&house.app, &[vault], None).await.unwrap().is_empty());
    }
}
