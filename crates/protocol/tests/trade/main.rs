//! The general trade system: golden vectors, keys, callbacks, openssl beside us.

mod authorizations;
mod callbacks;
mod key_mistakes;
mod keys;
mod negatives;
mod openssl;
mod request_mistakes;
mod vectors;
