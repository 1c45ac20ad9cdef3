//! A second factor beside the password: an app that shows a new code every thirty seconds, and recovery codes for the day
//! on which it is lost. Accounts that come through an identity provider have theirs there.
mod check;
mod recovery;
mod remove;
mod rewrap;
mod row;
mod set;

pub use check::{Checked, Means, check_second_factor};
pub use recovery::make_recovery_codes;
pub use remove::{remove_own_second_factor, remove_second_factor};
pub use rewrap::{SECOND_FACTOR_KEYS, wrapped_second_factor_keys};
pub use row::{State, has_second_factor, second_factor};
pub use set::{
    Confirmed, begin_second_factor, begun_second_factor, confirm_second_factor, second_factor_to_open,
};

pub(super) use remove::forget;
