//! `create_order`, from what the journal remembers.

use douyin_pay::Client;
use douyin_pay_ledger::{CallOutcome, Open, OpenEcpay};
use douyin_pay_protocol::ecpay::{CreateOrder, ValidTime};
use douyin_pay_protocol::{
    CpExtra, FieldError, LimitPayWay, MerchantUid, MsgPage, OrderAmount, OrderBody, Subject,
};

use crate::ask::{Ask, outcome};

/// Calls `create_order`. Fails when what is stored cannot be sent.
pub(super) async fn call(ask: &Ask, client: &Client) -> Result<CallOutcome, String> {
    let request = request(ask, &ask.remembered().await?)?;
    let _belongs =
        ask.server.numbers().belongs(&ask.order.app_id, ask.order.out_order_no.as_str(), ask.order.id);
    let answer = client.create_order(&request).await;
    Ok(match answer {
        Ok(answer) => CallOutcome::Accepted {
            platform_no: Some(answer.reply.order_id),
            order_token: Some(answer.reply.order_token),
        },
        Err(error) => outcome::of_error(&error),
    })
}

fn request(ask: &Ask, open: &Open) -> Result<CreateOrder, String> {
    let made = || {
        let amount = OrderAmount::new(open.amount)?;
        let (subject, body) = (Subject::new(&open.subject)?, OrderBody::new(&open.body)?);
        let valid = ValidTime::new(open.valid_seconds)?;
        let request = CreateOrder::new(open.out_order_no.clone(), amount, subject, body, valid)
            .notify_url(ask.app.config.notify_url.clone());
        let request = match &open.cp_extra {
            Some(text) => request.cp_extra(CpExtra::new(text)?),
            None => request,
        };
        match &open.ecpay {
            Some(besides) => with(request, besides),
            None => Ok(request),
        }
    };
    made().map_err(|refused: FieldError| refused.to_string())
}

/// The request with what was said besides.
fn with(mut request: CreateOrder, besides: &OpenEcpay) -> Result<CreateOrder, FieldError> {
    if let Some(store) = &besides.store_uid {
        request = request.store_uid(MerchantUid::new(&**store)?);
    }
    if let Some(list) = &besides.limit_pay_way {
        request = request.limit_pay_way(LimitPayWay::new(&**list)?);
    }
    if let Some(fee) = besides.delivery_fee {
        request = request.delivery_fee(fee.original, fee.actual);
    }
    if let Some(disable) = besides.disable_msg {
        request = request.disable_msg(disable);
    }
    match &besides.msg_page {
        Some(page) => Ok(request.msg_page(MsgPage::new(&**page)?)),
        None => Ok(request),
    }
}
