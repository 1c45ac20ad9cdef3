//! Windows at the edges of their hours and across the changes of clocks, and what holds for all of them.
use super::*;
use crate::kit::zone::Zone;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn window(text: &str) -> Window {
    text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn at(text: &str) -> Utc {
    Utc::parse(text).unwrap_or_else(|| panic!("{text}"))
}

/// Each line: a window, when something is due, and when it may begin.
fn table(lines: &[(&str, &str, &str)]) {
    for (text, due, begins) in lines {
        assert_eq!(window(text).next(at(due)), at(begins), "{text}, due {due}");
    }
}

#[test]
fn a_window_opens_at_its_first_minute_and_ends_before_its_last() {
    let office = "mon,tue,wed,thu,fri 09:00-17:00 UTC"; // 2026-06-01 is a Monday
    table(&[
        (office, "2026-06-01T08:59:59.999999Z", "2026-06-01T09:00"),
        (office, "2026-06-01T09:00", "2026-06-01T09:00"),
        (office, "2026-06-01T12:34:56.789Z", "2026-06-01T12:34:56.789Z"),
        (office, "2026-06-01T16:59:59.999999Z", "2026-06-01T16:59:59.999999Z"),
        (office, "2026-06-01T17:00", "2026-06-02T09:00"),
        (office, "2026-06-05T17:00", "2026-06-08T09:00"),
        ("sun 00:00-00:01 UTC", "2026-06-07T00:01", "2026-06-14T00:00"),
        ("sun 23:59-00:00 UTC", "2026-06-01T00:00", "2026-06-07T23:59"),
    ]);
    assert_eq!(next(at("2026-06-05T17:00"), None), at("2026-06-05T17:00"));
}

#[test]
fn a_window_past_midnight_belongs_to_the_day_on_which_it_opens() {
    let nights = "mon,tue,wed,thu,fri 22:00-04:00 UTC";
    table(&[
        (nights, "2026-06-01T02:00", "2026-06-01T22:00"), // the night of Sunday is none
        (nights, "2026-06-06T03:59", "2026-06-06T03:59"), // the night of Friday ends on Saturday
        (nights, "2026-06-06T04:00", "2026-06-08T22:00"),
        (nights, "2026-06-02T00:00", "2026-06-02T00:00"),
        ("sat 00:00-00:00 UTC", "2026-06-05T12:00", "2026-06-06T00:00"), // a whole day
        ("sat 00:00-00:00 UTC", "2026-06-06T23:59", "2026-06-06T23:59"),
        ("sat 00:00-00:00 UTC", "2026-06-07T00:00", "2026-06-13T00:00"),
        ("sat 22:00-22:00 UTC", "2026-06-07T21:59", "2026-06-07T21:59"),
    ]);
}

#[test]
fn berlin_and_new_york_change_their_clocks() {
    let night = "sat,sun 02:15-02:45 Europe/Berlin";
    table(&[
        // 29 March 2026: 02:00 becomes 03:00, and the window of that day does not open.
        (night, "2026-03-28T01:00", "2026-03-28T01:15"),
        (night, "2026-03-29T00:00", "2026-04-04T00:15"),
        ("sun 02:15-02:45 Europe/Berlin", "2026-03-22T02:00", "2026-04-05T00:15"),
        // One that reaches into the hour begins when the clock has jumped, or ends there.
        ("sun 02:30-03:30 Europe/Berlin", "2026-03-29T00:00", "2026-03-29T01:00"),
        ("sun 01:30-02:30 Europe/Berlin", "2026-03-29T01:00", "2026-04-04T23:30"),
        // 25 October 2026: 03:00 becomes 02:00, and the window opens twice.
        (night, "2026-10-25T00:00", "2026-10-25T00:15"),
        (night, "2026-10-25T00:45", "2026-10-25T01:15"),
        (night, "2026-10-25T01:45", "2026-10-31T01:15"),
        // Set back into a window whose beginning was shown an hour before.
        ("sun 01:30-02:30 Europe/Berlin", "2026-10-25T00:30", "2026-10-25T01:00"),
        // The same hour on the wall is another one in UTC.
        ("mon 09:00-17:00 Europe/Berlin", "2026-03-23T00:00", "2026-03-23T08:00"),
        ("mon 09:00-17:00 Europe/Berlin", "2026-03-30T00:00", "2026-03-30T07:00"),
        // 8 March and 1 November 2026
        ("sun 02:00-03:00 America/New_York", "2026-03-08T00:00", "2026-03-15T06:00"),
        ("sun 01:00-02:00 America/New_York", "2026-11-01T00:00", "2026-11-01T05:00"),
        ("sun 01:00-02:00 America/New_York", "2026-11-01T05:59", "2026-11-01T05:59"),
        ("sun 01:00-02:00 America/New_York", "2026-11-01T06:00", "2026-11-01T06:00"), // twice, without a pause
        ("sun 01:00-02:00 America/New_York", "2026-11-01T07:00", "2026-11-08T06:00"),
        // Half an hour beside UTC's hours, and no change at all.
        ("mon 09:00-17:00 Asia/Kolkata", "2026-06-01T00:00", "2026-06-01T03:30"),
    ]);
}

#[test]
fn a_day_that_does_not_exist_and_half_an_hour_that_comes_twice() {
    table(&[
        // Samoa went from Thursday 29 December 2011, 24:00 (10:00 UTC on the 30th) to Saturday the 31st.
        ("fri 09:00-17:00 Pacific/Apia", "2011-12-26T00:00", "2012-01-05T19:00"),
        ("sat 00:00-04:00 Pacific/Apia", "2011-12-30T00:00", "2011-12-30T10:00"),
        ("fri 22:00-04:00 Pacific/Apia", "2011-12-30T00:00", "2011-12-30T10:00"), // the hours of Saturday are left
        ("thu 22:00-04:00 Pacific/Apia", "2011-12-30T10:00", "2012-01-05T08:00"), // those of Friday are gone
        // Lord Howe sets its clocks by half an hour: 4 October 2026 forward, 5 April 2026 back, both at 02:00.
        ("sun 02:00-02:30 Australia/Lord_Howe", "2026-10-03T12:00", "2026-10-10T15:00"),
        ("sun 02:15-02:45 Australia/Lord_Howe", "2026-10-03T12:00", "2026-10-03T15:30"),
        ("sun 01:30-02:00 Australia/Lord_Howe", "2026-04-04T12:00", "2026-04-04T14:30"),
        ("sun 01:45-02:15 Australia/Lord_Howe", "2026-04-04T15:00", "2026-04-04T15:15"),
        // Cuba set back from 01:00 to 00:00; Beirut does from 24:00 to 23:00 of the day before.
        ("sat 23:15-23:45 Asia/Beirut", "2026-10-24T20:45", "2026-10-24T21:15"),
        // Newfoundland did from 00:01 to 23:01 of the day before.
        ("sat 23:15-23:30 America/St_Johns", "2010-11-07T02:30:30Z", "2010-11-07T02:45"),
        ("sun 00:00-00:30 America/Havana", "2024-11-03T04:30", "2024-11-03T05:00"),
    ]);
}

#[test]
fn the_next_due_date_keeps_the_hour_of_the_window() {
    let nights: Window = window("mon,tue,wed,thu,fri,sat,sun 22:00-22:30 Europe/Berlin");
    let summer = at("2026-10-01T20:10"); // 22:10
    assert_eq!(after(summer, 30, Some(&nights)), at("2026-10-31T21:10")); // 22:10 in winter
    assert_eq!(after(summer, 30, None), at("2026-10-31T20:10"));
    assert_eq!(
        after(at("2026-06-05T10:00"), 1, Some(&window("mon 09:00-17:00 UTC"))),
        at("2026-06-08T09:00")
    );
    for (days, same) in [(0, 1), (-5, 1), (366, 365), (i64::MAX, 365)] {
        assert_eq!(
            after(summer, days, None),
            after(summer, same, None),
            "never now again, never more than a year"
        );
    }
}

#[test]
fn a_server_that_slept_through_the_window_waits_for_the_next() {
    let nights = window("mon 22:00-04:00 UTC");
    let due = at("2026-06-01T22:00");
    assert_eq!(start(due, at("2026-06-01T12:00"), Some(&nights)), due);
    assert_eq!(start(due, at("2026-06-02T03:00"), Some(&nights)), at("2026-06-02T03:00"));
    assert_eq!(start(due, at("2026-06-02T09:00"), Some(&nights)), at("2026-06-08T22:00"));
    assert_eq!(start(due, at("2026-06-02T09:00"), None), at("2026-06-02T09:00"));
}

#[test]
fn a_failure_is_tried_again_five_times_and_then_waits_for_a_person() {
    let failed = at("2026-06-01T12:00");
    let waits: Vec<Option<i64>> =
        (1..=7).map(|n| retry(n, failed, 0, None).map(|again| again.since(failed).whole_minutes())).collect();
    assert_eq!(waits, [Some(5), Some(30), Some(120), Some(360), Some(1440), None, None]);
    assert_eq!(retry(0, failed, 0, None), retry(1, failed, 0, None));
    assert_eq!(retry(u32::MAX, failed, 0, None), None);
    // Up to a fifth more.
    assert_eq!(retry(1, failed, JITTER, None), Some(at("2026-06-01T12:06")));
    assert_eq!(retry(1, failed, JITTER / 2, None), Some(at("2026-06-01T12:05:30")));
    assert_eq!(retry(1, failed, u32::MAX, None), retry(1, failed, JITTER, None));
    // The window has closed meanwhile.
    let nights = window("mon,tue 22:00-04:00 UTC");
    assert_eq!(retry(1, at("2026-06-02T03:58"), 0, Some(&nights)), Some(at("2026-06-02T22:00")));
}

#[test]
fn a_clock_that_is_set_makes_nothing_due_twice() {
    let served = at("2026-06-01T22:00");
    let finished = at("2026-06-01T22:00:07");
    assert_eq!(following(served, finished, 30, None), at("2026-07-01T22:00:07"));
    // Set back by forty days while it ran: the next one is still after the one that was served.
    assert_eq!(following(served, at("2026-04-22T22:00"), 30, None), at("2026-07-01T22:00"));
    // What the rows of rotations are unique by does not know when anything ran.
    let key = DueKey { secret_id: 42, due: served };
    assert_eq!(key.to_string(), "42@2026-06-01T22:00:00.000000Z");
    assert_eq!(key.to_string().parse::<DueKey>(), Ok(key));
    for wrong in [
        "",
        "42",
        "42@",
        "x@2026-06-01T22:00:00.000000Z",
        "42@2026-06-01T22:00",
        "042@2026-06-01T22:00:00.000000Z",
    ] {
        assert!(wrong.parse::<DueKey>().is_err(), "{wrong}");
    }
}

const ZONES: [&str; 8] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "America/Havana",
    "Africa/Casablanca",
];

fn any_window() -> impl Strategy<Value = Window> {
    let minute = || (0..24_i8, 0..60_i8).prop_map(|(hour, minute)| window::Minute { hour, minute });
    // The hours in which clocks are set are the ones to look at.
    let near = || {
        (0..4_i8, prop_oneof![Just(0), Just(15), Just(30), 0..60_i8])
            .prop_map(|(hour, minute)| window::Minute { hour, minute })
    };
    (
        prop::collection::btree_set(0..7_usize, 1..=7),
        prop_oneof![minute(), near()],
        prop_oneof![minute(), near()],
        0..ZONES.len(),
    )
        .prop_map(|(days, from, to, zone)| {
            let days: BTreeSet<Day> = days.into_iter().map(|n| Day::ALL[n]).collect();
            Window { days, from, to, zone: Zone::named(ZONES[zone]).unwrap() }
        })
}

/// 2011 to 2036, and often within a few days of a change of clocks.
fn any_time(zone: &Zone, seconds: i64, offset: i64) -> Utc {
    let anywhere = Utc::from_unix(1_300_000_000 + seconds % 800_000_000).unwrap();
    let changes = zone.jumps(anywhere, anywhere.plus(Duration::days(400)));
    changes.first().copied().unwrap_or(anywhere).plus(Duration::seconds(offset))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_next_moment_is_the_first_inside_the_window(
        window in any_window(), seconds in 0..800_000_000_i64, offset in -700_000..20_000_i64,
    ) {
        let due = any_time(window.zone(), seconds, offset);
        let begins = window.next(due);
        prop_assert!(begins >= due && window.is_open(begins), "{window}: {due} {begins}");
        prop_assert_eq!(window.next(begins), begins);
        // Minute by minute, the slow way.
        let mut minute = Utc::from_unix(due.unix() / 60 * 60 + 60).unwrap();
        if begins > due {
            prop_assert!(!window.is_open(due));
            prop_assert!(!window.is_open(begins.minus(Duration::microseconds(1))), "{window}: {due} {begins}");
        }
        while minute < begins {
            prop_assert!(!window.is_open(minute) || minute < due, "{window}: due {due}, open at {minute}, begins {begins}");
            minute = minute.plus(Duration::minutes(1));
        }
    }

    #[test]
    fn a_later_due_date_never_begins_earlier(window in any_window(), seconds in 0..800_000_000_i64, offset in -90_000..90_000_i64, later in 0..200_000_i64) {
        let due = any_time(window.zone(), seconds, offset);
        prop_assert!(window.next(due) <= window.next(due.plus(Duration::seconds(later))));
    }

    #[test]
    fn due_dates_only_move_on(window in any_window(), seconds in 0..800_000_000_i64, offset in -90_000..90_000_i64, days in 1..=365_i64, slip in -5_000_000..5_000_000_i64) {
        let served = any_time(window.zone(), seconds, offset);
        let finished = served.plus(Duration::seconds(slip));
        for window in [None, Some(&window)] {
            let due = following(served, finished, days, window);
            // A day of the calendar can be an hour short, or a day where a zone skipped one.
            prop_assert!(due.since(served) >= Duration::days(days) - Duration::hours(25));
            prop_assert!(due > served);
            prop_assert_eq!(next(due, window), due);
        }
    }

    #[test]
    fn a_retry_waits_at_least_its_time_and_is_inside_the_window(window in any_window(), seconds in 0..800_000_000_i64, attempt in 1..=5_u32, jitter in 0..JITTER) {
        let failed = any_time(window.zone(), seconds, 0);
        let plain = retry(attempt, failed, jitter, None).unwrap();
        let base = Duration::minutes(WAITS[attempt as usize - 1]);
        prop_assert!(plain.since(failed) >= base && plain.since(failed) <= base * 6 / 5);
        prop_assert_eq!(retry(attempt, failed, jitter, Some(&window)), Some(window.next(plain)));
    }

    #[test]
    fn the_text_of_a_window_is_the_window(window in any_window()) {
        prop_assert_eq!(window.to_string().parse::<Window>(), Ok(window.clone()));
        prop_assert!(window.to_string().len() <= 100);
        prop_assert!(window.describe().ends_with(window.zone().name()));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "(mon|tue|,){0,3} ?[0-9:]{0,5}-?[0-9:]{0,5} ?[A-Za-z/]{0,10}", any in "\\PC{0,40}") {
        for text in [text, any] {
            if let Ok(window) = text.parse::<Window>() {
                prop_assert_eq!(window.to_string().parse::<Window>(), Ok(window));
            }
        }
    }
}
