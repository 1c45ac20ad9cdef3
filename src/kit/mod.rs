//! Clock, time zones, chance, paging: knows nothing of Keeper. Everybody may use it.
pub mod chance;
pub mod clock;
pub mod limit;
pub mod page;
pub mod zone;
