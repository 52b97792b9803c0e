//! The four queries. Silence and refusals are never taken for failure.

use douyin_pay::{Answer, Client, Error, Outcome};
use douyin_pay_ledger::{
    OperationKind, Target, What, Why, of_order_reply, of_refund_info, of_return_info, of_settle_info,
};
use douyin_pay_protocol::OutNo;
use douyin_pay_protocol::ecpay::{QueryOrder, QueryRefund, QueryReturn, QuerySettle};

use crate::ask::Ask;

/// Asks the platform what it knows about `target`.
pub(super) async fn query(ask: &Ask, client: &Client, target: &Target) -> What {
    match target {
        Target::Order => order(ask, client).await,
        Target::Operation(OperationKind::Refund, out_no) => refund(ask, client, out_no).await,
        Target::Operation(OperationKind::Settlement, out_no) => settlement(ask, client, out_no).await,
        Target::Operation(OperationKind::Return, out_no) => returned(ask, client, out_no).await,
        // Nothing can be asked about a push.
        Target::Operation(OperationKind::Fulfilment, _) | Target::Audit(_) => {
            What::NothingNew { target: target.clone(), why: Why::NotSent }
        }
    }
}

async fn order(ask: &Ask, client: &Client) -> What {
    let number = &ask.order.out_order_no;
    let _belongs = ask.server.numbers().belongs(&ask.order.app_id, number.as_str(), ask.order.id);
    let answer = client.query_order(&QueryOrder::new(number.clone())).await;
    read(ask, answer, Target::Order, |reply| of_order_reply(reply, ask.server.env().now()).what).await
}

async fn refund(ask: &Ask, client: &Client, out_no: &OutNo) -> What {
    let _belongs = ask.server.numbers().belongs(&ask.order.app_id, out_no.as_str(), ask.order.id);
    let answer = client.query_refund(&QueryRefund::new(out_no.clone().into())).await;
    let target = Target::Operation(OperationKind::Refund, out_no.clone());
    read(ask, answer, target, |info| of_refund_info(out_no.clone(), info, ask.server.env().now()).what).await
}

async fn settlement(ask: &Ask, client: &Client, out_no: &OutNo) -> What {
    let _belongs = ask.server.numbers().belongs(&ask.order.app_id, out_no.as_str(), ask.order.id);
    let answer = client.query_settle(&QuerySettle::new(out_no.clone().into())).await;
    let target = Target::Operation(OperationKind::Settlement, out_no.clone());
    read(ask, answer, target, |info| of_settle_info(out_no.clone(), info, ask.server.env().now()).what).await
}

async fn returned(ask: &Ask, client: &Client, out_no: &OutNo) -> What {
    let _belongs = ask.server.numbers().belongs(&ask.order.app_id, out_no.as_str(), ask.order.id);
    let known = ask.order.operation(OperationKind::Return, out_no).and_then(|back| back.platform_no.clone());
    // A strict reading of the platform's table wants both numbers.
    let by_ours = QueryReturn::by_out_return_no(out_no.clone().into());
    let question = match known {
        Some(theirs) => by_ours.return_no(theirs),
        None => by_ours,
    };
    let answer = client.query_return(&question).await;
    let target = Target::Operation(OperationKind::Return, out_no.clone());
    read(ask, answer, target, |info| of_return_info(out_no.clone(), info, ask.server.env().now()).what).await
}

async fn read<T>(
    ask: &Ask,
    answer: Result<Answer<T>, Error>,
    target: Target,
    seen: impl FnOnce(&T) -> What,
) -> What {
    ask.watch_config(answer.as_ref().err()).await;
    match answer {
        Ok(answer) => seen(&answer.reply),
        Err(error) => What::NothingNew { target, why: why(&error) },
    }
}

pub(super) fn why(error: &Error) -> Why {
    match error.outcome() {
        _ if error.paced().is_some() => Why::Paced,
        _ if error.is_not_found() => Why::NotFound,
        // The question is right in itself and will be answered after the mend.
        _ if error.is_config() => Why::NotSent,
        // No code is documented for an unknown settlement: any other refusal counts as "not known".
        Outcome::Refused => Why::NotFound,
        Outcome::NotSent => Why::NotSent,
        Outcome::Unknown => Why::Unknown,
    }
}
