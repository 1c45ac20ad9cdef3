//! A 256-bit key while it is in memory: wiped when dropped, never printed or copied.
use crate::kit::chance::{Chance, NoChance};
use zeroize::Zeroizing;

pub const LENGTH: usize = 32;

/// In a box, because moving a value on the stack would leave copies that nobody wipes.
pub struct DataKey(Box<Zeroizing<[u8; LENGTH]>>);

impl DataKey {
    pub fn fresh(chance: &Chance) -> Result<Self, NoChance> {
        let mut key = Box::new(Zeroizing::new([0; LENGTH]));
        chance.fill(key.as_mut_slice())?;
        Ok(Self(key))
    }

    /// None unless there are exactly 32 bytes. The caller wipes its own.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut key = Box::new(Zeroizing::new([0; LENGTH]));
        (bytes.len() == LENGTH).then(|| key.copy_from_slice(bytes))?;
        Some(Self(key))
    }

    pub(super) fn bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }
}
