//! Pages of an import: the two forms, the preview, the result.
mod done;
pub mod gather;
pub mod new;
pub mod show;
