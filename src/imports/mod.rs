//! Import: a file of secrets, or a tree that lies in a backend, is read, compared with what is stored, shown by row, and then stored
//! whole or not at all. Between the preview and the confirmation it lies sealed. The doors call `hold` or `gather`, then `preview`,
//! `confirm`, `discard`; the command line, where nobody waits between the two, `read_table` and `take`, and for a table that goes to
//! another Keeper `read_table_for_another`.
mod afar;
mod confirm;
mod csv;
mod dotenv;
mod format;
mod gather;
mod hold;
mod json;
mod naming;
mod plan;
mod preview;
mod read;
mod rewrap;
mod row;
mod table;
#[cfg(test)]
mod tests;
mod tree;
mod wish;

pub use afar::{Afar, Judged, read_table_for_another};
pub use confirm::{Outcome, confirm, outcome};
pub use format::{Format, LONGEST, MOST_DEPTH, MOST_ROWS};
pub use gather::gather;
pub use hold::{Held, Upload, UploadInput, discard, find, hold, sweep};
pub use naming::Naming;
pub use plan::{Plan, Planned, Verdict};
pub use preview::{Preview, preview};
pub use rewrap::{IMPORT_KEYS, wrapped_import_keys};
pub use row::FIELDS;
pub use table::{Sheet, TableInput, read_table, take};
pub use tree::{Fate, LeftOut, Origin};
pub use wish::{Fields, Gather, GatherInput, Known, Then};
