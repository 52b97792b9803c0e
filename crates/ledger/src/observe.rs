//! Platform messages as facts.
