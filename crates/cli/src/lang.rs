//! Which language a person reads: Chinese or English, by locale.

use std::sync::OnceLock;

/// The languages that messages exist in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// 简体中文.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The language of this process: the first of `LC_ALL`, `LC_MESSAGES`, `LANG` that is set decides.
    pub fn current() -> Self {
        static CURRENT: OnceLock<Lang> = OnceLock::new();
        *CURRENT.get_or_init(|| {
            let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
                .iter()
                .filter_map(|name| std::env::var(name).ok())
                .find(|value| !value.is_empty());
            Self::of_locale(locale.as_deref().unwrap_or_default())
        })
    }

    /// The language of a locale name such as `zh_CN.UTF-8`.
    pub fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("zh") { Self::Zh } else { Self::En }
    }

    /// The text of the two that this language reads.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// The text of the two that the user of this process reads.
pub fn say<'a>(zh: &'a str, en: &'a str) -> &'a str {
    Lang::current().pick(zh, en)
}

/// A text in the language of whoever reads it; both are formats of the same values.
macro_rules! tell {
    ($zh:literal, $en:literal $(,)?) => {
        match $crate::lang::Lang::current() {
            $crate::lang::Lang::Zh => format!($zh),
            $crate::lang::Lang::En => format!($en),
        }
    };
}

pub(crate) use tell;

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn the_locale_decides() {
        assert_eq!(Lang::of_locale("zh_CN.UTF-8"), Lang::Zh);
        assert_eq!(Lang::of_locale("zh-TW"), Lang::Zh);
        assert_eq!(Lang::of_locale("en_US.UTF-8"), Lang::En);
        assert_eq!(Lang::of_locale(""), Lang::En);
    }
}
