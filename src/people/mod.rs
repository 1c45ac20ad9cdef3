//! Users and their roles.
mod add;
mod arrive;
mod change;
mod row;

pub use add::{NewUser, add};
pub use arrive::{Arrival, arrive, send_away};
pub use change::{set_active, set_password, set_role};
pub use row::{User, by_id, by_username, count, list};
