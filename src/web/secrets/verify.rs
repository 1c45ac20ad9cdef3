//! POST /secrets/{id}/verify: is the value where it has to be? And what the last verification found, on the secret's pages.
use crate::domain::error::{Error, Result};
use crate::environments::Act;
use crate::secrets::{Copy, Found, Version};
use crate::sync::Stores;
use crate::verify::{self, Finding, Spot, Verification};
use crate::web::extract::{CurrentUser, Id};
use crate::web::page::{Answer, see_other_saying};
use crate::web::views::parts::{Badge, Link, When};
use crate::web::views::secrets::{Verified, VerifiedRow};
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct VerifyForm {
    /// `copies`: the page that it was asked on; else the secret's own.
    from: String,
}

pub async fn verify(user: CurrentUser, Id(id): Id, Posted(form): Posted<VerifyForm>) -> Answer {
    let (home, word) = match form.from.as_str() {
        "" => (format!("/secrets/{id}"), "verified"),
        "copies" => (format!("/secrets/{id}/copies"), "compared"),
        _ => return Err(Error::invalid("from", "must be copies, or nothing").into()),
    };
    verify::verify(&user.app, &Stores::default(), &user.actor, id).await?;
    see_other_saying(&home, word)
}

/// `None`: Keeper is the only place that has it.
pub async fn verified(
    user: &CurrentUser,
    found: &Found,
    current: &Version,
    copies: &[Copy],
) -> Result<Option<Verified>> {
    let id = found.secret.id;
    if !verify::has_places(&user.app, id).await? {
        return Ok(None);
    }
    let may_rotate = found.demand(&user.actor, Act::Rotate).is_ok() && found.secret.is_active;
    let last = verify::last(&user.app, id).await?;
    let rows = last.iter().filter(|one| is_of_now(one, current, copies));
    Ok(Some(Verified {
        rows: rows
            .map(|one| VerifiedRow {
                place: one.place.title(),
                finding: Badge::of(one.outcome.as_str()),
                when: When::relative(one.checked_at, user.app.now()),
                detail: one.detail.clone(),
                remedy: remedy(one).to_owned(),
                link: match one.outcome {
                    Finding::Refused if may_rotate => {
                        Some(Link { href: format!("/secrets/{id}/rotate"), label: "Rotate…".into() })
                    }
                    Finding::Foreign | Finding::Differs => {
                        Some(Link { href: format!("/secrets/{id}/copies"), label: "Side by side".into() })
                    }
                    _ => None,
                },
                pushes: matches!(one.outcome, Finding::Differs | Finding::Missing),
            })
            .collect(),
        may_verify: may_rotate,
    }))
}

/// A newer value, or a later push, has made the others say nothing any more.
pub fn is_of_now(one: &Verification, current: &Version, copies: &[Copy]) -> bool {
    let pushed = copies.iter().filter(|copy| Spot::of(copy.backend) == one.place);
    one.checked_at >= current.created_at
        && pushed.filter_map(|copy| copy.last_success_at).all(|at| at <= one.checked_at)
}

pub fn remedy(one: &Verification) -> &'static str {
    match one.outcome {
        Finding::Equal => "",
        Finding::Refused => {
            "Somebody changed the password there. Rotate to give it a new one, or put the former one back."
        }
        Finding::Differs => "Somebody changed the copy. Push again to put Keeper’s value there.",
        Finding::Missing => "Somebody removed the copy. Push again to put Keeper’s value there.",
        Finding::Foreign => "Keeper leaves it alone until somebody decides what becomes of it.",
        Finding::Unknown => "Verify again when it can be reached.",
    }
}
