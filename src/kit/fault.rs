//! Places at which a test lets the process die, to see what is left. They exist only with the Cargo feature `faults`, which
//! no release has: without it this is nothing at all.

#[cfg(all(feature = "faults", not(debug_assertions)))]
compile_error!(
    "the feature `faults` lets a process die on purpose: it is for tests, and no release can be built with it"
);

/// Dies here without a word, like kill -9, if `DIE_AT_FAULT_POINT` names this place. Not one of
/// Keeper's settings (`KEEPER_…`): those that it does not know it refuses before it does anything.
#[cfg(feature = "faults")]
pub fn point(name: &str) {
    if std::env::var("DIE_AT_FAULT_POINT").is_ok_and(|at| at == name) {
        std::process::abort();
    }
}

#[cfg(not(feature = "faults"))]
pub const fn point(_: &str) {}
