//! The whole service without sockets: a scripted platform, a shop, a clock that is moved by hand.

mod callbacks;
mod deliveries;
mod documents;
mod orders;
mod platform;
mod reconcile;
mod refunds;
mod requests;
mod sockets;
mod world;
