//! The three queries: they change nothing.

use super::answers::{
    ACCEPTED, CpsInfo, Denial, OrderQueried, PaymentInfo, RefundInfo, RefundQueried, SettleInfo,
    SettlementQueried, to_json,
};
use super::call::{Ask, Reply};
use super::fields::Checked;
use super::messages::{refunded_at, settled_at};
use super::objects::OperationStatus;
use super::{Platform, key};

impl Platform {
    pub(super) fn query_order(&mut self, ask: &Ask<'_>) -> Checked<Reply> {
        let number = ask.fields.merchant_number("out_order_no")?;
        let order = self.orders.get(&key(ask.app_id(), number));
        let order =
            order.ok_or_else(|| Denial::NoPayment.because(format!("there is no order `{number}`")))?;
        if self.switches.unopened_unknown && !order.seen {
            return Err(Denial::NoPayment.because(format!("nobody has opened the cashier of `{number}` yet")));
        }
        Ok(to_json(&OrderQueried {
            err_no: ACCEPTED,
            err_tips: "",
            out_order_no: &order.out_order_no,
            order_id: &order.order_id,
            payment_info: PaymentInfo {
                total_fee: order.total.get(),
                order_status: order.status,
                pay_time: order.paid_at.map(|at| at.beijing_text()).unwrap_or_default(),
                way: order.way,
                channel_no: &order.channel_no,
                channel_gateway_no: "",
                seller_uid: &order.seller_uid,
                item_id: "",
                cp_extra: &order.cp_extra,
            },
            cps_info: order.cps.as_ref().map(|cps| CpsInfo {
                share_amount: cps.share_amount.get().to_string(),
                douyin_id: &cps.douyin_id,
                nickname: &cps.nickname,
            }),
        })
        .into())
    }

    pub(super) fn query_refund(&mut self, ask: &Ask<'_>) -> Checked<Reply> {
        let number = ask.fields.merchant_number("out_refund_no")?;
        let refund = self.refunds.get(&key(ask.app_id(), number));
        let refund =
            refund.ok_or_else(|| Denial::NoRefund.because(format!("there is no refund `{number}`")))?;
        Ok(to_json(&RefundQueried {
            err_no: ACCEPTED,
            err_tips: "success",
            refund_info: RefundInfo {
                refund_no: &refund.refund_no,
                refund_amount: refund.amount.get(),
                refund_status: refund.status,
                refunded_at: refunded_at(refund),
                is_all_settled: refund.from_settled,
                cp_extra: &refund.cp_extra,
                msg: &refund.message,
            },
        })
        .into())
    }

    pub(super) fn query_settle(&mut self, ask: &Ask<'_>) -> Checked<Reply> {
        let number = ask.fields.merchant_number("out_settle_no")?;
        let settlement = self.settlements.get(&key(ask.app_id(), number));
        let settlement = settlement
            .ok_or_else(|| Denial::NoSettlement.because(format!("there is no settlement `{number}`")))?;
        let failed = settlement.status == OperationStatus::Fail;
        Ok(to_json(&SettlementQueried {
            err_no: ACCEPTED,
            err_tips: "success",
            settle_info: SettleInfo {
                settle_no: &settlement.settle_no,
                settle_amount: settlement.settle_amount().get(),
                settle_status: settlement.status,
                settle_detail: settlement.detail(),
                settled_at: settled_at(settlement),
                rake: if failed { 0 } else { settlement.rake.get() },
                commission: if failed { 0 } else { settlement.commission.get() },
                cp_extra: &settlement.cp_extra,
                msg: &settlement.message,
            },
        })
        .into())
    }
}
