//! The closed vocabularies of the ledger, each with its text on the wire.

/// A text that is not a word of the vocabulary it was read for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not one of the words for {what}: {known}")]
pub struct UnknownWord {
    /// Which vocabulary was asked.
    pub what: &'static str,
    /// The text that was given, shortened to 40 characters.
    pub text: String,
    /// The words that would have been understood.
    pub known: String,
}

macro_rules! words {
    ($(#[$outer:meta])* pub enum $name:ident: $what:literal { $($(#[$inner:meta])* $word:ident = $text:literal,)* }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$inner])* #[serde(rename = $text)] $word,)* }

        impl $name {
            /// Every word, in order.
            pub const ALL: &'static [Self] = &[$(Self::$word,)*];

            /// The text on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$word),)*
                    _ => Err($crate::UnknownWord {
                        what: $what,
                        text: text.chars().take(40).collect(),
                        known: [$($text,)*].join(", "),
                    }),
                }
            }
        }
    };
}

words! {
    /// Which of the platform's two payment systems an order lives in.
    pub enum System: "the payment system" {
        /// Guaranteed payment (担保支付).
        Ecpay = "ecpay",
        /// The general trade system (通用交易系统).
        Trade = "trade",
    }
}

words! {
    /// What is known of an order; a later word is stronger and wins over an earlier one.
    pub enum OrderState: "an order's state" {
        /// Remembered here; the platform has not yet confirmed it.
        Opening = "opening",
        /// The platform has the order and waits for the payer.
        Waiting = "waiting",
        /// The platform refused to open it.
        Refused = "refused",
        /// The platform says that it was not paid: timed out or failed.
        Closed = "closed",
        /// Paid. Nothing leaves this state.
        Paid = "paid",
    }
}

impl OrderState {
    /// Whether nothing more is awaited; `Closed` and `Refused` still give way to `Paid`.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Refused | Self::Closed | Self::Paid)
    }
}

words! {
    /// What is known of an operation; a later word is stronger and wins over an earlier one.
    pub enum OperationState: "an operation's state" {
        /// Remembered here; the platform has not yet confirmed it.
        Requested = "requested",
        /// The platform is working on it.
        Accepted = "accepted",
        /// The platform waits for somebody's consent.
        Auditing = "auditing",
        /// The platform says that it failed.
        Failed = "failed",
        /// Done. Nothing leaves this state.
        Succeeded = "succeeded",
    }
}

impl OperationState {
    /// Whether nothing more is awaited; `Failed` still gives way to `Succeeded`.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Failed | Self::Succeeded)
    }
}

words! {
    /// What an operation does to a paid order.
    pub enum OperationKind: "the kind of an operation" {
        /// Money goes back to the payer.
        Refund = "refund",
        /// Money goes to the seller and to those who share.
        Settlement = "settlement",
        /// A share comes back from a receiver to the seller.
        Return = "return",
        /// The merchant tells how far the goods are; no money moves.
        Fulfilment = "fulfilment",
    }
}

words! {
    /// Who started an operation.
    pub enum Origin: "the origin of an operation" {
        /// The merchant, through this ledger.
        Merchant = "merchant",
        /// The payer, inside the platform's app.
        User = "user",
        /// Customer service, in the platform's console.
        CustomerService = "customer_service",
        /// The platform itself, or somebody unknown on its side.
        Platform = "platform",
    }
}

words! {
    /// How far the merchant's consent to a refund is; a later word is stronger and wins over an earlier one.
    pub enum AuditStatus: "the state of an audit" {
        /// The platform has not asked for it yet.
        Init = "init",
        /// The platform waits for the merchant's word.
        ToAudit = "to_audit",
        /// Nobody answered before the deadline, which counts as consent.
        Overtime = "overtime",
        /// The merchant denied it.
        Deny = "deny",
        /// The merchant agreed.
        Agree = "agree",
    }
}

impl AuditStatus {
    /// Whether the merchant may still be heard.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Init | Self::ToAudit)
    }
}

words! {
    /// How far the merchant's decision about a refund is.
    pub enum DecisionState: "the state of a decision" {
        /// Remembered here; the platform has not yet confirmed it.
        Requested = "requested",
        /// The platform took it.
        Accepted = "accepted",
        /// The platform did not take it: something else was decided, or it refused.
        Refused = "refused",
    }
}

words! {
    /// Where the money of a refund came from; a later word is stronger.
    pub enum RefundSource: "the source of a refund" {
        /// The platform has not said.
        Unknown = "unknown",
        /// Money in transit, not yet settled.
        InTransit = "in_transit",
        /// The seller's balance, after settlement.
        Settled = "settled",
    }
}

words! {
    /// Whether a settled amount is meant before or after fee and commission.
    pub enum AmountBasis: "the basis of an amount" {
        /// The platform has not said, and the figures do not tell.
        Unknown = "unknown",
        /// Before fee and commission.
        Gross = "gross",
        /// After fee and commission.
        Net = "net",
    }
}

words! {
    /// What happens when an order turns out to be paid; a later word is stronger.
    pub enum IfPaid: "what happens if an order is paid" {
        /// The money stays.
        Keep = "keep",
        /// The money goes back if the order was reported as closed before.
        RefundLate = "refund_late",
        /// The money goes back: the merchant has abandoned the order.
        Refund = "refund",
    }
}

words! {
    /// Where a fact comes from.
    pub enum Source: "the source of a fact" {
        /// The merchant asked.
        Merchant = "merchant",
        /// The platform's answer to a call, or its absence.
        Answer = "answer",
        /// A verified callback.
        Callback = "callback",
        /// A query that was due.
        Query = "query",
        /// A person at the console.
        Operator = "operator",
    }
}
