//! A window as a form's fields, as one text for a column and the API (`mon,tue 22:00-04:00 Europe/Berlin`), and as a
//! sentence for people.
use super::window::{Day, Minute, Window};
use crate::domain::fields::FieldErrors;
use crate::domain::rules::Problem;
use crate::kit::zone::Zone;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// What a form says of a window. With no day and no hours there is none, whatever the zone, which a form may suggest.
#[derive(Deserialize, Serialize, Default, Debug, Clone)]
#[serde(default)]
pub struct WindowInput {
    #[serde(deserialize_with = "ticks")]
    pub window_days: Vec<String>,
    pub window_from: String,
    pub window_to: String,
    pub window_zone: String,
}

/// A form sends the name of its boxes once for each that is ticked: a text where it is one, and a list where there are more.
fn ticks<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Ticks {
        One(String),
        More(Vec<String>),
    }
    Ok(match Ticks::deserialize(from)? {
        Ticks::One(day) => vec![day],
        Ticks::More(days) => days,
    })
}

impl From<&Window> for WindowInput {
    fn from(window: &Window) -> Self {
        Self {
            window_days: window.days.iter().map(|day| day.as_str().to_owned()).collect(),
            window_from: window.from.to_string(),
            window_to: window.to.to_string(),
            window_zone: window.zone.name().to_owned(),
        }
    }
}

impl WindowInput {
    /// The days as a column and a file hold them: `mon,tue`.
    pub fn with_days(self, days: &str) -> Self {
        Self { window_days: days.split(',').map(str::to_owned).collect(), ..self }
    }

    pub fn days(&self) -> String {
        self.window_days.join(",")
    }

    /// None when a field is wrong; `Some(None)` when any time will do.
    pub fn parse(&self, errors: &mut FieldErrors) -> Option<Option<Window>> {
        let hours = [&self.window_from, &self.window_to];
        let named = || self.window_days.iter().map(|day| day.trim()).filter(|day| !day.is_empty());
        if named().next().is_none() && hours.iter().all(|hour| hour.trim().is_empty()) {
            return Some(None);
        }
        let days = errors.take("window_days", days(named()));
        let from = errors.take("window_from", minute(&self.window_from));
        let to = errors.take("window_to", minute(&self.window_to));
        let zone = errors.take("window_zone", zone(&self.window_zone));
        Some(Some(Window { days: days?, from: from?, to: to?, zone: zone? }))
    }
}

fn days<'a>(names: impl Iterator<Item = &'a str>) -> Result<BTreeSet<Day>, Problem> {
    let days: Result<BTreeSet<Day>, _> = names.map(str::parse).collect();
    let days = days.map_err(|e| Problem::new(e.to_string()))?;
    if days.is_empty() { Err(Problem::new("must be at least one day of the week")) } else { Ok(days) }
}

/// `22:00`, as `<input type="time">` sends it.
fn minute(raw: &str) -> Result<Minute, Problem> {
    let wrong = || Problem::new("must be a time of day from 00:00 to 23:59, such as 22:00");
    let digits = |text: &str, most: i8| {
        let two = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|n| two && *n <= most)
    };
    let (hour, minute) = raw.trim().split_once(':').ok_or_else(wrong)?;
    digits(hour, 23).zip(digits(minute, 59)).map(|(hour, minute)| Minute { hour, minute }).ok_or_else(wrong)
}

fn zone(raw: &str) -> Result<Zone, Problem> {
    Zone::named(raw.trim()).ok_or_else(|| Problem::new("must be a time zone such as Europe/Berlin or UTC"))
}

impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days: Vec<&str> = self.days.iter().map(|day| day.as_str()).collect();
        write!(f, "{} {}-{} {}", days.join(","), self.from, self.to, self.zone.name())
    }
}

impl FromStr for Window {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let unread = || Problem::new("must be a window such as mon,tue 22:00-04:00 Europe/Berlin");
        let mut parts = text.split(' ');
        let (Some(names), Some(hours), Some(name), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(unread());
        };
        let (from, to) = hours.split_once('-').ok_or_else(unread)?;
        Ok(Self { days: days(names.split(','))?, from: minute(from)?, to: minute(to)?, zone: zone(name)? })
    }
}

impl Window {
    /// "Monday to Friday, 22:00 to 04:00, Europe/Berlin"
    pub fn describe(&self) -> String {
        let hours = match (self.from, self.to) {
            (from, to) if from != to => format!("{from} to {to}"),
            (Minute { hour: 0, minute: 0 }, _) => "all day".to_owned(),
            (from, to) => format!("{from} to {to} of the next day"),
        };
        format!("{}, {hours}, {}", self.describe_days(), self.zone.name())
    }

    fn describe_days(&self) -> String {
        let days: Vec<Day> = self.days.iter().copied().collect();
        let unbroken = Day::ALL.windows(days.len()).any(|run| run == days);
        match &days[..] {
            all if all.len() == Day::ALL.len() => "Every day".to_owned(),
            [first, _, .., last] if unbroken => format!("{} to {}", first.title(), last.title()),
            [earlier @ .., last] if !earlier.is_empty() => {
                let earlier: Vec<&str> = earlier.iter().map(|day| day.title()).collect();
                format!("{} and {}", earlier.join(", "), last.title())
            }
            _ => days.iter().map(|day| day.title()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &str) -> Window {
        text.parse().unwrap()
    }

    #[test]
    fn a_window_reads_like_a_sentence() {
        for (text, sentence) in [
            (
                "mon,tue,wed,thu,fri 22:00-04:00 Europe/Berlin",
                "Monday to Friday, 22:00 to 04:00, Europe/Berlin",
            ),
            ("sat,sun 00:00-00:00 UTC", "Saturday and Sunday, all day, UTC"),
            (
                "mon,wed,fri 09:30-10:00 Asia/Kolkata",
                "Monday, Wednesday and Friday, 09:30 to 10:00, Asia/Kolkata",
            ),
            ("mon,tue,wed,thu,fri,sat,sun 02:00-03:00 UTC", "Every day, 02:00 to 03:00, UTC"),
            ("sun 22:00-22:00 UTC", "Sunday, 22:00 to 22:00 of the next day, UTC"),
            ("wed,thu,fri 01:00-02:00 UTC", "Wednesday to Friday, 01:00 to 02:00, UTC"),
            ("mon,tue,wed,sun 01:00-02:00 UTC", "Monday, Tuesday, Wednesday and Sunday, 01:00 to 02:00, UTC"),
        ] {
            assert_eq!(window(text).describe(), sentence);
        }
    }

    #[test]
    fn a_form_is_told_what_is_wrong_beside_each_field() {
        let input = |days: &[&str], from: &str, to: &str, zone: &str| WindowInput {
            window_days: days.iter().map(|day| (*day).to_owned()).collect(),
            window_from: from.into(),
            window_to: to.into(),
            window_zone: zone.into(),
        };
        let wrong = |input: WindowInput| {
            let mut errors = FieldErrors::default();
            let read = input.parse(&mut errors);
            assert_eq!(read.is_none(), !errors.is_empty());
            errors.iter().map(|(field, _)| field.to_owned()).collect::<Vec<_>>()
        };
        let mut errors = FieldErrors::default();
        assert_eq!(input(&[], "", " ", "Europe/Berlin").parse(&mut errors), Some(None));
        let read = input(&["tue", "mon", "mon"], "22:00", " 04:00 ", "europe/berlin").parse(&mut errors);
        assert_eq!(read, Some(Some(window("mon,tue 22:00-04:00 Europe/Berlin"))));
        assert!(errors.is_empty());
        let columns = WindowInput::from(&window("mon,tue 22:00-04:00 Europe/Berlin"));
        assert_eq!(columns.days(), "mon,tue");
        assert_eq!(columns.clone().with_days("mon,tue").parse(&mut errors), read);
        assert_eq!(wrong(input(&[], "22:00", "04:00", "UTC")), ["window_days"]);
        assert_eq!(wrong(input(&["mon"], "", "", "")), ["window_from", "window_to", "window_zone"]);
        assert_eq!(
            wrong(input(&["mon", "Montag"], "24:00", "4:00", "Mars")),
            ["window_days", "window_from", "window_to", "window_zone"]
        );
        for hour in ["22", "22:60", "+2:00", "22:00:00", "-1:00", "22:0", "2\u{0662}:00"] {
            assert_eq!(wrong(input(&["mon"], hour, "04:00", "UTC")), ["window_from"], "{hour}");
        }
        for text in [
            "",
            "mon",
            "mon 22:00-04:00",
            "mon 22:00 UTC",
            " 22:00-04:00 UTC",
            "mon 22:00-04:00 UTC x",
            "mon  22:00-04:00 UTC",
        ] {
            assert!(text.parse::<Window>().is_err(), "{text:?}");
        }
    }
}
