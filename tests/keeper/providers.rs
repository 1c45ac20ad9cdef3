//! Identity providers as people meet them: an admin's pages, the way in, what arrives, and the way out.
mod arriving;
mod hall;
mod keys;
mod leaving;
mod managing;
mod trying;
