//! GET /secrets/{id}: what it is, whether its copies are right, when it is due.
use super::head::{head, may_push};
use super::used::used;
use super::verify::verified;
use super::{policy, window};
use crate::domain::enums::{Backend, SyncStatus};
use crate::domain::error::Result;
use crate::environments::{Act, Verdict};
use crate::kit::clock::Utc;
use crate::kit::page::Cursor;
use crate::people;
use crate::rotations;
use crate::secrets::{self, Copy, Found, Secret, Version};
use crate::web::convert::{due_badge, expiry_badge, type_label};
use crate::web::extract::{CurrentUser, Id};
use crate::web::page::{Answer, html};
use crate::web::views::parts::{Badge, Digest, Form, Link, Note, When};
use crate::web::views::secrets::{
    Copies, CopyRow, Reveal, RotationFacts, SecretFacts, ShowPage, ValueView, VersionRow,
};
use crate::web::views::words::sentence;
use crate::web::when::date;

pub async fn show(user: CurrentUser, Id(id): Id) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    let secret = &found.secret;
    let current = secrets::version(&user.app, id, secret.current_version).await?;
    let copies = secrets::copies(&user.app, id).await?;
    let history = secrets::history(&user.app, id, &Cursor::First, 4).await?;
    let last = rotations::of_secret(&user.app, id, 20).await?;
    let now = user.app.now();
    let view = ShowPage {
        shell: user.shell("secrets", secret.name.clone()).await?,
        value: value(&user, &found, &current),
        form: Form::default(),
        copies: copies_view(&found, &current, &copies, now),
        may_push: may_push(&user, &found),
        verified: verified(&user, &found, &current, &copies).await?,
        versions: history.items.iter().map(|v| version_row(v, &last, now)).collect(),
        versions_total: secret.current_version,
        facts: facts(&user, secret, now).await?,
        rotation: rotation(secret, &last, now)?,
        used: used(&user, id).await?,
        notes: notes(&user, &found)?,
        secret: head(&user, &found, "overview").await?,
    };
    html(&view)
}

/// What keeps this secret still, and what to do about it.
fn notes(user: &CurrentUser, found: &Found) -> Result<Vec<Note>> {
    let (secret, place) = (&found.secret, &found.place);
    let note = |title: &str, text: &str, link| Note {
        tone: "warn",
        icon: "archive",
        title: title.to_owned(),
        text: text.to_owned(),
        link,
    };
    let environment = &place.environment;
    if !environment.is_active {
        let text = "Its secrets are read only: no change, no push, no rotation.";
        let link = Link { href: format!("/environments/{}", environment.id), label: "Environment".into() };
        return Ok(vec![note("The environment is switched off.", text, Some(link))]);
    }
    if !secret.is_active {
        let may = place.may(&user.actor, Act::Change, secret.secrecy_level) == Verdict::Yes;
        let href = format!("/secrets/{}/switch-on", secret.id);
        let link = may.then(|| Link { href, label: "Switch on again…".into() });
        let text = match secrets::purgeable_from(&user.app, secret) {
            Some(from) => format!(
                "It is hidden from lists, and neither pushed nor rotated. Nothing is removed by itself; an admin may purge it from {} on.",
                date(from)
            ),
            None => "It is hidden from lists, and neither pushed nor rotated.".to_owned(),
        };
        return Ok(vec![note("Switched off.", &text, link)]);
    }
    if secret.needs_rotation(user.app.now()) && rotations::is_by_hand(secret)? {
        let text = "Nobody but a person rotates this secret: it is not told to rotate by itself, or its values come from elsewhere.";
        let link = Link { href: format!("/secrets/{}/rotate", secret.id), label: "Rotate…".into() };
        let link = found.demand_way(&user.actor).is_ok().then_some(link);
        return Ok(vec![Note { icon: "clock-exclamation", ..note("Its rotation is due.", text, link) }]);
    }
    Ok(Vec::new())
}

pub fn size(bytes: i64) -> String {
    if bytes == 1 { "1 byte".to_owned() } else { format!("{bytes} bytes") }
}

pub fn digest(version: &Version) -> Digest {
    version.digest().map_or_else(|| Digest { hex: String::new(), differs: false }, Digest::from)
}

fn value(user: &CurrentUser, found: &Found, current: &Version) -> ValueView {
    let (secret, place) = (&found.secret, &found.place);
    let asks = place.asks(Act::Reveal, secret.secrecy_level);
    let reveal = match place.may(&user.actor, Act::Reveal, secret.secrecy_level) {
        Verdict::No(why) if found.demand(&user.actor, Act::RevealByGlass).is_ok() => {
            Reveal::Glass(format!("You may not reveal this: {why}."))
        }
        Verdict::No(why) => Reveal::Never(format!("You may not reveal this: {why}.")),
        Verdict::Yes if asks.proof => Reveal::Proof,
        Verdict::Yes if asks.reason => Reveal::Reason,
        Verdict::Yes => Reveal::Now,
    };
    ValueView {
        version: current.number,
        size: size(current.length),
        digest: digest(current),
        reveal,
        public_half: current.public_half.clone(),
    }
}

fn copies_view(found: &Found, current: &Version, copies: &[Copy], now: Utc) -> Copies {
    let secret = &found.secret;
    let keeper = CopyRow {
        is_keeper: true,
        place: "Keeper",
        path: String::new(),
        digest: Some(digest(current)),
        state: Badge::of("current"),
        detail: format!("version {}", current.number),
        problem: String::new(),
    };
    let rows = copies.iter().map(|copy| copy_row(secret, current, copy, now));
    let read_back = copies.iter().filter_map(|copy| copy.last_success_at).min();
    let verdict = match secret.sync_status() {
        SyncStatus::NotConfigured => Badge::of("not_configured").saying("No backend is configured"),
        // Said of what was read back, not of the status alone.
        SyncStatus::Synced if copies.iter().all(|copy| copy.digest() == current.digest()) => {
            Badge::of("equal").saying(format!("All {} digests are equal", copies.len() + 1))
        }
        other => Badge::of(other.as_str()),
    };
    Copies {
        verdict,
        read_back: read_back.map(|at| When::relative(at, now)),
        rows: std::iter::once(keeper).chain(rows).collect(),
    }
}

fn copy_row(secret: &Secret, current: &Version, copy: &Copy, now: Utc) -> CopyRow {
    let differs = copy.digest() != current.digest();
    let next = copy
        .next_try_at
        .filter(|at| *at > now)
        .map(|at| format!(" Next try {}.", When::relative(at, now).text))
        .unwrap_or_default();
    let problem = copy.last_error.as_ref().map(|error| format!("{}.{next}", sentence(error)));
    let detail = match &copy.remote_version {
        _ if problem.is_some() => String::new(),
        Some(version) if copy.backend == Backend::Vault => format!("version {version} there"),
        Some(version) => format!("version {}…", version.get(..8).unwrap_or(version)),
        None => String::new(),
    };
    CopyRow {
        is_keeper: false,
        place: copy.backend.title(),
        path: copy.remote_path.clone(),
        digest: copy.digest().map(|digest| Digest { differs, ..digest.into() }),
        state: Badge::of(secret.status_of(copy.backend).as_str()),
        detail,
        problem: problem.unwrap_or_default(),
    }
}

pub fn version_row(version: &Version, rotations: &[rotations::Rotation], now: Utc) -> VersionRow {
    VersionRow {
        number: version.number,
        state: Badge::of(version.state.as_str()),
        digest: version.digest().map(Digest::from),
        size: size(version.length),
        author: version.author_name.clone(),
        reason: version.reason.clone(),
        rotation: rotations.iter().find(|r| r.to_version == Some(version.number)).map(|r| r.id),
        when: When::relative(version.created_at, now),
    }
}

async fn facts(user: &CurrentUser, secret: &Secret, now: Utc) -> Result<SecretFacts> {
    let creator = match secret.creator_id {
        Some(id) => people::by_id(&mut user.app.db.read().await?, id).await?.map(|user| user.display_name),
        None => None,
    };
    Ok(SecretFacts {
        service: secret.service_name.clone(),
        type_label: type_label(secret.secret_type),
        expires: secret.expires_at.map(When::day),
        expires_badge: expiry_badge(secret, now),
        creator: creator.unwrap_or_else(|| "the operator".to_owned()),
        created: When::day(secret.created_at),
        tags: secret.tag_map().iter().map(|(key, value)| format!("{key}={value}")).collect(),
        description: secret.description.clone(),
    })
}

fn rotation(secret: &Secret, last: &[rotations::Rotation], now: Utc) -> Result<RotationFacts> {
    let every = match secret.rotation_interval_days {
        Some(1) => "day".to_owned(),
        Some(days) => format!("{days} days"),
        None => "not planned".to_owned(),
    };
    Ok(RotationFacts {
        every,
        made_of: policy::words_of(secret)?,
        last: secret.last_rotated_at.map(When::day),
        next: secret.next_rotation_at.map(When::day),
        next_badge: due_badge(secret, now).filter(|_| secret.needs_rotation(now)),
        window: window::facts(secret, now)?,
        by_itself: match (secret.auto_rotate, rotations::makes_alone(secret)?) {
            (false, _) => "no".to_owned(),
            (true, Some(_)) => "yes, when it is due".to_owned(),
            (true, None) => "a reminder: somebody else makes such values, or installs them".to_owned(),
        },
        last_attempt: last.first().map(|r| Link {
            href: format!("/rotations/{}", r.id),
            label: format!("Rotation {}: {}", r.id, r.status.label().to_lowercase()),
        }),
    })
}
