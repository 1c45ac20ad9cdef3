//! The fields of a window, in a secret's form, and what its page says of it.
use crate::domain::error::Result;
use crate::domain::schedule::{Day, Window, WindowInput};
use crate::kit::clock::Utc;
use crate::kit::zone::Zone;
use crate::rotations::makes_alone;
use crate::secrets::Secret;
use crate::web::forms::choices;
use crate::web::views::making::WindowFacts;
use crate::web::views::parts::{Choice, Form, When};
use std::sync::LazyLock;

pub const LABELS: [(&str, &str); 5] = [
    ("window_days", "Days"),
    ("window_from", "From"),
    ("window_to", "To"),
    ("window_zone", "Time zone"),
    // All of them in one text, where two forms are compared.
    ("window", "Window"),
];

pub static ZONES: LazyLock<Vec<String>> = LazyLock::new(Zone::names);

pub fn days() -> Vec<Choice> {
    choices(Day::ALL, Day::as_str, |day| day.title().to_owned(), "")
}

pub fn with(form: Form, input: &WindowInput) -> Form {
    form.with("window_days", input.days())
        .with("window_from", &input.window_from)
        .with("window_to", &input.window_to)
        .with("window_zone", &input.window_zone)
}

/// What a form holds of the one that is stored; UTC is a suggestion.
pub fn stored(window: Option<&Window>) -> WindowInput {
    window.map_or_else(
        || WindowInput { window_zone: "UTC".into(), ..WindowInput::default() },
        WindowInput::from,
    )
}

/// None: it has no window. A mere reminder begins nothing.
pub fn facts(secret: &Secret, now: Utc) -> Result<Option<WindowFacts>> {
    let Some(window) = secret.window()? else { return Ok(None) };
    let acts = secret.is_active && secret.auto_rotate && makes_alone(secret)?.is_some();
    let begins = secret.begins(now)?.filter(|_| acts).map(|at| (When::minute(at), local(&window, at)));
    Ok(Some(WindowFacts { words: window.describe(), begins }))
}

/// "3 Dec 2026, 22:00 in Europe/Berlin"; empty where that is UTC anyway.
fn local(window: &Window, at: Utc) -> String {
    match (window.zone().name(), window.zone().clock(at)) {
        ("UTC", _) | (_, None) => String::new(),
        (zone, Some(clock)) => format!("{clock} in {zone}"),
    }
}
