//! The general trade system's signatures: golden vectors, keys, callbacks, openssl beside us.

mod callbacks;
mod keys;
mod vectors;
