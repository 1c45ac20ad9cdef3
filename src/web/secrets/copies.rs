//! GET /secrets/{id}/copies: Keeper's value and each copy side by side, by digest and version, and how each fares.
use super::head::{head, may_push};
use super::show::digest;
use super::verify::{is_of_now, remedy};
use crate::domain::enums::{Backend, Role, SyncStatus};
use crate::domain::error::Result;
use crate::environments::{Act, Environment};
use crate::kit::clock::Utc;
use crate::secrets::{self, Copy, Found, Secret, Version};
use crate::verify::{self, Spot, Verification};
use crate::web::extract::{CurrentUser, Id};
use crate::web::page::{Answer, html};
use crate::web::views::copies::{CopiesPage, CopyCard, Found as FoundThere, Side};
use crate::web::views::parts::{Badge, Digest, When};
use crate::web::views::words::sentence;

pub async fn index(user: CurrentUser, Id(id): Id) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    html(&page(&user, &found).await?)
}

async fn page(user: &CurrentUser, found: &Found) -> Result<CopiesPage> {
    let (secret, now) = (&found.secret, user.app.now());
    let known = Known::of(user, secret).await?;
    let places: Vec<Place<'_>> =
        found.place.environment.backends().map(|backend| known.place(secret, backend)).collect();
    let is_equal = secret.sync_status() == SyncStatus::Synced
        && places.iter().filter(|place| place.is_linked).all(Place::is_equal);
    Ok(CopiesPage {
        shell: user.shell("secrets", format!("Copies of {}", secret.name)).await?,
        secret: head(user, found, "copies").await?,
        verdict: match secret.sync_status() {
            SyncStatus::Synced if is_equal => Badge::of("equal").saying("All digests are equal"),
            other => Badge::of(other.as_str()),
        },
        sides: std::iter::once(keeper(&known.current, now))
            .chain(places.iter().map(|place| place.side(now)))
            .collect(),
        may_verify: found.demand(&user.actor, Act::Rotate).is_ok()
            && secret.is_active
            && !known.copies.is_empty(),
        may_push: may_push(user, found),
        may_choose: user.current.user.role >= Role::Manager && found.demand(&user.actor, Act::Change).is_ok(),
        cards: places.iter().map(|place| place.card(&found.place.environment, now)).collect(),
    })
}

/// Keeper's value and one backend's, for a decision about it.
pub struct Beside {
    pub sides: Vec<Side>,
    pub path: String,
    /// Where one was left when it moved.
    pub left: Option<String>,
    pub seen: Option<Verification>,
}

pub async fn beside(user: &CurrentUser, found: &Found, backend: Backend) -> Result<Beside> {
    let (secret, now) = (&found.secret, user.app.now());
    let known = Known::of(user, secret).await?;
    let place = known.place(secret, backend);
    Ok(Beside {
        sides: vec![keeper(&known.current, now), place.side(now)],
        path: place.copy.map(|copy| copy.remote_path.clone()).unwrap_or_default(),
        left: place.copy.and_then(|copy| copy.left_at.clone()),
        seen: place.seen.cloned(),
    })
}

fn keeper(current: &Version, now: Utc) -> Side {
    Side {
        place: "Keeper",
        version: format!("version {}", current.number),
        digest: Some(digest(current)),
        since: Some(When::relative(current.created_at, now)),
        state: Badge::of("current").saying("The truth"),
    }
}

/// One backend of one secret, from what is stored.
struct Place<'a> {
    secret: &'a Secret,
    backend: Backend,
    is_linked: bool,
    current: &'a Version,
    copy: Option<&'a Copy>,
    /// What the last comparison found, if it still says something.
    seen: Option<&'a Verification>,
}

/// What is stored of one secret's copies.
struct Known {
    current: Version,
    copies: Vec<Copy>,
    last: Vec<Verification>,
}

impl Known {
    async fn of(user: &CurrentUser, secret: &Secret) -> Result<Self> {
        Ok(Self {
            current: secrets::version(&user.app, secret.id, secret.current_version).await?,
            copies: secrets::every_copy(&user.app, secret.id).await?,
            last: verify::last(&user.app, secret.id).await?,
        })
    }

    fn place<'a>(&'a self, secret: &'a Secret, backend: Backend) -> Place<'a> {
        let is_linked = !secret.unlinked().contains(&backend);
        let seen = self.last.iter().find(|one| one.place == Spot::of(backend));
        Place {
            secret,
            backend,
            is_linked,
            current: &self.current,
            copy: self.copies.iter().find(|copy| copy.backend == backend),
            seen: seen.filter(|one| is_linked && is_of_now(one, &self.current, &self.copies)),
        }
    }
}

impl Place<'_> {
    /// As it was last read, by a push or by a comparison.
    fn digest(&self) -> Option<Digest> {
        let there = match self.seen {
            Some(seen) if seen.remote_version.is_some() => seen.digest(),
            _ => self.copy.and_then(Copy::digest),
        };
        there.map(|there| Digest { differs: Some(there) != self.current.digest(), ..there.into() })
    }

    fn is_equal(&self) -> bool {
        self.digest().is_some_and(|digest| !digest.differs)
    }

    fn version(&self) -> Option<String> {
        let seen = self.seen.and_then(|seen| seen.remote_version.clone());
        seen.or_else(|| self.copy.and_then(|copy| copy.remote_version.clone())).map(|version| {
            match self.backend {
                Backend::Vault => format!("version {version}"),
                Backend::Aws => version,
            }
        })
    }

    fn state(&self) -> Badge {
        if self.is_linked {
            Badge::of(self.secret.status_of(self.backend).as_str())
        } else {
            Badge::of("not_configured").saying("Left alone")
        }
    }

    fn side(&self, now: Utc) -> Side {
        let since = self.seen.map(|seen| seen.checked_at).or(self.copy.and_then(|copy| copy.last_success_at));
        Side {
            place: self.backend.title(),
            version: self.version().unwrap_or_default(),
            digest: self.digest(),
            since: since.map(|at| When::relative(at, now)),
            state: self.state(),
        }
    }

    fn card(&self, environment: &Environment, now: Utc) -> CopyCard {
        let path = environment.path(self.backend, &self.secret.service_name, &self.secret.name);
        let when = |at: Option<Utc>| at.map(|at| When::relative(at, now));
        let copy = self.copy;
        let id = match self.backend {
            Backend::Aws => self.secret.aws_secret_arn.clone(),
            Backend::Vault => self.secret.vault_path.clone(),
        };
        CopyCard {
            key: self.backend.as_str(),
            place: self.backend.title(),
            is_linked: self.is_linked,
            state: self.state(),
            path: copy.map(|copy| copy.remote_path.clone()).unwrap_or_default(),
            moves_to: copy.filter(|copy| self.is_linked && copy.remote_path != path).map(|_| path),
            left: copy.and_then(|copy| copy.left_at.clone()),
            id: id.unwrap_or_default(),
            holds: copy.and_then(|copy| copy.version_number),
            pushed: when(copy.and_then(|copy| copy.last_success_at)),
            attempts: copy.map_or(0, |copy| copy.attempts),
            next_try: when(copy.and_then(|copy| copy.next_try_at).filter(|at| *at > now)),
            problem: copy.and_then(|copy| copy.last_error.as_deref()).map(sentence).unwrap_or_default(),
            found: self.seen.map(|seen| FoundThere {
                badge: Badge::of(seen.outcome.as_str()),
                when: When::relative(seen.checked_at, now),
                detail: seen.detail.clone(),
                remedy: remedy(seen).to_owned(),
            }),
        }
    }
}
