//! `platform refund`: what became of a refund, or of an order's refunds.

use clap::Args as ClapArgs;
use douyin_pay::Client;
use douyin_pay_protocol::OutRefundNo;
use douyin_pay_protocol::ecpay::QueryRefund;
use douyin_pay_protocol::trade::{RefundInfo, RefundQuery};
use serde_json::{Value, json};

use super::columns::{As, Column};
use super::ending::{decided, not_learnt, nothing_found, only_by_number, show};
use super::open::{At, Either, Which, converse};
use super::{platform_no, value};
use crate::exit::{Ended, Failure};
use crate::out::Form;

/// Which refunds.
#[derive(Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("which_refund").required(true).args(["number", "refund_id", "order_id"]))]
pub struct Refund {
    /// 商户退款号 · the merchant's number of the refund
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// 平台退款号（通用交易系统） · the platform's number of the refund; general trade system
    #[arg(long, value_name = "ID")]
    refund_id: Option<String>,
    /// 平台订单号：该订单的全部退款（通用交易系统） · the platform's number of the order: all its refunds; general trade system
    #[arg(long, value_name = "ID")]
    order_id: Option<String>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    at: At,
}

const ITEM: &[Column] = &[
    Column("商品单", "item", "item_order_id", As::Plain),
    Column("金额", "amount", "refund_amount", As::Yuan),
];
const AUDIT: &[Column] = &[
    Column("需要审核", "audit needed", "need_refund_audit", As::Plain),
    Column("审核", "audit", "audit_status", As::Plain),
    Column("审核截止", "decide until", "refund_audit_deadline", As::Time),
    Column("拒绝原因", "refused because", "deny_message", As::Plain),
];
const REFUND: &[Column] = &[
    Column("退款", "refund", "out_refund_no", As::Plain),
    Column("平台退款号", "platform's number", "refund_id", As::Plain),
    Column("平台退款号", "platform's number", "refund_no", As::Plain),
    Column("平台订单号", "platform's order", "order_id", As::Plain),
    Column("状态", "state", "refund_status", As::Plain),
    Column("金额", "amount", "refund_total_amount", As::Yuan),
    Column("金额", "amount", "refund_amount", As::Yuan),
    Column("申请", "asked for", "create_at", As::Time),
    Column("到账", "refunded", "refund_at", As::Time),
    Column("到账", "refunded", "refunded_at", As::Time),
    Column("来源", "source", "refund_source", As::Plain),
    Column("已结算后退", "after settlement", "is_all_settled", As::Plain),
    Column("原因", "why", "message", As::Plain),
    Column("原因", "why", "msg", As::Plain),
    Column("审核", "audit", "merchant_audit_detail", As::List(AUDIT)),
    Column("商品单", "items", "item_order_detail", As::List(ITEM)),
];
const COLUMNS: &[Column] = &[Column("退款", "refunds", "refund_list", As::List(REFUND))];

pub(super) fn run(args: &Refund, form: Form) -> Ended {
    let number = args.number.as_ref().map(|text| value("--number", OutRefundNo::new(text))).transpose()?;
    let refund_id = args.refund_id.as_ref().map(|text| platform_no("--refund-id", text)).transpose()?;
    let order_id = args.order_id.as_ref().map(|text| platform_no("--order-id", text)).transpose()?;
    let opened = args.at.open()?;
    match opened.either(&args.which)? {
        Either::Ecpay(client) => {
            let number = number.ok_or_else(|| only_by_number("--number"))?;
            converse(of_ecpay(client, number, form))
        }
        Either::Trade(client) => {
            let ask = match (refund_id, number, order_id) {
                (Some(id), _, _) => RefundQuery::by_refund_id(id),
                (None, Some(number), _) => RefundQuery::by_out_refund_no(number),
                (None, None, Some(id)) => RefundQuery::by_order_id(id),
                (None, None, None) => return Err(only_by_number("--number")),
            };
            converse(async {
                let answer = client.refund_query(&ask).await.map_err(|error| not_learnt(&error))?;
                let list: Vec<Value> = answer.refund_list.iter().map(facts).collect();
                let empty = list.is_empty();
                show(form, &json!({ "refund_list": list }), answer.log_id.as_deref(), COLUMNS);
                if empty {
                    return Err(nothing_found());
                }
                match answer.refund_list.as_slice() {
                    [refund] if args.order_id.is_none() => {
                        decided(refund.refund_status.as_str(), refund.message.as_deref())
                    }
                    _ => Ok(()),
                }
            })
        }
    }
}

async fn of_ecpay(client: Client, number: OutRefundNo, form: Form) -> Result<(), Failure> {
    let ask = QueryRefund::new(number.clone());
    let answer = client.query_refund(&ask).await.map_err(|error| not_learnt(&error))?;
    let told = json!({
        "out_refund_no": number, "refund_no": answer.refund_no, "refund_status": answer.refund_status.as_str(),
        "refund_amount": answer.refund_amount, "refunded_at": answer.refunded_at.map(|at| at.get()),
        "is_all_settled": answer.is_all_settled, "msg": answer.msg, "cp_extra": answer.cp_extra,
    });
    show(form, &told, answer.log_id.as_deref(), REFUND);
    decided(answer.refund_status.as_str(), answer.msg.as_deref())
}

fn facts(refund: &RefundInfo) -> Value {
    let items: Vec<Value> = refund
        .item_order_detail
        .iter()
        .map(|item| json!({ "item_order_id": item.item_order_id, "refund_amount": item.refund_amount }))
        .collect();
    let audit = refund.merchant_audit_detail.as_ref().map(|audit| {
        json!([{
            "need_refund_audit": audit.need_refund_audit,
            "refund_audit_deadline": audit.refund_audit_deadline.map(|at| at.get()),
            "audit_status": audit.audit_status.as_ref().map(|status| status.as_str()),
            "deny_message": audit.deny_message,
        }])
    });
    json!({
        "refund_id": refund.refund_id, "order_id": refund.order_id, "out_refund_no": refund.out_refund_no,
        "refund_status": refund.refund_status.as_str(), "refund_total_amount": refund.refund_total_amount,
        "create_at": refund.create_at.map(|at| at.get()), "refund_at": refund.refund_at.map(|at| at.get()),
        "message": refund.message, "refund_source": refund.refund_source.map(|source| source.number()),
        "merchant_audit_detail": audit, "item_order_detail": items,
        "currency": refund.currency.as_ref().map(|currency| currency.as_str()),
    })
}
