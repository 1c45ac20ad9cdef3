//! GET /secrets/{id}/versions, newest first, each with what may be done with it.
use super::head::head;
use super::show::version_row;
use crate::domain::enums::VersionState;
use crate::environments::{Act, Verdict};
use crate::kit::page::PageInput;
use crate::rotations;
use crate::secrets::{self, Found, Version};
use crate::web::extract::{CurrentUser, Id, ValidQuery};
use crate::web::forms::part_or_page;
use crate::web::page::Answer;
use crate::web::views::parts::Pager;
use crate::web::views::secrets::VersionRow;
use crate::web::views::versions::{VersionLine, VersionsPage};

pub async fn index(user: CurrentUser, Id(id): Id, ValidQuery(query): ValidQuery<PageInput>) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    let page = secrets::history(&user.app, id, &query.cursor(), query.limit()).await?;
    let rotations = rotations::of_secret(&user.app, id, 200).await?;
    let now = user.app.now();
    let view = VersionsPage {
        shell: user.shell("secrets", format!("Versions of {}", found.secret.name)).await?,
        secret: head(&user, &found, "versions").await?,
        pager: Pager::of(&format!("/secrets/{id}/versions"), &query, &page),
        lines: page.items.iter().map(|v| line(&user, &found, v, version_row(v, &rotations, now))).collect(),
    };
    part_or_page(&user, &view, &view.as_results())
}

fn line(user: &CurrentUser, found: &Found, version: &Version, v: VersionRow) -> VersionLine {
    let level = found.secret.secrecy_level;
    let may = |act| found.place.may(&user.actor, act, level) == Verdict::Yes;
    let is_current = version.number == found.secret.current_version;
    let is_there = version.state != VersionState::Destroyed;
    VersionLine {
        v,
        may_compare: !is_current && is_there,
        may_reveal: is_there && may(Act::Reveal),
        may_restore: is_there
            && !is_current
            && found.secret.is_active
            && found.demand_way(&user.actor).is_ok(),
        may_destroy: is_there && !is_current && may(Act::Destroy),
    }
}
