//! What every door to the network has: where a request came from, its body within a limit, the headers of each answer, and what is
//! told of a refusal. `web` and `api` stand side by side on it.
mod answer;
pub mod assets;
mod body;
mod client;
mod file;
mod headers;
mod told;

/// After so many seconds what was away may be there again, as a `Retry-After` says it.
pub const SOON: u64 = 2;

pub use answer::{Answer, Answers};
pub use body::{Unread, whole};
pub use client::trace;
pub use file::exported;
pub use headers::{FormGoesTo, secure};
pub use told::{tell_of_all_refused, tell_of_refused, told, told_of_program};
