//! Import: a file of secrets is read, compared with what is stored, shown by row, and then stored whole or not at all.
//! Between the preview and the confirmation the file lies sealed. The doors call `hold`, `preview`, `confirm`, `discard`.
mod confirm;
mod csv;
mod dotenv;
mod format;
mod hold;
mod json;
mod plan;
mod preview;
mod read;
mod rewrap;
mod row;
#[cfg(test)]
mod tests;

pub use confirm::{Outcome, confirm, outcome};
pub use format::{Format, LONGEST, MOST_DEPTH, MOST_ROWS};
pub use hold::{Held, Upload, UploadInput, discard, find, hold, sweep};
pub use plan::{Plan, Planned, Verdict};
pub use preview::{Preview, preview};
pub use rewrap::{IMPORT_KEYS, wrapped_import_keys};
pub use row::{At, FIELDS};
