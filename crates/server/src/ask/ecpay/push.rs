//! `order_push`, from what the journal remembers of the order and its state.

use douyin_pay::Client;
use douyin_pay_ledger::{CallOutcome, OpenPush, Operation, OperationKind, OperationState, Order, PUSH_OFF};
use douyin_pay_protocol::ecpay::{Endpoint, OrderPush, PushDetail, PushItem, PushStatus};
use douyin_pay_protocol::{Fen, FieldError, OpenId, OutNo, OutOrderNo, UnixMs};

use crate::ask::{Ask, outcome};

/// Calls `order_push`. Fails when what is stored cannot be sent.
pub(super) async fn call(ask: &Ask, client: &Client, out_no: &OutNo) -> Result<CallOutcome, String> {
    // Switched off meanwhile: what is due ends here.
    let on = ask.app.config.ecpay.as_ref().is_some_and(|ecpay| ecpay.order_push.is_some());
    if !on {
        return Ok(CallOutcome::Refused { code: 0, message: PUSH_OFF.to_owned() });
    }
    let step = ask.order.operation(OperationKind::Fulfilment, out_no).ok_or("the step is not there")?;
    if let Some(newer) = overtaken_by(&ask.order, step) {
        return Ok(overtaken(step, newer));
    }
    let shown = ask.remembered().await?.order_push.ok_or("the order was opened without `order_push`")?;
    let request = request(ask, step, &shown)?;
    let number = ask.order.out_order_no.as_str();
    // One at a time, because a call is repeated for a while: a later push must not pass it on its way.
    let turn = format!("{} {number}", Endpoint::OrderPush.name());
    let Some(_turn) = ask.server.numbers().alone(&ask.order.app_id, &turn, ask.order.id) else {
        return Ok(CallOutcome::NotSent);
    };
    let _belongs = ask.server.numbers().belongs(&ask.order.app_id, number, ask.order.id);
    let answer = client.order_push(&request).await;
    Ok(match answer {
        Ok(_) => CallOutcome::Accepted { platform_no: None, order_token: None },
        Err(error) => outcome::of_error(&error),
    })
}

/// The later push that makes this one stale: the platform shows what it was told last.
fn overtaken_by<'o>(order: &'o Order, step: &Operation) -> Option<&'o Operation> {
    let pushes = order.operations_of(OperationKind::Fulfilment);
    let later =
        pushes.filter(|push| push.state != OperationState::Failed && push.requested_at > step.requested_at);
    later.max_by_key(|push| push.requested_at)
}

/// The end of a push that is not sent any more. Of one that the service made nobody waits to hear; the merchant is
/// not told that his was taken.
fn overtaken(step: &Operation, newer: &Operation) -> CallOutcome {
    if step.request_sha256 == [0; 32] {
        return CallOutcome::Accepted { platform_no: None, order_token: None };
    }
    let word = newer.to_status().unwrap_or_default();
    let message = format!("the platform is told `{word}` since, so this is not sent any more");
    CallOutcome::Refused { code: 0, message }
}

fn request(ask: &Ask, step: &Operation, shown: &OpenPush) -> Result<OrderPush, String> {
    let word = step.to_status().unwrap_or_default();
    let status = PushStatus::of_word(word).ok_or_else(|| format!("`{word}` is no state of an order push"))?;
    let open_id = ask.order.open_id.as_deref().ok_or("the payer's `open_id` is not known")?;
    let made = || {
        let detail = detail(&ask.order.out_order_no, ask.order.created_at, status, ask.order.total, shown)?;
        Ok(OrderPush::new(OpenId::new(open_id)?, step.requested_at, &detail))
    };
    made().map_err(|refused: FieldError| refused.to_string())
}

/// What the order centre shows of an order in that state.
///
/// # Errors
/// When a field breaks the platform's limits.
pub(crate) fn detail(
    out_order_no: &OutOrderNo,
    created_at: UnixMs,
    status: PushStatus,
    total: Fen,
    shown: &OpenPush,
) -> Result<PushDetail, FieldError> {
    let items = shown.items.iter().map(item).collect::<Result<_, _>>()?;
    PushDetail::new(out_order_no.clone(), created_at, status, total, &shown.detail_url, items)
}

/// One kind of goods, as it is sent.
///
/// # Errors
/// When a field breaks the platform's limits.
pub(crate) fn item(item: &douyin_pay_ledger::PushItem) -> Result<PushItem, FieldError> {
    let made = PushItem::new(&item.item_code, &item.img, &item.title, item.amount, item.price)?;
    match &item.sub_title {
        Some(text) => made.sub_title(text),
        None => Ok(made),
    }
}
