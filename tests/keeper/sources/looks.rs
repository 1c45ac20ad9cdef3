//! What a plan can say before anything is changed.
use super::both;
use super::place::{Place, account, fresh, value};
use keeper::remote::sources::{Look, Remark};

both! {
    async fn a_look_says_who_there_is_and_changes_nothing(place: Place) {
        let user = place.add(&fresh("app"), "old").await;
        let plain = Look { exists: true, may_change: true, ..Look::default() };
        assert_eq!(place.source().look(&user).await.unwrap(), plain);
        let missing = place.source().look(&account(&fresh("nobody"))).await.unwrap();
        assert!(!missing.exists && missing.remarks == [Remark::Missing]);
        assert!(place.opens(&user.name, "old").await);
    }
}

both! {
    async fn a_look_says_that_it_is_keepers_own_administrator(place: Place) {
        let look = place.source().look(&account(&place.admin)).await.unwrap();
        assert!(look.itself && look.may_change && look.remarks == [Remark::Itself], "{look:?}");
    }
}

both! {
    async fn a_look_says_that_a_user_is_a_superuser_or_may_not_sign_in(place: Place) {
        let chief = place.add(&fresh("chief"), "old").await;
        let locked = place.add(&fresh("locked"), "old").await;
        if place.is_postgres() {
            place.does(&format!("ALTER ROLE {} SUPERUSER", chief.name)).await;
            place.does(&format!("ALTER ROLE {} NOLOGIN VALID UNTIL '2001-01-01'", locked.name)).await;
        } else {
            place.does(&format!("GRANT SUPER ON *.* TO {}@'%'", chief.name)).await;
            place.does(&format!("ALTER USER {}@'%' ACCOUNT LOCK", locked.name)).await;
        }
        let look = place.source().look(&chief).await.unwrap();
        assert!(look.superuser && look.remarks.contains(&Remark::Superuser), "{look:?}");
        // PostgreSQL lets nobody but a superuser change one.
        assert_eq!(look.may_change, !place.is_postgres());
        assert_eq!(place.source().change(&chief, &value("new")).await.is_ok(), look.may_change);
        let look = place.source().look(&locked).await.unwrap();
        assert!(look.remarks.contains(&Remark::Locked), "{look:?}");
        assert_eq!(look.remarks.contains(&Remark::Expired), place.is_postgres());
    }
}

#[tokio::test]
async fn a_user_of_mariadb_that_signs_in_by_other_means_is_left_as_it_is() {
    let Some(place) = Place::mysql().await else { return };
    let (socket, both) = (fresh("socket"), fresh("both"));
    place.does(&format!("CREATE USER {socket}@'%' IDENTIFIED VIA unix_socket")).await;
    let hash = "mysql_native_password USING PASSWORD('old')";
    place.does(&format!("CREATE USER {both}@'%' IDENTIFIED VIA {hash} OR unix_socket")).await;
    for name in [socket, both] {
        let look = place.source().look(&account(&name)).await.unwrap();
        assert_eq!(look.remarks, [Remark::OtherMeans], "{name}");
        let error = place.source().change(&account(&name), &value("new")).await.unwrap_err();
        assert!(error.to_string().contains("other means"), "{error}");
    }
}

#[tokio::test]
async fn a_name_that_postgres_cannot_hear_in_a_sign_in_is_pointed_out() {
    let Some(place) = Place::postgres().await else { return };
    let user = place.add(&format!("{},x", fresh("a")), "old").await;
    let look = place.source().look(&user).await.unwrap();
    assert!(matches!(look.remarks[..], [Remark::Unprovable(_)]), "{look:?}");
}
