//! Why a fact changes nothing, with the sums in the sentence.

use douyin_pay_protocol::{Fen, MerchantUid, OutNo, UnixMs};

use crate::{OperationState, OrderState, System, decide::limits};

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
    /// The order lives in the other payment system, which cannot do this.
    #[error("an order of the system `{system}` cannot do this; leave out what belongs to the other system")]
    OtherSystem {
        /// The system of the order.
        system: System,
    },
    /// An order of the general trade system without the data that is signed.
    #[error("an order of the general trade system needs its signed data; it cannot be opened without")]
    NotSigned,
    /// The order was paid in something else than CNY.
    #[error("the order was paid in `{currency}`, and this ledger keeps CNY only; use the platform's console")]
    Currency {
        /// The currency in the platform's word.
        currency: Box<str>,
    },
    /// The items must be named: a part of the amount could belong to several, or none is known yet.
    #[error("name the items in `items`; of this order {known} are known")]
    ItemsNeeded {
        /// How many are known.
        known: usize,
    },
    /// The order has no such item.
    #[error("the order has no item `{item_order_id}`; take the numbers from its `items`")]
    UnknownItem {
        /// The number that was asked for.
        item_order_id: Box<str>,
    },
    /// An item is named twice.
    #[error("item `{item_order_id}` is named twice; add its amounts up")]
    ItemTwice {
        /// Its number.
        item_order_id: Box<str>,
    },
    /// The parts do not add up to the whole.
    #[error("the items add up to ¥{items}, but ¥{amount} are asked for; make them equal")]
    ItemsSum {
        /// The sum of the items.
        items: Fen,
        /// What is asked for.
        amount: Fen,
    },
    /// More is asked of an item than is left of it.
    #[error("¥{asked} asked of item `{item_order_id}`, ¥{left} left of it")]
    ItemTooMuch {
        /// Its number.
        item_order_id: Box<str>,
        /// What was asked for.
        asked: Fen,
        /// What is left.
        left: Fen,
    },
    /// A request names too many items.
    #[error("{count} items, at most {} are allowed; ask in several steps", limits::REFUND_ITEMS_MAX)]
    TooManyItems {
        /// How many it names.
        count: usize,
    },
    /// The order was or is being settled in the other way: as a whole, or item by item.
    #[error(
        "settlement `{out_no}` settles this order in the other way; the platform settles it as a whole or item by item, not both"
    )]
    SettledOtherwise {
        /// The number of the other settlement.
        out_no: OutNo,
    },
    /// The general trade system settles everything at once.
    #[error(
        "the general trade system settles all that is left at once; ask with `finish` true, or name one item"
    )]
    OneSettlement,
    /// The refund does not wait for anybody's consent.
    #[error("the refund is {state} and does not wait for consent; there is nothing to decide")]
    NotAuditing {
        /// Its state on the wire.
        state: &'static str,
    },
    /// The merchant has decided already, and otherwise.
    #[error("it was already decided: {}; that is not taken back", if *.agree { "agreed" } else { "denied" })]
    Decided {
        /// What was decided.
        agree: bool,
    },
    /// The time for a decision is over.
    #[error("the time to decide ended on {}; silence was consent", .deadline_at.beijing_text())]
    DeadlinePassed {
        /// When it ended.
        deadline_at: UnixMs,
    },
    /// A denial without a reason.
    #[error("a denial needs a `deny_message` for the payer")]
    NoMessage,
    /// An item has gone further already.
    #[error("the goods are further already: `{known}` was told; a fulfilment only goes forward")]
    NotForward {
        /// The state that was told.
        known: Box<str>,
    },
    /// The order has no settlement of that number.
    #[error("the order has no settlement `{out_no}`; take the number from its `settlements`")]
    UnknownSettlement {
        /// The number that was asked for.
        out_no: OutNo,
    },
    /// The settlement is not done, so nobody has got a share of it yet.
    #[error("settlement `{out_no}` is {state}; a share can come back once it has succeeded")]
    NotSettled {
        /// Its number.
        out_no: OutNo,
        /// Its state.
        state: OperationState,
    },
    /// The receiver got nothing in that settlement. The seller's own part is no share.
    #[error(
        "`{merchant_uid}` got no share in settlement `{out_no}`; name one of its receivers, see its `shares`"
    )]
    NoShare {
        /// The number of the settlement.
        out_no: OutNo,
        /// The receiver that was named.
        merchant_uid: MerchantUid,
    },
    /// More is asked back than the receiver still has of its share.
    #[error(
        "¥{asked} asked back, ¥{left} left: of its share of ¥{shared} in that settlement the receiver has returned \
         ¥{returned} and is returning ¥{returning}; ask for at most what is left"
    )]
    TooMuchBack {
        /// What was asked for.
        asked: Fen,
        /// What is left of the share.
        left: Fen,
        /// The share.
        shared: Fen,
        /// Returns that are done.
        returned: Fen,
        /// Returns in flight.
        returning: Fen,
    },
    /// The receiver has returned as often as the platform allows.
    #[error(
        "{count} returns from this receiver in this settlement, and the platform allows no more than {}; \
         settle it with the receiver directly",
        limits::RETURNS_MAX
    )]
    TooManyReturns {
        /// How many there are, without those that failed.
        count: usize,
    },
    /// Nothing was agreed to happen by itself, or the time has not come.
    #[error("the order is not to be settled by itself now; ask for a settlement if you want one")]
    NothingDue,
    /// The platform's order centre is not told of this order.
    #[error("the order was opened without `order_push`, so the platform is not told how far it is")]
    NoPush,
    /// Order push needs to know whose order it is.
    #[error("`order_push` needs the payer's `open_id`; add it, or leave `order_push` out")]
    NoOpenId,
    /// The state is not one that the merchant tells.
    #[error(
        "`{to_status}` is not told by hand: the ledger tells payments and refunds by itself; write `redeemed`"
    )]
    NotByHand {
        /// The state that was asked for.
        to_status: Box<str>,
    },
    /// The order is too old.
    #[error("the order was paid on {}, more than a year ago; the platform no longer refunds it", .paid_at.beijing_text())]
    TooLate {
        /// When it was paid.
        paid_at: UnixMs,
    },
}

impl Refusal {
    /// The number was used before: the fields that differ, or at least that something does.
    pub(crate) fn other_fields(compared: impl IntoIterator<Item = (&'static str, bool)>) -> Self {
        let differing = compared.into_iter().filter(|(_, differs)| *differs);
        let mut names: Vec<_> = differing.map(|(name, _)| name).collect();
        if names.is_empty() {
            names.push("set of fields");
        }
        Self::OtherFields { names }
    }

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
            Self::OtherSystem { .. } => "other_system",
            Self::NotSigned => "not_signed",
            Self::Currency { .. } => "currency",
            Self::ItemsNeeded { .. } => "items_needed",
            Self::UnknownItem { .. } => "unknown_item",
            Self::ItemTwice { .. } => "item_twice",
            Self::ItemsSum { .. } => "items_sum",
            Self::ItemTooMuch { .. } => "item_too_much",
            Self::TooManyItems { .. } => "too_many_items",
            Self::SettledOtherwise { .. } => "settled_otherwise",
            Self::OneSettlement => "one_settlement",
            Self::NotAuditing { .. } => "not_auditing",
            Self::Decided { .. } => "decided",
            Self::DeadlinePassed { .. } => "deadline_passed",
            Self::NoMessage => "no_message",
            Self::NotForward { .. } => "not_forward",
            Self::UnknownSettlement { .. } => "unknown_settlement",
            Self::NotSettled { .. } => "not_settled",
            Self::NoShare { .. } => "no_share",
            Self::TooMuchBack { .. } => "too_much_back",
            Self::TooManyReturns { .. } => "too_many_returns",
            Self::NothingDue => "nothing_due",
            Self::NoPush => "no_push",
            Self::NoOpenId => "no_open_id",
            Self::NotByHand { .. } => "not_by_hand",
        }
    }
}
