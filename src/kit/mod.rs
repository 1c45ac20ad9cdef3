//! Clock, time zones, chance, paging, memory, tables as texts: knows nothing of Keeper. Everybody may use it.
pub mod cell;
pub mod chance;
pub mod clock;
pub mod fault;
pub mod limit;
pub mod memo;
pub mod page;
pub mod repeats;
pub mod table;
pub mod zone;
