//! Pages of an import: the form, the preview, the result.
mod done;
pub mod new;
pub mod show;
