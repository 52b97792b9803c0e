//! `platform merchant`: how far the opening of a merchant's account is.

use clap::Args as ClapArgs;
use douyin_pay_protocol::ecpay::{MerchantStatus, QueryMerchantStatus};
use douyin_pay_protocol::{MerchantUid, SubMerchantId};
use serde_json::{Value, json};

use super::columns::{As, Column};
use super::ending::{not_learnt, show};
use super::open::{At, converse};
use super::value;
use crate::exit::{Ended, Failure};
use crate::out::Form;

/// Which merchant.
#[derive(Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("which_merchant").required(true).multiple(true).args(["merchant", "sub_merchant"]))]
pub struct Merchant {
    /// 商户号 · the merchant's number at the platform
    #[arg(long, value_name = "UID")]
    merchant: Option<String>,
    /// 进件时自己起的标识 · your own key for it
    #[arg(long, value_name = "ID")]
    sub_merchant: Option<String>,
    /// 以服务商的名义 · in the name of the service provider
    #[arg(long)]
    by_provider: bool,
    #[command(flatten)]
    at: At,
}

const CHANNEL: &[Column] = &[
    Column("渠道", "channel", "channel", As::Plain),
    Column("状态", "state", "status", As::Plain),
    Column("商户号", "merchant", "merchant_id", As::Plain),
    Column("原因", "why", "reject_reason", As::Plain),
    Column("法人核验", "legal person validates at", "legal_validation_url", As::Plain),
    Column("法人签约", "legal person signs at", "legal_sign_url", As::Plain),
];
const COLUMNS: &[Column] = &[
    Column(
        "微信（0 无 1 成 2 败 3 审 4 冻）",
        "WeChat (0 none 1 done 2 failed 3 review 4 frozen)",
        "wx",
        As::Plain,
    ),
    Column("支付宝", "Alipay", "alipay", As::Plain),
    Column("渠道", "channels", "channels", As::List(CHANNEL)),
];

pub(super) fn run(args: &Merchant, form: Form) -> Ended {
    let ask = request(args)?;
    let opened = args.at.open()?;
    if args.by_provider {
        let provider = opened.provider()?;
        return converse(async {
            let answer = provider.query_merchant_status(&ask).await.map_err(|error| not_learnt(&error))?;
            show(form, &facts(&answer), answer.log_id.as_deref(), COLUMNS);
            Ok(())
        });
    }
    let client = opened.ecpay()?;
    converse(async {
        let answer = client.query_merchant_status(&ask).await.map_err(|error| not_learnt(&error))?;
        show(form, &facts(&answer), answer.log_id.as_deref(), COLUMNS);
        Ok(())
    })
}

fn request(args: &Merchant) -> Result<QueryMerchantStatus, Failure> {
    let ours = args.sub_merchant.as_ref().map(|text| value("--sub-merchant", SubMerchantId::new(text)));
    let ours = ours.transpose()?;
    let theirs =
        args.merchant.as_ref().map(|text| value("--merchant", MerchantUid::new(text))).transpose()?;
    match (theirs, ours) {
        (Some(theirs), ours) => {
            let ask = QueryMerchantStatus::by_merchant_id(theirs);
            Ok(ours.into_iter().fold(ask, QueryMerchantStatus::sub_merchant_id))
        }
        (None, Some(ours)) => Ok(QueryMerchantStatus::by_sub_merchant_id(ours)),
        (None, None) => Err(Failure::usage("`--merchant`, `--sub-merchant`")),
    }
}

/// Both generations of the answer: a map by channel, and the numbers of 2021.
fn facts(status: &MerchantStatus) -> Value {
    let channels: Vec<Value> = status
        .merchant_status_info
        .iter()
        .map(|(channel, status)| {
            json!({
                "channel": channel, "status": status.status, "reject_reason": status.reject_reason,
                "legal_validation_url": status.legal_validation_url, "legal_sign_url": status.legal_sign_url,
                "merchant_id": status.merchant_id,
            })
        })
        .collect();
    json!({
        "channels": channels, "wx": status.wx, "alipay": status.alipay,
        "new_merchant_status_info": status.new_merchant_status_info, "pay_status_info": status.pay_status_info,
    })
}
