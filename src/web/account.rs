//! /account: who I am here, and where I am signed in.
use super::extract::{CurrentUser, Id};
use super::page::{Answer, html, method_label, role_label, see_other_saying};
use super::views::account::{SessionRow, ShowPage};
use super::views::parts::When;
use crate::people::User;
use crate::signin;

pub async fn show(user: CurrentUser) -> Answer {
    let person = &user.current.user;
    let now = user.app.now();
    let sessions = signin::sessions_of(&user.app, person.id).await?;
    let row = |session: signin::Session| SessionRow {
        is_this: session.id == user.current.session_id,
        id: session.id,
        device: device(&session.user_agent),
        address: session.client_addr,
        started: When::relative(session.created_at, now),
        seen: When::relative(session.last_seen_at, now),
    };
    let view = ShowPage {
        shell: user.shell("account", "My account").await?,
        facts: facts(person),
        sessions: sessions.into_iter().map(row).collect(),
    };
    html(&view)
}

pub async fn end(user: CurrentUser, Id(id): Id) -> Answer {
    signin::end_session(&user.app, &user.actor, &user.current, Some(id)).await?;
    see_other_saying("/account", "saved")
}

pub async fn end_others(user: CurrentUser) -> Answer {
    signin::end_session(&user.app, &user.actor, &user.current, None).await?;
    see_other_saying("/account", "saved")
}

fn facts(person: &User) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("User name", person.username.clone()),
        ("Name", person.display_name.clone()),
        ("Role", role_label(person.role).to_owned()),
        ("Signs in by", method_label(person.auth_method).to_owned()),
    ];
    let of_provider = [("Identity provider", &person.identity_provider), ("NameID", &person.saml_subject_id)];
    facts.extend(of_provider.into_iter().filter_map(|(label, text)| Some((label, text.clone()?))));
    facts
}

/// "Firefox on Linux", from what the browser says of itself; nobody relies on it.
fn device(agent: &str) -> String {
    let find = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = find(&[
        ("Firefox", "Firefox"),
        ("Edg", "Edge"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
        ("curl", "curl"),
    ]);
    let system = find(&[
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ => "Another program".to_owned(),
    }
}
