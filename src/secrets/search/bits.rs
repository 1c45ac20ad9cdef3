//! A set of shelves: one bit for each id. Ids of shelves are small and dense.

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bits(Vec<u8>);

impl Bits {
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub fn has(&self, id: i64) -> bool {
        let (at, mask) = place(id);
        self.0.get(at).is_some_and(|byte| byte & mask != 0)
    }

    pub fn set(&mut self, id: i64) {
        let (at, mask) = place(id);
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        self.0[at] |= mask;
    }

    pub fn keep(&mut self, other: &Self) {
        self.0.truncate(other.0.len());
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            *a &= b;
        }
    }

    /// Takes away what is not among the others, and the empty end; whether that changed anything.
    pub fn cut_to(&mut self, others: &Self) -> bool {
        let before = self.clone();
        self.keep(others);
        let used = self.0.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        self.0.truncate(used);
        *self != before
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|byte| *byte == 0)
    }

    /// Of a set that tells of the ids from `8 * from` on.
    pub fn add(&mut self, other: &Self, from: usize) {
        if self.0.len() < from + other.0.len() {
            self.0.resize(from + other.0.len(), 0);
        }
        for (a, b) in self.0.iter_mut().skip(from).zip(&other.0) {
            *a |= b;
        }
    }

    pub fn remove(&mut self, other: &Self, from: usize) {
        for (a, b) in self.0.iter_mut().skip(from).zip(&other.0) {
            *a &= !b;
        }
    }

    pub fn bytes(&self) -> usize {
        self.0.len()
    }
}

fn place(id: i64) -> (usize, u8) {
    let id = usize::try_from(id).unwrap_or(0);
    (id / 8, 1 << (id % 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_joined_and_cut_whatever_their_length() {
        let of = |ids: &[i64]| {
            let mut bits = Bits::default();
            for id in ids {
                bits.set(*id);
            }
            bits
        };
        let mut few = of(&[1, 9, 300]);
        few.keep(&of(&[9, 40]));
        assert_eq!((few.has(9), few.has(1), few.has(300), few.has(40)), (true, false, false, false));
        few.add(&of(&[1000]), 0);
        few.remove(&of(&[9]), 0);
        assert!(few.has(1000) && !few.has(9) && !few.has(0));
        few.add(&of(&[3]), 100);
        assert!(few.has(803) && few.has(1000) && !few.has(3));
        few.remove(&of(&[3]), 100);
        assert!(!few.has(803) && few.has(1000));
        few.set(300);
        assert!(few.cut_to(&of(&[1000, 5000])) && few == of(&[1000]) && !few.cut_to(&of(&[1000])));
        assert!(!few.is_empty() && few.cut_to(&Bits::default()) && few.is_empty() && few.bytes() == 0);
        few.set(300);
        assert_eq!(Bits::from_bytes(few.clone().into_bytes()), few);
    }
}
