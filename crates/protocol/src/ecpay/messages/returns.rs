//! `create_return` and `query_return`: taking a share back (退分账).

use serde::Deserialize;
use serde_json::{Map, Value};

use super::read::{app_id, merchant, return_no, seconds, settle_no};
use crate::ecpay::{Endpoint, Fields, Request, ResultStatus};
use crate::read::{fen, opaque, platform_no};
use crate::{
    AppId, CpExtra, Fen, MerchantUid, NotifyUrl, OutReturnNo, OutSettleNo, PlatformNo, ReturnAmount,
    ReturnDesc, UnixMs,
};

/// By which number a settlement or a return is meant: the merchant's, the platform's, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named<N> {
    ours: Option<N>,
    theirs: Option<PlatformNo>,
}

/// 发起退分账: take back what a receiver got out of a settlement.
///
/// At most what that receiver got there; on WeChat at most 20 times per receiver and within 180 days, on Alipay
/// within 12 months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateReturn {
    settlement: Named<OutSettleNo>,
    out_return_no: OutReturnNo,
    merchant_uid: MerchantUid,
    return_amount: ReturnAmount,
    return_desc: ReturnDesc,
    cp_extra: Option<CpExtra>,
    notify_url: Option<NotifyUrl>,
}

impl CreateReturn {
    /// A return out of the settlement with that number of ours.
    ///
    /// ```
    /// use douyin_pay_protocol::ecpay::{CreateReturn, sign};
    /// use douyin_pay_protocol::{Fen, MerchantUid, OutReturnNo, OutSettleNo, ReturnAmount, ReturnDesc, Salt};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ask = CreateReturn::by_out_settle_no(
    ///     OutSettleNo::new("S20240101000001")?,
    ///     OutReturnNo::new("T20240101000001")?,
    ///     MerchantUid::new("69645835031835936200")?,
    ///     ReturnAmount::new(Fen::from_yuan("0.30")?)?,
    ///     ReturnDesc::new("分账回退")?,
    /// );
    /// let salt = Salt::new("test_salt_Ab12Cd34")?;
    /// assert_eq!(sign(&ask, &salt).as_str(), "f5495213b1a325ff286da14270a2cdad");
    /// # Ok(())
    /// # }
    /// ```
    pub fn by_out_settle_no(
        out_settle_no: OutSettleNo,
        out_return_no: OutReturnNo,
        merchant_uid: MerchantUid,
        return_amount: ReturnAmount,
        return_desc: ReturnDesc,
    ) -> Self {
        let settlement = Named { ours: Some(out_settle_no), theirs: None };
        Self::of(settlement, out_return_no, merchant_uid, return_amount, return_desc)
    }

    /// A return out of the settlement with that number of the platform: for settlements that it made by itself.
    pub fn by_settle_no(
        settle_no: PlatformNo,
        out_return_no: OutReturnNo,
        merchant_uid: MerchantUid,
        return_amount: ReturnAmount,
        return_desc: ReturnDesc,
    ) -> Self {
        let settlement = Named { ours: None, theirs: Some(settle_no) };
        Self::of(settlement, out_return_no, merchant_uid, return_amount, return_desc)
    }

    fn of(
        settlement: Named<OutSettleNo>,
        out_return_no: OutReturnNo,
        merchant_uid: MerchantUid,
        return_amount: ReturnAmount,
        return_desc: ReturnDesc,
    ) -> Self {
        Self {
            settlement,
            out_return_no,
            merchant_uid,
            return_amount,
            return_desc,
            cp_extra: None,
            notify_url: None,
        }
    }

    /// Names the platform's number of the same settlement too.
    #[must_use]
    pub fn settle_no(mut self, number: PlatformNo) -> Self {
        self.settlement.theirs = Some(number);
        self
    }

    /// A text of our own that the query echoes.
    #[must_use]
    pub fn cp_extra(mut self, text: CpExtra) -> Self {
        self.cp_extra = Some(text);
        self
    }

    /// Where the platform says how it ended. Not documented, known from one library only: query all the same.
    #[must_use]
    pub fn notify_url(mut self, url: NotifyUrl) -> Self {
        self.notify_url = Some(url);
        self
    }
}

impl Request for CreateReturn {
    const ENDPOINT: Endpoint = Endpoint::CreateReturn;
    const PAYLOAD: Option<&'static str> = Some("return_info");
    type Reply = ReturnInfo;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        if let Some(number) = &self.settlement.theirs {
            to.text("settle_no", number.as_str());
        }
        if let Some(number) = &self.settlement.ours {
            to.text("out_settle_no", number.as_str());
        }
        to.text("out_return_no", self.out_return_no.as_str());
        to.text("merchant_uid", self.merchant_uid.as_str());
        to.number("return_amount", self.return_amount.fen().get());
        to.text("return_desc", self.return_desc.as_str());
        if let Some(text) = &self.cp_extra {
            to.text("cp_extra", text.as_str());
        }
        if let Some(url) = &self.notify_url {
            to.text("notify_url", url.as_str());
        }
    }
}

/// 退分账结果查询: what became of a return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryReturn(Named<OutReturnNo>);

impl QueryReturn {
    /// Asks by our own number.
    pub fn by_out_return_no(number: OutReturnNo) -> Self {
        Self(Named { ours: Some(number), theirs: None })
    }

    /// Names the platform's number of the same return too.
    #[must_use]
    pub fn return_no(mut self, number: PlatformNo) -> Self {
        self.0.theirs = Some(number);
        self
    }

    /// Asks by the platform's number.
    pub fn by_return_no(number: PlatformNo) -> Self {
        Self(Named { ours: None, theirs: Some(number) })
    }
}

impl Request for QueryReturn {
    const ENDPOINT: Endpoint = Endpoint::QueryReturn;
    const PAYLOAD: Option<&'static str> = Some("return_info");
    type Reply = ReturnInfo;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        if let Some(number) = &self.0.theirs {
            to.text("return_no", number.as_str());
        }
        if let Some(number) = &self.0.ours {
            to.text("out_return_no", number.as_str());
        }
    }
}

/// What became of a return. Both calls answer with it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ReturnInfo {
    /// The mini-program.
    #[serde(default, deserialize_with = "app_id")]
    pub app_id: Option<AppId>,
    /// The provider, when one acts for the mini-program.
    #[serde(default, deserialize_with = "app_id")]
    pub thirdparty_id: Option<AppId>,
    /// The platform's number of the settlement.
    #[serde(default, deserialize_with = "platform_no")]
    pub settle_no: Option<PlatformNo>,
    /// The merchant's number of the settlement.
    #[serde(default, deserialize_with = "settle_no")]
    pub out_settle_no: Option<OutSettleNo>,
    /// The merchant's number of the return.
    #[serde(default, deserialize_with = "return_no")]
    pub out_return_no: Option<OutReturnNo>,
    /// The platform's number of the return.
    #[serde(default, deserialize_with = "platform_no")]
    pub return_no: Option<PlatformNo>,
    /// Who gives back.
    #[serde(default, deserialize_with = "merchant")]
    pub merchant_uid: Option<MerchantUid>,
    /// How much.
    #[serde(default, deserialize_with = "fen")]
    pub return_amount: Option<Fen>,
    /// What became of it.
    pub return_status: ResultStatus,
    /// Why it failed; may read `SUCCESS` when it did not.
    #[serde(default, deserialize_with = "opaque")]
    pub fail_reason: Option<Box<str>>,
    /// When it was done.
    #[serde(default, deserialize_with = "seconds")]
    pub finish_time: Option<UnixMs>,
    /// Our own text.
    #[serde(default, deserialize_with = "opaque")]
    pub cp_extra: Option<Box<str>>,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
