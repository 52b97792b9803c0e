//! The return of a share as the merchant sees it.

use serde::Serialize;

use super::CommonView;
use crate::Operation;

/// The return of a share as the merchant sees it.
#[derive(Debug, Serialize)]
pub struct ReturnView<'a> {
    out_return_no: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    out_settle_no: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_uid: Option<&'a str>,
    #[serde(flatten)]
    common: CommonView<'a>,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_no: Option<&'a str>,
}

impl<'a> ReturnView<'a> {
    /// The view of an operation that is a return.
    pub fn of(operation: &'a Operation) -> Self {
        Self {
            out_return_no: operation.out_no.as_str(),
            out_settle_no: operation.settlement().map(|no| no.as_str()),
            merchant_uid: operation.receiver().map(|share| share.merchant_uid.as_str()),
            common: CommonView::of(operation),
            description: &operation.text,
            return_no: operation.platform_no.as_ref().map(|no| no.as_str()),
        }
    }
}
