//! The codes of the general trade system; 0 stands in the other table.
//!
//! 22xxx belong to refunds and 23xxx to settlements. Several come from the industry system's pages, whose
//! numbers are the same wherever both are known. The token codes of eight digits are unconfirmed.

use super::{Entry, Meaning};

pub(super) const ENTRIES: &[Entry] = entries! {
    10000 Parameter "参数错误，或商品不符合行业要求", "a parameter is wrong, or the goods do not fit the app's trade";
        "按 err_msg 点名的字段核对取值与限制", "check the field that `err_msg` names against its limits"
    10002 Parameter "换取 token 的参数缺失或错误", "a parameter of the token call is missing or wrong";
        "client_key 填 app_id，client_secret 填 AppSecret，grant_type 固定为 client_credential",
        "send the app id as `client_key`, the app secret as `client_secret`, and `grant_type` `client_credential`"
    10003 Config "client_key 不存在", "the `client_key` is not known";
        "client_key 就是 app_id，核对它与环境", "the `client_key` is the app id: check it and the environment"
    10013 Config "client_key 或 client_secret 错误", "`client_key` or `client_secret` is wrong";
        "在控制台重新复制 AppSecret，并确认与 app_id 属于同一小程序",
        "copy the app secret again from the console; it must belong to the same app"
    10020 Throttled "换取 token 过于频繁（5 分钟 500 次）", "too many token calls (500 in 5 minutes)";
        "缓存 token 到过期前，多进程共用一份缓存", "keep the token until shortly before it expires, one cache for all processes"
    12001 Throttled "操作过于频繁", "too many calls";
        "等 2–3 秒用原单号重试，并降低调用频率", "wait 2 to 3 seconds, repeat with the same number, and call less often"
    13000 Internal "平台系统错误，操作可能已执行", "internal error of the platform; it may have acted";
        "先用查询接口确认，再用原单号、原参数重试", "query first, then repeat with the same number and fields"
    20000 NotFound "订单不存在", "no such order";
        "核对订单号、app_id 与环境；刚下单可稍后再查", "check the number, the app id and the environment; right after creation try again later"
    22000 Parameter "订单状态不允许退款", "the order's state does not allow a refund";
        "确认订单已支付、未关闭、未超过一年，且退款次数未超渠道上限",
        "the order must be paid, not closed, younger than a year, and below its channel's number of refunds"
    22001 Parameter "商品单状态不允许退款", "an item's state does not allow a refund";
        "该商品单正在退款、已退款或已预约，先查询退款", "the item is being refunded, refunded or booked: query its refunds"
    22002 Parameter "订单没有可退的商品单", "no refundable item is left in the order";
        "查询退款，确认是否已全部退完", "query the refunds: everything may be refunded already"
    22004 NumberUsed "out_refund_no 已被使用", "the `out_refund_no` was used before";
        "先按该单号查询退款：可能是上一次请求已成功；确属另一笔才换新单号",
        "query by this number first, an earlier request may have succeeded; only another refund takes a new number"
    22006 Parameter "退款单状态不允许提交审核结果", "the refund's state does not take a decision";
        "查询退款的审核状态；前一步未完成时几分钟后重试，已超时或已审核则无需再提交",
        "query the refund's audit state; repeat in minutes if an earlier step is under way; it is too late after the deadline"
    22007 Parameter "一次退款的商品单过多", "too many items in one refund";
        "每次少于 100 个商品单，分多次退", "send fewer than 100 items, and refund in several steps"
    22008 Parameter "申请退款超过可退数量或金额", "more is asked for than can be refunded";
        "查询已有退款，按剩余可退金额重新申请", "query the refunds so far and ask for what is left"
    22009 Parameter "与正在进行的操作冲突，不能同时退款", "cannot be refunded together with something else that is under way";
        "以 err_msg 为准，等进行中的操作结束后重试", "read `err_msg`, and repeat when what is under way has ended"
    22013 NumberUsed "含义未公开，多见于订单已退款", "not documented; seen when the order is refunded already";
        "查询该订单的退款，以查询结果为准", "query the order's refunds and believe the query"
    23000 Internal "结算系统错误，操作可能已执行", "internal error of settlement; it may have acted";
        "用原单号、原参数重试，再用查询接口确认", "repeat with the same number and fields, then query"
    23001 Config "app_id 不合法", "the app id is not legal"; "核对 app_id", "check `app_id`"
    23002 Parameter "订单号与结算单号都没有给", "neither an order number nor a settlement number is given";
        "至少给出一个单号", "give one of the numbers"
    23003 Parameter "out_order_no 为空", "`out_order_no` is empty"; "填写 out_order_no", "give `out_order_no`"
    23004 Parameter "out_settle_no 为空", "`out_settle_no` is empty"; "填写 out_settle_no", "give `out_settle_no`"
    23005 Parameter "settle_desc 为空", "`settle_desc` is empty"; "填写 settle_desc", "give `settle_desc`"
    23006 Parameter "透传字段过长", "the text of your own is too long"; "不超过 2048 字节", "use at most 2,048 bytes"
    23007 Parameter "settle_params 过长", "`settle_params` is too long";
        "不超过 512 字节，减少分账方", "use at most 512 bytes, with fewer receivers"
    23008 Parameter "分账方商户号缺失", "a receiver's merchant number is missing";
        "settle_params 的每一项都要有 merchant_uid", "give `merchant_uid` in each entry of `settle_params`"
    23009 Parameter "分账金额小于 1 分", "a share is below 1 fen"; "每笔分账至少 1 分", "share at least 1 fen"
    23010 Parameter "settle_desc 过长", "`settle_desc` is too long"; "缩短 settle_desc", "shorten `settle_desc`"
    23024 Parameter "item_order_id 不存在", "the item is not known"; "核对 item_order_id", "check `item_order_id`"
    23025 Parameter "item_order_id 与 out_order_no 不匹配", "the item does not belong to the order";
        "查询订单，使用其中的 item_order_id", "query the order and use one of its `item_order_id`s"
    23101 NotFound "订单不存在，或属于其他小程序", "no such order, or it belongs to another app";
        "核对 out_order_no、app_id 与环境", "check `out_order_no`, the app id and the environment"
    23102 Parameter "订单未支付", "the order is not paid"; "支付成功后再结算", "settle after the payment"
    23107 Parameter "订单履约未完成", "the order's fulfilment is not done";
        "先推送履约完成或由用户确认，并等到结算周期", "push the fulfilment or let the user confirm it, and wait for the settlement period"
    23111 NumberUsed "out_settle_no 已存在", "the `out_settle_no` was used before";
        "按该单号查询结算：可能是上一次请求已成功", "query the settlement by this number: an earlier request may have succeeded"
    23112 SettleExhausted "没有可结算的金额", "no money is left to settle";
        "查询结算与退款，确认是否已结算或已退完", "query settlements and refunds: it may be settled or refunded already"
    23113 Parameter "订单不允许结算", "the order cannot be settled now";
        "确认履约与结算周期，稍后再试", "check fulfilment and settlement period, and try again later"
    23117 Config "该小程序已配置自动结算", "the app is settled automatically";
        "不要主动结算，等待平台的结算通知", "do not settle yourself; wait for the platform's notice"
    23118 Parameter "已有商品单单独结算，不能整单结算", "an item was settled by itself, so the whole order cannot be";
        "其余商品单也逐一结算", "settle the other items one by one too"
    2190002 Token "access_token 无效（旧码）", "the access token is not valid (older code)";
        "刷新 client_token 后重试一次", "refresh the client token and repeat once"
    2190008 Token "access_token 已过期（旧码）", "the access token has expired (older code)";
        "刷新 client_token 后重试一次", "refresh the client token and repeat once"
    28001003 Token "access_token 无效", "the access token is not valid";
        "刷新 client_token 后重试一次；检查是否有别的机器也在换取 token",
        "refresh the client token and repeat once; see whether another machine makes tokens too"
    28001008 Token "access_token 已过期", "the access token has expired";
        "刷新 client_token 后重试一次", "refresh the client token and repeat once"
    28001014 Config "应用没有该能力的权限", "the app has no grant for this capability";
        "在控制台申请通用交易系统的能力并发布", "apply for the general trade system in the console and publish it"
    28001018 Config "应用没有该能力的权限", "the app has no grant for this capability";
        "在控制台申请通用交易系统的能力并发布", "apply for the general trade system in the console and publish it"
};
