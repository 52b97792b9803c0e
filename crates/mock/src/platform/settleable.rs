//! What of an order can still be settled, and what the platform settled by itself.

use douyin_pay_protocol::{Fen, UnixMs};
use serde_json::Value;

use super::answers::{
    ACCEPTED, AutomaticShare, Denial, PaidPart, PlatformOrder, PlatformOrderQueried, PlatformSettlement,
    RefundedPart, Unsettled, UnsettledDetail, UnsettledQueried, to_json,
};
use super::call::{Ask, Reply};
use super::fields::{Checked, wrong};
use super::objects::{OperationStatus, Order, OrderStatus, Settlement};
use super::timers::add;
use super::{Platform, key};

impl Platform {
    fn order_asked<'a>(&'a self, ask: &Ask<'_>) -> Checked<&'a Order> {
        let number = ask.fields.merchant_number("out_order_no")?;
        let order = self.orders.get(&key(ask.app_id(), number));
        order.ok_or_else(|| Denial::NoPayment.because(format!("there is no order `{number}`")))
    }

    fn settlements_of(&self, order: &Order) -> impl Iterator<Item = &Settlement> {
        let of_order =
            |one: &&Settlement| one.app_id == order.app_id && one.out_order_no == order.out_order_no;
        self.settlements.values().filter(of_order)
    }

    /// Paid − refunds out of transit − fee − commission − settled, where fee and commission are what was
    /// taken and what a final settlement would take now. So it is what the seller and receivers would get.
    pub(super) fn unsettle_amount(&self, ask: &Ask<'_>) -> Checked<Reply> {
        ask.fields.optional_text("out_item_order_no", 64)?;
        let order = self.order_asked(ask)?;
        if order.status != OrderStatus::Success {
            return Err(Denial::OrderUnpaid.because(format!("order `{}` is not paid", order.out_order_no)));
        }
        let left = order.available().unwrap_or(Fen::ZERO);
        let coming = order.charges_of_final(left, self.fee_terms(ask.app.fee_rate_per_10000));
        let (mut rake, mut commission, mut settled) = (coming.rake, coming.commission, Fen::ZERO);
        for one in self.settlements_of(order).filter(|one| one.status != OperationStatus::Fail) {
            rake = add(rake, one.rake);
            commission = add(commission, one.commission);
            settled = add(settled, one.settle_amount());
        }
        let refunds = self.refunds.values().filter(|one| {
            one.app_id == order.app_id
                && one.out_order_no == order.out_order_no
                && one.status != OperationStatus::Fail
                && !one.from_settled
        });
        let refund_info: Vec<RefundedPart<'_>> = refunds
            .map(|one| RefundedPart { out_refund_no: &one.out_refund_no, amount: one.amount.get() })
            .collect();
        let refunded: i64 = refund_info.iter().map(|part| part.amount).sum();
        let unsettled = order.total.get() - refunded - rake.get() - commission.get() - settled.get();
        Ok(to_json(&UnsettledQueried {
            err_no: ACCEPTED,
            err_tips: "success",
            data: Unsettled {
                out_order_no: &order.out_order_no,
                unsettle_amount: unsettled,
                detail: UnsettledDetail {
                    pay_info: PaidPart { out_order_no: &order.out_order_no, amount: order.total.get() },
                    refund_info,
                    payment_rake: rake.get(),
                    life_rake: 0,
                    commission: commission.get(),
                },
            },
        })
        .into())
    }

    /// The settlements of an order that the platform started.
    pub(super) fn query_platform_order(&self, ask: &Ask<'_>) -> Checked<Reply> {
        let query_type = match ask.fields.0.get("query_type") {
            None | Some(Value::Null) => 1,
            Some(_) => ask.fields.whole_number("query_type")?,
        };
        if query_type != 1 {
            return Err(wrong(
                "query_type",
                format!("is {query_type}; 1 (automatic settlement) is all there is"),
            ));
        }
        let order = self.order_asked(ask)?;
        let automatic = self.settlements_of(order).filter(|one| one.automatic);
        let settle_info_list = automatic.map(|one| platform_settlement(order, one)).collect();
        Ok(to_json(&PlatformOrderQueried {
            err_no: ACCEPTED,
            err_tips: "",
            platform_order: PlatformOrder {
                app_id: &order.app_id,
                out_order_no: &order.out_order_no,
                query_type,
                settle_info_list,
            },
        })
        .into())
    }
}

fn platform_settlement<'a>(order: &'a Order, one: &'a Settlement) -> PlatformSettlement<'a> {
    let text = |at: Option<UnixMs>| at.map(|at| at.beijing_text()).unwrap_or_default();
    let failed = one.status == OperationStatus::Fail;
    PlatformSettlement {
        out_settle_no: &one.out_settle_no,
        settle_no: &one.settle_no,
        settle_param_list: [AutomaticShare {
            merchant_uid: &order.seller_uid,
            amount: one.sellers_part().get(),
        }],
        settle_way: order.way.to_string(),
        settle_status: one.status,
        cps: if failed { 0 } else { one.commission.get() },
        service_charge: if failed { 0 } else { one.rake.get() },
        created_at: text(Some(one.requested_at)),
        settled_at: text(one.finished_at.filter(|_| one.status == OperationStatus::Success)),
    }
}
