//! Guaranteed payment beside the mock: returns, settling by itself, order push.

mod callbacks;
mod fields;
mod push;
mod returns;
mod settling;
mod world;
