//! How many cards stand together, on shelves and in stretches.
use super::card::Card;

/// So many cards, of so many bytes, at most.
type Size = (usize, usize);

/// One with more than `most` is cut into pieces of `each`.
pub(super) struct Pieces {
    most: Size,
    each: Size,
}

pub(super) const SHELVES: Pieces = Pieces { most: (450, 128 * 1024), each: (300, 96 * 1024) };
pub(super) const STRETCHES: Pieces = Pieces { most: (300, 96 * 1024), each: (150, 48 * 1024) };

impl Pieces {
    /// Of cards that stood together until now: one, unless they have become too many.
    pub fn of_grown<'a>(&self, cards: &'a [Card]) -> Vec<&'a [Card]> {
        let whole = cut(cards, self.most);
        if whole.len() > 1 { self.of_new(cards) } else { whole }
    }

    pub fn of_new<'a>(&self, cards: &'a [Card]) -> Vec<&'a [Card]> {
        cut(cards, self.each)
    }
}

/// A single card may have more bytes.
fn cut(cards: &[Card], (most, bytes): Size) -> Vec<&[Card]> {
    let mut pieces = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (at, card) in cards.iter().enumerate() {
        if at > start && (at - start >= most || size + card.text.len() > bytes) {
            pieces.push(&cards[start..at]);
            (start, size) = (at, 0);
        }
        size += card.text.len();
    }
    if start < cards.len() {
        pieces.push(&cards[start..]);
    }
    pieces
}
