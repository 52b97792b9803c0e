//! Returns and withdrawals in the books.

use douyin_pay_protocol::{Fen, UnixMs};
use serde::Serialize;

use super::System;
use crate::platform::OperationStatus;
use crate::platform::returns::Return;
use crate::platform::withdrawals::{Withdrawal, WithdrawalStatus};

/// A receiver's share of a settlement, or a part of it, on its way back to the seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReturnBook {
    /// The app it belongs to.
    pub app_id: String,
    /// The order's number.
    pub out_order_no: String,
    /// The settlement's number.
    pub out_settle_no: String,
    /// The platform's number of the settlement.
    pub settle_no: String,
    /// The merchant's number.
    pub out_return_no: String,
    /// The platform's number.
    pub return_no: String,
    /// The receiver that gives back.
    pub merchant_uid: String,
    /// Its amount.
    pub amount_fen: Fen,
    /// Its state, as on the wire.
    pub status: OperationStatus,
    /// When it was accepted.
    pub requested_at: UnixMs,
    /// When it came to its end.
    pub finished_at: Option<UnixMs>,
    /// Why it failed.
    pub message: String,
}

impl From<&Return> for ReturnBook {
    fn from(one: &Return) -> Self {
        Self {
            app_id: one.app_id.clone(),
            out_order_no: one.out_order_no.clone(),
            out_settle_no: one.out_settle_no.clone(),
            settle_no: one.settle_no.clone(),
            out_return_no: one.out_return_no.clone(),
            return_no: one.return_no.clone(),
            merchant_uid: one.merchant_uid.clone(),
            amount_fen: one.amount,
            status: one.status,
            requested_at: one.requested_at,
            finished_at: one.finished_at,
            message: one.message.clone(),
        }
    }
}

/// A withdrawal to a bank account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WithdrawalBook {
    /// The system it was asked for in.
    pub system: System,
    /// The app it belongs to.
    pub app_id: String,
    /// The merchant's number.
    pub out_order_id: String,
    /// The platform's number.
    pub order_id: String,
    /// Whose money it is.
    pub merchant_uid: String,
    /// `alipay`, `wx`, `hz` or `yzt`.
    pub channel_type: String,
    /// The ways of payment whose balances it was taken from.
    pub ways: Vec<i64>,
    /// Its amount.
    pub amount_fen: Fen,
    /// Its state, as on the wire.
    pub status: WithdrawalStatus,
    /// When it was accepted.
    pub requested_at: UnixMs,
    /// When it came to its last state.
    pub finished_at: Option<UnixMs>,
    /// Why the money did not arrive, or did not stay.
    pub message: String,
}

impl From<&Withdrawal> for WithdrawalBook {
    fn from(one: &Withdrawal) -> Self {
        let way = |(holder, _): &(String, Fen)| holder.rsplit_once('/').and_then(|(_, way)| way.parse().ok());
        Self {
            system: one.system,
            app_id: one.app_id.clone(),
            out_order_id: one.out_order_id.clone(),
            order_id: one.order_id.clone(),
            merchant_uid: one.merchant_uid.clone(),
            channel_type: one.channel_type.clone(),
            ways: one.parts.iter().filter_map(way).collect(),
            amount_fen: one.amount,
            status: one.status,
            requested_at: one.requested_at,
            finished_at: one.finished_at,
            message: one.message.clone(),
        }
    }
}
