//! GET /users: everybody with an account.
use crate::people::{self, User};
use crate::web::extract::{RequireAdmin, ValidQuery};
use crate::web::forms::part_or_page;
use crate::web::page::{Answer, method_label, role_label};
use crate::web::secrets::versions::After;
use crate::web::views::parts::{Empty, Pager, When};
use crate::web::views::users::{IndexPage, UserRow};

pub async fn index(RequireAdmin(user): RequireAdmin, ValidQuery(query): ValidQuery<After>) -> Answer {
    let page = people::accounts(&user.app, &user.actor, "", (&query.cursor(), 50)).await?;
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
        pager: Pager {
            note: format!("{} on this page", page.items.len()),
            previous: page.previous.map(|before| format!("/users?before={before}")),
            next: page.next.map(|after| format!("/users?after={after}")),
        },
        empty: Empty {
            title: "Nobody here".into(),
            text: "The list goes by user name.".into(),
            filtered: false,
        },
    };
    part_or_page(&user, &view, &view.as_results())
}
