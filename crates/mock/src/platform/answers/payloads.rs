//! The payloads of accepting answers, field by field as the platform writes them.

use serde::Serialize;

use crate::platform::withdrawals::WithdrawalStatus;
use crate::platform::{OperationStatus, OrderStatus};

#[derive(Serialize)]
pub(crate) struct OrderCreated<'a> {
    pub(crate) err_no: i64,
    pub(crate) err_tips: &'a str,
    pub(crate) data: CreatedData<'a>,
}

#[derive(Serialize)]
pub(crate) struct CreatedData<'a> {
    pub(crate) order_id: &'a str,
    pub(crate) order_token: &'a str,
}

#[derive(Serialize)]
pub(crate) struct OrderQueried<'a> {
    pub(crate) err_no: i64,
    pub(crate) err_tips: &'a str,
    pub(crate) out_order_no: &'a str,
    pub(crate) order_id: &'a str,
    pub(crate) payment_info: PaymentInfo<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cps_info: Option<CpsInfo<'a>>,
}

/// The promotion an order came from.
#[derive(Serialize)]
pub(crate) struct CpsInfo<'a> {
    pub(crate) share_amount: String,
    pub(crate) douyin_id: &'a str,
    pub(crate) nickname: &'a str,
}

#[derive(Serialize)]
pub(crate) struct PaymentInfo<'a> {
    pub(crate) total_fee: i64,
    pub(crate) order_status: OrderStatus,
    pub(crate) pay_time: String,
    pub(crate) way: i64,
    pub(crate) channel_no: &'a str,
    pub(crate) channel_gateway_no: &'a str,
    pub(crate) seller_uid: &'a str,
    pub(crate) item_id: &'a str,
    pub(crate) cp_extra: &'a str,
}

#[derive(Serialize)]
pub(crate) struct RefundAccepted<'a> {
    pub(crate) err_no: i64,
    pub(crate) err_tips: &'a str,
    pub(crate) refund_no: &'a str,
}

#[derive(Serialize)]
pub(crate) struct RefundQueried<'a> {
    pub(crate) err_no: i64,
    pub(crate) err_tips: &'a str,
    #[serde(rename = "refundInfo")]
    pub(crate) refund_info: RefundInfo<'a>,
}

#[derive(Serialize)]
pub(crate) struct RefundInfo<'a> {
    pub(crate) refund_no: &'a str,
    pub(crate) refund_amount: i64,
    pub(crate) refund_status: OperationStatus,
    pub(crate) refunded_at: i64,
    pub(crate) is_all_settled: bool,
    pub(crate) cp_extra: &'a str,
    pub(crate) msg: &'a str,
}

#[derive(Serialize)]
pub(crate) struct SettlementAccepted<'a> {
    pub(crate) err_no: i64,
    pub(crate) err_tips: &'a str,
    pub(crate) settle_no: &'a str,
}

#[derive(Serialize)]
pub(crate) struct SettlementQueried<'a> {
    pub(crate) err_no: i64,
    pub(crate) err_tips: &'a str,
    pub(crate) settle_info: SettleInfo<'a>,
}

#[derive(Serialize)]
pub(crate) struct SettleInfo<'a> {
    pub(crate) settle_no: &'a str,
    pub(crate) settle_amount: i64,
    pub(crate) settle_status: OperationStatus,
    pub(crate) settle_detail: String,
    pub(crate) settled_at: i64,
    pub(crate) rake: i64,
    pub(crate) commission: i64,
    pub(crate) cp_extra: &'a str,
    pub(crate) msg: &'a str,
}

#[derive(Serialize)]
pub(crate) struct UnsettledQueried<'a> {
    pub(crate) err_no: i64,
    pub(crate) err_tips: &'a str,
    pub(crate) data: Unsettled<'a>,
}

#[derive(Serialize)]
pub(crate) struct Unsettled<'a> {
    pub(crate) out_order_no: &'a str,
    pub(crate) unsettle_amount: i64,
    pub(crate) detail: UnsettledDetail<'a>,
}

#[derive(Serialize)]
pub(crate) struct UnsettledDetail<'a> {
    pub(crate) pay_info: PaidPart<'a>,
    pub(crate) refund_info: Vec<RefundedPart<'a>>,
    pub(crate) payment_rake: i64,
    pub(crate) life_rake: i64,
    pub(crate) commission: i64,
}

#[derive(Serialize)]
pub(crate) struct PaidPart<'a> {
    pub(crate) out_order_no: &'a str,
    pub(crate) amount: i64,
}

#[derive(Serialize)]
pub(crate) struct RefundedPart<'a> {
    pub(crate) out_refund_no: &'a str,
    pub(crate) amount: i64,
}

#[derive(Serialize)]
pub(crate) struct PlatformOrderQueried<'a> {
    pub(crate) err_no: i64,
    pub(crate) err_tips: &'a str,
    pub(crate) platform_order: PlatformOrder<'a>,
}

#[derive(Serialize)]
pub(crate) struct PlatformOrder<'a> {
    pub(crate) app_id: &'a str,
    pub(crate) out_order_no: &'a str,
    pub(crate) query_type: i64,
    pub(crate) settle_info_list: Vec<PlatformSettlement<'a>>,
}

#[derive(Serialize)]
pub(crate) struct PlatformSettlement<'a> {
    pub(crate) out_settle_no: &'a str,
    pub(crate) settle_no: &'a str,
    pub(crate) settle_param_list: [AutomaticShare<'a>; 1],
    pub(crate) settle_way: String,
    pub(crate) settle_status: OperationStatus,
    pub(crate) cps: i64,
    pub(crate) service_charge: i64,
    pub(crate) created_at: String,
    pub(crate) settled_at: String,
}

#[derive(Serialize)]
pub(crate) struct AutomaticShare<'a> {
    pub(crate) merchant_uid: &'a str,
    pub(crate) amount: i64,
}

#[derive(Serialize)]
pub(crate) struct ReturnAnswered<'a> {
    pub(crate) err_no: i64,
    pub(crate) err_tips: &'a str,
    pub(crate) return_info: ReturnInfo<'a>,
}

#[derive(Serialize)]
pub(crate) struct ReturnInfo<'a> {
    pub(crate) app_id: &'a str,
    pub(crate) thirdparty_id: &'a str,
    pub(crate) settle_no: &'a str,
    pub(crate) out_settle_no: &'a str,
    pub(crate) out_return_no: &'a str,
    pub(crate) return_no: &'a str,
    pub(crate) merchant_uid: &'a str,
    pub(crate) return_amount: i64,
    pub(crate) return_status: OperationStatus,
    pub(crate) fail_reason: &'a str,
    pub(crate) finish_time: i64,
    pub(crate) cp_extra: &'a str,
}

#[derive(Serialize)]
pub(crate) struct BalanceQueried<'a> {
    pub(crate) err_no: i64,
    pub(crate) err_tips: &'a str,
    pub(crate) account_info: AccountInfo,
    pub(crate) settle_info: SettleAccount<'a>,
    pub(crate) merchant_entity: i64,
}

#[derive(Serialize)]
pub(crate) struct AccountInfo {
    pub(crate) online_balance: i64,
    /// The platform exchanges two letters.
    #[serde(rename = "withdrawable_balacne")]
    pub(crate) withdrawable_balance: i64,
    pub(crate) freeze_balance: i64,
}

#[derive(Serialize)]
pub(crate) struct SettleAccount<'a> {
    pub(crate) settle_type: i64,
    pub(crate) settle_account: &'a str,
    pub(crate) bankcard_no: &'a str,
    pub(crate) bank_name: &'a str,
}

#[derive(Serialize)]
pub(crate) struct WithdrawalAccepted<'a> {
    pub(crate) err_no: i64,
    pub(crate) err_tips: &'a str,
    pub(crate) order_id: &'a str,
    pub(crate) merchant_entity: i64,
}

#[derive(Serialize)]
pub(crate) struct WithdrawalQueried<'a> {
    pub(crate) err_no: i64,
    pub(crate) err_tips: &'a str,
    pub(crate) status: WithdrawalStatus,
    pub(crate) status_msg: &'a str,
}
