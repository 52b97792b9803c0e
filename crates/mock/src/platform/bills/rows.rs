//! The rows of each bill, out of the books.

use douyin_pay_protocol::{Fen, UnixMs};

use super::Wanted;
use super::form::Cell;
use super::movements::Movement;
use crate::platform::objects::{OperationStatus, Order};
use crate::platform::withdrawals::WithdrawalStatus;
use crate::platform::{Platform, System, key};

/// The columns after the index, in their order: payments, settlements and refunds as published in 2021.
pub(super) const PAYMENT: &[&str] = &[
    "支付时间",
    "商户号",
    "openId",
    "订单号",
    "平台订单号",
    "渠道订单号",
    "订单金额",
    "支付方式",
    "支付状态",
];
pub(super) const SETTLE: &[&str] = &[
    "分账时间",
    "商户号",
    "openId",
    "订单号",
    "平台订单号",
    "渠道订单号",
    "订单金额",
    "支付方式",
    "分账单号",
    "分账状态",
    "分账方和分账金额",
    "技术服务费",
    "抽佣金额",
];
pub(super) const REFUND: &[&str] = &[
    "退款时间",
    "商户号",
    "openId",
    "订单号",
    "渠道订单号",
    "订单金额",
    "支付方式",
    "退款类型",
    "退款单号",
    "平台退款单号",
    "退款状态",
    "退款完成时间",
    "退款金额",
];
/// Nobody published the columns of the others.
pub(super) const RETURN: &[&str] = &[
    "退分账时间",
    "商户号",
    "openId",
    "订单号",
    "平台订单号",
    "渠道订单号",
    "支付方式",
    "商户分账单号",
    "退分账单号",
    "平台退分账单号",
    "分账方商户号",
    "退分账状态",
    "退分账完成时间",
    "退分账金额",
];
pub(super) const WITHDRAW: &[&str] =
    &["提现时间", "商户号", "提现渠道", "提现单号", "平台提现单号", "提现状态", "提现完成时间", "提现金额"];
pub(super) const REBATE: &[&str] = &["返佣时间", "商户号", "订单号", "平台订单号", "返佣状态", "返佣金额"];
pub(super) const ANNUAL_REBATE: &[&str] = &["年返时间", "商户号", "年返状态", "年返金额"];
pub(super) const FUND: &[&str] =
    &["记账时间", "商户号", "资金流水号", "业务单号", "账户类型", "支付方式", "交易类型", "收支方向", "金额"];

/// Buyers have no ids here.
const OPEN_ID: &str = "_000mockbuyer";

type Row = Vec<Cell>;

fn channel(way: i64) -> &'static str {
    match way {
        1 => "微信",
        2 => "支付宝",
        _ => "抖音支付",
    }
}

fn channel_word(way: i64) -> &'static str {
    match way {
        1 => "wx",
        2 => "alipay",
        _ => "hz",
    }
}

fn state(what: &str, status: OperationStatus) -> String {
    match status {
        OperationStatus::Success => format!("{what}成功"),
        OperationStatus::Fail => format!("{what}失败"),
        OperationStatus::Processing => format!("{what}中"),
    }
}

/// In the order in which things happened.
fn in_order(mut rows: Vec<(UnixMs, Row)>) -> Vec<Row> {
    rows.sort_by_key(|(at, _)| *at);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// An operation's order, and when it was over.
fn over<'a>(
    order: Option<&'a Order>,
    at: Option<UnixMs>,
    wanted: &Wanted<'_>,
) -> Option<(&'a Order, UnixMs)> {
    let (order, at) = (order?, at?);
    wanted.covers(&order.app_id, &order.seller_uid, at).then_some((order, at))
}

impl Platform {
    pub(super) fn billed_order(&self, app_id: &str, number: &str) -> Option<&Order> {
        self.orders.get(&key(app_id, number))
    }

    pub(super) fn payment_rows(&self, wanted: &Wanted<'_>) -> Vec<Row> {
        let row = |order: &Order| {
            let (order, at) = over(Some(order), order.paid_at, wanted)?;
            let row: Row = vec![
                at.beijing_text().into(),
                order.seller_uid.as_str().into(),
                OPEN_ID.into(),
                order.out_order_no.as_str().into(),
                order.order_id.as_str().into(),
                order.channel_no.as_str().into(),
                order.total.into(),
                channel(order.way).into(),
                "支付成功".into(),
            ];
            Some((at, row))
        };
        in_order(self.orders.values().filter_map(row).collect())
    }

    pub(super) fn settle_rows(&self, wanted: &Wanted<'_>) -> Vec<Row> {
        let rows = self.settlements.values().filter_map(|one| {
            let order = self.billed_order(&one.app_id, &one.out_order_no);
            let (order, at) = over(order, one.finished_at, wanted)?;
            let done = one.status == OperationStatus::Success;
            let charged = |fee: Fen| if done { fee } else { Fen::ZERO };
            let row: Row = vec![
                at.beijing_text().into(),
                order.seller_uid.as_str().into(),
                OPEN_ID.into(),
                order.out_order_no.as_str().into(),
                order.order_id.as_str().into(),
                order.channel_no.as_str().into(),
                order.total.into(),
                channel(order.way).into(),
                one.out_settle_no.as_str().into(),
                state("分账", one.status).into(),
                one.detail().into(),
                charged(one.rake).into(),
                charged(one.commission).into(),
            ];
            Some((at, row))
        });
        in_order(rows.collect())
    }

    pub(super) fn refund_rows(&self, wanted: &Wanted<'_>) -> Vec<Row> {
        let rows = self.refunds.values().filter_map(|one| {
            let order = self.billed_order(&one.app_id, &one.out_order_no);
            let (order, at) = over(order, one.finished_at, wanted)?;
            let row: Row = vec![
                one.requested_at.beijing_text().into(),
                order.seller_uid.as_str().into(),
                OPEN_ID.into(),
                order.out_order_no.as_str().into(),
                order.channel_no.as_str().into(),
                order.total.into(),
                channel(order.way).into(),
                if one.from_settled { "结算后退款" } else { "结算前退款" }.into(),
                one.out_refund_no.as_str().into(),
                one.refund_no.as_str().into(),
                state("退款", one.status).into(),
                at.beijing_text().into(),
                one.amount.into(),
            ];
            Some((at, row))
        });
        in_order(rows.collect())
    }

    pub(super) fn return_rows(&self, wanted: &Wanted<'_>) -> Vec<Row> {
        let rows = self.returns.values().filter_map(|one| {
            let order = self.billed_order(&one.app_id, &one.out_order_no);
            let (order, at) = over(order, one.finished_at, wanted)?;
            let row: Row = vec![
                one.requested_at.beijing_text().into(),
                order.seller_uid.as_str().into(),
                OPEN_ID.into(),
                order.out_order_no.as_str().into(),
                order.order_id.as_str().into(),
                order.channel_no.as_str().into(),
                channel(order.way).into(),
                one.out_settle_no.as_str().into(),
                one.out_return_no.as_str().into(),
                one.return_no.as_str().into(),
                one.merchant_uid.as_str().into(),
                state("退分账", one.status).into(),
                at.beijing_text().into(),
                one.amount.into(),
            ];
            Some((at, row))
        });
        in_order(rows.collect())
    }

    pub(super) fn withdraw_rows(&self, wanted: &Wanted<'_>) -> Vec<Row> {
        let rows = self.withdrawals.values().filter(|one| one.system == System::Ecpay).filter_map(|one| {
            let at = one.finished_at.filter(|at| wanted.covers(&one.app_id, &one.merchant_uid, *at))?;
            let status = match one.status {
                WithdrawalStatus::Processing => "提现中",
                WithdrawalStatus::Success => "提现成功",
                WithdrawalStatus::Fail => "提现失败",
                WithdrawalStatus::Reexchange => "退汇",
            };
            let row: Row = vec![
                one.requested_at.beijing_text().into(),
                one.merchant_uid.as_str().into(),
                one.channel_type.as_str().into(),
                one.out_order_id.as_str().into(),
                one.order_id.as_str().into(),
                status.into(),
                at.beijing_text().into(),
                one.amount.into(),
            ];
            Some((at, row))
        });
        in_order(rows.collect())
    }

    pub(super) fn fund_rows(&self, wanted: &Wanted<'_>, filters: [Option<&str>; 3]) -> Vec<Row> {
        let rows = self.movements().filter(|one| wanted.covers(one.app_id, one.merchant, one.at));
        let rows = rows.filter(|one| {
            let words = [one.account, channel_word(one.way), one.trade];
            filters.iter().zip(words).all(|(filter, word)| filter.is_none_or(|wanted| wanted == word))
        });
        let row = |one: Movement<'_>| {
            let row: Row = vec![
                one.at.beijing_text().into(),
                one.merchant.into(),
                one.number.into(),
                one.own_number.into(),
                one.account.into(),
                channel(one.way).into(),
                one.trade.into(),
                if one.comes { "收入" } else { "支出" }.into(),
                one.amount.into(),
            ];
            (one.at, row)
        };
        in_order(rows.map(row).collect())
    }
}
