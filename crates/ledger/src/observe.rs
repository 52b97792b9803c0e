//! The platform's messages as facts.

mod ecpay;
mod trade;

use douyin_pay_protocol::UnixMs;

use crate::{Fact, RefundSource, Source, Target, What, Why};
pub use ecpay::{
    of_notice, of_order_reply, of_platform_order, of_refund_info, of_return_info, of_return_notice,
    of_settle_info, of_unsettle_amount,
};
pub use trade::{
    of_trade_notice, of_trade_order_reply, of_trade_refund_info, of_trade_settle_info, trade_refund_no,
    trade_settle_no,
};

fn source(is_all_settled: Option<bool>) -> RefundSource {
    match is_all_settled {
        Some(true) => RefundSource::Settled,
        Some(false) => RefundSource::InTransit,
        None => RefundSource::Unknown,
    }
}

fn still_processing(target: Target, at: UnixMs) -> Fact {
    Fact { at, source: Source::Query, what: What::NothingNew { target, why: Why::Processing } }
}
