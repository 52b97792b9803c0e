//! A settlement as the merchant sees it.

use douyin_pay_protocol::Fen;
use serde::Serialize;

use super::CommonView;
use crate::{Operation, Origin};

/// A settlement as the merchant sees it.
///
/// `amount_fen` is the estimate of when it was asked for; `settle_amount_fen`, `rake_fen` and
/// `commission_fen` are the platform's figures.
#[derive(Debug, Serialize)]
pub struct SettlementView<'a> {
    out_settle_no: &'a str,
    #[serde(flatten)]
    common: CommonView<'a>,
    description: &'a str,
    shares: Vec<ShareView<'a>>,
    finish: bool,
    automatic: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    settle_amount_fen: Option<Fen>,
    amount_basis: crate::AmountBasis,
    #[serde(skip_serializing_if = "Option::is_none")]
    rake_fen: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commission_fen: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settle_no: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_order_id: Option<&'a str>,
}

impl<'a> SettlementView<'a> {
    /// The view of an operation that is a settlement.
    pub fn of(operation: &'a Operation) -> Self {
        let shares = operation.shares.iter();
        Self {
            out_settle_no: operation.out_no.as_str(),
            common: CommonView::of(operation),
            description: &operation.text,
            shares: shares
                .map(|share| ShareView {
                    merchant_uid: share.merchant_uid.as_str(),
                    amount_fen: share.amount,
                })
                .collect(),
            finish: operation.finish,
            automatic: operation.origin == Origin::Platform,
            settle_amount_fen: operation.settle_amount,
            amount_basis: operation.basis,
            rake_fen: operation.rake,
            commission_fen: operation.commission,
            detail: operation.detail.as_deref(),
            settle_no: operation.platform_no.as_ref().map(|no| no.as_str()),
            item_order_id: operation.item_order_id(),
        }
    }
}

/// A receiver and what it gets.
#[derive(Debug, Serialize)]
pub struct ShareView<'a> {
    merchant_uid: &'a str,
    amount_fen: Fen,
}
