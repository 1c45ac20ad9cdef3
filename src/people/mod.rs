//! Users and their roles, and the service accounts that act in their name.
mod add;
mod arrive;
mod change;
mod epoch;
mod import;
mod method;
mod password;
mod policy;
mod row;
mod second;
pub mod services;

pub use add::{NewUser, add};
pub use arrive::{Arrival, arrive, may_arrive, of_subject, send_away};
pub use change::{demand_still, demand_to_open, set_active, set_active_as_seen, set_role, set_role_as_seen};
pub use epoch::{Whose, end_sessions};
pub use import::{Entry, Fate, Roster, Stored, Wanted, import, look_at_roster, roster_for_another};
pub use method::{NewMethod, set_method};
pub use password::{demand_acceptable, make_password, set_own_password, set_password};
pub use policy::{able_to_break_glass, is_sso_only, set_break_glass, set_sso_only, why_not_sso_only};
pub use row::{User, account, accounts, by_id, by_username, count, list};
pub use second::{
    Checked, Confirmed, Means, SECOND_FACTOR_KEYS, State, begin_second_factor, begun_second_factor,
    check_second_factor, confirm_second_factor, has_second_factor, make_recovery_codes,
    remove_own_second_factor, remove_second_factor, second_factor, second_factor_to_open,
    wrapped_second_factor_keys,
};
