//! Product types, tag groups and their refund rules.

use serde_json::{Value, json};

use super::denied::Checked;
use super::fields::Reader;
use super::objects::Fulfilment;

/// One product type.
pub(crate) struct ProductType {
    pub(crate) number: u16,
    /// The merchant has to say how far the delivery has come.
    pub(crate) needs_fulfilment: bool,
    /// A `skuAttr` is required.
    pub(crate) needs_attr: bool,
}

const fn product(number: u16, needs_fulfilment: bool, needs_attr: bool) -> ProductType {
    ProductType { number, needs_fulfilment, needs_attr }
}

/// The published numbers; which of them need the fulfilment sync is read out of the refund rules.
const TYPES: [ProductType; 18] = [
    product(101, true, true),
    product(102, true, true),
    product(103, false, true),
    product(104, true, true),
    product(105, true, true),
    product(106, true, true),
    product(107, true, true),
    product(201, true, false),
    product(202, true, false),
    product(301, false, false),
    product(302, false, false),
    product(401, false, false),
    product(402, false, true),
    product(403, false, true),
    product(404, false, true),
    product(405, false, true),
    product(406, false, true),
    product(703, false, false),
];

/// What a user may ask for: the platform's `refund_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refundable {
    /// 1
    No,
    /// 2, with the merchant's consent.
    ByAgreement,
    /// 3, without asking.
    AtWill,
}

impl Refundable {
    fn refund_type(self) -> i64 {
        match self {
            Self::No => 1,
            Self::ByAgreement => 2,
            Self::AtWill => 3,
        }
    }

    /// 1 needed, 2 not needed.
    fn merchant_audit_type(self) -> i64 {
        if self == Self::ByAgreement { 1 } else { 2 }
    }
}

/// A bundle of promises that the merchant attaches to its goods.
pub(crate) struct TagGroup {
    id: &'static str,
    name: &'static str,
    biz_line: i64,
    types: &'static [u16],
    /// By the state of the delivery.
    rules: &'static [(Fulfilment, Refundable)],
}

use Fulfilment::{FulfillDone as Done, FulfillWait as Wait, Fulfilling as Under};
use Refundable::{AtWill, ByAgreement, No};

/// The groups that have been published, with the refund rules their names speak of.
const GROUPS: [TagGroup; 9] = [
    TagGroup {
        id: "tag_group_7272625659887943692",
        name: "发货前可退，发货后协商退款",
        biz_line: 2001,
        types: &[101, 104, 105, 106, 107],
        rules: &[(Wait, AtWill), (Under, ByAgreement), (Done, No)],
    },
    TagGroup {
        id: "tag_group_7272625659887960076",
        name: "服务前可退，服务开始后协商退款",
        biz_line: 2001,
        types: &[102],
        rules: &[(Wait, AtWill), (Under, ByAgreement), (Done, ByAgreement)],
    },
    TagGroup {
        id: "tag_group_7272625659887976460",
        name: "服务前可退，服务开始后不可退",
        biz_line: 2001,
        types: &[102],
        rules: &[(Wait, AtWill), (Under, No), (Done, No)],
    },
    TagGroup {
        id: "tag_group_7272625659887992844",
        name: "充值后不可退",
        biz_line: 2001,
        types: &[103],
        rules: &[(Done, No)],
    },
    TagGroup {
        id: "tag_group_7272625659888009228",
        name: "咨询前可退，咨询开始后协商退款",
        biz_line: 2002,
        types: &[201],
        rules: &[(Wait, AtWill), (Under, ByAgreement), (Done, ByAgreement)],
    },
    TagGroup {
        id: "tag_group_7272625659888025612",
        name: "咨询前可退，咨询开始后不可退",
        biz_line: 2002,
        types: &[201],
        rules: &[(Wait, AtWill), (Under, No), (Done, No)],
    },
    TagGroup {
        id: "tag_group_7297888175123382299",
        name: "撰写前可退，撰写开始后协商退款",
        biz_line: 2002,
        types: &[202],
        rules: &[(Wait, AtWill), (Under, ByAgreement), (Done, ByAgreement)],
    },
    TagGroup {
        id: "tag_group_7272625659888041996",
        name: "内容商品协商退款",
        biz_line: 2004,
        types: &[401, 402, 403, 404, 405, 406],
        rules: &[(Done, ByAgreement)],
    },
    TagGroup {
        id: "tag_group_7272625659888058380",
        name: "虚拟服务协商退款",
        biz_line: 2003,
        types: &[301, 302],
        rules: &[(Done, ByAgreement)],
    },
];

/// Seen in one project only; refundable at will, so that this case can be tried without any fulfilment.
const PARKING: TagGroup = TagGroup {
    id: "tag_group_7443548955339669558",
    name: "随时可退",
    biz_line: 2007,
    types: &[703],
    rules: &[(Done, AtWill)],
};

fn groups() -> impl Iterator<Item = &'static TagGroup> {
    GROUPS.iter().chain(std::iter::once(&PARKING))
}

pub(crate) fn product_type(number: i64) -> Option<&'static ProductType> {
    TYPES.iter().find(|known| i64::from(known.number) == number)
}

/// Whether the merchant has to push how far the delivery has come.
pub(crate) fn needs_fulfilment(number: u16) -> bool {
    product_type(i64::from(number)).is_some_and(|known| known.needs_fulfilment)
}

/// The groups that a type may carry.
pub(crate) fn groups_of(number: u16) -> Vec<&'static str> {
    groups().filter(|group| group.types.contains(&number)).map(|group| group.id).collect()
}

/// What the group promises the user in this state of the delivery.
pub(crate) fn refundable(group_id: &str, state: Fulfilment) -> Refundable {
    let group = groups().find(|group| group.id == group_id);
    let rule = group.and_then(|group| group.rules.iter().find(|(of, _)| *of == state).or(group.rules.last()));
    rule.map_or(ByAgreement, |(_, refundable)| *refundable)
}

/// `tag_query`: the groups of one type, or of all types the app may sell.
pub(crate) fn tag_query(body: &Reader<'_>, allowed: impl Fn(u16) -> bool) -> Checked<Value> {
    let wanted = body.optional_integer("goods_type", false)?;
    if let Some(number) = wanted
        && product_type(number).is_none()
    {
        return Err(body.wrong("goods_type", format!("{number} is no product type")));
    }
    let mut list = Vec::new();
    for (at, group) in groups().enumerate() {
        let fits = |number: &&u16| allowed(**number) && wanted.is_none_or(|only| only == i64::from(**number));
        let Some(number) = group.types.iter().find(fits) else { continue };
        list.push(detail(at, group, *number));
    }
    Ok(json!({ "tag_detail_list": list }))
}

fn detail(at: usize, group: &TagGroup, number: u16) -> Value {
    let rule = |(place, (state, refundable)): (usize, &(Fulfilment, Refundable))| {
        json!({
            "rule_id": format!("refund_rule_{}_{}", at + 1, place + 1),
            "rule_type": 1,
            "refund_rule": {
                "biz_status": state,
                "merchant_audit_type": refundable.merchant_audit_type(),
                "refund_type": refundable.refund_type(),
            },
        })
    };
    json!({
        "tag_group_id": group.id,
        "tag_list": [{
            "tag_id": format!("tag_{}", at + 1),
            "tag_name": group.name,
            "tag_type": 1,
            "tag_descs": [group.name],
            "biz_line": group.biz_line,
            "goods_type": number,
        }],
        "rule_list": group.rules.iter().enumerate().map(rule).collect::<Vec<_>>(),
    })
}
