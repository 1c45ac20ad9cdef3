//! `keeper user list`.
use super::exit::Stop;
use super::output::{self, Output};
use crate::app::App;
use crate::kit::clock::Utc;
use crate::kit::page::Cursor;
use crate::people::{self, User};
use std::fmt::Write;

const PAGE: u32 = 200;

pub async fn print(app: &App, output: Output) -> Result<(), Stop> {
    let all = all(app).await?;
    if output.is_json() {
        return output::json(&all.iter().map(in_json).collect::<Vec<_>>());
    }
    let widest = all.iter().map(|user| user.username.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for user in &all {
        let last = user.last_login_at.map_or_else(|| "never".to_owned(), Utc::to_seconds);
        let glass = if user.is_break_glass { ", break-glass" } else { "" };
        let state = if user.is_active { "active" } else { "disabled" };
        let _ = writeln!(
            text,
            "{:widest$}  {:7} {:8} {state}{glass}, last sign-in {last}",
            user.username,
            user.role.as_str(),
            user.auth_method.as_str(),
        );
    }
    if all.is_empty() {
        text.push_str("Nobody has an account yet. Make the first one: keeper user add NAME --role admin\n");
    }
    output::put(text.as_bytes()).map(drop)
}

async fn all(app: &App) -> Result<Vec<User>, Stop> {
    let (mut all, mut cursor) = (Vec::new(), Cursor::First);
    loop {
        let page = people::list(app, &cursor, PAGE).await?;
        all.extend(page.items);
        let Some(next) = page.next else { return Ok(all) };
        cursor = Cursor::After(next);
    }
}

fn in_json(user: &User) -> serde_json::Value {
    serde_json::json!({
        "id": user.id,
        "username": user.username,
        "email": user.email,
        "display_name": user.display_name,
        "auth_method": user.auth_method,
        "role": user.role,
        "is_active": user.is_active,
        "is_break_glass": user.is_break_glass,
        "last_login_at": user.last_login_at,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    })
}
