//! Users and their roles.
mod add;
mod arrive;
mod change;
mod row;

pub use add::{NewUser, add};
pub use arrive::{Arrival, arrive, end_sessions_of_provider, of_subject, send_away};
pub use change::{
    demand_acceptable, demand_to_open, make_password, set_active, set_own_password, set_password, set_role,
};
pub use row::{User, account, by_id, by_username, count, list};
