//! Guaranteed payment (担保支付, `ecpay`): signing, messages, callbacks, error codes.
//!
//! Requests are signed with the [`Salt`](crate::Salt), callbacks are verified with the
//! [`Token`](crate::Token); the two are different types and cannot be mixed up. Which identities a request
//! carries and whose salt signs it is said by its type: [`Request::IDENTITY`].

pub mod bill;
pub mod callback;
mod caller;
mod endpoint;
mod identity;
pub mod json;
mod messages;
mod reply;
mod request;
mod sign;
mod token;
mod words;

pub use caller::{Caller, with_access_token};
pub use endpoint::Endpoint;
pub use identity::Identity;
pub use messages::{
    AddMerchant, AddSubMerchant, AppAddSubMerchant, AutoSettleInfo, AutoShare, ChannelStatus, CpsInfo,
    CreateMerchant, CreateMerchantReply, CreateOrder, CreateOrderReply, CreateRefund, CreateRefundReply,
    CreateReturn, GetAppMerchant, MerchantLink, MerchantPage, MerchantStatus, MerchantWithdraw,
    OnboardingState, OrderPush, OrderPushReply, PaidPart, PaymentInfo, PlatformOrder, PushDetail, PushItem,
    PushKind, PushStatus, QueryMerchantBalance, QueryMerchantStatus, QueryOrder, QueryOrderReply,
    QueryPlatformOrder, QueryRefund, QueryReturn, QuerySettle, QueryWithdrawOrder, RefundInfo, RefundedPart,
    ReturnInfo, Settle, SettleInfo, SettleReply, UnsettleAmount, UnsettleAmountReply, UnsettleDetail,
    ValidTime,
};
pub use reply::parse_reply;
pub use request::{Envelope, Fields, Request, signed_body};
pub use sign::{Signature, sign};
pub use token::{parse_token_reply, token_body};
pub use words::{OrderStatus, PayWay, ResultStatus};

pub use crate::{
    AccessToken, AccountInfo, ChannelType, ErrNo, Meaning, MerchantBalance, MerchantEntity, PlatformError,
    ReplyError, SettleAccount, Share, TokenReply, WithdrawOrder, WithdrawReply, WithdrawStatus,
};
