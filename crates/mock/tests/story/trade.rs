//! The general trade system: every rule, kept and broken.

mod audits;
mod callbacks;
mod documented;
mod fulfilment;
mod funds;
mod paying;
mod placing;
mod properties;
mod refunds;
mod settling;
mod shop;
mod state;
mod switches;
mod tokens;
mod typed;
