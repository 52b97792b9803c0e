//! `platform settlement`: what became of a settlement, or of an order's settlements.

use clap::Args as ClapArgs;
use douyin_pay::Client;
use douyin_pay_protocol::ecpay::QuerySettle;
use douyin_pay_protocol::trade::{SettleInfo, SettleQuery};
use douyin_pay_protocol::{AppId, OutOrderNo, OutSettleNo};
use serde_json::{Value, json};

use super::columns::{As, Column};
use super::ending::{decided, not_learnt, nothing_found, only_by_number, show};
use super::open::{At, Either, Which, converse};
use super::{platform_no, value};
use crate::exit::{Ended, Failure};
use crate::out::Form;

/// Which settlements.
#[derive(Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("which_settlement").required(true).args(["number", "settle_id", "order_id", "order"]))]
pub struct Settlement {
    /// 商户结算号 · the merchant's number of the settlement
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// 平台结算号（通用交易系统） · the platform's number of the settlement; general trade system
    #[arg(long, value_name = "ID")]
    settle_id: Option<String>,
    /// 平台订单号：该订单的全部结算（通用交易系统） · the platform's number of the order: all its settlements; general trade system
    #[arg(long, value_name = "ID")]
    order_id: Option<String>,
    /// 商户订单号：该订单的全部结算（通用交易系统） · the merchant's number of the order: all its settlements; general trade system
    #[arg(long, value_name = "NUMBER")]
    order: Option<String>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    at: At,
}

const SETTLEMENT: &[Column] = &[
    Column("结算", "settlement", "out_settle_no", As::Plain),
    Column("平台结算号", "platform's number", "settle_id", As::Plain),
    Column("平台结算号", "platform's number", "settle_no", As::Plain),
    Column("资金单号", "number in the funds layer", "wallet_settle_id", As::Plain),
    Column("订单", "order", "out_order_no", As::Plain),
    Column("平台订单号", "platform's order", "order_id", As::Plain),
    Column("商品单", "item", "item_order_id", As::Plain),
    Column("状态", "state", "settle_status", As::Plain),
    Column("结算金额", "settled", "settle_amount", As::Yuan),
    Column("技术服务费", "fee", "rake", As::Yuan),
    Column("佣金", "commission", "commission", As::Yuan),
    Column("平台补贴", "platform's subsidy", "platform_ticket", As::Yuan),
    Column("时间", "at", "settle_at", As::Time),
    Column("时间", "at", "settled_at", As::Time),
    Column("明细", "detail", "settle_detail", As::Plain),
    Column("原因", "why", "msg", As::Plain),
];
const COLUMNS: &[Column] = &[Column("结算", "settlements", "settlements", As::List(SETTLEMENT))];

pub(super) fn run(args: &Settlement, form: Form) -> Ended {
    let number = args.number.as_ref().map(|text| value("--number", OutSettleNo::new(text))).transpose()?;
    let opened = args.at.open()?;
    match opened.either(&args.which)? {
        Either::Ecpay(client) => {
            let number = number.ok_or_else(|| only_by_number("--number"))?;
            converse(of_ecpay(client, number, form))
        }
        Either::Trade(client) => {
            let ask = query(args, number, opened.app.app_id.clone())?;
            converse(async {
                let answer = client.settle_query(&ask).await.map_err(|error| not_learnt(&error))?;
                let list: Vec<Value> = answer.reply.0.iter().map(facts).collect();
                let empty = list.is_empty();
                show(form, &json!({ "settlements": list }), answer.log_id.as_deref(), COLUMNS);
                if empty {
                    return Err(nothing_found());
                }
                match answer.reply.0.as_slice() {
                    [info] if args.order_id.is_none() && args.order.is_none() => {
                        decided(info.settle_status.as_str(), None)
                    }
                    _ => Ok(()),
                }
            })
        }
    }
}

fn query(args: &Settlement, number: Option<OutSettleNo>, app_id: AppId) -> Result<SettleQuery, Failure> {
    if let Some(text) = &args.settle_id {
        return Ok(SettleQuery::by_settle_id(app_id, platform_no("--settle-id", text)?));
    }
    if let Some(text) = &args.order_id {
        return Ok(SettleQuery::by_order_id(app_id, platform_no("--order-id", text)?));
    }
    if let Some(text) = &args.order {
        return Ok(SettleQuery::by_out_order_no(app_id, value("--order", OutOrderNo::new(text))?));
    }
    let number = number.ok_or_else(|| only_by_number("--number"))?;
    Ok(SettleQuery::by_out_settle_no(app_id, number))
}

async fn of_ecpay(client: Client, number: OutSettleNo, form: Form) -> Result<(), Failure> {
    let ask = QuerySettle::new(number.clone());
    let answer = client.query_settle(&ask).await.map_err(|error| not_learnt(&error))?;
    let told = json!({
        "out_settle_no": number, "settle_no": answer.settle_no, "settle_status": answer.settle_status.as_str(),
        "settle_amount": answer.settle_amount, "rake": answer.rake, "commission": answer.commission,
        "settled_at": answer.settled_at.map(|at| at.get()), "settle_detail": answer.settle_detail,
        "msg": answer.msg, "cp_extra": answer.cp_extra,
    });
    show(form, &told, answer.log_id.as_deref(), SETTLEMENT);
    decided(answer.settle_status.as_str(), answer.msg.as_deref())
}

fn facts(info: &SettleInfo) -> Value {
    json!({
        "settle_id": info.settle_id, "out_settle_no": info.out_settle_no, "wallet_settle_id": info.wallet_settle_id,
        "order_id": info.order_id, "out_order_no": info.out_order_no, "item_order_id": info.item_order_id,
        "settle_status": info.settle_status.as_str(), "settle_amount": info.settle_amount, "rake": info.rake,
        "commission": info.commission, "platform_ticket": info.platform_ticket,
        "settle_at": info.settle_at.map(|at| at.get()), "settle_detail": info.settle_detail, "cp_extra": info.cp_extra,
    })
}
