//! The whole service: a scripted platform, a shop, a clock moved by hand.

mod callbacks;
mod deliveries;
mod documents;
mod give_up;
mod orders;
mod platform;
mod reconcile;
mod refunds;
mod requests;
mod sockets;
mod world;
