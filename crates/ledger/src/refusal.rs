//! Why a fact changes nothing, with the sums in the sentence.

use douyin_pay_protocol::{Fen, OutNo, UnixMs};

use crate::{OrderState, decide::limits};

/// Why a fact changes nothing. An ordinary result: duplicates and late words are everyday.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The same is known already.
    #[error("the same is known already")]
    Duplicate,
    /// Something stronger is known already.
    #[error("it is already {state}; that is not taken back")]
    AlreadyFinal {
        /// The state on the wire.
        state: &'static str,
    },
    /// The platform reports another amount than ours.
    #[error("the platform reports ¥{theirs}, this ledger has ¥{ours}; nothing was changed")]
    AmountDiffers {
        /// Ours.
        ours: Fen,
        /// The platform's.
        theirs: Fen,
    },
    /// No order or operation has this number.
    #[error("no order or operation has this number; check the number and the app")]
    UnknownNumber,
    /// The number belongs to another app.
    #[error("this order belongs to another app")]
    WrongApp,
    /// The number belongs to another order.
    #[error("this number is already used for another order; choose a new one")]
    NumberInUse,
    /// The number is used already, with other fields.
    #[error("this number was used before with another {}; send the same again, or choose a new number", .names.join(", "))]
    OtherFields {
        /// The fields that differ, as far as they are known.
        names: Vec<&'static str>,
    },
    /// The order is paid: too late to give it up.
    #[error("the order is paid already; refund it instead")]
    AlreadyPaid,
    /// The order is not paid.
    #[error("the order is {state}, not paid")]
    NotPaid {
        /// Its state.
        state: OrderState,
    },
    /// The amount is zero, or the shares have none.
    #[error("the amount is zero; ask for at least 1 fen")]
    ZeroAmount,
    /// More is asked for than is left.
    #[error(
        "¥{asked} asked, ¥{left} left: ¥{paid} paid, ¥{refunded} refunded, ¥{refunding} being refunded, \
         ¥{settled} settled or being settled"
    )]
    TooMuch {
        /// What was asked for; zero for a settlement without shares.
        asked: Fen,
        /// What is left for it.
        left: Fen,
        /// What was paid.
        paid: Fen,
        /// Refunds that are done.
        refunded: Fen,
        /// Refunds in flight.
        refunding: Fen,
        /// Settlements done and in flight, before fees.
        settled: Fen,
    },
    /// A settlement names too many receivers.
    #[error(
        "{count} receivers, at most {} are allowed; settle in several steps with `finish` false",
        limits::SHARES_MAX
    )]
    TooManyShares {
        /// How many it names.
        count: usize,
    },
    /// The order has as many operations of this kind as the platform allows.
    #[error("the order already has {count} of these, and the platform allows no more")]
    TooMany {
        /// How many it has.
        count: usize,
    },
    /// The last settlement of the order is done.
    #[error("`{out_no}` was the last settlement of this order")]
    AlreadySettled {
        /// Its number.
        out_no: OutNo,
    },
    /// Another settlement of the order is in flight.
    #[error("settlement `{out_no}` has not ended yet; ask again when it has")]
    InFlight {
        /// Its number.
        out_no: OutNo,
    },
    /// The order is too old.
    #[error("the order was paid on {}, more than a year ago; the platform no longer refunds it", .paid_at.beijing_text())]
    TooLate {
        /// When it was paid.
        paid_at: UnixMs,
    },
}

impl Refusal {
    /// The stable code for the merchant, the logs and the verdict column.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::AlreadyFinal { .. } => "already_final",
            Self::AmountDiffers { .. } => "amount_differs",
            Self::UnknownNumber => "unknown_number",
            Self::WrongApp => "wrong_app",
            Self::NumberInUse => "number_in_use",
            Self::OtherFields { .. } => "other_fields",
            Self::AlreadyPaid => "already_paid",
            Self::NotPaid { .. } => "not_paid",
            Self::ZeroAmount => "zero_amount",
            Self::TooMuch { .. } => "too_much",
            Self::TooManyShares { .. } => "too_many_shares",
            Self::TooMany { .. } => "too_many",
            Self::AlreadySettled { .. } => "already_settled",
            Self::InFlight { .. } => "in_flight",
            Self::TooLate { .. } => "too_late",
        }
    }
}
