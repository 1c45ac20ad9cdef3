//! Times as people read them.
use super::views::parts::When;
use crate::kit::clock::Utc;
use time::Duration;
use time::macros::format_description;

impl When {
    /// "4 min ago", "in 6 d"; further away than 300 days as a date.
    pub fn relative(at: Utc, now: Utc) -> Self {
        let gap = at.since(now);
        let text = match (span(gap.abs()), gap.is_negative()) {
            (None, _) => date(at),
            (Some(span), _) if span == "now" => "just now".to_owned(),
            (Some(span), true) => format!("{span} ago"),
            (Some(span), false) => format!("in {span}"),
        };
        Self { text, ..Self::exact(at) }
    }

    /// The date alone.
    pub fn day(at: Utc) -> Self {
        Self { text: date(at), ..Self::exact(at) }
    }

    /// The date and the minute, in UTC.
    pub fn minute(at: Utc) -> Self {
        let text = at
            .get()
            .format(format_description!("[day padding:none] [month repr:short] [year], [hour]:[minute] UTC"));
        Self { text: text.unwrap_or_default(), ..Self::exact(at) }
    }

    /// The time of day.
    pub fn clock(at: Utc) -> Self {
        let text = at.get().format(format_description!("[hour]:[minute]:[second]")).unwrap_or_default();
        Self { text, ..Self::exact(at) }
    }

    fn exact(at: Utc) -> Self {
        let utc = at
            .get()
            .format(format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC"))
            .unwrap_or_default();
        Self { iso: at.to_string(), text: utc.clone(), utc }
    }
}

/// "9 d overdue" and "Due in 3 d" are made from this.
pub fn span(gap: Duration) -> Option<String> {
    let (minutes, hours, days) = (gap.whole_minutes(), gap.whole_hours(), gap.whole_days());
    Some(match (minutes, hours, days) {
        (0, ..) => "now".to_owned(),
        (minutes, 0, _) => format!("{minutes} min"),
        (_, hours, 0..=1) => format!("{hours} h"),
        (.., days) if days <= 300 => format!("{days} d"),
        _ => return None,
    })
}

pub fn date(at: Utc) -> String {
    at.get().format(format_description!("[day padding:none] [month repr:short] [year]")).unwrap_or_default()
}
