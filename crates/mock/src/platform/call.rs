//! One call from arrival to answer: the platform's checks in their order.

use std::sync::Arc;

use douyin_pay_protocol::ecpay::Endpoint as EcpayEndpoint;
use douyin_pay_protocol::ecpay::json::query_pairs;
use douyin_pay_protocol::trade::Endpoint as TradeEndpoint;
use douyin_pay_protocol::{Endpoint, UnixMs};
use serde_json::{Map, Value};

use super::answers::{ACCEPTED, Denial, Denied, varied};
use super::caller::Caller;
use super::calls::{CallRecord, shortened, start_of};
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
    /// The query of a GET, which takes the body's place.
    pub(super) query: Option<String>,
    pub(super) token: Option<String>,
    negative_test: Option<String>,
    pub(super) host: String,
    pub(crate) fault: Option<CallFault>,
}

/// What the platform reads of a request's head.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head {
    /// The header `access-token`.
    pub(crate) token: Option<String>,
    /// The header `Aweme-Negative-Test`.
    pub(crate) negative_test: Option<String>,
    /// The query of a GET.
    pub(crate) query: Option<String>,
    /// The name by which the caller reached the platform.
    pub(crate) host: String,
}

/// What the platform says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    pub(crate) log_id: String,
    /// A file instead of JSON.
    pub(crate) is_file: bool,
}

/// What an endpoint needs to know of a request that passed the first checks.
pub(crate) struct Ask<'a> {
    pub(crate) now: UnixMs,
    pub(crate) app: Arc<MockApp>,
    /// Where the callbacks of a provider's orders go, if it has an address of its own.
    providers_url: Option<String>,
    pub(crate) fields: Fields<'a>,
}

impl Ask<'_> {
    pub(crate) fn app_id(&self) -> &str {
        self.app.app_id.as_str()
    }

    /// The request's own callback URL, else that of the provider who makes it.
    pub(crate) fn notify_url(&self) -> Checked<Option<String>> {
        Ok(self.or_providers_url(self.fields.notify_url()?))
    }

    /// A callback URL, else that of the provider who makes the request.
    pub(crate) fn or_providers_url(&self, own: Option<String>) -> Option<String> {
        own.or_else(|| self.providers_url.clone())
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
        let fields = match &head.query {
            Some(query) => query_fields(query),
            None => serde_json::from_slice(body).ok(),
        };
        let text =
            |name: &str| fields.as_ref().and_then(|fields| fields.get(name)?.as_str()).unwrap_or_default();
        let fault = self.faults.draw_call(endpoint.name(), &mut self.fault_dice);
        let app_id = match endpoint {
            Endpoint::Ecpay(_) => ["app_id", "appid", "thirdparty_id", "thirdparty_component_id"]
                .map(text)
                .into_iter()
                .find(|id| !id.is_empty())
                .unwrap_or_default()
                .to_owned(),
            Endpoint::Trade(endpoint) => {
                self.caller(now, endpoint, head.token.as_deref(), text("client_key"))
            }
        };
        let mut record = CallRecord::new(endpoint.name(), now);
        record.app_id = start_of(&app_id);
        self.limits.arrived(&record.app_id, endpoint, now);
        record.number = number_fields(endpoint)
            .iter()
            .map(|name| start_of(text(name)))
            .find(|n| !n.is_empty())
            .unwrap_or_default();
        record.fault = fault;
        let n = self.calls.push(record);
        let Head { token, negative_test, query, host } = head;
        Arrival { n, endpoint, fields, body: body.to_vec(), query, token, negative_test, host, fault }
    }

    /// Notes a request for a path the platform does not have.
    pub(crate) fn stray(&mut self, now: UnixMs, path: &str, problem: String) {
        let mut record = CallRecord::new(path.chars().take(200).collect::<String>(), now);
        record.problem = Some(shortened(problem));
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
        let result = result.map(|reply| Reply {
            body: varied(endpoint, &self.switches, reply.body),
            warning: reply.warning,
        });
        let bill = matches!(endpoint, EcpayEndpoint::Bill | EcpayEndpoint::Bills | EcpayEndpoint::FundBills);
        let is_file = bill && result.is_ok();
        let (err_no, tips, (problem, problem_zh), warning, body) = match result {
            Ok(reply) => {
                let tips = if is_file { String::new() } else { tips(&reply.body) };
                (ACCEPTED, tips, (None, None), reply.warning, reply.body)
            }
            Err(denied) => {
                let body = denied.body(endpoint, &self.switches);
                let (err_no, tips) = denied.code(endpoint, self.switches.old_signature_text);
                (err_no, tips, (Some(denied.why), denied.zh), None, body)
            }
        };
        if let Some(record) = self.calls.get_mut(arrival.n) {
            record.err_no = Some(err_no);
            record.err_tips = tips;
            record.problem = problem.map(shortened);
            record.problem_zh = problem_zh.map(shortened);
            record.warning = warning.map(shortened);
            record.log_id = Some(log_id.clone());
        }
        Answer { status: 200, body, log_id, is_file }
    }

    /// The checks in the platform's order: JSON, app, signature, limit; then the endpoint's own.
    fn handle(&mut self, now: UnixMs, endpoint: EcpayEndpoint, arrival: &Arrival) -> Checked<Reply> {
        let Some(map) = &arrival.fields else {
            return Err(Denial::NotJson.because(diagnose::not_an_object(&arrival.body)));
        };
        let fields = Fields(map);
        if matches!(endpoint, EcpayEndpoint::Token | EcpayEndpoint::OrderPush | EcpayEndpoint::AddMerchant) {
            return self.serve_unsigned(now, endpoint, arrival, fields);
        }
        let caller = self.identify(endpoint, map)?;
        if self.switches.limit_before_signature {
            self.check_limits(now, endpoint, &caller)?;
        }
        let sent = map.get("sign").and_then(Value::as_str).unwrap_or_default();
        self.check_signature(endpoint, arrival, sent, &caller)?;
        if !self.switches.limit_before_signature {
            self.check_limits(now, endpoint, &caller)?;
        }
        self.check_environment(endpoint, arrival)?;
        let providers_url = caller.provider.and_then(|provider| provider.notify_url);
        let ask = Ask { now, app: caller.app, providers_url, fields };
        self.serve(endpoint, &ask, &arrival.host)
    }

    /// The calls that a secret or a token proves instead of a signature.
    fn serve_unsigned(
        &mut self,
        now: UnixMs,
        endpoint: EcpayEndpoint,
        arrival: &Arrival,
        fields: Fields<'_>,
    ) -> Checked<Reply> {
        let whose = match endpoint {
            EcpayEndpoint::Token => self.app_of_secret(fields)?.to_owned(),
            EcpayEndpoint::OrderPush => self.app_of_token(now, fields)?,
            _ => self.provider_of_token(fields)?.thirdparty_id.as_str().to_owned(),
        };
        self.check_limit(now, endpoint, &whose, "an app or provider")?;
        self.check_environment(endpoint, arrival)?;
        match endpoint {
            EcpayEndpoint::Token => Ok(self.issue_access_token(now, &whose)),
            EcpayEndpoint::OrderPush => self.order_push(now, whose, fields),
            _ => self.add_merchant(now, &arrival.host, &whose, fields),
        }
    }

    fn serve(&mut self, endpoint: EcpayEndpoint, ask: &Ask<'_>, host: &str) -> Checked<Reply> {
        match endpoint {
            EcpayEndpoint::CreateOrder => self.create_order(ask),
            EcpayEndpoint::QueryOrder => self.query_order(ask),
            EcpayEndpoint::CreateRefund => self.create_refund(ask),
            EcpayEndpoint::QueryRefund => self.query_refund(ask),
            EcpayEndpoint::Settle => self.settle(ask),
            EcpayEndpoint::QuerySettle => self.query_settle(ask),
            EcpayEndpoint::UnsettleAmount => self.unsettle_amount(ask),
            EcpayEndpoint::QueryPlatformOrder => self.query_platform_order(ask),
            EcpayEndpoint::CreateReturn => {
                self.check_both(ask, ["settle_no", "out_settle_no"])?;
                self.create_return(ask)
            }
            EcpayEndpoint::QueryReturn => {
                self.check_both(ask, ["return_no", "out_return_no"])?;
                self.query_return(ask)
            }
            EcpayEndpoint::QueryMerchantBalance => self.saas_balance(ask),
            EcpayEndpoint::MerchantWithdraw => self.saas_withdraw(ask),
            EcpayEndpoint::QueryWithdrawOrder => self.saas_query_withdrawal(ask),
            EcpayEndpoint::GetAppMerchant => self.merchant_link(ask, host, false),
            EcpayEndpoint::AppAddSubMerchant | EcpayEndpoint::AddSubMerchant => {
                self.merchant_link(ask, host, true)
            }
            EcpayEndpoint::QueryMerchantStatus => self.query_merchant_status(ask),
            EcpayEndpoint::CreateMerchant => self.create_merchant(ask),
            EcpayEndpoint::Bill => self.old_bill(ask),
            EcpayEndpoint::Bills => self.bill(ask),
            EcpayEndpoint::FundBills => self.fund_bill(ask),
            EcpayEndpoint::Token | EcpayEndpoint::OrderPush | EcpayEndpoint::AddMerchant => {
                Err(Denial::Internal.because("calls without a signature are served before"))
            }
        }
    }

    /// The page's table requires both numbers; its notes and samples do not.
    fn check_both(&self, ask: &Ask<'_>, names: [&str; 2]) -> Checked<()> {
        if self.switches.return_needs_both_numbers {
            for name in names {
                ask.fields.text(name, 64)?;
            }
        }
        Ok(())
    }

    fn check_limits(&mut self, now: UnixMs, endpoint: EcpayEndpoint, caller: &Caller) -> Checked<()> {
        self.check_limit(now, endpoint, caller.app.app_id.as_str(), "an app")?;
        // Queries of orders are limited for each provider besides.
        match (endpoint, &caller.provider) {
            (EcpayEndpoint::QueryOrder, Some(provider)) => {
                self.check_limit(now, endpoint, provider.thirdparty_id.as_str(), "a provider")
            }
            _ => Ok(()),
        }
    }

    fn check_limit(&mut self, now: UnixMs, endpoint: EcpayEndpoint, id: &str, whose: &str) -> Checked<()> {
        if self.limits.admit(id, endpoint.into(), now) {
            return Ok(());
        }
        let why = format!("more calls per second than the platform allows {whose}; slow down");
        Err(Denial::Busy.because(why))
    }

    /// What the sandbox does not have, and the errors it gives on request.
    fn check_environment(&mut self, endpoint: EcpayEndpoint, arrival: &Arrival) -> Checked<()> {
        let Some(case) = &arrival.negative_test else { return self.check_sandbox(endpoint) };
        if !self.switches.sandbox {
            self.warn("`Aweme-Negative-Test` means nothing outside the sandbox".to_owned());
            return Ok(());
        }
        match self.negative_tests.get(case) {
            Some(test) => Err(Denied {
                instead: Some((test.err_no, test.err_tips.clone())),
                ..Denial::NegativeTest.because(format!("asked for by `Aweme-Negative-Test: {case}`"))
            }),
            None => {
                self.warn(format!("`Aweme-Negative-Test: {case}` is not configured under `negative_tests`"));
                self.check_sandbox(endpoint)
            }
        }
    }

    fn check_sandbox(&self, endpoint: EcpayEndpoint) -> Checked<()> {
        let missing = matches!(
            endpoint,
            EcpayEndpoint::QueryMerchantBalance
                | EcpayEndpoint::MerchantWithdraw
                | EcpayEndpoint::QueryWithdrawOrder
                | EcpayEndpoint::CreateMerchant
        );
        if self.switches.sandbox && missing {
            return Err(Denial::NotInSandbox.because(format!("the sandbox does not have `{endpoint}`")));
        }
        Ok(())
    }
}

/// A query's fields, all of them texts; `None` when it cannot be decoded or names a field twice.
fn query_fields(query: &str) -> Option<Map<String, Value>> {
    let mut fields = Map::new();
    for (name, value) in query_pairs(query).ok()? {
        if fields.insert(name, Value::String(value)).is_some() {
            return None;
        }
    }
    Some(fields)
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
        Endpoint::Ecpay(EcpayEndpoint::Bill | EcpayEndpoint::Bills | EcpayEndpoint::FundBills) => {
            &["bill_date", "start_date"]
        }
        Endpoint::Ecpay(
            EcpayEndpoint::AppAddSubMerchant
            | EcpayEndpoint::AddSubMerchant
            | EcpayEndpoint::QueryMerchantStatus
            | EcpayEndpoint::CreateMerchant,
        ) => &["sub_merchant_id", "merchant_id"],
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
