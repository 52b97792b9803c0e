//! `platform unsettled`: how much of an order the platform would still settle.

use clap::Args as ClapArgs;
use douyin_pay_protocol::OutOrderNo;
use douyin_pay_protocol::ecpay::UnsettleAmount;
use serde_json::{Value, json};

use super::columns::{As, Column};
use super::ending::{not_learnt, show};
use super::open::{At, converse};
use super::value;
use crate::exit::Ended;
use crate::out::Form;

/// Of which order.
#[derive(Debug, ClapArgs)]
pub struct Unsettled {
    /// 商户订单号 · the merchant's number of the order
    #[arg(long, value_name = "NUMBER")]
    number: String,
    #[command(flatten)]
    at: At,
}

const REFUND: &[Column] =
    &[Column("退款", "refund", "out_refund_no", As::Plain), Column("金额", "amount", "amount", As::Yuan)];
const COLUMNS: &[Column] = &[
    Column("订单", "order", "out_order_no", As::Plain),
    Column("可结算", "to settle", "unsettle_amount", As::Yuan),
    Column("已付", "paid", "paid_amount", As::Yuan),
    Column("技术服务费", "fee", "payment_rake", As::Yuan),
    Column("本地生活服务费", "local-life fee", "life_rake", As::Yuan),
    Column("佣金", "commission", "commission", As::Yuan),
    Column("退款", "refunds", "refund_info", As::List(REFUND)),
];

pub(super) fn run(args: &Unsettled, form: Form) -> Ended {
    let ask = UnsettleAmount::new(value("--number", OutOrderNo::new(&args.number))?);
    let client = args.at.open()?.ecpay()?;
    converse(async {
        let answer = client.unsettle_amount(&ask).await.map_err(|error| not_learnt(&error))?;
        let detail = &answer.detail;
        let refunds: Vec<Value> = detail
            .refund_info
            .iter()
            .map(|refund| json!({ "out_refund_no": refund.out_refund_no, "amount": refund.amount }))
            .collect();
        let told = json!({
            "out_order_no": answer.out_order_no, "unsettle_amount": answer.unsettle_amount,
            "paid_amount": detail.pay_info.as_ref().and_then(|paid| paid.amount),
            "payment_rake": detail.payment_rake, "life_rake": detail.life_rake, "commission": detail.commission,
            "refund_info": refunds,
        });
        show(form, &told, answer.log_id.as_deref(), COLUMNS);
        Ok(())
    })
}
