//! Builds a typed request from a vector's JSON, field by field.

use douyin_pay_protocol::ecpay::{
    CreateOrder, CreateRefund, CreateReturn, GetAppMerchant, MerchantPage, MerchantWithdraw,
    QueryMerchantBalance, QueryOrder, QueryRefund, Settle, Share, Signature, ValidTime, sign as sign_request,
};
use douyin_pay_protocol::{
    AppId, ChannelType, CpExtra, Fen, LimitPayWay, MerchantEntity, MerchantUid, MsgPage, NotifyUrl,
    OrderAmount, OrderBody, OutOrderNo, OutRefundNo, OutReturnNo, OutSettleNo, OutWithdrawNo, Reason,
    RefundAmount, ReturnAmount, ReturnDesc, Salt, SettleDesc, Subject, WithdrawAmount, WithdrawUrl,
};
use serde_json::{Map, Value};

pub(crate) enum Typed {
    Signed(Signature),
    /// The reason, in the words of the library.
    Refused(String),
    /// A call, or a field, that has no type yet.
    NotOurs,
}

type Outcome<T> = Result<T, String>;

pub(crate) fn sign(body: &str, salt: &Salt) -> Typed {
    let fields: Map<String, Value> = serde_json::from_str(body).expect("an object");
    let has = |name: &str| fields.contains_key(name);
    let signed = if has("total_amount") {
        order(&fields).map(|order| sign_request(&order, salt))
    } else if has("refund_amount") {
        refund(&fields).map(|refund| sign_request(&refund, salt))
    } else if has("settle_desc") {
        settle(&fields).map(|settle| sign_request(&settle, salt))
    } else if has("out_refund_no") {
        word(&fields, "out_refund_no", OutRefundNo::new).map(|no| sign_request(&QueryRefund::new(no), salt))
    } else if has("out_order_no") {
        word(&fields, "out_order_no", OutOrderNo::new).map(|no| sign_request(&QueryOrder::new(no), salt))
    } else if has("return_amount") {
        create_return(&fields).map(|ask| sign_request(&ask, salt))
    } else if has("withdraw_amount") {
        withdraw(&fields).map(|ask| sign_request(&ask, salt))
    } else if has("url_type") {
        page(&fields).map(|ask| sign_request(&ask, salt))
    } else if has("channel_type") {
        balance(&fields).map(|ask| sign_request(&ask, salt))
    } else {
        return Typed::NotOurs;
    };
    match signed {
        Ok(signature) => Typed::Signed(signature),
        Err(problem) => Typed::Refused(problem),
    }
}

fn order(fields: &Map<String, Value>) -> Outcome<CreateOrder> {
    let amount = OrderAmount::new(fen(fields, "total_amount")?).map_err(|problem| problem.to_string())?;
    let seconds = u32::try_from(integer(fields, "valid_time")?).map_err(|_| "`valid_time`")?;
    let mut order = CreateOrder::new(
        word(fields, "out_order_no", OutOrderNo::new)?,
        amount,
        word(fields, "subject", Subject::new)?,
        word(fields, "body", OrderBody::new)?,
        ValidTime::new(seconds).map_err(|problem| problem.to_string())?,
    );
    for name in fields.keys() {
        order = match name.as_str() {
            "cp_extra" => order.cp_extra(word(fields, name, CpExtra::new)?),
            "notify_url" => order.notify_url(word(fields, name, NotifyUrl::new)?),
            "msg_page" => order.msg_page(word(fields, name, MsgPage::new)?),
            "store_uid" => order.store_uid(word(fields, name, MerchantUid::new)?),
            "limit_pay_way" => order.limit_pay_way(word(fields, name, LimitPayWay::new)?),
            "disable_msg" => order.disable_msg(integer(fields, name)? == 1),
            "expand_order_info" => {
                let info: Map<String, Value> =
                    serde_json::from_str(text(fields, name)?).map_err(|_| "no JSON")?;
                order.delivery_fee(fen(&info, "original_delivery_fee")?, fen(&info, "actual_delivery_fee")?)
            }
            _ => order,
        };
    }
    Ok(order)
}

fn refund(fields: &Map<String, Value>) -> Outcome<CreateRefund> {
    let amount = RefundAmount::new(fen(fields, "refund_amount")?).map_err(|problem| problem.to_string())?;
    Ok(CreateRefund::new(
        word(fields, "out_order_no", OutOrderNo::new)?,
        word(fields, "out_refund_no", OutRefundNo::new)?,
        amount,
        word(fields, "reason", Reason::new)?,
    )
    .cp_extra(word(fields, "cp_extra", CpExtra::new)?)
    .notify_url(word(fields, "notify_url", NotifyUrl::new)?)
    .disable_msg(integer(fields, "disable_msg")? == 1)
    .msg_page(word(fields, "msg_page", MsgPage::new)?))
}

fn settle(fields: &Map<String, Value>) -> Outcome<Settle> {
    let shares: Vec<Share> =
        serde_json::from_str(text(fields, "settle_params")?).map_err(|problem| problem.to_string())?;
    if serde_json::to_string(&shares).expect("plain data") != text(fields, "settle_params")? {
        return Err("`settle_params` is spaced in a way that we never write".to_owned());
    }
    Ok(Settle::new(
        word(fields, "out_settle_no", OutSettleNo::new)?,
        word(fields, "out_order_no", OutOrderNo::new)?,
        word(fields, "settle_desc", SettleDesc::new)?,
    )
    .shares(&shares)
    .map_err(|problem| problem.to_string())?
    .finish(text(fields, "finish")? == "true")
    .cp_extra(word(fields, "cp_extra", CpExtra::new)?)
    .notify_url(word(fields, "notify_url", NotifyUrl::new)?))
}

fn create_return(fields: &Map<String, Value>) -> Outcome<CreateReturn> {
    let amount = ReturnAmount::new(fen(fields, "return_amount")?).map_err(|problem| problem.to_string())?;
    Ok(CreateReturn::by_out_settle_no(
        word(fields, "out_settle_no", OutSettleNo::new)?,
        word(fields, "out_return_no", OutReturnNo::new)?,
        word(fields, "merchant_uid", MerchantUid::new)?,
        amount,
        word(fields, "return_desc", ReturnDesc::new)?,
    ))
}

fn withdraw(fields: &Map<String, Value>) -> Outcome<MerchantWithdraw> {
    let amount = fen(fields, "withdraw_amount")?;
    let amount = WithdrawAmount::new(amount).map_err(|problem| problem.to_string())?;
    let ask = MerchantWithdraw::new(
        word(fields, "merchant_uid", MerchantUid::new)?,
        ChannelType::from(text(fields, "channel_type")?),
        amount,
        word(fields, "out_order_id", OutWithdrawNo::new)?,
    );
    Ok(ask.callback(word(fields, "callback", WithdrawUrl::new)?))
}

fn balance(fields: &Map<String, Value>) -> Outcome<QueryMerchantBalance> {
    let entity = MerchantEntity::of_number(integer(fields, "merchant_entity")?);
    let merchant = word(fields, "merchant_uid", MerchantUid::new)?;
    let ask = QueryMerchantBalance::new(merchant, ChannelType::from(text(fields, "channel_type")?));
    Ok(ask.merchant_entity(entity))
}

fn page(fields: &Map<String, Value>) -> Outcome<GetAppMerchant> {
    let page =
        if integer(fields, "url_type")? == 1 { MerchantPage::Onboarding } else { MerchantPage::Balance };
    Ok(GetAppMerchant::new(word(fields, "app_id", AppId::new)?, page))
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Outcome<&'a str> {
    fields[name].as_str().ok_or_else(|| format!("`{name}` is not a text"))
}

fn integer(fields: &Map<String, Value>, name: &str) -> Outcome<i64> {
    fields[name].as_i64().ok_or_else(|| format!("`{name}` is not an integer"))
}

fn fen(fields: &Map<String, Value>, name: &str) -> Outcome<Fen> {
    Fen::new(integer(fields, name)?).map_err(|problem| format!("`{name}`: {problem}"))
}

fn word<'a, T, E: ToString>(
    fields: &'a Map<String, Value>,
    name: &str,
    new: impl FnOnce(&'a str) -> Result<T, E>,
) -> Outcome<T> {
    new(text(fields, name)?).map_err(|problem| problem.to_string())
}
