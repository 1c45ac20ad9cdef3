//! Sources: the database servers whose users' passwords Keeper changes, and which secret is whose password there. A
//! rotation asks for a secret's `Strategy`; what it says to the server is `remote/sources`.
mod address;
mod adopt;
mod check;
mod input;
mod login;
mod password;
mod rewrap;
mod rights;
mod row;
mod save;
mod strategy;
mod users;
mod wish;

pub use address::{Address, Trust, offered};
pub use adopt::{ReadyStrategy, clear_strategy, look_at_strategy, store_strategy};
pub use check::{CheckStep, check_source, rehearse};
pub use input::{SaveSource, SourceInput};
pub use rewrap::{SOURCE_KEYS, wrapped_source_keys};
pub use rights::{asks_reason, demand_to_open, may_change, may_check, may_name_second};
pub use row::{Found, Source, find, list, used_by};
pub use save::{create, delete, update};
pub use strategy::{Described, Strategy, Turn, demand_value_only, described, strategy, used_among};
pub use users::Shape;
pub use wish::{SetStrategy, StrategyInput};
