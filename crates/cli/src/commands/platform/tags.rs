//! `platform tags`: the tag groups that goods may be sold under, with their refund rules.

use clap::Args as ClapArgs;
use douyin_pay_protocol::trade::{ProductType, TagDetail, TagQuery};
use serde_json::{Value, json};

use super::columns::{As, Column};
use super::ending::{not_learnt, show};
use super::open::{At, converse};
use super::value;
use crate::exit::Ended;
use crate::out::Form;

/// Of which goods.
#[derive(Debug, ClapArgs)]
pub struct Tags {
    /// 商品类型，例如 402；不写表示全部 · product type, such as 402; all if left out
    #[arg(long = "type", value_name = "N")]
    product_type: Option<u16>,
    #[command(flatten)]
    at: At,
}

const TAG: &[Column] = &[
    Column("标签", "tag", "tag_name", As::Plain),
    Column("说明", "says", "tag_descs", As::Plain),
    Column("商品类型", "product type", "goods_type", As::Plain),
];
const RULE: &[Column] = &[
    Column("履约状态", "delivery", "biz_status", As::Plain),
    Column("需要商家审核", "merchant decides", "merchant_audit", As::Plain),
    Column("退款规则", "refund rule", "refund_type", As::Plain),
];
const COLUMNS: &[Column] = &[Column("标签组", "tag groups", "tag_detail_list", As::List(GROUP))];
const GROUP: &[Column] = &[
    Column("标签组", "tag group", "tag_group_id", As::Plain),
    Column("标签", "tags", "tag_list", As::List(TAG)),
    Column("规则", "rules", "rule_list", As::List(RULE)),
];

pub(super) fn run(args: &Tags, form: Form) -> Ended {
    let ask = match args.product_type {
        None => TagQuery::all(),
        Some(number) => TagQuery::of_type(value("--type", ProductType::new(number))?),
    };
    let client = args.at.open()?.trade()?;
    converse(async {
        let answer = client.tag_query(&ask).await.map_err(|error| not_learnt(&error))?;
        let list: Vec<Value> = answer.tag_detail_list.iter().map(facts).collect();
        show(form, &json!({ "tag_detail_list": list }), answer.log_id.as_deref(), COLUMNS);
        Ok(())
    })
}

fn facts(group: &TagDetail) -> Value {
    let tags: Vec<Value> = group
        .tag_list
        .iter()
        .map(|tag| {
            json!({
                "tag_id": tag.tag_id, "tag_name": tag.tag_name, "tag_descs": tag.tag_descs, "tag_type": tag.tag_type,
                "biz_line": tag.biz_line, "goods_type": tag.goods_type,
            })
        })
        .collect();
    let rules: Vec<Value> = group
        .rule_list
        .iter()
        .map(|rule| {
            let detail = rule.refund_rule.as_ref();
            json!({
                "rule_id": rule.rule_id, "rule_type": rule.rule_type,
                "biz_status": detail.and_then(|detail| detail.biz_status.as_deref()),
                "merchant_audit": detail.and_then(|detail| detail.needs_audit),
                "refund_type": detail.and_then(|detail| detail.refund_type).map(|rule| rule.number()),
            })
        })
        .collect();
    json!({ "tag_group_id": group.tag_group_id, "tag_list": tags, "rule_list": rules })
}
