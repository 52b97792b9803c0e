//! Guaranteed payment beside the mock: returns, settling by itself, order push.

mod callbacks;
mod crashes;
mod fields;
mod providers;
mod push;
mod returns;
mod settling;
mod world;
