//! `platform platform-order`: the settlements that the platform made by itself.

use clap::Args as ClapArgs;
use douyin_pay_protocol::OutOrderNo;
use douyin_pay_protocol::ecpay::{AutoSettleInfo, QueryPlatformOrder};
use serde_json::{Value, json};

use super::columns::{As, Column};
use super::ending::{not_learnt, nothing_found, show};
use super::open::{At, converse};
use super::value;
use crate::exit::Ended;
use crate::out::Form;

/// Of which order.
#[derive(Debug, ClapArgs)]
pub struct PlatformOrder {
    /// 商户订单号 · the merchant's number of the order
    #[arg(long, value_name = "NUMBER")]
    number: String,
    #[command(flatten)]
    at: At,
}

const SHARE: &[Column] =
    &[Column("商户号", "merchant", "merchant_uid", As::Plain), Column("金额", "amount", "amount", As::Yuan)];
const SETTLEMENT: &[Column] = &[
    Column("结算", "settlement", "out_settle_no", As::Plain),
    Column("平台结算号", "platform's number", "settle_no", As::Plain),
    Column("状态", "state", "settle_status", As::Plain),
    Column("方式", "way", "settle_way", As::Plain),
    Column("技术服务费", "fee", "service_charge", As::Yuan),
    Column("佣金", "commission", "cps", As::Yuan),
    Column("创建", "begun", "created_at", As::Time),
    Column("完成", "done", "settled_at", As::Time),
    Column("分账", "shares", "settle_param_list", As::List(SHARE)),
];
const COLUMNS: &[Column] = &[
    Column("订单", "order", "out_order_no", As::Plain),
    Column("结算", "settlements", "settle_info_list", As::List(SETTLEMENT)),
];

pub(super) fn run(args: &PlatformOrder, form: Form) -> Ended {
    let ask = QueryPlatformOrder::new(value("--number", OutOrderNo::new(&args.number))?);
    let client = args.at.open()?.ecpay()?;
    converse(async {
        let answer = client.query_platform_order(&ask).await.map_err(|error| not_learnt(&error))?;
        let list: Vec<Value> = answer.settle_info_list.iter().map(facts).collect();
        let empty = list.is_empty();
        let told = json!({
            "app_id": answer.app_id, "out_order_no": answer.out_order_no, "query_type": answer.query_type,
            "settle_info_list": list,
        });
        show(form, &told, answer.log_id.as_deref(), COLUMNS);
        if empty { Err(nothing_found()) } else { Ok(()) }
    })
}

fn facts(info: &AutoSettleInfo) -> Value {
    let shares: Vec<Value> = info
        .settle_param_list
        .iter()
        .map(|share| json!({ "merchant_uid": share.merchant_uid, "amount": share.amount }))
        .collect();
    json!({
        "out_settle_no": info.out_settle_no, "settle_no": info.settle_no, "settle_way": info.settle_way,
        "settle_status": info.settle_status.as_str(), "cps": info.cps, "service_charge": info.service_charge,
        "created_at": info.created_at.map(|at| at.get()), "settled_at": info.settled_at.map(|at| at.get()),
        "settle_param_list": shares,
    })
}
