//! Order push: told by itself, told by hand, and switched off.
