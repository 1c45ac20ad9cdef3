//! The way of a walk: the shelves that it may stop at, of all environments, in the order of the names on them.
use super::directory::Directory;
use super::lead::Lead;
use super::walk::{Hit, Reach};
use std::ops::Range;

/// A shelf to look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    pub environment: i64,
    pub shelf: i64,
}

/// Where the next stop begins: what lies before it is all that there is before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Border<'a> {
    At(&'a str),
    /// The next stop is the open end of an environment, which a walk back begins with.
    Open,
    /// There is no further stop.
    End,
}

impl Border<'_> {
    /// Nothing that is still to come stands before this one.
    pub fn is_certain(self, hit: &Hit, back: bool) -> bool {
        match self {
            Self::At(border) if back => hit.0.as_str() >= border,
            Self::At(border) => hit.0.as_str() < border,
            Self::Open => false,
            Self::End => true,
        }
    }
}

/// The stops, from the next one on.
pub(super) struct Way<'a> {
    lanes: Vec<Lane<'a>>,
    back: bool,
}

/// Those of one environment.
struct Lane<'a> {
    environment: i64,
    directory: &'a Directory,
    places: Range<usize>,
}

impl<'a> Way<'a> {
    pub fn new(lead: &'a Lead, reach: Reach<'_>) -> Self {
        let lane = |environment: &i64| {
            let directory = lead.directories.get(environment)?;
            let here = reach.from.map(|(name, _)| directory.place_of(name));
            let places = match (here, reach.back) {
                (None, _) => 0..directory.shelves.len(),
                (Some(here), false) => here..directory.shelves.len(),
                (Some(here), true) => 0..(here + 1).min(directory.shelves.len()),
            };
            Some(Lane { environment: *environment, directory, places })
        };
        let mut lanes: Vec<Lane<'_>> = lead.environments.iter().filter_map(lane).collect();
        for lane in &mut lanes {
            lane.skip(lead, reach.back);
        }
        Self { lanes, back: reach.back }
    }

    /// Up to so many stops.
    pub fn take(&mut self, lead: &Lead, most: usize) -> Vec<Stop> {
        let mut stops = Vec::new();
        while stops.len() < most
            && let Some(lane) = self.next_lane()
        {
            let lane = &mut self.lanes[lane];
            let place = lane.place(self.back);
            stops.push(Stop { environment: lane.environment, shelf: lane.directory.shelves[place].shelf });
            lane.places = if self.back { lane.places.start..place } else { place + 1..lane.places.end };
            lane.skip(lead, self.back);
        }
        stops
    }

    pub fn border(&self) -> Border<'a> {
        let Some(lane) = self.next_lane() else { return Border::End };
        let lane = &self.lanes[lane];
        let place = lane.place(self.back);
        if !self.back {
            return Border::At(&lane.directory.shelves[place].low);
        }
        lane.directory.high(place).map_or(Border::Open, Border::At)
    }

    /// Forwards the one whose next shelf begins first; back the one whose next shelf ends last, open ends before all.
    fn next_lane(&self) -> Option<usize> {
        let lanes = self.lanes.iter().enumerate().filter(|(_, lane)| !lane.places.is_empty());
        let end = |lane: &Lane<'a>| {
            let high = lane.directory.high(lane.place(true));
            (high.is_none(), high)
        };
        let next = if self.back {
            lanes.max_by_key(|(_, lane)| end(lane))
        } else {
            lanes.min_by_key(|(_, lane)| lane.directory.shelves[lane.place(false)].low.as_str())
        };
        next.map(|(at, _)| at)
    }
}

impl Lane<'_> {
    /// The next one, where there is any.
    fn place(&self, back: bool) -> usize {
        if back { self.places.end - 1 } else { self.places.start }
    }

    /// Past the shelves on which what is asked for does not stand.
    fn skip(&mut self, lead: &Lead, back: bool) {
        while !self.places.is_empty()
            && !lead.has(self.environment, self.directory.shelves[self.place(back)].shelf)
        {
            if back { self.places.end -= 1 } else { self.places.start += 1 }
        }
    }
}
