//! GET /secrets/{id}/sync: what a push would write, backend by backend, asked there and then; with `for=rotation`, what a new value would.
//! POST: push the current version again.
use super::head::may_push;
use crate::domain::enums::Backend;
use crate::secrets;
use crate::sync::{self, Stores};
use crate::verify::{self, Finding, Looked};
use crate::web::extract::{CurrentUser, Id, RequireManager, ValidQuery};
use crate::web::forms::part_or_page;
use crate::web::page::{Answer, see_other_saying};
use crate::web::views::copies::{PushPage, WriteRow};
use crate::web::views::parts::Badge;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PushQuery {
    /// `rotation`: a new value will be pushed, else the current one.
    r#for: String,
}

pub async fn preview(user: CurrentUser, Id(id): Id, ValidQuery(query): ValidQuery<PushQuery>) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    let looked = verify::look(&user.app, &Stores::default(), &user.actor, id).await?;
    let is_new = query.r#for == "rotation";
    let page = PushPage {
        shell: user.shell("secrets", format!("What a push of {} writes", found.secret.name)).await?,
        id,
        name: found.secret.name.clone(),
        env: (&found.place.environment).into(),
        rows: looked.iter().map(|one| row(one, is_new)).collect(),
        may_push: may_push(&user, &found) && !is_new,
    };
    part_or_page(&user, &page, &page.as_writes())
}

pub async fn push(RequireManager(user): RequireManager, Id(id): Id) -> Answer {
    sync::request(&user.app, &user.actor, id).await?;
    see_other_saying(&format!("/secrets/{id}"), "queued")
}

fn row(one: &Looked, is_new: bool) -> WriteRow {
    let older = match one.backend {
        Backend::Aws => "AWS keeps what is there as its previous version",
        Backend::Vault => "Vault keeps what is there as an older version",
    };
    let said = |badge: &str, word: &str| Badge::of(badge).saying(word);
    let (badge, text) = match (one.finding, is_new) {
        // An earlier push of Keeper's that was the last to arrive.
        (Finding::Differs, _) if one.holds.is_some() => {
            let number = one.holds.unwrap_or_default();
            (said("changed", "Updated"), format!("It holds Keeper’s version {number}. {older}."))
        }
        (Finding::Equal, false) => {
            (Badge::of("same"), "Nothing is written: it holds this very value.".to_owned())
        }
        (Finding::Equal, true) => {
            (said("changed", "Updated"), format!("It holds the current value, as it should. {older}."))
        }
        (Finding::Differs, _) => {
            let text = format!("Somebody changed it there. Keeper’s value replaces theirs; {older}.");
            (Badge::of("conflict"), text)
        }
        (Finding::Missing, _) => (said("new", "Created"), "Nothing is there: the copy is made.".to_owned()),
        (Finding::Foreign, _) => {
            let text = format!("{} Nothing is written until somebody decides about it.", one.detail);
            (Badge::of("foreign"), text)
        }
        (Finding::Refused | Finding::Unknown, _) => (Badge::of("unknown"), one.detail.clone()),
    };
    WriteRow {
        place: one.backend.title(),
        path: one.path.clone(),
        badge,
        text,
        wants_decision: one.finding == Finding::Foreign
            || (one.finding == Finding::Differs && one.holds.is_none()),
    }
}
