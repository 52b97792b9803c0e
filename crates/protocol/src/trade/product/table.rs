//! The published product types and tag groups.

use super::{KnownType, ProductType, TagGroup};

const fn group(id: &'static str, zh: &'static str, en: &'static str) -> TagGroup {
    TagGroup { id, zh, en }
}

const SIM_CARD: &[TagGroup] =
    &[group("tag_group_7272625659887943692", "号卡：发货前可退", "SIM card: refundable before dispatch")];
const CUSTOMISED: &[TagGroup] = &[
    group("tag_group_7272625659887960076", "定制服务：开始后协商退", "customised: by agreement once started"),
    group("tag_group_7272625659887976460", "定制服务：不可退", "customised: no refund"),
];
const TOP_UP: &[TagGroup] = &[group("tag_group_7272625659887992844", "虚拟充值", "virtual top-up")];
const CONSULTING: &[TagGroup] = &[
    group("tag_group_7272625659888009228", "咨询：开始后协商退", "consulting: by agreement once started"),
    group("tag_group_7272625659888025612", "咨询：不可退", "consulting: no refund"),
];
const WRITING: &[TagGroup] = &[group("tag_group_7297888175123382299", "文书代写", "document writing")];
const CONTENT: &[TagGroup] = &[group("tag_group_7272625659888041996", "内容", "content")];
const TOOL: &[TagGroup] = &[group("tag_group_7272625659888058380", "虚拟服务", "virtual service")];
const PARKING: &[TagGroup] = &[group("tag_group_7443548955339669558", "停车等", "parking and the like")];

const fn known(
    number: u16,
    (industry_zh, industry_en): (&'static str, &'static str),
    (zh, en): (&'static str, &'static str),
    needs_fulfilment: Option<bool>,
    tag_groups: &'static [TagGroup],
) -> KnownType {
    let product_type = ProductType(number);
    KnownType { product_type, industry_zh, industry_en, zh, en, needs_fulfilment, tag_groups }
}

const TELECOM: (&str, &str) = ("通信", "telecom");
const ADVICE: (&str, &str) = ("咨询", "consulting");
const TOOLS: (&str, &str) = ("工具", "tools");
const MEDIA: (&str, &str) = ("内容", "content");
const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);

pub(super) const TYPES: &[KnownType] = &[
    known(101, TELECOM, ("号卡", "SIM card"), YES, SIM_CARD),
    known(102, TELECOM, ("定制服务", "customised service"), YES, CUSTOMISED),
    known(103, TELECOM, ("虚拟充值", "virtual top-up"), NO, TOP_UP),
    known(104, TELECOM, ("靓号（虚拟运营商）", "special number, virtual operator"), YES, &[]),
    known(105, TELECOM, ("靓号（三大运营商）", "special number, one of the big three operators"), YES, &[]),
    known(106, TELECOM, ("普通号卡", "standard SIM"), YES, &[]),
    known(107, TELECOM, ("非标流量卡", "non-standard data SIM"), YES, &[]),
    known(201, ADVICE, ("通用咨询", "general consulting"), YES, CONSULTING),
    known(202, ADVICE, ("文书代写", "document writing"), YES, WRITING),
    known(301, TOOLS, ("虚拟服务", "virtual service"), NO, TOOL),
    known(302, TOOLS, ("付费资讯", "paid information"), NO, &[]),
    known(401, MEDIA, ("内容充值", "content top-up"), NO, CONTENT),
    known(402, MEDIA, ("会员", "membership"), NO, CONTENT),
    known(403, MEDIA, ("虚拟币", "virtual coins"), NO, CONTENT),
    known(404, MEDIA, ("短剧单集", "episodes of a drama"), NO, CONTENT),
    known(405, MEDIA, ("整部短剧", "a whole drama"), NO, CONTENT),
    known(406, MEDIA, ("兑换券", "exchange voucher"), NO, CONTENT),
    known(703, ("停车等", "parking and the like"), ("停车等服务", "parking and the like"), None, PARKING),
];
