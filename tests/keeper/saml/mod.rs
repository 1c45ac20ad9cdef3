//! Sign-in through an identity provider.
mod desk;
mod encrypted;
mod fuzzing;
mod hostile;
mod report;
mod sealed;
mod shapes;
mod unasked;
