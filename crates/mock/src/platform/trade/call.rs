//! One server call from its token to its answer.

use std::sync::Arc;

use douyin_pay_protocol::UnixMs;
use douyin_pay_protocol::trade::Endpoint;
use serde_json::{Value, json};

use super::denied::{Checked, Denial};
use super::fields::Reader;
use super::goods;
use super::tokens::Worth;
use crate::config::{MockApp, MockTrade};
use crate::platform::call::{Answer, Arrival};
use crate::platform::calls::shortened;
use crate::platform::{Platform, diagnose};

/// What an endpoint needs to know of a request that passed the first checks.
pub(super) struct Ask<'a> {
    pub(super) now: UnixMs,
    pub(super) app: Arc<MockApp>,
    pub(super) body: Reader<'a>,
    /// The name by which the caller reached the mock.
    pub(super) host: &'a str,
}

impl Ask<'_> {
    pub(super) fn app_id(&self) -> &str {
        self.app.app_id.as_str()
    }

    pub(super) fn terms(&self) -> &MockTrade {
        self.app.trade.as_ref().expect("only apps with the trade system get tokens")
    }

    /// `app_id` must be there, and the app's own.
    pub(super) fn check_app_id(&self) -> Checked<()> {
        self.body.text("app_id", 64)?;
        self.check_optional_app_id()
    }

    /// `app_id` must be the app's own if it is there: sources disagree whether one call needs it (D-11).
    pub(super) fn check_optional_app_id(&self) -> Checked<()> {
        match self.body.optional_text("app_id", 64)? {
            Some(named) if named != self.app_id() => {
                Err(self.body.wrong("app_id", "is not the app of the access token"))
            }
            _ => Ok(()),
        }
    }
}

impl Platform {
    /// The app that calls, as far as token or key tell it.
    pub(in crate::platform) fn caller(
        &mut self,
        now: UnixMs,
        endpoint: Endpoint,
        token: Option<&str>,
        client_key: &str,
    ) -> String {
        if !endpoint.needs_token() {
            return client_key.to_owned();
        }
        match token.map(|token| self.trade.tokens.worth(token, now)) {
            Some(Worth::Of(app_id)) => app_id,
            _ => String::new(),
        }
    }

    /// Does what the request asks and gives the answer.
    pub(in crate::platform) fn answer_trade(
        &mut self,
        now: UnixMs,
        endpoint: Endpoint,
        arrival: &Arrival,
    ) -> Answer {
        self.advance_to(now);
        let result = self.handle_trade(now, endpoint, arrival);
        self.conclude_trade(now, endpoint, arrival, result)
    }

    /// An error in place of the answer: 13000, with or without the effect.
    pub(in crate::platform) fn trade_error(
        &mut self,
        now: UnixMs,
        endpoint: Endpoint,
        arrival: &Arrival,
        why: &str,
    ) -> Answer {
        self.conclude_trade(now, endpoint, arrival, Err(Denial::Internal.because(why)))
    }

    /// 12001 before anything happened.
    pub(in crate::platform) fn trade_busy(
        &mut self,
        now: UnixMs,
        endpoint: Endpoint,
        arrival: &Arrival,
        why: &str,
    ) -> Answer {
        let busy = if endpoint.needs_token() { Denial::Busy } else { Denial::TokenTooOften };
        self.conclude_trade(now, endpoint, arrival, Err(busy.because(why)))
    }

    fn conclude_trade(
        &mut self,
        now: UnixMs,
        endpoint: Endpoint,
        arrival: &Arrival,
        result: Checked<Value>,
    ) -> Answer {
        let log_id = self.log_id(now);
        let refused = result.as_ref().err().cloned();
        let body = if endpoint.needs_token() {
            self.business_answer(endpoint, result, &log_id)
        } else {
            super::token_calls::answer(result)
        };
        let bad = self.switches.http_400_for_errors && endpoint.needs_token() && refused.is_some();
        if let Some(record) = self.calls.get_mut(arrival.n) {
            record.err_no = Some(refused.as_ref().map_or(0, super::Denied::err_no));
            record.err_tips =
                refused.as_ref().map_or_else(|| "success".to_owned(), |denied| shortened(denied.err_msg()));
            record.problem = refused.map(|denied| shortened(denied.why));
            record.log_id = Some(log_id.clone());
        }
        Answer {
            status: if bad { 400 } else { 200 },
            body: body.to_string().into_bytes(),
            log_id,
            is_file: false,
        }
    }

    fn business_answer(&self, endpoint: Endpoint, result: Checked<Value>, log_id: &str) -> Value {
        let strings = self.switches.numbers_as_strings;
        let (err_no, err_msg, data) = match result {
            Ok(data) => (0, "success".to_owned(), data),
            Err(denied) => (denied.err_no(), denied.err_msg(), Value::Null),
        };
        let mut answer = json!({ "err_no": err_no, "err_msg": err_msg, "log_id": log_id });
        if !data.is_null() {
            answer["data"] = if strings { spelt_out(data) } else { data };
        }
        // One published description gives this call's code as a text.
        if strings && endpoint == Endpoint::FulfillPushStatus {
            answer["err_no"] = json!(err_no.to_string());
        }
        answer
    }

    /// The checks in their order: JSON, token, capability, rate; then the endpoint's own.
    fn handle_trade(&mut self, now: UnixMs, endpoint: Endpoint, arrival: &Arrival) -> Checked<Value> {
        let Some(map) = &arrival.fields else {
            return Err(match endpoint.needs_token() {
                true => Denial::Parameter.because(diagnose::not_an_object(&arrival.body)),
                false => Denial::TokenParameter.because(diagnose::not_an_object(&arrival.body)),
            });
        };
        let body = Reader::new(map);
        if !endpoint.needs_token() {
            return self.issue_token(now, endpoint, &body);
        }
        let app = self.token_owner(now, arrival.token.as_deref())?;
        if app.trade.as_ref().is_none_or(|terms| !terms.capability) {
            return Err(
                Denial::NoCapability.because("the app does not have this capability (a switch of the mock)")
            );
        }
        if !self.limits.admit(app.app_id.as_str(), endpoint.into(), now) {
            return Err(
                Denial::Busy.because("more calls per second than the mock's `limits` allow; slow down")
            );
        }
        let ask = Ask { now, app, body, host: &arrival.host };
        match endpoint {
            Endpoint::TagQuery => goods::tag_query(&ask.body, |number| {
                ask.terms().types.as_ref().is_none_or(|types| types.contains(&number))
            }),
            Endpoint::OrderQuery => self.order_query(&ask),
            Endpoint::QueryCps => self.query_cps(&ask),
            Endpoint::FulfillPushStatus => self.fulfill_push_status(&ask),
            Endpoint::RefundCreate => self.refund_create(&ask),
            Endpoint::RefundQuery => self.refund_query(&ask),
            Endpoint::RefundAuditCallback => self.refund_audit_callback(&ask),
            Endpoint::SettleCreate => self.settle_create(&ask),
            Endpoint::SettleQuery => self.settle_query(&ask),
            Endpoint::QueryMerchantBalance => self.query_merchant_balance(&ask),
            Endpoint::MerchantWithdraw => self.merchant_withdraw(&ask),
            Endpoint::QueryWithdrawOrder => self.query_withdraw_order(&ask),
            Endpoint::Bills => self.bills(&ask),
            Endpoint::FundBills => self.fund_bills(&ask),
            Endpoint::ClientToken | Endpoint::StableClientToken => self.issue_token(now, endpoint, &ask.body),
        }
    }

    /// The app the token belongs to; the codes are the general Open API's (open question 3).
    fn token_owner(&mut self, now: UnixMs, token: Option<&str>) -> Checked<Arc<MockApp>> {
        let Some(token) = token.filter(|token| !token.is_empty()) else {
            return Err(Denial::TokenInvalid.because("the header `access-token` is missing"));
        };
        match self.trade.tokens.worth(token, now) {
            Worth::Of(app_id) => self.apps.get(&app_id).cloned().ok_or_else(|| {
                Denial::TokenInvalid.because(format!("app `{app_id}` is not configured any more"))
            }),
            Worth::Expired => Err(Denial::TokenExpired.because("the token has expired; fetch a new one")),
            Worth::Unknown => Err(Denial::TokenInvalid.because(
                "the token is unknown: revoked, pushed out by two newer ones, or of a platform that was restarted",
            )),
        }
    }
}

/// Every integer as text, as one published client types them.
pub(super) fn spelt_out(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Array(list) => Value::Array(list.into_iter().map(spelt_out).collect()),
        Value::Object(map) => {
            Value::Object(map.into_iter().map(|(name, value)| (name, spelt_out(value))).collect())
        }
        other => other,
    }
}
