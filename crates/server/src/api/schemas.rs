//! The shapes of replies, for the OpenAPI document. A test holds real replies against them.
#![expect(dead_code, reason = "only their description is used: replies are written from borrowed views")]

mod bills;
mod ecpay;
mod trade;

use utoipa::ToSchema;

pub(crate) use bills::{
    BillFigures, BillRun, BillRuns, BillSide, Difference, Differences, MerchantMonth, MonthOfApp,
};
pub(crate) use ecpay::{PlatformSettleable, Return, Settleable, SettleableDetail};
pub(crate) use trade::{Audit, Decision, Fulfilment, Item, ItemAmount};

/// An order.
#[derive(ToSchema)]
pub(crate) struct Order {
    /// Our own id of the order.
    #[schema(example = "ord_025m2xxc00001")]
    id: String,
    /// The mini-program.
    app_id: String,
    /// The merchant's number.
    out_order_no: String,
    /// The payment system in which the order lives.
    system: String,
    /// How far it is.
    state: String,
    /// The order's total.
    total_fen: i64,
    /// What the platform took off at payment.
    discount_fen: i64,
    /// What was paid: the total less the discount, or 0.
    paid_fen: i64,
    /// Refunds that succeeded.
    refunded_fen: i64,
    /// Refunds under way.
    refunding_fen: i64,
    /// What can still be refunded.
    refundable_fen: i64,
    /// What was settled, the platform's fee included.
    settled_fen: i64,
    /// What can still be settled.
    settleable_fen: i64,
    /// Whether `settleable_fen` is computed here or the platform's own figure.
    settleable_basis: String,
    /// What the platform last said can still be settled, after its fees; missing while nobody asked.
    platform_settleable: Option<PlatformSettleable>,
    /// So many days after the payment it is settled by itself.
    settle_after_days: Option<i64>,
    /// When it is settled by itself; left out when it is not, or settled.
    settle_due_at: Option<String>,
    /// When it was created.
    created_at: String,
    /// Until when it can be paid.
    expires_at: String,
    /// When it was paid.
    paid_at: Option<String>,
    /// How it was paid: wechat, alipay, bank_card, douyin_pay, or the platform's number for a new way.
    way: Option<String>,
    /// The payment channel's number.
    channel_no: Option<String>,
    /// The platform's number of the payment.
    payment_order_no: Option<String>,
    /// The platform's number of the order.
    platform_order_id: Option<String>,
    /// The merchant number that receives the money.
    seller_uid: Option<String>,
    /// The payer, as given.
    open_id: Option<String>,
    /// The merchant's text that the platform echoes.
    cp_extra: Option<String>,
    /// General trade system: the currency, if it is not CNY; amounts of such an order are not summed.
    currency: Option<String>,
    /// General trade system: what the platform made of the order, once it is known.
    items: Option<Vec<Item>>,
    /// The merchant's own JSON, as given.
    #[schema(value_type = Option<Object>)]
    metadata: Option<()>,
    /// Taken over from elsewhere; left out when not.
    imported: Option<bool>,
    /// Given up: refunded in full if it is paid after all; left out when not.
    abandoned: Option<bool>,
    /// Why the platform refused it.
    failure: Option<Failure>,
    /// Its refunds, oldest first; left out in lists and events.
    refunds: Option<Vec<Refund>>,
    /// Its settlements, oldest first; left out in lists and events.
    settlements: Option<Vec<Settlement>>,
    /// Guaranteed payment: the shares that were taken back, oldest first; left out in lists and events.
    returns: Option<Vec<Return>>,
    /// The steps of its fulfilment, oldest first, where the platform is told of them; left out in lists and events.
    fulfilments: Option<Vec<Fulfilment>>,
    /// What the front end hands to `tt.pay`, only while it can be paid; or to `tt.requestOrder`, only in the reply to
    /// whoever asks for the order.
    pay: Option<Pay>,
    /// What looks wrong and was done all the same.
    warnings: Option<Vec<String>>,
}

/// The arguments of `tt.pay` or `tt.requestOrder`.
#[derive(ToSchema)]
pub(crate) struct Pay {
    /// Which of the two: `tt.pay` or `tt.requestOrder`.
    kind: String,
    /// tt.pay: `orderInfo.order_id`.
    order_id: Option<String>,
    /// tt.pay: `orderInfo.order_token`: opens the cashier in the payer's name, so keep it out of logs.
    order_token: Option<String>,
    /// tt.pay: `service`, the cashier, always 5.
    service: Option<i64>,
    /// tt.requestOrder: the order's data, to be handed on byte for byte.
    data: Option<String>,
    /// tt.requestOrder: the signature of `data`; good for an hour.
    #[schema(rename = "byteAuthorization")]
    byte_authorization: Option<String>,
}

/// The platform's refusal.
#[derive(ToSchema)]
pub(crate) struct Failure {
    /// The platform's code; 0 when a report gave only words.
    code: i64,
    /// The platform's words.
    message: String,
}

/// A refund.
#[derive(ToSchema)]
pub(crate) struct Refund {
    /// The merchant's number of the refund.
    out_refund_no: String,
    /// How far it is.
    state: String,
    /// Who started it.
    origin: String,
    /// How much goes back.
    amount_fen: i64,
    /// When it was asked for.
    requested_at: String,
    /// When it succeeded or failed.
    finished_at: Option<String>,
    /// Why it failed.
    failure: Option<Failure>,
    /// Why, shown to the payer.
    reason: String,
    /// Whether it was taken from money in transit or already settled.
    source: String,
    /// The platform's number of the refund.
    refund_no: Option<String>,
    /// General trade system: the code of the reason.
    reason_code: Option<i64>,
    /// General trade system: how much of which item; left out when the whole order goes back.
    items: Option<Vec<ItemAmount>>,
    /// General trade system: the merchant's consent to a refund that somebody else asked for.
    audit: Option<Audit>,
    /// The order's number; only in replies about this refund.
    out_order_no: Option<String>,
    /// What looks wrong and was done all the same.
    warnings: Option<Vec<String>>,
}

/// A settlement.
#[derive(ToSchema)]
pub(crate) struct Settlement {
    /// The merchant's number of the settlement.
    out_settle_no: String,
    /// How far it is.
    state: String,
    /// Who started it.
    origin: String,
    /// The estimate of when it was asked for.
    amount_fen: i64,
    /// When it was asked for.
    requested_at: String,
    /// When it succeeded or failed.
    finished_at: Option<String>,
    /// Why it failed.
    failure: Option<Failure>,
    /// What it is for.
    description: String,
    /// Who shares, besides the seller.
    shares: Vec<Share>,
    /// Whether it was the order's last settlement.
    finish: bool,
    /// Whether the platform settled by itself.
    automatic: bool,
    /// The platform's figure of what was settled.
    settle_amount_fen: Option<i64>,
    /// Whether that figure contains the fee.
    amount_basis: String,
    /// The platform's service fee.
    rake_fen: Option<i64>,
    /// The platform's commission.
    commission_fen: Option<i64>,
    /// The platform's own words about the shares.
    detail: Option<String>,
    /// The platform's number of the settlement.
    settle_no: Option<String>,
    /// General trade system: the one item that it is about.
    item_order_id: Option<String>,
    /// The order's number; only in replies about this settlement.
    out_order_no: Option<String>,
    /// What looks wrong and was done all the same.
    warnings: Option<Vec<String>>,
}

/// A receiver and what it gets.
#[derive(ToSchema)]
pub(crate) struct Share {
    /// The receiver's merchant number.
    merchant_uid: String,
    /// How much.
    amount_fen: i64,
}

/// A page of orders.
#[derive(ToSchema)]
pub(crate) struct Orders {
    /// Newest first, without refunds and settlements.
    orders: Vec<Order>,
    /// Give it as `after` for the next page; left out on the last one.
    next: Option<String>,
}

/// What became of the orders to take over.
#[derive(ToSchema)]
pub(crate) struct Imported {
    /// One for each order, in the order of the request.
    results: Vec<ImportResult>,
}

/// What became of one order to take over.
#[derive(ToSchema)]
pub(crate) struct ImportResult {
    /// The order's number.
    out_order_no: String,
    /// imported, known (the same order was taken over before) or refused.
    result: String,
    /// Why it was refused: a code of the table below.
    code: Option<String>,
    /// Why it was refused, as a sentence.
    detail: Option<String>,
}

/// Everything that happened around an order.
#[derive(ToSchema)]
pub(crate) struct Timeline {
    /// Our own id of the order.
    id: String,
    /// The merchant's number.
    out_order_no: String,
    /// Oldest first.
    entries: Vec<TimelineEntry>,
}

/// One thing that happened. Which members it has depends on `entry`.
#[derive(ToSchema)]
pub(crate) struct TimelineEntry {
    /// call (to the platform), callback, fact (in our books) or event (to your webhook).
    entry: String,
    /// When.
    at: String,
    /// call: the platform's endpoint.
    endpoint: Option<String>,
    /// call: how it ended.
    outcome: Option<String>,
    /// call: how long it took.
    millis: Option<i64>,
    /// call: which attempt it was.
    attempt: Option<i64>,
    /// call: the platform's code.
    err_no: Option<i64>,
    /// call: the HTTP status.
    http_status: Option<i64>,
    /// call: the number under which the platform logged it.
    log_id: Option<String>,
    /// callback: payment, refund or settlement.
    kind: Option<String>,
    /// callback: the number that it is about.
    number: Option<String>,
    /// callback: what came of it.
    verdict: Option<String>,
    /// callback: how often it came again.
    repeats: Option<i64>,
    /// fact: its place in the order's books.
    seq: Option<i64>,
    /// fact: who told it.
    source: Option<String>,
    /// fact: what it says; what opens the cashier is hidden.
    #[schema(value_type = Option<Object>)]
    what: Option<()>,
    /// event: its id.
    id: Option<String>,
    /// event: its type.
    r#type: Option<String>,
    /// event: pending, delivered, dead (given up) or silent (no webhook).
    state: Option<String>,
    /// event: deliveries tried.
    attempts: Option<i64>,
    /// event: the HTTP status of the last delivery.
    last_status: Option<i64>,
    /// event: why the last delivery failed.
    last_problem: Option<String>,
}

/// A page of the feed.
#[derive(ToSchema)]
pub(crate) struct Events {
    /// In the order of the feed.
    events: Vec<Event>,
    /// Give it as `after` to read on; the same as before when nothing is new.
    next_after: i64,
}

/// An event and its delivery.
#[derive(ToSchema)]
pub(crate) struct Event {
    /// Its place in the feed.
    feed_no: i64,
    /// Its id: the same in every delivery.
    id: String,
    /// What happened.
    r#type: String,
    /// When it happened.
    created_at: String,
    /// pending, delivered, dead (given up) or silent (no webhook).
    state: String,
    /// Deliveries tried.
    attempts: i64,
    /// The HTTP status of the last delivery.
    last_status: Option<i64>,
    /// Why the last delivery failed.
    last_problem: Option<String>,
    /// What is posted to the webhook.
    body: Option<EventBody>,
}

/// What is posted to the webhook.
#[derive(ToSchema)]
pub(crate) struct EventBody {
    /// What happened.
    r#type: String,
    /// When it happened.
    timestamp: String,
    /// To whom it happened.
    data: EventData,
}

/// The order an event is about, and the refund, settlement or return.
#[derive(ToSchema)]
pub(crate) struct EventData {
    /// The event's id: the same in every delivery.
    id: String,
    /// The app's name in the configuration.
    app: String,
    /// The merchant's number of the order.
    out_order_no: String,
    /// The event's number among those of the order, from 1: a lower one that comes later is old news.
    n: i64,
    /// The event takes back an earlier one; left out when not.
    corrected: Option<bool>,
    /// The order after the event.
    order: Order,
    /// The refund, in events about one.
    refund: Option<Refund>,
    /// The settlement, in events about one.
    settlement: Option<Settlement>,
    /// The return, in events about one.
    r#return: Option<Return>,
    /// The step of a fulfilment, in events about one.
    fulfilment: Option<Fulfilment>,
}

/// An event that is delivered once more.
#[derive(ToSchema)]
pub(crate) struct Resent {
    /// The event's id.
    id: String,
    /// Always `pending`.
    state: String,
}

/// A page of exceptions.
#[derive(ToSchema)]
pub(crate) struct Exceptions {
    /// Newest first.
    exceptions: Vec<Exception>,
    /// Give it as `after` for the next page; left out on the last one.
    next: Option<i64>,
}

/// Something that a human must see.
#[derive(ToSchema)]
pub(crate) struct Exception {
    /// Its id.
    id: i64,
    /// What kind it is; the operating guide says what to do about each.
    kind: String,
    /// What was seen, as a sentence.
    detail: String,
    /// When it was first seen.
    opened_at: String,
    /// How often it was seen again.
    repeats: i64,
    /// Our own id of the order it is about.
    order_id: Option<String>,
    /// The merchant's number of that order.
    out_order_no: Option<String>,
    /// When it was closed.
    resolved_at: Option<String>,
    /// Who closed it: the API key's name, or the service.
    resolved_by: Option<String>,
    /// What was found and done.
    note: Option<String>,
}

/// An exception that was closed.
#[derive(ToSchema)]
pub(crate) struct Resolved {
    /// The exception's id.
    id: i64,
    /// The API key's name.
    resolved_by: String,
    /// When.
    resolved_at: String,
}

/// Whether the service can do its work.
#[derive(ToSchema)]
pub(crate) struct Readiness {
    /// Whether it can.
    ready: bool,
    /// Why not.
    reasons: Vec<String>,
}

/// What the platform reads as the answer to a callback.
#[derive(ToSchema)]
pub(crate) struct CallbackReply {
    /// 0 makes the platform stop repeating.
    err_no: i64,
    /// `success`, or a word about what failed.
    err_tips: String,
    /// To `pre_create_refund`: our number of the refund, its page, and where its callback goes.
    #[schema(value_type = Option<Object>)]
    data: Option<()>,
}

/// An error, as `application/problem+json`.
#[derive(ToSchema)]
pub(crate) struct Problem {
    /// Always `about:blank`.
    r#type: String,
    /// The HTTP status in words.
    title: String,
    /// The HTTP status.
    status: i64,
    /// What went wrong, for programs: stable.
    code: String,
    /// What went wrong and what to do next, for people: may change.
    detail: String,
    /// The same as the header `x-request-id`: quote it when you report a problem.
    request_id: String,
    /// The field or parameter that is wrong.
    field: Option<String>,
    /// other_fields: which fields differ.
    fields: Option<Vec<String>>,
    /// platform_refused: the platform's code.
    platform_code: Option<i64>,
    /// platform_refused: the platform's words.
    platform_message: Option<String>,
    /// run_under_way: the number of the other run.
    run: Option<i64>,
    /// too_much, too_much_back: what was asked for.
    asked_fen: Option<i64>,
    /// too_much, too_much_back: what is left.
    left_fen: Option<i64>,
    /// too_much: what was paid.
    paid_fen: Option<i64>,
    /// too_much: what was refunded.
    refunded_fen: Option<i64>,
    /// too_much: refunds under way.
    refunding_fen: Option<i64>,
    /// too_much: what was settled.
    settled_fen: Option<i64>,
    /// too_much_back: the receiver's share in the settlement.
    shared_fen: Option<i64>,
    /// too_much_back: what came back of it.
    returned_fen: Option<i64>,
    /// too_much_back: returns under way.
    returning_fen: Option<i64>,
}
