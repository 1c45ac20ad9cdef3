//! The map of the house, from the ground up. Imports only go down; `tests/keeper/floors.rs` guards it.
pub mod kit; //          1  clock, chance, paging
pub mod config; //       2  settings, parsed once, every mistake named
pub mod domain; //       2  plaintext, names, enums, actor, errors
pub mod db; //           3  the only place that knows three engines
pub mod remote; //       3  the backends that copies go to: Vault, AWS Secrets Manager
