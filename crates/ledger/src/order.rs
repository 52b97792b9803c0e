//! An order with its operations: the state that facts add up to.

mod ecpay;
mod plan;
mod trade;
mod walk;

use douyin_pay_protocol::{AppId, Fen, OrderToken, OutNo, OutOrderNo, PlatformNo, UnixMs};
use serde::{Deserialize, Serialize};

use crate::decide::infer_basis;
use crate::{
    Alarms, AmountBasis, IfPaid, Item, ItemAmount, OperationKind, OperationState, OrderId, OrderState,
    Origin, RefundSource, Share, System, Target, hex32,
};
pub use ecpay::OperationEcpay;
pub use plan::{Plan, PlatformSettleable};
pub use trade::{Audit, Decision, OperationTrade, OrderTrade};
pub use walk::NextStep;
pub(crate) use walk::{next_even, next_odd};

/// An order and everything that hangs off it. Made and changed by [`crate::decide`] only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The internal id.
    pub id: OrderId,
    /// The mini-program.
    pub app_id: AppId,
    /// The merchant's number.
    pub out_order_no: OutOrderNo,
    /// The payment system it lives in.
    pub system: System,
    /// What is known of it.
    pub state: OrderState,
    /// The total the merchant asked for.
    pub total: Fen,
    /// What the platform pays in the payer's place; zero in guaranteed payment.
    pub discount: Fen,
    /// When it was remembered here.
    pub created_at: UnixMs,
    /// After this it can no longer be paid. Only the platform's word closes it.
    pub expires_at: UnixMs,
    /// The platform's number.
    pub platform_order_id: Option<PlatformNo>,
    /// The token for the cashier.
    pub order_token: Option<OrderToken>,
    /// The payer.
    pub open_id: Option<Box<str>>,
    /// The merchant's own JSON, as text.
    pub metadata: Option<Box<str>>,
    /// The merchant's own text, echoed by the platform.
    pub cp_extra: Option<Box<str>>,
    /// When it was paid, in the platform's words.
    pub paid_at: Option<UnixMs>,
    /// The channel: 1 WeChat, 2 Alipay, 10 Douyin Pay.
    pub way: Option<i64>,
    /// The number at the channel.
    pub channel_no: Option<Box<str>>,
    /// The platform's number of the payment.
    pub payment_order_no: Option<Box<str>>,
    /// Who receives the money.
    pub seller_uid: Option<Box<str>>,
    /// Why it is refused or closed.
    pub failure: Option<Failure>,
    /// Whether an attempt to open it ended unknown: a refusal then decides nothing.
    pub maybe_acted: bool,
    /// Whether it was opened elsewhere: it is only asked about, never opened.
    pub imported: bool,
    /// What happens when it turns out to be paid.
    pub if_paid: IfPaid,
    /// The digest of the request as the merchant sent it.
    #[serde(with = "hex32")]
    pub request_sha256: [u8; 32],
    /// Exceptions already opened for the order itself.
    pub alarms: Alarms,
    /// The number of the last recorded fact; the first is 1.
    pub seq: u32,
    /// The number of the last event; 0 before the first.
    pub events: u32,
    /// When to ask the platform again about the order itself.
    pub schedule: Schedule,
    /// What only orders of the general trade system have; absent in the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trade: Option<Box<OrderTrade>>,
    /// What was agreed to happen by itself; absent when nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Box<Plan>>,
    /// What the platform last said is left to settle; absent while nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_settleable: Option<Box<PlatformSettleable>>,
    /// Refunds, settlements, returns and fulfilments, in the order in which they became known.
    pub operations: Vec<Operation>,
}

/// A refund, a settlement or a return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// What it does.
    pub kind: OperationKind,
    /// Its number, unique for the app and kind.
    pub out_no: OutNo,
    /// Who started it.
    pub origin: Origin,
    /// What is known of it.
    pub state: OperationState,
    /// How much. For a settlement the estimate at the time of asking: everything left if it is the
    /// last, else the shares. Zero while the platform has not told the amount of its own operation.
    pub amount: Fen,
    /// The platform's number.
    pub platform_no: Option<PlatformNo>,
    /// The reason of a refund, the description of a settlement.
    pub text: Box<str>,
    /// The digest of the request as the merchant sent it; zeros if the merchant did not ask.
    #[serde(with = "hex32")]
    pub request_sha256: [u8; 32],
    /// When the merchant asked, or when the platform's own operation was first seen.
    pub requested_at: UnixMs,
    /// When it ended, in the platform's words.
    pub finished_at: Option<UnixMs>,
    /// Where the money of a refund came from.
    pub source: RefundSource,
    /// Who shares in a settlement, besides the seller; of a return the one receiver that gives back.
    pub shares: Vec<Share>,
    /// Whether this is the last settlement of the order.
    pub finish: bool,
    /// The settled amount, as the platform gives it.
    pub settle_amount: Option<Fen>,
    /// The platform's fee.
    pub rake: Option<Fen>,
    /// The promoters' commission.
    pub commission: Option<Fen>,
    /// Whether `settle_amount` is before or after fee and commission, as far as the figures tell.
    pub basis: AmountBasis,
    /// Who received what, in the platform's words.
    pub detail: Option<Box<str>>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// Whether an attempt ended unknown: a refusal then decides nothing.
    pub maybe_acted: bool,
    /// Exceptions already opened for this operation.
    pub alarms: Alarms,
    /// When to ask the platform again.
    pub schedule: Schedule,
    /// What only operations of the general trade system have; absent in the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trade: Option<Box<OperationTrade>>,
    /// What only operations of guaranteed payment have; absent in the others, and where there is nothing to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ecpay: Option<Box<OperationEcpay>>,
}

/// Why the platform refused or failed something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The platform's code; 0 when a report gave only words.
    pub code: i64,
    /// The platform's words.
    pub message: Box<str>,
}

/// When to ask again. Not part of what facts add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The next time; none when nothing more is awaited.
    pub due_at: Option<UnixMs>,
    /// How often it was asked since the state last changed.
    pub tries: u16,
}

impl Order {
    /// The earliest time at which the order, one of its operations or its own settlement is due.
    pub fn due_at(&self) -> Option<UnixMs> {
        let operations = self.operations.iter().filter_map(|operation| operation.schedule.due_at);
        operations.chain(self.schedule.due_at).chain(self.settle_due_at()).min()
    }

    /// When to submit [`What::SettlementDue`](crate::What::SettlementDue): the days are over after which the order is
    /// settled by itself, or it is time to look again.
    pub fn settle_due_at(&self) -> Option<UnixMs> {
        self.plan.as_ref()?.settle.due_at
    }

    /// Works out anew what only follows from the rest: whoever takes in a stored order does this first, for an earlier
    /// version may have stored it. [`decide`](crate::decide) and [`check_projection`](crate::check_projection) do it by
    /// themselves.
    pub fn refresh(&mut self) {
        infer_basis(self);
    }

    /// The settlement after which nothing of the order is left, once it is done.
    pub fn last_settlement(&self) -> Option<&Operation> {
        let mut settlements = self.operations_of(OperationKind::Settlement);
        settlements.find(|settlement| settlement.finish && settlement.state == OperationState::Succeeded)
    }

    /// The operation of that kind and number.
    pub fn operation(&self, kind: OperationKind, out_no: &OutNo) -> Option<&Operation> {
        self.position(kind, out_no).map(|at| &self.operations[at])
    }

    pub(crate) fn position(&self, kind: OperationKind, out_no: &OutNo) -> Option<usize> {
        self.operations.iter().position(|operation| operation.kind == kind && operation.out_no == *out_no)
    }

    /// Where the operation stands that a target is about; nothing for the order itself and unknown numbers.
    pub(crate) fn place_of(&self, target: &Target) -> Option<usize> {
        match target {
            Target::Order => None,
            Target::Operation(kind, out_no) => self.position(*kind, out_no),
            Target::Audit(out_no) => self.position(OperationKind::Refund, out_no),
        }
    }

    /// The operations of one kind.
    pub fn operations_of(&self, kind: OperationKind) -> impl Iterator<Item = &Operation> {
        self.operations.iter().filter(move |operation| operation.kind == kind)
    }

    /// Whether the payer can and should pay it as far as we know: it waits, the token for the cashier is here or not
    /// needed, and nobody gave it up, for then the money would only come and go.
    pub fn is_payable(&self) -> bool {
        let can_be_handed_out = match self.system {
            System::Ecpay => self.order_token.is_some(),
            System::Trade => !self.imported,
        };
        self.state == OrderState::Waiting && can_be_handed_out && self.if_paid != IfPaid::Refund
    }

    /// Whether the platform's number must be asked for before a refund or a fulfilment can be sent: the
    /// general trade system knows orders by its own number only.
    pub fn needs_platform_order_id(&self) -> bool {
        self.system == System::Trade && self.platform_order_id.is_none()
    }

    /// The items that the platform made of the order; none in guaranteed payment, or while nothing is known.
    pub fn items(&self) -> &[Item] {
        self.trade.as_ref().map_or(&[], |trade| &trade.items)
    }

    /// The currency, if it is not CNY. Nothing of such an order is summed.
    pub fn foreign_currency(&self) -> Option<&str> {
        self.trade.as_ref()?.currency.as_deref()
    }
}

impl Operation {
    pub(crate) fn new(kind: OperationKind, out_no: OutNo, origin: Origin, requested_at: UnixMs) -> Self {
        Self {
            kind,
            out_no,
            origin,
            state: OperationState::Requested,
            amount: Fen::ZERO,
            platform_no: None,
            text: "".into(),
            request_sha256: [0; 32],
            requested_at,
            finished_at: None,
            source: RefundSource::Unknown,
            shares: Vec::new(),
            finish: false,
            settle_amount: None,
            rake: None,
            commission: None,
            basis: AmountBasis::Unknown,
            detail: None,
            failure: None,
            maybe_acted: false,
            alarms: Alarms::NONE,
            schedule: Schedule::default(),
            trade: None,
            ecpay: None,
        }
    }

    /// How much of which item; empty for a whole refund and in guaranteed payment.
    pub fn items(&self) -> &[ItemAmount] {
        self.trade.as_ref().map_or(&[], |trade| &trade.items)
    }

    /// The one item that a settlement is about; nothing for the whole order.
    pub fn item_order_id(&self) -> Option<&str> {
        self.trade.as_ref()?.item_order_id.as_deref()
    }

    /// The merchant's consent, as far as the platform spoke of it.
    pub fn audit(&self) -> Option<&Audit> {
        self.trade.as_ref()?.audit.as_ref()
    }

    /// The settlement of which a share goes back.
    pub fn settlement(&self) -> Option<&OutNo> {
        self.ecpay.as_ref()?.settlement.as_ref()
    }

    /// Who gives a share back, and how much.
    pub fn receiver(&self) -> Option<&Share> {
        self.shares.first().filter(|_| self.kind == OperationKind::Return)
    }

    /// The state that a fulfilment tells, in the platform's words.
    pub fn to_status(&self) -> Option<&str> {
        let trade = self.trade.as_ref().and_then(|trade| trade.to_status.as_deref());
        trade.or_else(|| self.ecpay.as_ref()?.to_status.as_deref())
    }

    /// Whether it is neither done nor failed.
    pub const fn is_pending(&self) -> bool {
        !self.state.is_final()
    }
}
