//! How finished operations moved money, for the fund bill.

use douyin_pay_protocol::{Fen, UnixMs};

use crate::platform::objects::{OperationStatus, Order};
use crate::platform::withdrawals::WithdrawalStatus;
use crate::platform::{Platform, System};

impl Platform {
    /// How each finished operation moved money, one movement per account.
    pub(super) fn movements(&self) -> impl Iterator<Item = Movement<'_>> {
        let payments = self.orders.values().filter_map(|order| {
            Some(Movement::of(
                order,
                order.paid_at?,
                "payment",
                &order.order_id,
                &order.out_order_no,
                order.total,
            ))
        });
        let refunds = self.refunds.values().filter(|one| one.status == OperationStatus::Success);
        let refunds = refunds.filter_map(|one| {
            let order = self.billed_order(&one.app_id, &one.out_order_no)?;
            let account = if one.from_settled { "withdrawable" } else { "online" };
            let movement = Movement::of(
                order,
                one.finished_at?,
                "refund",
                &one.refund_no,
                &one.out_refund_no,
                one.amount,
            );
            Some(Movement { account, comes: false, ..movement })
        });
        let settled = self.settlements.values().filter(|one| one.status == OperationStatus::Success);
        let settlements = settled.flat_map(|one| {
            let order = self.billed_order(&one.app_id, &one.out_order_no);
            let found = order.zip(one.finished_at);
            let out = found.map(|(order, at)| {
                let movement =
                    Movement::of(order, at, "settle", &one.settle_no, &one.out_settle_no, one.base);
                let sellers = Movement { account: "withdrawable", amount: one.sellers_part(), ..movement };
                (Movement { comes: false, ..movement }, sellers)
            });
            let shares = one.shares.iter().filter_map(move |share| {
                let (order, at) = found?;
                let movement =
                    Movement::of(order, at, "settle", &one.settle_no, &one.out_settle_no, share.amount);
                Some(Movement { merchant: &share.merchant_uid, account: "withdrawable", ..movement })
            });
            out.into_iter().flat_map(|(out, sellers)| [out, sellers]).chain(shares)
        });
        let returned = self.returns.values().filter(|one| one.status == OperationStatus::Success);
        let returns = returned.flat_map(|one| {
            let order = self.billed_order(&one.app_id, &one.out_order_no);
            let both = order.zip(one.finished_at).map(|(order, at)| {
                let movement =
                    Movement::of(order, at, "return", &one.return_no, &one.out_return_no, one.amount);
                let back = Movement { account: "withdrawable", ..movement };
                [Movement { merchant: &one.merchant_uid, comes: false, ..back }, back]
            });
            both.into_iter().flatten()
        });
        payments
            .chain(refunds)
            .chain(settlements)
            .chain(returns)
            .chain(self.withdrawn())
            .filter(|one| one.amount > Fen::ZERO)
    }

    fn withdrawn(&self) -> impl Iterator<Item = Movement<'_>> {
        let gone = self.withdrawals.values();
        let gone = gone.filter(|one| one.system == System::Ecpay && one.status == WithdrawalStatus::Success);
        gone.filter_map(|one| {
            Some(Movement {
                at: one.finished_at?,
                app_id: &one.app_id,
                merchant: &one.merchant_uid,
                number: &one.order_id,
                own_number: &one.out_order_id,
                account: "withdrawable",
                way: match one.channel_type.as_str() {
                    "wx" => 1,
                    "alipay" => 2,
                    _ => 10,
                },
                trade: "withdraw",
                comes: false,
                amount: one.amount,
            })
        })
    }
}

/// One movement of one account.
#[derive(Clone, Copy)]
pub(super) struct Movement<'a> {
    pub(super) at: UnixMs,
    pub(super) app_id: &'a str,
    pub(super) merchant: &'a str,
    pub(super) number: &'a str,
    pub(super) own_number: &'a str,
    pub(super) account: &'static str,
    pub(super) way: i64,
    pub(super) trade: &'static str,
    pub(super) comes: bool,
    pub(super) amount: Fen,
}

impl<'a> Movement<'a> {
    /// Something that comes into the seller's account in transit.
    fn of(
        order: &'a Order,
        at: UnixMs,
        trade: &'static str,
        number: &'a str,
        own_number: &'a str,
        amount: Fen,
    ) -> Self {
        Self {
            at,
            app_id: &order.app_id,
            merchant: &order.seller_uid,
            number,
            own_number,
            account: "online",
            way: order.way,
            trade,
            comes: true,
            amount,
        }
    }
}
