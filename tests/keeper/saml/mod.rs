//! Sign-in through an identity provider.
mod hostile;
mod shapes;
