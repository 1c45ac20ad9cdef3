//! GET /secrets/{id}/versions/compare: two versions side by side, by digest, length, author, reason and time. No value.
use super::head::head;
use super::show::version_row;
use crate::domain::enums::VersionState;
use crate::rotations;
use crate::secrets::{self, Comparison, Likeness, Version};
use crate::web::extract::{CurrentUser, Id, ValidQuery};
use crate::web::forms::part_or_page;
use crate::web::page::Answer;
use crate::web::views::parts::Badge;
use crate::web::views::versions::ComparePage;
use crate::web::when::span;
use serde::Deserialize;
use std::cmp::Ordering;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Pair {
    left: String,
    right: String,
}

pub async fn show(user: CurrentUser, Id(id): Id, ValidQuery(pair): ValidQuery<Pair>) -> Answer {
    let (left, right) = (pair.left.parse().ok(), pair.right.parse().ok());
    let compared = secrets::compare(&user.app, &user.actor, id, left, right).await?;
    let Comparison { found, left, right, likeness } = &compared;
    let rotations = rotations::of_secret(&user.app, id, 200).await?;
    let now = user.app.now();
    let view = ComparePage {
        shell: user.shell("secrets", format!("Versions of {}", found.secret.name)).await?,
        secret: head(&user, found, "versions").await?,
        left: left.number,
        right: right.number,
        verdict: verdict(*likeness, left.number == right.number),
        note: note(left, right),
        pair: [left, right].map(|v| version_row(v, &rotations, now)).into(),
        restore: restorable(&user, &compared),
    };
    part_or_page(&user, &view, &view.as_results())
}

fn verdict(likeness: Likeness, is_one: bool) -> Badge {
    match likeness {
        _ if is_one => Badge::of("previous").saying("One and the same version"),
        Likeness::Equal => Badge::of("equal").saying("The two values are equal"),
        Likeness::Differs => Badge::of("differs").saying("The two values differ"),
        Likeness::Unknown => {
            Badge::of("destroyed").saying("Not comparable: a destroyed version has no digest")
        }
    }
}

/// Of the second beside the first: "12 bytes longer, made 3 d later".
fn note(left: &Version, right: &Version) -> String {
    if left.number == right.number {
        return String::new();
    }
    let bytes = |n: i64| if n == 1 { "1 byte".to_owned() } else { format!("{n} bytes") };
    let length = match right.length.cmp(&left.length) {
        Ordering::Equal => "the same length".to_owned(),
        Ordering::Greater => format!("{} longer", bytes(right.length - left.length)),
        Ordering::Less => format!("{} shorter", bytes(left.length - right.length)),
    };
    let gap = right.created_at.since(left.created_at);
    let gone = span(gap.abs()).unwrap_or_else(|| format!("{} d", gap.whole_days().abs()));
    let time = match (gone.as_str(), gap.is_negative()) {
        ("now", _) => "made in the same minute".to_owned(),
        (gone, true) => format!("made {gone} earlier"),
        (gone, false) => format!("made {gone} later"),
    };
    format!("Version {} is {length}, {time}.", right.number)
}

/// The former one of the two, if it could be put in the place of the current one.
fn restorable(user: &CurrentUser, compared: &Comparison) -> Option<i64> {
    let Comparison { found, left, right, likeness } = compared;
    let secret = &found.secret;
    let may = secret.is_active && *likeness == Likeness::Differs && found.demand_way(&user.actor).is_ok();
    let is_current = |v: &Version| v.state == VersionState::Current;
    match (may, is_current(left), is_current(right)) {
        (true, false, true) => Some(left.number),
        (true, true, false) => Some(right.number),
        _ => None,
    }
}
