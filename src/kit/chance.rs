//! Chance, handed in: the operating system's generator, or a test's seed.
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A clone draws from the same: work on another thread takes one along.
#[derive(Debug, Clone)]
pub enum Chance {
    System,
    /// Reproducible, for tests alone.
    Seeded(Arc<AtomicU64>),
}

/// The operating system gave no randomness; nothing may go on without it.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random bytes: {0}")]
pub struct NoChance(String);

impl Chance {
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(AtomicU64::new(seed)))
    }

    /// Another one, for a part that keeps its own.
    pub fn branch(&self) -> Result<Self, NoChance> {
        match self {
            Self::System => Ok(Self::System),
            Self::Seeded(_) => self.bytes().map(|seed| Self::seeded(u64::from_le_bytes(seed))),
        }
    }

    pub fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance> {
        match self {
            Self::System => getrandom::fill(bytes).map_err(|e| NoChance(e.to_string())),
            Self::Seeded(state) => {
                for chunk in bytes.chunks_mut(8) {
                    // SplitMix64: enough to be different each time, and the same in each run.
                    let mut z = state.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst);
                    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                    chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
                }
                Ok(())
            }
        }
    }

    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], NoChance> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// A whole number below `bound`, each equally likely (values past the last whole multiple are drawn again).
    pub fn below(&self, bound: u32) -> Result<u32, NoChance> {
        let bound = bound.max(1);
        let limit = u32::MAX - (u32::MAX % bound);
        loop {
            let drawn = u32::from_le_bytes(self.bytes()?);
            if drawn < limit {
                return Ok(drawn % bound);
            }
        }
    }
}
