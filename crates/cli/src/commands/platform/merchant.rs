//! Which account of which merchant, for the calls about funds.

use clap::Args as ClapArgs;
use douyin_pay_protocol::MerchantUid;
use douyin_pay_protocol::trade::ChannelType;

use super::value;
use crate::exit::Failure;

/// An account at the platform.
#[derive(Debug, ClapArgs)]
pub(super) struct Account {
    /// 商户号 · the merchant's number at the platform
    #[arg(long, value_name = "UID")]
    merchant: String,
    /// 账户：yzt（聚合账户）、alipay、wx、hz · the account: `yzt` (the usual one), `alipay`, `wx` or `hz`
    #[arg(long, value_name = "CHANNEL", default_value = "yzt")]
    channel: String,
}

impl Account {
    pub(super) fn merchant_uid(&self) -> Result<MerchantUid, Failure> {
        value("--merchant", MerchantUid::new(&self.merchant))
    }

    pub(super) fn channel_type(&self) -> ChannelType {
        ChannelType::from(self.channel.as_str())
    }
}
