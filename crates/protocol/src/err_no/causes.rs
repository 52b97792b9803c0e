//! Why guaranteed payment answers with a code: the usual reasons, likeliest first.

use super::Cause;

/// Known from the platform's pages, from captured answers or from its forum.
const fn known(zh: &'static str, en: &'static str) -> Cause {
    Cause { zh, en, is_guess: false }
}

/// The platform distinguishes the condition; which code it answers with is not published.
const fn guess(zh: &'static str, en: &'static str) -> Cause {
    Cause { zh, en, is_guess: true }
}

pub(super) fn of(code: i64) -> &'static [Cause] {
    CAUSES.iter().find(|(of, _)| *of == code).map_or(&[], |(_, causes)| causes)
}

pub(super) const CAUSES: &[(i64, &[Cause])] = &[
    (
        0,
        &[known("平台已收下请求，不代表已完成", "the platform took the request on; that does not mean done")],
    ),
    (-1, &[known("账单或 token 接口的系统错误", "an error inside the platform, at a bill or token call")]),
    (1, &[known("账单的结束日期早于开始日期", "the bill's end date lies before its start date")]),
    (1000, &[known("平台内部故障或下游超时", "a fault inside the platform, or a time-out behind it")]),
    (
        1001,
        &[
            known("超过每个小程序每秒的调用上限", "more calls per second and app than allowed"),
            guess(
                "同一商户同一渠道当天第六次提现",
                "the sixth withdrawal of a day for a merchant and channel",
            ),
        ],
    ),
    (
        2000,
        &[
            known("订单号写错，或查的是另一个环境", "a mistyped number, or the other environment"),
            known("下单后立即查询，平台还没有记录", "asked right after creation, before the record exists"),
            guess("对不存在的订单退款或结算", "a refund or settlement of an order that does not exist"),
        ],
    ),
    (
        2008,
        &[
            known("SALT 错误，或沙盒与正式混用", "a wrong SALT, or that of the other environment"),
            known(
                "零没有参与签名，或大数写成 1e+06",
                "a zero left out of the signature, or a number as 1e+06",
            ),
            known("请求体不是 JSON", "a body that is no JSON"),
            known("把 app_id 写成 appid", "`appid` in place of `app_id`"),
            known("签名后又改了字段", "fields changed after signing"),
        ],
    ),
    (
        2010,
        &[
            known(
                "字段缺失、超长、类型或字符不对",
                "a field is missing, too long, or of a wrong type or alphabet",
            ),
            guess("请求和控制台都没有回调地址", "no callback URL in the request or the console"),
            guess("订单未支付", "the order is not paid"),
            guess("退款合计超过订单金额", "the refunds together exceed the order"),
            guess(
                "订单超过一年，或部分退款次数太多",
                "the order is older than a year, or refunded too often",
            ),
            guess("结算周期未到", "the settlement period is not over"),
            guess(
                "分账方超过 4 个、是卖家自己或未进件",
                "more than 4 receivers, the seller itself, or not onboarded",
            ),
            guess("已开启自动结算", "automatic settlement is on"),
            guess("结算单、提现单不存在", "no such settlement or withdrawal"),
            guess("回退金额超过分账方所得", "a return above what the receiver got"),
            guess("提现金额超过可提现余额", "a withdrawal above the balance"),
            guess("该单号的操作已经失败", "the operation under this number has failed"),
        ],
    ),
    (
        2014,
        &[
            known(
                "分账合计超过授权比例（默认 30%）",
                "shares above the authorised ratio (30 % unless agreed)",
            ),
            known("订单已结算完，没有余额可分", "the order is settled; nothing is left"),
        ],
    ),
    (
        2020,
        &[known("app_id 写错，或属于另一个环境", "a mistyped `app_id`, or that of the other environment")],
    ),
    (2042, &[known("app_id 写错，或小程序未开通支付", "a mistyped `app_id`, or an app without payments")]),
    (2047, &[known("thirdparty_id 写错，或不是服务商", "a mistyped `thirdparty_id`, or none of a provider")]),
    (
        2048,
        &[known("小程序没有授权给该服务商，或已取消", "the app never authorised the provider, or no more")],
    ),
    (2102, &[known("退分账单号为空或超过 64 个字符", "an empty return number, or more than 64 characters")]),
    (
        3101,
        &[
            known("退款单号写错，或查的是另一个环境", "a mistyped number, or the other environment"),
            known("发起退款的请求没有到达平台", "the request for the refund never arrived"),
        ],
    ),
    (4000, &[known("商户号属于别的小程序或服务商", "the merchant belongs to another app or provider")]),
    (
        4408,
        &[
            known("退分账单号写错，或查的是另一个环境", "a mistyped number, or the other environment"),
            known("发起退分账的请求没有到达平台", "the request for the return never arrived"),
        ],
    ),
    (
        40014,
        &[
            known("token 已过两小时", "the token is older than two hours"),
            known(
                "别的进程换了新 token，旧的已过五分钟",
                "another process fetched a new one over five minutes ago",
            ),
        ],
    ),
    (40015, &[guess("换 token 时 appid 写错", "a mistyped `appid` in the token call")]),
    (
        40017,
        &[guess("AppSecret 写错，或在控制台重置过", "a mistyped app secret, or one reset in the console")],
    ),
    (40020, &[guess("grant_type 不是 client_credential", "a `grant_type` other than `client_credential`")]),
];
