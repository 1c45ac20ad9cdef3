//! The map of the house, from the ground up. Imports only go down; `tests/keeper/floors.rs` guards it.
pub mod api; //          14 door: JSON for programs
pub mod app; //          5  what every feature is handed
pub mod audit; //        6  record, chain, search, verify
pub mod bulk; //         12 one act on many secrets, worked through one by one
pub mod cli; //          16 door: the command line, which puts the parts together
pub mod config; //       3  settings, parsed once, every mistake named
pub mod crypto; //       4  seal and open, KMS providers, password hashes
pub mod data_migrations; // 13 data of an older release, brought into their present form
pub mod db; //           3  the only place that knows three engines
pub mod domain; //       2  plaintext, names, enums, actor, errors, schedules
pub mod door; //         13 what every door to the network has
pub mod environments; // 8  stages, doors, members, backends, paths
pub mod imports; //      12 a file of secrets: read, preview, store whole
pub mod kit; //          1  clock, time zones, chance, limits, paging
pub mod lease; //        4  long work that one process does at a time
pub mod outbox; //       7  jobs, in the transaction that makes them true
pub mod people; //       7  users and roles
pub mod providers; //    9  identity providers, what their groups open, Keeper's keys there
pub mod rekey; //        13 every data key under another key
pub mod remote; //       3  clients: Vault, AWS, databases, SAML identity providers
pub mod rotations; //    11 rotate, by form and by schedule
pub mod secrets; //      9  create, edit, list, reveal, versions
pub mod server; //       15 the doors to the network behind one port
pub mod signin; //       10 passwords, SAML, personas, sessions
pub mod sources; //      10 databases whose passwords are changed, and whose secrets they are
pub mod sync; //         10 push and read back
pub mod verify; //       11 does the value still work, and is it still there
pub mod web; //          14 door: pages
pub mod worker; //       14 door: jobs and timers
