//! The `msg` of a made-up callback of guaranteed payment.

use douyin_pay_env::UnixMs;
use douyin_pay_mock::DEFAULT_SELLER_UID;
use douyin_pay_protocol::Fen;
use douyin_pay_server::config::AppConfig;
use serde_json::{Value, json};

use super::books::Known;
use super::{Kind, Outcome};
use crate::exit::Failure;
use crate::lang::tell;

/// What is asked for.
pub(super) struct Ask<'a> {
    pub(super) kind: Kind,
    pub(super) app: &'a AppConfig,
    pub(super) order: &'a str,
    pub(super) number: &'a str,
    pub(super) amount: Option<Fen>,
    pub(super) automatic: bool,
    pub(super) outcome: Outcome,
    pub(super) at: UnixMs,
}

/// The message as JSON text.
pub(super) fn write(ask: &Ask<'_>, known: &Known) -> Result<String, Failure> {
    if ask.kind == Kind::Withdraw {
        return Ok(withdrawal(ask).to_string());
    }
    let amount = ask.amount.or(known.amount).filter(|amount| *amount != Fen::ZERO).ok_or_else(no_amount)?;
    let (app_id, seconds) = (ask.app.app_id.as_str(), ask.at.seconds());
    let order_id = known.order_id.as_deref().unwrap_or("N7300000000000000001");
    let cp_extra = known.cp_extra.as_deref().unwrap_or_default();
    let message = match ask.kind {
        Kind::Payment => json!({
            "appid": app_id, "cp_orderno": ask.order, "cp_extra": cp_extra, "way": "1",
            "channel_no": "4200000000202401010000000001", "channel_gateway_no": "",
            "payment_order_no": "PCP2024010100000000000000000001",
            "out_channel_order_no": "4200000000202401010000000001", "total_amount": amount,
            "status": "SUCCESS", "seller_uid": known.seller_uid.as_deref().unwrap_or(DEFAULT_SELLER_UID),
            "extra": "", "item_id": "", "paid_at": seconds, "message": "", "order_id": order_id,
        }),
        Kind::Refund => json!({
            "appid": app_id, "cp_refundno": ask.number, "cp_extra": cp_extra, "status": "SUCCESS",
            "refund_amount": amount, "is_all_settled": false, "refunded_at": seconds, "message": "",
            "order_id": order_id, "refund_no": known.operation_no.as_deref().unwrap_or("N7300000000000000002"),
        }),
        Kind::PaymentCancel | Kind::PreCreateRefund | Kind::Withdraw => return Err(not_here(ask.kind)),
        Kind::Settle => json!({
            "appid": app_id, "cp_settle_no": ask.number, "cp_extra": cp_extra, "status": "SUCCESS",
            "rake": known.fees[0].unwrap_or(Fen::ZERO), "commission": known.fees[1].unwrap_or(Fen::ZERO),
            "settle_detail": "", "settled_at": seconds, "message": "SUCCESS",
            "order_id": order_id, "channel_settle_id": "", "settle_amount": amount,
            "settle_no": known.operation_no.as_deref().unwrap_or("N7300000000000000003"),
            "out_order_no": ask.order, "is_auto_settle": ask.automatic,
        }),
    };
    Ok(message.to_string())
}

/// A withdrawal names no app, no order and no amount.
fn withdrawal(ask: &Ask<'_>) -> Value {
    let (status, message) = match ask.outcome {
        Outcome::Success => ("SUCCESS", ""),
        Outcome::Fail => ("FAIL", "银行账户异常"),
        Outcome::Reexchange => ("REEXCHANGE", "银行退票"),
    };
    json!({
        "status": status, "extra": "", "message": message, "withdraw_at": ask.at.seconds(),
        "order_id": "7300000000000000004", "out_order_id": ask.number, "ch_order_id": "2024010100000000000000000004",
    })
}

/// Guaranteed payment never tells of these.
fn not_here(kind: Kind) -> Failure {
    let word = kind.name();
    Failure::usage(tell!(
        "担保支付没有 `{word}` 这种回调；它只在通用交易系统里有，请换一个 `new_orders = \"trade\"` 的小程序，或加 `--system trade`",
        "guaranteed payment has no callback `{word}`, only the general trade system has; choose an app with \
         `new_orders = \"trade\"`, or add `--system trade`"
    ))
}

pub(super) fn no_amount() -> Failure {
    Failure::usage(tell!(
        "缺少 `--amount`：在本机配置的账本里查不到这个号码的金额；请写上，例如 `--amount 12.80`，并核对号码",
        "`--amount` is missing: the configured books on this machine have no amount for this number; give it, such as \
         `--amount 12.80`, and check the numbers"
    ))
}
