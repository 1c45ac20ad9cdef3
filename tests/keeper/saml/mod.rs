//! Sign-in through an identity provider.
mod fuzzing;
mod hostile;
mod shapes;
