//! `platform order`: what became of an order.

use clap::Args as ClapArgs;
use douyin_pay::Client;
use douyin_pay_protocol::OutOrderNo;
use douyin_pay_protocol::ecpay::QueryOrder;
use douyin_pay_protocol::trade::{OrderQuery, OrderQueryReply};
use serde_json::{Value, json};

use super::columns::{As, Column};
use super::ending::{not_learnt, only_by_number, show};
use super::open::{At, Either, Which, converse};
use super::{platform_no, value};
use crate::exit::{Ended, Failure};
use crate::out::Form;

/// Which order.
#[derive(Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("which_order").required(true).args(["number", "order_id"]))]
pub struct Order {
    /// 商户订单号 · the merchant's number
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// 平台订单号（通用交易系统） · the platform's number; general trade system
    #[arg(long, value_name = "ID")]
    order_id: Option<String>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    at: At,
}

const ITEM: &[Column] = &[
    Column("商品单", "item", "item_order_id", As::Plain),
    Column("商品", "sku", "sku_id", As::Plain),
    Column("金额", "amount", "item_order_amount", As::Yuan),
];
const COLUMNS: &[Column] = &[
    Column("订单", "order", "out_order_no", As::Plain),
    Column("平台单号", "platform's number", "order_id", As::Plain),
    Column("状态", "state", "pay_status", As::Plain),
    Column("状态", "state", "order_status", As::Plain),
    Column("金额", "total", "total_amount", As::Yuan),
    Column("金额", "total", "total_fee", As::Yuan),
    Column("优惠", "discount", "discount_amount", As::Yuan),
    Column("实付", "paid", "paid_amount", As::Yuan),
    Column("下单", "placed", "trade_time", As::Time),
    Column("付款", "paid at", "pay_time", As::Time),
    Column("方式", "paid with", "pay_channel", As::Way),
    Column("方式", "paid with", "way", As::Way),
    Column("渠道单号", "number at the channel", "channel_pay_id", As::Plain),
    Column("渠道单号", "number at the channel", "channel_no", As::Plain),
    Column("收款商户", "merchant", "merchant_uid", As::Plain),
    Column("收款商户", "merchant", "seller_uid", As::Plain),
    Column("币种", "currency", "currency", As::Plain),
    Column("钻石", "diamonds", "total_currency_amount", As::Plain),
    Column("商品单", "items", "item_order_list", As::List(ITEM)),
];

pub(super) fn run(args: &Order, form: Form) -> Ended {
    let number = args.number.as_ref().map(|text| value("--number", OutOrderNo::new(text))).transpose()?;
    let order_id = args.order_id.as_ref().map(|text| platform_no("--order-id", text)).transpose()?;
    let opened = args.at.open()?;
    match opened.either(&args.which)? {
        Either::Ecpay(client) => {
            let number = number.ok_or_else(|| only_by_number("--number"))?;
            converse(of_ecpay(client, number, form))
        }
        Either::Trade(client) => {
            let ask = match (order_id, number) {
                (Some(id), _) => OrderQuery::by_order_id(id),
                (None, Some(number)) => OrderQuery::by_out_order_no(number),
                (None, None) => return Err(only_by_number("--number")),
            };
            converse(async {
                let answer = client.order_query(&ask).await.map_err(|error| not_learnt(&error))?;
                show(form, &facts(&answer.reply), answer.log_id.as_deref(), COLUMNS);
                Ok(())
            })
        }
    }
}

async fn of_ecpay(client: Client, number: OutOrderNo, form: Form) -> Result<(), Failure> {
    let answer = client.query_order(&QueryOrder::new(number)).await.map_err(|error| not_learnt(&error))?;
    let info = &answer.payment_info;
    let told = json!({
        "out_order_no": answer.out_order_no, "order_id": answer.order_id, "order_status": info.order_status.as_str(),
        "total_fee": info.total_fee, "pay_time": info.pay_time.map(|at| at.get()), "way": info.way.map(|way| way.number()),
        "channel_no": info.channel_no, "channel_gateway_no": info.channel_gateway_no, "seller_uid": info.seller_uid,
        "item_id": info.item_id, "cps_info": answer.cps_info, "cp_extra": info.cp_extra,
    });
    show(form, &told, answer.log_id.as_deref(), COLUMNS);
    Ok(())
}

fn facts(reply: &OrderQueryReply) -> Value {
    let items: Vec<Value> = reply
        .item_order_list
        .iter()
        .map(|item| {
            json!({
                "item_order_id": item.item_order_id, "sku_id": item.sku_id, "item_order_amount": item.item_order_amount,
                "item_order_currency_amount": item.item_order_currency_amount,
            })
        })
        .collect();
    json!({
        "app_id": reply.app_id, "order_id": reply.order_id, "out_order_no": reply.out_order_no,
        "pay_status": reply.pay_status.as_str(), "total_amount": reply.total_amount,
        "discount_amount": reply.discount_amount, "paid_amount": reply.paid_amount(),
        "trade_time": reply.trade_time.map(|at| at.get()), "pay_time": reply.pay_time.map(|at| at.get()),
        "pay_channel": reply.pay_channel.map(|channel| channel.number()), "channel_pay_id": reply.channel_pay_id,
        "merchant_uid": reply.merchant_uid, "item_order_list": items,
        "currency": reply.currency.as_ref().map(|currency| currency.as_str()),
        "total_currency_amount": reply.total_currency_amount, "cp_extra": reply.cp_extra,
    })
}
