//! Clock, time zones, chance, paging, memory: knows nothing of Keeper. Everybody may use it.
pub mod chance;
pub mod clock;
pub mod fault;
pub mod limit;
pub mod memo;
pub mod page;
pub mod zone;
