//! The general trade system, from the merchant's request to the last fen.

mod callbacks;
mod keys;
mod migration;
mod orders;
mod refunds;
mod settlements;
