//! The typed messages of guaranteed payment, one file per pair of calls.

mod create_merchant;
mod funds;
mod merchant_status;
mod onboarding;
mod order;
mod order_push;
mod read;
mod refund;
mod returns;
mod settle;
mod unsettled;

pub use create_merchant::{CreateMerchant, CreateMerchantReply};
pub use funds::{MerchantWithdraw, QueryMerchantBalance, QueryWithdrawOrder};
pub use merchant_status::{ChannelStatus, MerchantStatus, OnboardingState, QueryMerchantStatus};
pub use onboarding::{
    AddMerchant, AddSubMerchant, AppAddSubMerchant, GetAppMerchant, MerchantLink, MerchantPage,
};
pub use order::{
    CpsInfo, CreateOrder, CreateOrderReply, PaymentInfo, QueryOrder, QueryOrderReply, ValidTime,
};
pub use order_push::{OrderPush, OrderPushReply, PushDetail, PushItem, PushKind, PushStatus};
pub(super) use read::{merchant, order_no, seconds, settle_no, way};
pub use refund::{CreateRefund, CreateRefundReply, QueryRefund, RefundInfo};
pub use returns::{CreateReturn, QueryReturn, ReturnInfo};
pub use settle::{QuerySettle, Settle, SettleInfo, SettleReply};
pub use unsettled::{
    AutoSettleInfo, AutoShare, PaidPart, PlatformOrder, QueryPlatformOrder, RefundedPart, UnsettleAmount,
    UnsettleAmountReply, UnsettleDetail,
};
