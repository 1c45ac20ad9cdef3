//! GET /secrets: the list of secrets. Filters and sort stay in the address (`query`).
use super::query::ListQuery;
use super::row::row;
use crate::secrets;
use crate::web::extract::{CurrentUser, ValidQuery};
use crate::web::forms::part_or_page;
use crate::web::page::Answer;
use crate::web::views::parts::Pager;
use crate::web::views::secrets::{IndexPage, SecretRow};

pub use super::filters::environments_choices;

pub async fn index(user: CurrentUser, ValidQuery(query): ValidQuery<ListQuery>) -> Answer {
    let places = user.places().await?;
    let filter = query.filter(places)?;
    let (page, tallies) = tokio::try_join!(secrets::list(&user.app, &filter), user.tallies())?;
    let total = query.total(&filter, tallies);
    let mut shell = user.shell("secrets", "Secrets").await?;
    shell.search.clone_from(&query.q);
    let now = user.app.now();
    let rows: Vec<SecretRow> = page.items.iter().filter_map(|secret| row(secret, places, now)).collect();
    let note = query.note(rows.len(), total, page.is_cut);
    let view = IndexPage {
        shell,
        sub: query.sub(),
        is_part: user.partial,
        export_href: query.address("/secrets/export"),
        pairs: query.pairs(),
        new_href: query.new_href(&user, places),
        tabs: query.tabs(),
        filters: query.choices(places),
        chips: query.chips(places),
        empty: query.empty(places, page.is_cut),
        heads: query.heads(),
        pager: Pager {
            note,
            previous: query.previous(page.previous, rows.is_empty()),
            next: query.next(page.next),
        },
        rows,
    };
    part_or_page(&user, &view, &view.as_results())
}
