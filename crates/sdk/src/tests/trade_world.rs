//! Calls of the general trade system in the world without sockets.

use douyin_pay_protocol::trade::{
    RefundCreate, RefundQuery, RefundQueryReply, RefundReason, RefundReasonCode, RefundText, Schema,
};
use douyin_pay_protocol::{AppId, AppSecret, Fen, OutRefundNo, PlatformNo};

use super::world::{APP, World};
use crate::{Answer, Error, FixedNet, TradeClient, TradeClientBuilder};

pub(super) const SECRET: &str = "0123456789abcdef0123456789abcdef01234567";

impl World {
    pub(super) fn trade(&self) -> TradeClientBuilder {
        let app = AppId::new(APP).expect("a good id");
        let secret = AppSecret::new(SECRET).expect("a good secret");
        TradeClient::builder(app, secret).env(self.env.clone())
    }

    /// A client that gets its answers from `net`, and a token whenever it wants one.
    pub(super) fn trade_client(&self, net: &FixedNet) -> TradeClient {
        let net = std::sync::Arc::new(net.clone().with_tokens());
        self.trade().net(net).build().expect("everything is given")
    }
}

pub(super) fn refund() -> RefundCreate {
    let reason = RefundReason {
        code: RefundReasonCode::NotWanted,
        text: RefundText::new("changed my mind").expect("a good text"),
    };
    let page = Schema::new("pages/refund/detail").expect("a good page");
    let amount = Fen::new(100).expect("in range");
    RefundCreate::all(order_id(), refund_no(), page, vec![reason], amount).expect("a good refund")
}

pub(super) fn refund_query() -> RefundQuery {
    RefundQuery::by_out_refund_no(refund_no())
}

pub(super) async fn ask_refunds(client: &TradeClient) -> Result<Answer<RefundQueryReply>, Error> {
    client.refund_query(&refund_query()).await
}

fn order_id() -> PlatformNo {
    PlatformNo::new("motb00000000000000000001").expect("a good number")
}

fn refund_no() -> OutRefundNo {
    OutRefundNo::new("R1").expect("a good number")
}

pub(super) const REFUND_TAKEN: &str = r#"{"err_no":0,"err_msg":"success","log_id":"20260101000002AA","data":{"refund_id":"motb00000000000000000009","refund_audit_deadline":1767484800000}}"#;
pub(super) const NO_REFUNDS: &str =
    r#"{"err_no":0,"err_msg":"success","log_id":"x","data":{"refund_list":[]}}"#;
