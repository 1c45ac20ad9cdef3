//! Sign-in through an identity provider, and its end.
mod desk;
mod encrypted;
mod fuzzing;
pub mod hostile;
mod logout;
mod report;
mod sealed;
mod shapes;
mod unasked;
