//! A commented example that loads as it stands.

/// A configuration to start from, with comments in Chinese and English.
pub fn example() -> &'static str {
    include_str!("example.toml")
}
