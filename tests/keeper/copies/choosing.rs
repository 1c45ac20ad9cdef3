//! What a person decides about a copy, on real OpenBao and moto: what is not Keeper's, what was changed or deleted there, and whether
//! the secret is kept there at all.
use super::{engine, push_all, wired};
use crate::support::{House, three};
use keeper::domain::actor::Actor;
use keeper::domain::enums::{Backend, RotationStatus, SyncStatus};
use keeper::domain::error::{Error, Result};
use keeper::remote::{Mark, Store};
use keeper::rotations::{self, Accept};
use keeper::secrets::{self, Copy};
use keeper::sync::{Choice, Stores, choose};
use keeper::verify::{self, Finding, Verification};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// AWS knows a version by its number: each that somebody puts there is another.
static LAST: AtomicI64 = AtomicI64::new(1000);

pub struct Scene {
    pub house: House,
    pub stores: Stores,
    pub environment: i64,
    pub id: i64,
}

impl Scene {
    /// A secret with a copy in each backend, not pushed yet; `None` where they are not there.
    pub async fn new(house: House, name: &str) -> Option<Self> {
        let environment = wired(&house, &format!("{name}-{}", engine(&house)), None).await?;
        let id = house.add_secret(environment, "db", "ours").await;
        Some(Self { stores: Stores::default(), environment, id, house })
    }

    pub async fn store(&self, backend: Backend) -> Arc<Store> {
        let environment = self.house.environment(self.environment).await;
        self.stores.of(&self.house.app, &environment, backend).await.unwrap().unwrap()
    }

    pub async fn path(&self, backend: Backend) -> String {
        self.copy(backend).await.remote_path
    }

    pub async fn copy(&self, backend: Backend) -> Copy {
        let copies = secrets::every_copy(&self.house.app, self.id).await.unwrap();
        copies.into_iter().find(|copy| copy.backend == backend).unwrap()
    }

    /// Somebody puts a value there: as the copy of another secret, or as one who keeps the mark.
    pub async fn put(&self, backend: Backend, value: &str, is_ours: bool) {
        let uid = if is_ours { self.house.secret(self.id).await.uid } else { "another-keeper".to_owned() };
        let mark = Mark { uid, version: LAST.fetch_add(1, Ordering::Relaxed) };
        self.store(backend)
            .await
            .push(&self.path(backend).await, &value.to_owned().into(), &mark)
            .await
            .unwrap();
    }

    pub async fn there(&self, backend: Backend) -> Option<String> {
        let there = self.store(backend).await.read(&self.path(backend).await).await.unwrap()?;
        Some(String::from_utf8(there.value.expose().to_vec()).unwrap())
    }

    pub async fn push(&self) {
        push_all(&self.house, &self.stores).await;
    }

    pub async fn status(&self, backend: Backend) -> SyncStatus {
        self.house.secret(self.id).await.status_of(backend)
    }

    /// Compares, and gives what was found in this backend.
    pub async fn compared(&self, backend: Backend) -> Verification {
        verify::verify(&self.house.app, &self.stores, &self.house.operator(), self.id).await.unwrap();
        let found = verify::last(&self.house.app, self.id).await.unwrap();
        found.into_iter().find(|one| one.place == verify::Spot::of(backend)).unwrap()
    }

    pub async fn choose_as(
        &self,
        actor: &Actor,
        backend: Backend,
        choice: &Choice,
        reason: &str,
    ) -> Result<()> {
        let row_version = self.house.secret(self.id).await.row_version;
        choose(&self.house.app, actor, (self.id, backend), choice, (reason, row_version)).await
    }

    pub async fn choose(&self, backend: Backend, choice: Choice) {
        self.choose_as(&self.house.operator(), backend, &choice, "a test").await.unwrap();
        rotations::settle(&self.house.app, self.id).await.unwrap();
        self.push().await;
    }

    async fn accept(&self, backend: Backend, there: &str) -> Result<i64> {
        let row_version = self.house.secret(self.id).await.row_version;
        let wish = Accept { backend, there, reason: "a test", breaks_glass: false, row_version };
        rotations::accept(&self.house.app, &self.stores, &self.house.operator(), self.id, &wish).await
    }
}

pub fn refused<T>(answer: Result<T>) -> String {
    match answer.err().expect("a refusal") {
        Error::Conflict(why) | Error::Forbidden(why) => why,
        other => panic!("not a refusal in words: {other:?}"),
    }
}

three! {
    // S01 S02: a secret that is not Keeper's is left alone until somebody decides; then it makes way only as it was seen.
    async fn what_is_not_keepers_makes_way_by_a_decision_alone(house: House) {
        let Some(scene) = Scene::new(house, "foreign").await else { return };
        for backend in [Backend::Aws, Backend::Vault] {
            scene.put(backend, "theirs", false).await;
        }
        scene.push().await;
        for backend in [Backend::Aws, Backend::Vault] {
            assert_eq!((scene.status(backend).await, scene.there(backend).await.as_deref()), (SyncStatus::Failed, Some("theirs")));
            let seen = scene.compared(backend).await;
            assert_eq!((seen.outcome, seen.digest()), (Finding::Foreign, Some(scene.house.app.keys().unwrap().digest(&"theirs".to_owned().into()))));
            let there = seen.remote_version.unwrap();
            scene.put(backend, "theirs, and newer", false).await;
            scene.choose(backend, Choice::Replace { there: there.clone() }).await;
            assert_eq!((scene.status(backend).await, scene.there(backend).await.as_deref()), (SyncStatus::Failed, Some("theirs, and newer")));
            assert!(scene.copy(backend).await.last_error.unwrap().contains("not what was there when it was decided"));
            let there = scene.compared(backend).await.remote_version.unwrap();
            scene.choose(backend, Choice::Replace { there }).await;
            assert_eq!((scene.status(backend).await, scene.there(backend).await.as_deref()), (SyncStatus::Synced, Some("ours")));
            assert_eq!(scene.compared(backend).await.outcome, Finding::Equal);
        }
    }
}

three! {
    // A value that somebody put in the copy's place becomes a new version, by a decision and as it was seen; the other copy gets it too.
    async fn a_value_from_a_copys_place_is_accepted(house: House) {
        let Some(scene) = Scene::new(house, "accept").await else { return };
        scene.push().await;
        scene.put(Backend::Vault, "changed there", true).await;
        let seen = scene.compared(Backend::Vault).await;
        assert_eq!((seen.outcome, scene.status(Backend::Vault).await), (Finding::Differs, SyncStatus::OutOfSync));
        assert!(refused(scene.accept(Backend::Vault, "77").await).contains("has changed since you saw it"));
        let rotation = scene.accept(Backend::Vault, &seen.remote_version.unwrap()).await.unwrap();
        scene.push().await;
        let rotation = rotations::find(&scene.house.app, &scene.house.operator(), rotation).await.unwrap();
        assert_eq!((rotation.status, rotation.mode.as_str()), (RotationStatus::Succeeded, "imported"));
        let secret = scene.house.secret(scene.id).await;
        let value = secrets::open_version(&scene.house.app, &secret, 2).await.unwrap();
        assert_eq!((value.expose(), secret.current_version, secret.sync_status()), (&b"changed there"[..], 2, SyncStatus::Synced));
        assert_eq!(scene.there(Backend::Aws).await.as_deref(), Some("changed there"));
        assert_eq!(scene.copy(Backend::Vault).await.remote_version.as_deref(), Some("2"), "what is equal is not written again");
    }
}

three! {
    // The same of a secret that is not Keeper's: it is adopted with its value, and is the copy from then on.
    async fn a_secret_that_is_not_keepers_is_adopted_with_its_value(house: House) {
        let Some(scene) = Scene::new(house, "adopted").await else { return };
        scene.put(Backend::Aws, "theirs", false).await;
        scene.push().await;
        let seen = scene.compared(Backend::Aws).await;
        scene.accept(Backend::Aws, &seen.remote_version.unwrap()).await.unwrap();
        scene.push().await;
        assert_eq!((scene.status(Backend::Aws).await, scene.there(Backend::Vault).await.as_deref()), (SyncStatus::Synced, Some("theirs")));
        scene.house.rotate(&scene.house.operator(), scene.id, "third").await.unwrap();
        scene.push().await;
        assert_eq!(scene.there(Backend::Aws).await.as_deref(), Some("third"), "it is ours now");
    }
}

three! {
    // S30: a secret that is kept out of a backend is forgotten there and pushed to the other alone; kept there again, its copy comes back.
    async fn a_secret_is_kept_out_of_a_backend_and_comes_back(house: House) {
        let Some(scene) = Scene::new(house, "unlinked").await else { return };
        scene.push().await;
        scene.choose(Backend::Vault, Choice::Unlink).await;
        let secret = scene.house.secret(scene.id).await;
        assert_eq!((secret.vault_sync_status, secret.vault_path.clone(), secret.sync_status()), (SyncStatus::NotConfigured, None, SyncStatus::Synced));
        let rotation = scene.house.rotate(&scene.house.operator(), scene.id, "second").await.unwrap();
        scene.push().await;
        assert_eq!(rotations::find(&scene.house.app, &scene.house.operator(), rotation).await.unwrap().status, RotationStatus::Succeeded);
        assert_eq!((scene.there(Backend::Aws).await.as_deref(), scene.there(Backend::Vault).await.as_deref()), (Some("second"), Some("ours")));
        scene.choose(Backend::Vault, Choice::Link).await;
        assert_eq!((scene.status(Backend::Vault).await, scene.there(Backend::Vault).await.as_deref()), (SyncStatus::Synced, Some("second")));
    }
}

three! {
    // S01 S02: a copy is removed within the backend's own window and never for good; it is put back by a decision alone; and nothing that
    // is not Keeper's is removed.
    async fn a_copy_is_removed_so_that_it_can_be_had_back(house: House) {
        let Some(scene) = Scene::new(house, "removed").await else { return };
        scene.push().await;
        for backend in [Backend::Aws, Backend::Vault] {
            scene.choose(backend, Choice::Remove).await;
            assert_eq!((scene.there(backend).await, scene.status(backend).await), (None, SyncStatus::NotConfigured));
        }
        assert_eq!(scene.house.secret(scene.id).await.aws_secret_arn, None);
        scene.choose(Backend::Aws, Choice::Link).await;
        assert_eq!(scene.status(Backend::Aws).await, SyncStatus::Failed);
        assert!(scene.copy(Backend::Aws).await.last_error.unwrap().contains("scheduled for deletion in AWS"));
        assert_eq!(scene.compared(Backend::Aws).await.outcome, Finding::Missing);
        scene.choose(Backend::Aws, Choice::PutBack).await;
        scene.choose(Backend::Vault, Choice::Link).await;
        for backend in [Backend::Aws, Backend::Vault] {
            assert_eq!((scene.status(backend).await, scene.there(backend).await.as_deref()), (SyncStatus::Synced, Some("ours")));
        }
        let theirs = Mark { uid: "another-keeper".to_owned(), version: 1 };
        scene.store(Backend::Vault).await.adopt(&scene.path(Backend::Vault).await, &theirs).await.unwrap();
        scene.choose(Backend::Vault, Choice::Remove).await;
        assert_eq!(scene.there(Backend::Vault).await.as_deref(), Some("ours"));
        assert!(scene.copy(Backend::Vault).await.last_error.unwrap().contains("not Keeper's"));
    }
}

three! {
    // A rotation that waits for a backend which never answers ends when the secret is kept out of it.
    async fn a_rotation_waits_for_no_copy_that_is_none(house: House) {
        let Some(environment) = wired(&house, &format!("away-{}", engine(&house)), Some("http://127.0.0.1:9")).await else { return };
        let id = house.add_secret(environment, "db", "first").await;
        let scene = Scene { stores: Stores::default(), environment, id, house };
        let rotation = scene.house.rotate(&scene.house.operator(), id, "second").await.unwrap();
        scene.push().await;
        let status = async || rotations::find(&scene.house.app, &scene.house.operator(), rotation).await.unwrap().status;
        assert_eq!(status().await, RotationStatus::Running);
        scene.choose(Backend::Vault, Choice::Unlink).await;
        assert_eq!(status().await, RotationStatus::Succeeded);
    }
}

three! {
    // Who may decide, with what, and on which page: nothing is stored otherwise.
    async fn a_decision_is_a_managers_with_a_reason_on_what_is_stored_now(house: House) {
        let Some(scene) = Scene::new(house, "rights").await else { return };
        let house = &scene.house;
        for role in ["user", "manager"] {
            house.add_user(role, role).await;
        }
        let (user, manager) = (house.person("user").await, house.person("manager").await);
        scene.push().await;
        assert!(refused(scene.choose_as(&user, Backend::Vault, &Choice::Unlink, "a test").await).contains("manager"));
        assert!(matches!(scene.choose_as(&manager, Backend::Vault, &Choice::Unlink, " ").await, Err(Error::Invalid(_))));
        let late = choose(&house.app, &manager, (scene.id, Backend::Vault), &Choice::Unlink, ("a test", 9)).await;
        assert!(matches!(late, Err(Error::Conflict(_))));
        assert!(refused(scene.choose_as(&manager, Backend::Vault, &Choice::Link, "a test").await).contains("already"));
        let Actor::Person(mut aged) = manager.clone() else { unreachable!() };
        aged.proved_at = house.app.now().minus(time::Duration::minutes(26));
        assert!(matches!(scene.choose_as(&Actor::Person(aged), Backend::Vault, &Choice::Remove, "a test").await, Err(Error::ProofNeeded)));
        for there in [String::new(), "x".repeat(129), "put back".to_owned()] {
            let odd = Choice::Replace { there };
            assert!(refused(scene.choose_as(&manager, Backend::Vault, &odd, "a test").await).contains("no such version"));
        }
        assert_eq!(scene.status(Backend::Vault).await, SyncStatus::Synced);
        scene.choose_as(&manager, Backend::Vault, &Choice::Unlink, "a test").await.unwrap();
        assert!(refused(scene.choose_as(&manager, Backend::Vault, &Choice::Remove, "a test").await).contains("kept out of this backend"));
    }
}
