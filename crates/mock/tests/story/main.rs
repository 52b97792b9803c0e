//! The mock from outside: a signing merchant, a frozen clock, every rule.

#[cfg(test)]
mod bills;
#[cfg(test)]
mod callbacks;
#[cfg(test)]
mod console;
#[cfg(test)]
mod date;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod large;
mod money;
#[cfg(test)]
mod onboarding;
#[cfg(test)]
mod options;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod pushes;
#[cfg(test)]
mod returns;
#[cfg(test)]
mod settleable;
#[cfg(test)]
mod signers;
#[cfg(test)]
mod sockets;
#[cfg(test)]
mod state;
#[cfg(test)]
mod switches;
#[cfg(test)]
mod together;
#[cfg(test)]
mod trade;
#[cfg(test)]
mod typed;
#[cfg(test)]
mod withdrawals;
#[cfg(test)]
mod world;
