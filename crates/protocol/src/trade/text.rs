//! Texts of the general trade system with their limits.
//!
//! Nothing is cut out of these texts before signing, so they may be padded or quoted; control characters
//! alone are refused.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::FieldError;
use crate::text::check_address;

/// How long a text may be.
pub(in crate::trade) struct Limit {
    pub(in crate::trade) field: &'static str,
    pub(in crate::trade) bytes_max: usize,
    pub(in crate::trade) chars_max: usize,
    pub(in crate::trade) required: bool,
}

impl Limit {
    pub(in crate::trade) fn check(&self, text: &str) -> Result<(), FieldError> {
        let problem = |problem: String| Err(FieldError::new(self.field, problem));
        if text.is_empty() && self.required {
            return Err(FieldError::new(self.field, "is empty; write something"));
        }
        let (bytes, chars) = (text.len(), text.chars().count());
        if chars > self.chars_max {
            return problem(format!(
                "{chars} characters, at most {} are allowed; shorten it",
                self.chars_max
            ));
        }
        if bytes > self.bytes_max {
            return problem(format!(
                "{bytes} bytes in UTF-8, at most {} are allowed; shorten it",
                self.bytes_max
            ));
        }
        match text.chars().find(|c| c.is_control()) {
            Some(c) => problem(format!("contains the control character {c:?}; remove it")),
            None => Ok(()),
        }
    }
}

macro_rules! plain_text {
    ($(#[$meta:meta])* $name:ident, $check:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// The text, if it keeps the platform's limits.
            ///
            /// # Errors
            /// When it is too long, has control characters, or breaks the rule of its field.
            pub fn new(text: impl AsRef<str>) -> Result<Self, FieldError> {
                let check: fn(&str) -> Result<(), FieldError> = $check;
                check(text.as_ref())?;
                Ok(Self(text.as_ref().into()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                Self::new(Box::<str>::deserialize(from)?).map_err(serde::de::Error::custom)
            }
        }
    };
}

const fn required(field: &'static str, bytes_max: usize) -> Limit {
    Limit { field, bytes_max, chars_max: bytes_max, required: true }
}

plain_text!(
    /// The merchant's number of what is sold: 1–256 bytes. The platform wants a text, even for digits.
    SkuId, |text| required("skuId", 256).check(text)
);
plain_text!(
    /// What is sold: 1–256 bytes.
    Title, |text| required("title", 256).check(text)
);
plain_text!(
    /// The picture of what is sold: an address of 1–512 bytes.
    ImageUrl, |text| {
        required("imageList", 512).check(text)?;
        match text.starts_with("https://") || text.starts_with("http://") {
            true => Ok(()),
            false => Err(FieldError::new("imageList", "is no web address; write https://…")),
        }
    }
);
plain_text!(
    /// The platform's id of a tag group: which refund rules hold. 1–64 bytes.
    TagGroupId, |text| required("tagGroupId", 64).check(text)
);
plain_text!(
    /// The id of a promotion of the merchant, as `tt.triggerRetentionPopup` gives it.
    PromotionId, |text| required("promotionId", 256).check(text)
);
plain_text!(
    /// Where the payment happens; `IM` was seen on iOS.
    PayScene, |text| required("payScene", 64).check(text)
);
plain_text!(
    /// A refund's reason in words: fewer than 50 characters, may be empty.
    RefundText, |text| {
        Limit { field: "refund_reason", bytes_max: 4 * 49, chars_max: 49, required: false }.check(text)
    }
);
plain_text!(
    /// Why the merchant refuses a refund, shown to the user: 1–512 bytes.
    DenyMessage, |text| required("deny_message", 512).check(text)
);
plain_text!(
    /// Where the platform sends callbacks: at most 512 bytes, https. Loopback may use http.
    ///
    /// ```
    /// use douyin_pay_protocol::trade::NotifyUrl;
    ///
    /// assert!(NotifyUrl::new("https://pay.example.com/callbacks/coffee").is_ok());
    /// assert!(NotifyUrl::new("http://127.0.0.1:8080/callbacks/coffee").is_ok());
    /// assert!(NotifyUrl::new("http://pay.example.com/callbacks/coffee").is_err());
    /// ```
    NotifyUrl, |text| check_address("notify_url", text, 512).map(|_| ())
);

impl From<crate::NotifyUrl> for NotifyUrl {
    /// What guaranteed payment can call can be called here too.
    fn from(url: crate::NotifyUrl) -> Self {
        Self(url.as_str().into())
    }
}
