//! What is drawn in one run.
use keeper::kit::chance::Chance;
use std::ops::Range;

pub struct Dice(Chance);

impl Dice {
    /// Of this run alone: no other one has to go before it.
    pub fn of_run(seed: u64, number: u64) -> Self {
        Self(Chance::seeded(seed.rotate_left(40).wrapping_add(number)))
    }

    pub fn below(&self, bound: usize) -> usize {
        self.0.below(u32::try_from(bound).unwrap()).unwrap() as usize
    }

    /// One of them, if there is one.
    pub fn one<'a, T>(&self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }

    /// From somewhere to somewhere behind it, a few apart.
    pub fn stretch(&self, len: usize, longest: usize) -> Range<usize> {
        let from = self.below(len + 1);
        from..(from + self.below(longest + 1)).min(len)
    }
}
