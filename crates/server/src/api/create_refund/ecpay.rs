//! What guaranteed payment takes with a new refund besides.

use douyin_pay_ledger::RefundEcpay;
use douyin_pay_protocol::MsgPage;
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::ApiError;
use crate::api::fields::{Fields, flag, text};

/// What a refund of guaranteed payment has besides.
#[derive(ToSchema)]
pub(crate) struct EcpayOfRefund {
    /// Pays it out of what was settled, as the platform's interface of 2021 demands after a settlement; the platform
    /// chooses by itself if left out.
    all_settle: Option<bool>,
    /// Whether the platform's message to the payer is suppressed.
    disable_msg: Option<bool>,
    /// The page that the message opens.
    #[schema(value_type = Option<String>)]
    msg_page: Option<MsgPage>,
}

impl EcpayOfRefund {
    pub(super) fn read(given: Value) -> Result<Self, ApiError> {
        let mut fields = Fields::inside("ecpay".to_owned(), given)?;
        let ask = Self {
            all_settle: fields.optional("all_settle", flag)?,
            disable_msg: fields.optional("disable_msg", flag)?,
            msg_page: fields.optional("msg_page", text(MsgPage::new))?,
        };
        fields.finish()?;
        Ok(ask)
    }

    pub(super) fn remembered(self) -> RefundEcpay {
        RefundEcpay {
            all_settle: self.all_settle,
            disable_msg: self.disable_msg,
            msg_page: self.msg_page.map(|page| page.as_str().into()),
        }
    }
}
