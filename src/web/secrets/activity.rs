//! GET /secrets/{id}/activity: its audit events, for managers.
use super::head::head;
use crate::audit::{self, Filter};
use crate::kit::page::PageInput;
use crate::secrets;
use crate::web::audit::days;
use crate::web::extract::{Id, RequireManager, ValidQuery};
use crate::web::forms::part_or_page;
use crate::web::page::Answer;
use crate::web::views::parts::Pager;
use crate::web::views::secrets::ActivityPage;

pub async fn index(
    RequireManager(user): RequireManager,
    Id(id): Id,
    ValidQuery(query): ValidQuery<PageInput>,
) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    let filter =
        Filter { secret_id: Some(id), cursor: query.cursor(), limit: query.limit(), ..Filter::default() };
    let page = audit::list(&user.app, &filter).await?;
    let view = ActivityPage {
        shell: user.shell("secrets", format!("Activity of {}", found.secret.name)).await?,
        secret: head(&user, &found, "activity").await?,
        pager: Pager {
            note: format!("{} events on this page", page.items.len()),
            ..Pager::of(&format!("/secrets/{id}/activity"), &query, &page)
        },
        days: days(&page.items, std::slice::from_ref(&found.place)),
    };
    part_or_page(&user, &view, &view.as_results())
}
