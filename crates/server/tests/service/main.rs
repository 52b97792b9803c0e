//! The whole service: a scripted platform, a shop, a clock moved by hand.

mod bills;
mod callbacks;
mod contract;
mod deliveries;
mod documents;
mod ecpay;
mod give_up;
mod lines;
mod mocked;
mod orders;
mod platform;
mod reconcile;
mod refunds;
mod requests;
mod rest_api;
mod sockets;
mod trade;
mod world;
