//! Users and their roles.
mod add;
mod arrive;
mod change;
mod import;
mod method;
mod password;
mod policy;
mod row;

pub use add::{NewUser, add};
pub use arrive::{Arrival, arrive, end_sessions_of_provider, may_arrive, of_subject, send_away};
pub use change::{demand_still, demand_to_open, set_active, set_role};
pub use import::{Entry, Fate, Roster, import, look_at_roster};
pub use method::{NewMethod, set_method};
pub use password::{demand_acceptable, make_password, set_own_password, set_password};
pub use policy::{able_to_break_glass, is_sso_only, set_break_glass, set_sso_only, why_not_sso_only};
pub use row::{User, account, by_id, by_username, count, list};
