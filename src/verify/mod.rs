//! Verification: does the value in force still open its source's door, and do the copies still hold it? Asked by whoever may rotate
//! the secret, and of every secret once a night. Nothing outside is changed, and no value is shown.
mod ask;
mod keep;
mod look;
mod night;
mod row;
#[expect(clippy::module_inception, reason = "the feature's one act")]
mod verify;

pub use look::{Looked, look};
pub use night::verify_next;
pub use row::{Finding, Spot, Verification, last};
pub use verify::{has_places, verify};
