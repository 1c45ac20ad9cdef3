//! Search: any letters from the middle of any word, in the order of names, as quick among a million secrets as among a thousand.
//!
//! It is kept like a library. Each environment has **shelves** with up to a few hundred cards, in the order of names; a **card**
//! holds the folded texts of one secret. The **directory** of an environment says with which name each of its shelves
//! begins. The **grams** say for every run of two, three and four letters on which shelves it occurs. A search looks its letters up
//! in the grams, goes to those shelves alone, in their order, and reads cards until the page is full. So a common word is found
//! on the first shelf, a rare one on its only shelf, and closed environments are never walked past. Whoever asks for words that are
//! each common and never stand together gets what some shelves hold, and a way to go on (`Walked::cut`).
//!
//! For the orders of dates the cards stand once more on **stretches**, without grams: of what changed last there is some of everything.
//!
//! A change does not touch the shelves: it leaves a **slip** in its own unit (`note`). The worker files slips (`file_changes`); until
//! then a search reads the secret itself. So it is right at every moment, and changes never wait for each other. `refile` makes all of an
//! environment anew, and `glance` tells whether that is needed.
mod asked;
mod bits;
mod card;
mod dates;
mod directory;
mod filing;
mod glance;
mod grams;
mod hold;
mod lead;
mod pieces;
mod refile;
mod rows;
mod stretch;
mod sweep;
mod timeline;
mod timelines;
mod walk;
mod way;

pub(super) use asked::Asked;
pub(super) use dates::{Dated, Mark};
pub use filing::file_changes;
pub(super) use filing::note;
pub use glance::glance;
pub use hold::Refiling;
pub(super) use lead::Lead;
pub use refile::{Refiled, refile};
pub(super) use rows::fitting;
pub(super) use timeline::{Span, Timeline};
pub(super) use walk::{LONG, Reach, SHORT, by_name};
