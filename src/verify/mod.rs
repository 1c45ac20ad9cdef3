//! Verification: does the value in force still open its source's door, and do the copies still hold it? Asked by whoever may rotate
//! the secret, and of all of an environment once a night or when somebody asks for it. Nothing outside is changed, and no value is shown.
mod ask;
mod comparison;
mod drifted;
mod former;
mod keep;
mod look;
mod night;
mod round;
mod row;
mod strays;
#[expect(clippy::module_inception, reason = "the feature's one act")]
mod verify;

pub use comparison::{Comparison, compare_all, latest};
pub use drifted::{Drifted, drifted};
pub use former::{count_findings, place_former};
pub use look::{Looked, look};
pub use round::compare_next;
pub use row::{Finding, Spot, Verification, last};
pub use strays::{Stray, let_be, strays, taken_over};
pub use verify::{has_places, verify};
