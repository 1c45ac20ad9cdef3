//! Lists: filters, orders and pages. Only what lies in environments whose door is open to the reader. Every page is read
//! from an index, whatever the number of secrets:
//!
//! - by name, with words, a tag, a type or a level: along the shelves of the search;
//! - with a date or a status alone, or by date: along an index of the table;
//! - combined, or words in another order: from the narrower side, when it has few secrets (`few`); else along the index, as far as
//!   `along` goes. Then a page may hold fewer rows than asked, and says that it goes on (`Page::is_cut`).
mod along;
mod few;
mod filter;
mod input;
mod keys;
mod plan;
mod told;

pub use filter::{Due, Filter, Sort};
pub use input::ListInput;
pub use plan::{list, tally};
