//! One call from arrival to answer: the platform's checks in their order.

use std::sync::Arc;

use douyin_pay_protocol::ecpay::Endpoint as EcpayEndpoint;
use douyin_pay_protocol::trade::Endpoint as TradeEndpoint;
use douyin_pay_protocol::{Endpoint, UnixMs};
use serde_json::{Map, Value};

use super::answers::{ACCEPTED, Denial};
use super::calls::{CallRecord, start_of};
use super::fields::{Checked, Fields};
use super::{Platform, diagnose};
use crate::config::MockApp;
use crate::faults::CallFault;

/// A request that has reached the platform and has not been looked at yet.
#[derive(Debug, Clone)]
pub(crate) struct Arrival {
    pub(super) n: u64,
    endpoint: Endpoint,
    pub(super) fields: Option<Map<String, Value>>,
    pub(super) body: Vec<u8>,
    pub(super) token: Option<String>,
    pub(super) host: String,
    pub(crate) fault: Option<CallFault>,
}

/// What the platform reads of a request's head.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head {
    /// The header `access-token`.
    pub(crate) token: Option<String>,
    /// The name by which the caller reached the platform.
    pub(crate) host: String,
}

/// What the platform says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    pub(crate) log_id: String,
}

/// What an endpoint needs to know of a request that passed the first checks.
pub(crate) struct Ask<'a> {
    pub(crate) now: UnixMs,
    pub(crate) app: Arc<MockApp>,
    pub(crate) fields: Fields<'a>,
}

impl Ask<'_> {
    pub(crate) fn app_id(&self) -> &str {
        self.app.app_id.as_str()
    }
}

/// An accepting answer, perhaps with a remark for the developer.
pub(crate) struct Reply {
    pub(crate) body: Vec<u8>,
    pub(crate) warning: Option<String>,
}

impl From<Vec<u8>> for Reply {
    fn from(body: Vec<u8>) -> Self {
        Self { body, warning: None }
    }
}

impl Platform {
    /// Notes that a request arrived, and decides what goes wrong with it on purpose.
    pub(crate) fn arrive(&mut self, now: UnixMs, endpoint: Endpoint, head: Head, body: &[u8]) -> Arrival {
        let fields = match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Some(fields),
            _ => None,
        };
        let text =
            |name: &str| fields.as_ref().and_then(|fields| fields.get(name)?.as_str()).unwrap_or_default();
        let fault = self.faults.draw_call(endpoint.name(), &mut self.fault_dice);
        let app_id = match endpoint {
            Endpoint::Ecpay(_) => text("app_id").to_owned(),
            Endpoint::Trade(endpoint) => {
                self.caller(now, endpoint, head.token.as_deref(), text("client_key"))
            }
        };
        self.limits.arrived(&app_id, endpoint, now);
        let mut record = CallRecord::new(endpoint.name(), now);
        record.app_id = start_of(&app_id);
        record.number = number_fields(endpoint)
            .iter()
            .map(|name| start_of(text(name)))
            .find(|n| !n.is_empty())
            .unwrap_or_default();
        record.fault = fault;
        let n = self.calls.push(record);
        Arrival { n, endpoint, fields, body: body.to_vec(), token: head.token, host: head.host, fault }
    }

    /// Notes a request for a path the platform does not have.
    pub(crate) fn stray(&mut self, now: UnixMs, path: &str, problem: String) {
        let mut record = CallRecord::new(path.chars().take(200).collect::<String>(), now);
        record.problem = Some(problem);
        self.calls.push(record);
    }

    /// Does what the request asks and gives the answer.
    pub(crate) fn answer(&mut self, now: UnixMs, arrival: &Arrival) -> Answer {
        let endpoint = match arrival.endpoint {
            Endpoint::Ecpay(endpoint) => endpoint,
            Endpoint::Trade(endpoint) => return self.answer_trade(now, endpoint, arrival),
        };
        self.advance_to(now);
        let result = self.handle(now, endpoint, arrival);
        if let Ok(Reply { warning: Some(warning), .. }) = &result {
            self.warn(warning.clone());
        }
        self.conclude(now, endpoint, arrival, result)
    }

    /// The system's internal error in place of an answer that was already given.
    pub(crate) fn internal_error(&mut self, now: UnixMs, arrival: &Arrival) -> Answer {
        self.internal_error_because(now, arrival, "a fault on purpose, after the effect")
    }

    /// The system's internal error before anything happened.
    pub(crate) fn internal_error_before(&mut self, now: UnixMs, arrival: &Arrival) -> Answer {
        self.internal_error_because(now, arrival, "a fault on purpose, without any effect")
    }

    fn internal_error_because(&mut self, now: UnixMs, arrival: &Arrival, why: &str) -> Answer {
        match arrival.endpoint {
            Endpoint::Ecpay(endpoint) => {
                self.conclude(now, endpoint, arrival, Err(Denial::Internal.because(why)))
            }
            Endpoint::Trade(endpoint) => self.trade_error(now, endpoint, arrival, why),
        }
    }

    /// The system's "too often" before anything happened.
    pub(crate) fn busy(&mut self, now: UnixMs, arrival: &Arrival) -> Answer {
        let why = "a fault on purpose, without any effect";
        match arrival.endpoint {
            Endpoint::Ecpay(endpoint) => {
                self.conclude(now, endpoint, arrival, Err(Denial::Busy.because(why)))
            }
            Endpoint::Trade(endpoint) => self.trade_busy(now, endpoint, arrival, why),
        }
    }

    fn conclude(
        &mut self,
        now: UnixMs,
        endpoint: EcpayEndpoint,
        arrival: &Arrival,
        result: Checked<Reply>,
    ) -> Answer {
        let log_id = self.log_id(now);
        let old = self.switches.old_signature_text;
        let with_null_data = endpoint == EcpayEndpoint::CreateOrder;
        let (err_no, (problem, problem_zh), warning, body) = match result {
            Ok(reply) => (ACCEPTED, (None, None), reply.warning, reply.body),
            Err(denied) => {
                let body = denied.body(old, with_null_data);
                (denied.denial.row().0, (Some(denied.why), denied.zh), None, body)
            }
        };
        if let Some(record) = self.calls.get_mut(arrival.n) {
            record.err_no = Some(err_no);
            record.err_tips = tips(&body);
            record.problem = problem;
            record.problem_zh = problem_zh;
            record.warning = warning;
            record.log_id = Some(log_id.clone());
        }
        Answer { status: 200, body, log_id }
    }

    /// The checks in the platform's order: JSON, app, signature, limit; then the endpoint's own.
    fn handle(&mut self, now: UnixMs, endpoint: EcpayEndpoint, arrival: &Arrival) -> Checked<Reply> {
        let Some(map) = &arrival.fields else {
            return Err(Denial::NotJson.because(diagnose::not_an_object(&arrival.body)));
        };
        let fields = Fields(map);
        let app = self.find_app(map).map_err(|denied| match endpoint {
            // The calls about returns have a code of their own for it.
            EcpayEndpoint::CreateReturn | EcpayEndpoint::QueryReturn
                if denied.denial == Denial::UnknownApp =>
            {
                Denial::IllegalApp.because(denied.why)
            }
            _ => denied,
        })?;
        self.check_provider(map, &app)?;
        self.check_signature(&arrival.body, map, &app)?;
        if !self.limits.admit(app.app_id.as_str(), endpoint.into(), now) {
            return Err(Denial::Busy.because("more calls per second than the platform allows; slow down"));
        }
        let ask = Ask { now, app, fields };
        match endpoint {
            EcpayEndpoint::CreateOrder => self.create_order(&ask),
            EcpayEndpoint::QueryOrder => self.query_order(&ask),
            EcpayEndpoint::CreateRefund => self.create_refund(&ask),
            EcpayEndpoint::QueryRefund => self.query_refund(&ask),
            EcpayEndpoint::Settle => self.settle(&ask),
            EcpayEndpoint::QuerySettle => self.query_settle(&ask),
            EcpayEndpoint::UnsettleAmount => self.unsettle_amount(&ask),
            EcpayEndpoint::QueryPlatformOrder => self.query_platform_order(&ask),
            EcpayEndpoint::CreateReturn => self.create_return(&ask),
            EcpayEndpoint::QueryReturn => self.query_return(&ask),
            EcpayEndpoint::QueryMerchantBalance => self.saas_balance(&ask),
            EcpayEndpoint::MerchantWithdraw => self.saas_withdraw(&ask),
            EcpayEndpoint::QueryWithdrawOrder => self.saas_query_withdrawal(&ask),
            other => Err(Denial::Internal.because(format!("this mock does not serve `{other}`"))),
        }
    }
}

/// The fields with the number a request is about, the first that is there counts.
fn number_fields(endpoint: Endpoint) -> &'static [&'static str] {
    match endpoint {
        Endpoint::Ecpay(EcpayEndpoint::CreateRefund | EcpayEndpoint::QueryRefund) => &["out_refund_no"],
        Endpoint::Ecpay(EcpayEndpoint::Settle | EcpayEndpoint::QuerySettle) => &["out_settle_no"],
        Endpoint::Ecpay(EcpayEndpoint::CreateReturn | EcpayEndpoint::QueryReturn) => {
            &["out_return_no", "return_no"]
        }
        Endpoint::Ecpay(EcpayEndpoint::MerchantWithdraw | EcpayEndpoint::QueryWithdrawOrder) => {
            &["out_order_id"]
        }
        Endpoint::Ecpay(_) => &["out_order_no"],
        Endpoint::Trade(TradeEndpoint::RefundCreate | TradeEndpoint::RefundQuery) => {
            &["out_refund_no", "refund_id", "order_id"]
        }
        Endpoint::Trade(TradeEndpoint::RefundAuditCallback) => &["refund_id"],
        Endpoint::Trade(TradeEndpoint::SettleCreate | TradeEndpoint::SettleQuery) => {
            &["out_settle_no", "settle_id", "out_order_no", "order_id"]
        }
        Endpoint::Trade(TradeEndpoint::MerchantWithdraw | TradeEndpoint::QueryWithdrawOrder) => {
            &["out_order_id"]
        }
        Endpoint::Trade(_) => &["out_order_no", "order_id"],
    }
}

fn tips(body: &[u8]) -> String {
    #[derive(serde::Deserialize)]
    struct Tips {
        err_tips: String,
    }
    serde_json::from_slice::<Tips>(body).map(|tips| tips.err_tips).unwrap_or_default()
}
