//! What users of the SDK see, on a clock that only the test moves.

mod bills;
mod callbacks;
mod calls;
mod ecpay_calls;
mod order_push;
mod outcomes;
mod pacing;
mod secrets;
mod signer;
mod token_platform;
mod tokens;
mod trade_callbacks;
mod trade_calls;
mod trade_outcomes;
mod trade_world;
mod world;
