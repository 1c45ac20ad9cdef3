//! Requests: a change of a value that waits until another person has approved it. A value that was typed is kept sealed meanwhile,
//! beside the rotation and not among the versions, so that it holds nothing up; nobody sees it, and with the decision it is gone.
mod ask;
mod close;
mod decide;
mod rewrap;
mod row;

pub(super) use ask::{Wanted, ask};
pub(super) use close::done;
pub use close::sweep;
pub use decide::{approve, reject, withdraw};
pub(super) use decide::{approved, demand_open};
pub use rewrap::{REQUEST_KEYS, wrapped_request_keys};
pub use row::{Outlook, Request, Waiting, request, waiting_for};
