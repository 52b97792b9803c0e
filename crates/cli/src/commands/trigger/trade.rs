//! A callback of the general trade system: its message, and the headers that sign it.

use std::path::Path;

use douyin_pay_env::Env;
use douyin_pay_mock::DEFAULT_SELLER_UID;
use douyin_pay_mock::keys::PLATFORM_KEY_PEM;
use douyin_pay_protocol::Fen;
use douyin_pay_protocol::trade::{PlatformKey, callback};
use douyin_pay_server::config::{PlatformChoice, TradeConfig};
use serde_json::{Value, json};

use super::books::Known;
use super::message::{Ask, no_amount};
use super::{Kind, Signed};
use crate::commands::key_file;
use crate::exit::Failure;
use crate::lang::tell;
use crate::out::{self, Form};

/// The platform's own nonces have as many characters.
const NONCE_DIGITS: usize = 32;
/// A merchant has three days to decide on a refund.
const AUDIT_MS: i64 = 3 * 24 * 3_600_000;

/// The key that signs: the one that was given, or the mock's for an app that talks to a mock.
pub(super) fn key(trade: &TradeConfig, file: Option<&Path>, form: Form) -> Result<PlatformKey, Failure> {
    let key = match file {
        Some(path) => PlatformKey::parse(key_file::read("--platform-key", path)?)
            .map_err(|cause| key_file::refused("--platform-key", path, &cause))?,
        None if is_mock(&trade.platform) => {
            PlatformKey::parse(PLATFORM_KEY_PEM).expect("the mock's own key is a key")
        }
        None => {
            return Err(Failure::usage(tell!(
                "缺少 `--platform-key`：真平台的私钥只有平台自己有。请用 `openssl genrsa 2048` 生成一对测试密钥，把公钥加进 \
                 `platform_public_keys`，私钥文件写在 `--platform-key`；或改用 `platform` 指向模拟平台的配置",
                "`--platform-key` is missing: the real platform's private key is its own. Make a pair for tests with \
                 `openssl genrsa 2048`, add its public half to `platform_public_keys` and give the private one here; or use a \
                 configuration whose `platform` is a mock"
            )));
        }
    };
    if !trade.platform_public_keys.contains(&key.public()) {
        let fingerprint = key.public().fingerprint();
        out::remark(
            form,
            tell!(
                "注意：签名用的密钥（公钥指纹 {fingerprint}）不在 `platform_public_keys` 里，本服务会拒绝这个回调",
                "warning: the key that signs (public half {fingerprint}) is not among `platform_public_keys`; this service will refuse the callback"
            ),
        );
    }
    Ok(key)
}

/// Whether the platform is a mock: any address that is not the platform's own.
fn is_mock(choice: &PlatformChoice) -> bool {
    matches!(choice, PlatformChoice::Url(_))
}

/// Signs the message as the platform does.
pub(super) fn sign(env: &Env, key: &PlatformKey, ask: &Ask<'_>, msg: &str) -> Signed {
    let body = callback::body(ask.kind.word(), msg);
    let signed = callback::signed(key, ask.at, &env.random_hex(NONCE_DIGITS), &body);
    let mut headers: Vec<(&'static str, String)> =
        signed.pairs().map(|(name, value)| (name, value.to_owned())).into();
    headers.push(("Byte-Identifyname", identity(ask.kind).to_owned()));
    headers.push(("Byte-Logid", format!("trigger{}", env.random_hex(NONCE_DIGITS).to_ascii_uppercase())));
    Signed { body, headers }
}

/// The ability under which the platform calls.
fn identity(kind: Kind) -> &'static str {
    match kind {
        Kind::Payment | Kind::PaymentCancel => "/msg/trade/payment/notify",
        Kind::Refund => "/msg/trade/refund/notify",
        Kind::Settle => "/msg/trade/settle/notify",
        Kind::PreCreateRefund => "/ext/trade/refund/pre_create",
        Kind::Withdraw => "",
    }
}

/// The message as JSON text.
pub(super) fn write(ask: &Ask<'_>, known: &Known) -> Result<String, Failure> {
    let amount = ask.amount.or(known.amount).filter(|amount| *amount != Fen::ZERO);
    let amount = if ask.kind == Kind::Withdraw { Fen::ZERO } else { amount.ok_or_else(no_amount)? };
    let (app_id, event_time) = (ask.app.app_id.as_str(), ask.at.get());
    let order_id = known.order_id.as_deref().unwrap_or("motb70000000000000000001");
    let operation_no =
        |stand_in: &'static str| known.operation_no.clone().unwrap_or_else(|| stand_in.to_owned());
    let message = match ask.kind {
        Kind::Payment => json!({
            "app_id": app_id, "out_order_no": ask.order, "order_id": order_id, "status": "SUCCESS",
            "total_amount": amount, "discount_amount": 0, "pay_channel": 10, "channel_pay_id": "CH7000000000000001",
            "merchant_uid": known.seller_uid.as_deref().unwrap_or(DEFAULT_SELLER_UID), "message": "",
            "event_time": event_time, "user_bill_pay_id": "UB7000000000000001",
        }),
        Kind::PaymentCancel => json!({
            "app_id": app_id, "out_order_no": ask.order, "order_id": order_id, "status": "CANCEL",
            "total_amount": amount, "message": "USER_CANCEL", "event_time": event_time,
        }),
        Kind::Refund => json!({
            "app_id": app_id, "status": "SUCCESS", "order_id": order_id, "cp_extra": "", "message": "",
            "event_time": event_time, "refund_id": operation_no("motb70000000000000000002"),
            "out_refund_no": ask.number, "refund_total_amount": amount, "is_all_settled": false, "refund_type": 2,
            "refund_item_detail": items(known, order_id, amount),
        }),
        Kind::PreCreateRefund => json!({
            "app_id": app_id, "open_id": "open-id-of-trigger", "refund_id": ask.number, "order_id": order_id,
            "out_order_no": ask.order, "refund_total_amount": amount, "need_refund_audit": 1,
            "refund_audit_deadline": event_time.saturating_add(AUDIT_MS), "create_refund_time": event_time,
            "refund_source": 1, "refund_reason": ["不想要了"], "refund_description": "", "cp_extra": "",
            "refund_item_detail": items(known, order_id, amount),
        }),
        Kind::Settle => json!({
            "app_id": app_id, "status": "SUCCESS", "order_id": order_id, "cp_extra": "", "message": "SUCCESS",
            "event_time": event_time, "settle_id": operation_no("ots70000000000000000003"),
            "out_settle_no": ask.number, "rake": 0, "commission": 0, "settle_detail": "", "settle_amount": amount,
            "is_auto_settle": ask.automatic,
        }),
        Kind::Withdraw => return Err(no_withdrawals()),
    };
    Ok(message.to_string())
}

/// What the general trade system tells of a withdrawal is not published.
fn no_withdrawals() -> Failure {
    Failure::usage(tell!(
        "通用交易系统的提现回调没有公布；请加 `--system ecpay`",
        "the general trade system's callback about withdrawals is not published; add `--system ecpay`"
    ))
}

/// The amount on the order's items, the first ones first; on the order itself while its items are unknown.
fn items(known: &Known, order_id: &str, amount: Fen) -> Value {
    let mut rest = amount;
    let mut list = Vec::new();
    for (id, most) in &known.items {
        let part = rest.min(*most);
        if part != Fen::ZERO {
            list.push(json!({ "item_order_id": id, "refund_amount": part }));
        }
        rest = rest.checked_sub(part).unwrap_or(Fen::ZERO);
    }
    if list.is_empty() {
        list.push(json!({ "item_order_id": order_id, "refund_amount": amount }));
    }
    json!({ "item_order_quantity": list.len(), "item_order_detail": list })
}
