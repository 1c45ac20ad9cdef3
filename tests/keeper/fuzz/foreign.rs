//! What no form holds, sent along with one: columns of rows, rights, states. Nothing of it is set.
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::{people, secrets};

/// Names that an attacker would try, with contents that would show.
const FOREIGN: [(&str, &str); 20] = [
    ("id", "77"),
    ("uid", "00000000000000000000000000000077"),
    ("creator_id", "1"),
    ("created_at", "2001-01-01T00:00:00Z"),
    ("updated_at", "2001-01-01T00:00:00Z"),
    ("last_rotated_at", "2001-01-01T00:00:00Z"),
    ("next_rotation_at", "2001-01-01T00:00:00Z"),
    ("current_version", "77"),
    ("aws_sync_status", "synced"),
    ("vault_sync_status", "synced"),
    ("aws_secret_arn", "arn:of:somebody"),
    ("vault_path", "of/somebody"),
    ("is_active", "false"),
    ("deactivated_at", "2001-01-01T00:00:00Z"),
    ("role", "admin"),
    ("user_id", "1"),
    ("username", "owner"),
    ("auth_epoch", "77"),
    ("password_hash", "x"),
    ("proved_at", "2999-01-01T00:00:00Z"),
];

three! {
    // S34 S79: what a client may not set is not in the form's type: sending it along changes nothing and breaks nothing.
    async fn nothing_is_set_that_a_form_does_not_hold(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("owner", "admin").await;
        let max_id = house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let other = house.add_environment("other", "development", "open", &[]).await;
        let max = site.signed_in("max", PASSWORD).await;
        let (dev_text, other_text) = (dev.to_string(), other.to_string());
        let typed = [("display_name", "Typed"), ("secret_type", "token"), ("secrecy_level", "internal"), ("reason", "because")];
        let create = [&typed[..], &[("environment_id", &*dev_text), ("name", "db"), ("value", "v")], &FOREIGN].concat();
        let id = max.post("/secrets", &create).await.new_id();
        let made = house.secret(id).await;
        assert_eq!((made.creator_id, made.current_version, made.is_active), (Some(max_id), 1, true));
        assert!(made.aws_secret_arn.is_none() && made.vault_path.is_none() && made.last_rotated_at.is_none() && made.deactivated_at.is_none());
        assert_eq!((made.aws_sync_status.as_str(), made.vault_sync_status.as_str()), ("not_configured", "not_configured"));
        assert_eq!(made.created_at, house.app.now());
        // A value and another environment are no part of the form that changes the rest.
        let edit = [&typed[..], &[("row_version", "1"), ("environment_id", &*other_text), ("name", "moved"), ("value", "stolen")], &FOREIGN].concat();
        assert_eq!(max.post(&format!("/secrets/{id}/edit"), &edit).await.status, 303);
        let now = house.secret(id).await;
        let kept = secrets::Secret { display_name: "Typed".into(), row_version: 2, ..made };
        assert_eq!(format!("{now:?}"), format!("{kept:?}"));
        let shown = secrets::reveal(&house.app, &house.operator(), id, None, "").await.unwrap();
        assert_eq!((shown.number, shown.value.expose()), (1, b"v".as_slice()));
        let rotate = [&[("mode", "generated"), ("length", "16"), ("alphabet", "hex"), ("row_version", "2"), ("environment_id", &*other_text)][..], &FOREIGN].concat();
        assert_eq!(max.post(&format!("/secrets/{id}/rotate"), &rotate).await.status, 303);
        let now = house.secret(id).await;
        assert_eq!((now.id, now.environment_id, now.creator_id, now.current_version), (id, dev, Some(max_id), 2));
        for path in ["/theme", "/step-up", "/account/sessions/end-others"] {
            let fields = [&[("theme", "dark"), ("password", PASSWORD), ("next", "/")][..], &FOREIGN].concat();
            max.get("/account").await;
            assert_eq!(max.post(path, &fields).await.status, 303, "{path}");
        }
        let user = people::by_username(&mut house.app.db.read().await.unwrap(), "max").await.unwrap().unwrap();
        assert_eq!((user.id, user.role.as_str(), user.is_active), (max_id, "manager", true));
        assert_eq!(max.get("/users").await.status, 403);
    }
}
