//! What other processes of the same account must not see of this one, which holds values.
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// No other process of this user reads our memory. It ends where this process becomes another program.
pub fn keep_private() {
    if set_dumpable_behavior(DumpableBehavior::NotDumpable).is_err() {
        tracing::warn!("other processes of this account can look into this one");
    }
}

/// No core dumps: also not of a program that this process becomes.
pub fn leave_no_core() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    if setrlimit(Resource::Core, none).is_err() {
        tracing::warn!("core dumps could not be switched off");
    }
}
