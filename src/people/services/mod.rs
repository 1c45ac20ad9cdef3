//! Service accounts: what programs act as, with tokens that end. Each has an owner, and never may do more than its owner may.
mod caller;
mod input;
mod row;
mod save;
mod token;
mod tokens;

pub use caller::{as_now, by_token};
pub use input::{DAYS, NewToken, NewTokenInput, OVERLAP, SaveService, ServiceInput};
pub use row::{
    Account, Chosen, SOON, Token, by_name, chosen, demand_to_look, find, list, live_tokens, tokens,
};
pub use save::{create, demand_to_open, set_active, update};
pub use tokens::{MOST, Made, make_token, revoke_token};
