//! What every door to the network has: where a request came from, its body within a limit, the headers of each answer, and what is
//! told of a refusal. `web` and `api` stand side by side on it.
mod answer;
pub mod assets;
mod body;
mod client;
mod file;
mod headers;
mod told;

pub use answer::{Answer, Answers};
pub use body::whole;
pub use client::trace;
pub use file::exported;
pub use headers::{FormGoesTo, secure};
pub use told::{tell_of_refused, told, told_of_program};
