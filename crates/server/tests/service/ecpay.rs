//! Guaranteed payment beside the mock: shares that come back, settling by itself, order push, what else it takes.

mod callbacks;
mod fields;
mod push;
mod returns;
mod settling;
mod world;
