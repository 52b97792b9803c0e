//! The demo shop in a real browser: phone and desktop, Chinese and English.

#![expect(clippy::disallowed_methods, reason = "a test of processes, sockets and a browser")]

mod browser;
mod layout;
mod process;
mod repair;
mod shop;
mod story;
mod trade;
mod watch;

/// How the page is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    Phone,
    Desktop,
}

/// In which language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lang {
    Zh,
    En,
}

impl Size {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Desktop => "desktop",
        }
    }
}

impl Lang {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }
}
