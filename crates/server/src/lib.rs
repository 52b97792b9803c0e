//! What is remembered: the self-hosted payment service for Douyin mini-programs.

pub mod journal;
pub mod store;
