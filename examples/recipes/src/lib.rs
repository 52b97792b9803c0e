//! The SDK in four web frameworks: one shop, a few lines of glue each.
//!
//! Whoever does not want to keep books uses the service instead and needs none of this.

pub mod actix;
pub mod axum;
pub mod hyper;
pub mod salvo;
mod shop;

pub use shop::Shop;
