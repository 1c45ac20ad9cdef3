//! Every data key under another key: after the key was rotated, or the key service switched. Keys are opened and wrapped anew; no
//! value is. How far it is stands in a row, so that it goes on after any end of a process, and one does it at a time.
mod places;
mod start;
mod status;
mod work;

pub use crate::lease::Step;
pub use places::{PLACES, Place, still_needed};
pub use start::{rotate, start};
pub use status::{Failure, Holding, Rewrap, failures, holdings, latest};
pub use work::work;
