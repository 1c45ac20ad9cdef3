//! GET /users: everybody with an account.
use crate::kit::page::PageInput;
use crate::people::{self, User};
use crate::web::extract::{RequireAdmin, ValidQuery};
use crate::web::forms::part_or_page;
use crate::web::page::{Answer, method_label, role_label};
use crate::web::views::parts::{Empty, Pager, When};
use crate::web::views::users::{IndexPage, UserRow};

pub async fn index(RequireAdmin(user): RequireAdmin, ValidQuery(query): ValidQuery<PageInput>) -> Answer {
    let page = people::accounts(&user.app, &user.actor, "", (&query.cursor(), query.limit())).await?;
    let now = user.app.now();
    let row = |person: &User| UserRow {
        id: person.id,
        username: person.username.clone(),
        display_name: person.display_name.clone(),
        email: person.email.clone().unwrap_or_default(),
        role_label: role_label(person.role),
        method_label: method_label(person.auth_method),
        last_login: person.last_login_at.map(|at| When::relative(at, now)),
        is_active: person.is_active,
        is_break_glass: person.is_break_glass,
        is_you: person.id == user.current.user.id,
    };
    let view = IndexPage {
        shell: user.shell("users", "Users").await?,
        rows: page.items.iter().map(row).collect(),
        pager: Pager::of("/users", &query, &page),
        empty: Empty {
            title: "Nobody here".into(),
            text: "The list goes by user name.".into(),
            filtered: false,
        },
    };
    part_or_page(&user, &view, &view.as_results())
}
