//! The codes of guaranteed payment.

use super::{Entry, Meaning};

pub(super) const ENTRIES: &[Entry] = entries! {
    0 Accepted "受理成功", "accepted"; "无需处理，结果以回调或查询为准", "nothing to do; callback or query give the outcome"
    -1 Internal "账单或 token 接口的系统错误", "the platform's own error, at a bill or token call";
        "稍后重试", "repeat later"
    1 Parameter "账单参数错误", "a parameter of a bill is wrong";
        "核对日期：格式为 yyyyMMdd，结束不早于开始", "check the dates: yyyyMMdd, and the end not before the start"
    1000 Internal "平台内部错误，操作可能已执行", "internal error of the platform; it may have acted";
        "用原单号、原参数重试，再用查询接口确认", "repeat with the same number and fields, then query"
    1001 Throttled "请求过于频繁", "too many calls";
        "稍后用原单号重试，并降低调用频率", "repeat later with the same number, and call less often"
    2000 NotFound "支付记录不存在", "no such payment";
        "核对订单号与环境；刚下单可稍后再查", "check the number and the environment; right after creation try again later"
    2008 Signature "签名校验失败", "the signature is wrong";
        "核对 SALT 与环境（沙盒与正式不同），用 `douyin-pay sign --explain` 对照签名", "check the SALT and the environment (sandbox and production differ); compare with `douyin-pay sign --explain`"
    2010 Parameter "参数错误", "a parameter is wrong";
        "按字段限制逐项核对；回调地址必须配置", "check each field against its limits; a callback URL must be set"
    2014 SettleExhausted "分账超过授权比例，或已无可分账金额", "the share exceeds the authorised ratio, or nothing is left";
        "减少分账金额，或确认订单是否已结算完", "share less, or check whether the order is already settled"
    2020 Config "app_id 不合法", "the app id is not legal"; "核对 app_id", "check `app_id`"
    2042 Config "小程序 app_id 无效", "the app id is not known"; "核对 app_id 与环境", "check `app_id` and the environment"
    2047 Config "服务商 thirdparty_id 无效", "the provider id is not known"; "核对 thirdparty_id", "check `thirdparty_id`"
    2048 Config "服务商与小程序没有授权关系", "the provider is not authorised for the app";
        "在服务商平台完成授权", "have the app authorise the provider"
    2102 Parameter "退分账单号长度不符", "the return number has a wrong length"; "单号为 1–64 个字符", "use 1–64 characters"
    3101 NotFound "退款记录不存在", "no such refund";
        "核对退款单号；刚发起可稍后再查", "check the number; right after creation try again later"
    4000 Config "商户号与小程序不匹配", "merchant and app do not belong together"; "核对商户号", "check the merchant number"
    4408 NotFound "退分账记录不存在", "no such return"; "核对退分账单号", "check the number"
    40014 Token "access_token 无效", "the access token is not valid"; "刷新 access_token 后重试", "refresh the token and repeat"
    40015 Config "换 token 的 appid 无效", "the app id of the token call is not valid"; "核对 appid 与环境", "check `appid` and the environment"
    40017 Config "换 token 的 secret 错误", "the app secret of the token call is wrong";
        "在控制台重新复制 AppSecret", "copy the app secret again from the console"
    40020 Parameter "换 token 的 grant_type 错误", "the `grant_type` of the token call is wrong";
        "固定为 client_credential", "it is always `client_credential`"
};
