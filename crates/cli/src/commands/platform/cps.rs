//! `platform cps`: what the promoters of an order earn.

use clap::Args as ClapArgs;
use douyin_pay_protocol::OutOrderNo;
use douyin_pay_protocol::trade::QueryCps;
use serde_json::{Value, json};

use super::columns::{As, Column};
use super::ending::{not_learnt, only_by_number, show};
use super::open::{At, converse};
use super::{platform_no, value};
use crate::exit::Ended;
use crate::out::Form;

/// Of which order.
#[derive(Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("which_order").required(true).args(["number", "order_id"]))]
pub struct Cps {
    /// 商户订单号 · the merchant's number
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// 平台订单号 · the platform's number
    #[arg(long, value_name = "ID")]
    order_id: Option<String>,
    #[command(flatten)]
    at: At,
}

const ITEM: &[Column] = &[
    Column("商品单", "item", "item_order_id", As::Plain),
    Column("售价", "sold for", "sell_amount", As::Yuan),
    Column("佣金", "commission", "commission_amount", As::Yuan),
    Column("费率（万分之）", "rate, in ten-thousandths", "commission_rate", As::Plain),
    Column("达人", "promoter", "commission_user_nickname", As::Plain),
    Column("抖音号", "Douyin number", "commission_user_douyinid", As::Plain),
    Column("任务", "task", "task_id", As::Plain),
    Column("视频或直播间", "video or live room", "item_id", As::Plain),
];
const COLUMNS: &[Column] = &[
    Column("订单", "order", "out_order_no", As::Plain),
    Column("平台单号", "platform's number", "order_id", As::Plain),
    Column("佣金合计", "commission", "total_commission_amount", As::Yuan),
    Column("明细", "items", "cps_item_list", As::List(ITEM)),
];

pub(super) fn run(args: &Cps, form: Form) -> Ended {
    let ask = match (&args.order_id, &args.number) {
        (Some(id), _) => QueryCps::by_order_id(platform_no("--order-id", id)?),
        (None, Some(number)) => QueryCps::by_out_order_no(value("--number", OutOrderNo::new(number))?),
        (None, None) => return Err(only_by_number("--number")),
    };
    let client = args.at.open()?.trade()?;
    converse(async {
        let answer = client.query_cps(&ask).await.map_err(|error| not_learnt(&error))?;
        let items: Vec<Value> = answer
            .cps_item_list
            .iter()
            .map(|item| {
                json!({
                    "item_order_id": item.item_order_id, "sell_amount": item.sell_amount,
                    "commission_amount": item.commission_amount, "commission_rate": item.commission_rate,
                    "source_type": item.source_type, "status": item.status, "task_id": item.task_id, "item_id": item.item_id,
                    "commission_user_douyinid": item.commission_user_douyinid,
                    "commission_user_nickname": item.commission_user_nickname,
                })
            })
            .collect();
        let told = json!({
            "order_id": answer.order_id, "out_order_no": answer.out_order_no,
            "total_commission_amount": answer.total_commission_amount, "cps_item_list": items,
        });
        show(form, &told, answer.log_id.as_deref(), COLUMNS);
        Ok(())
    })
}
