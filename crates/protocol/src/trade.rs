//! The general trade system (通用交易系统, `trade_basic`): order data, signing, messages, callbacks.
//!
//! Order data is signed with the application's private key, callbacks are verified with the platform's public
//! key; the two are different types and cannot be mixed up.

mod authorization;
pub mod callback;
mod client_err_no;
mod endpoint;
mod explain;
mod key;
mod messages;
mod mistake;
mod nonce;
mod order_data;
mod product;
mod read;
mod reply;
mod request;
mod schema;
mod sign;
mod suspects;
mod text;
mod token;
mod words;

pub use authorization::{AuthorizationError, ByteAuthorization};
pub use client_err_no::ClientErrNo;
pub use endpoint::Endpoint;
pub use explain::{RequestExplanation, TriedKey, explain_request};
pub use key::{
    ApplicationKey, ApplicationPublicKey, KeyError, KeyFormat, KeyVersion, PlatformKey, PlatformPublicKey,
    SignatureError,
};
pub use messages::{
    AuditDetail, Bills, BillsReply, CpsItem, FulfilStage, FulfillPushStatus, FundBills, FundBillsReply,
    ItemAmount, ItemOrder, MerchantWithdraw, OrderQuery, OrderQueryReply, QueryCps, QueryCpsReply,
    QueryMerchantBalance, QueryWithdrawOrder, RefundAuditCallback, RefundCreate, RefundCreateReply,
    RefundInfo, RefundQuery, RefundQueryReply, RefundReason, SettleCreate, SettleCreateReply, SettleInfo,
    SettleQuery, SettleQueryReply, Tag, TagDetail, TagQuery, TagQueryReply, TagRule, TagRuleDetail, ToStatus,
};
pub use mistake::Mistake;
pub use nonce::Nonce;
pub use order_data::{
    OrderData, OrderDataErrors, PackageCost, PayExpire, Sku, SkuAttr, TelecomAttr, TelecomOperator, TimeUnit,
};
pub use product::{KnownType, ProductType, TagGroup};
pub use reply::{log_id, parse_reply, parse_token_reply};
pub use request::{Data, Request};
pub use schema::Schema;
pub use sign::{CREATE_SIGN_ORDER_URI, REQUEST_ORDER_URI, authorize, callback_text, request_text};
pub use text::{
    DenyMessage, ImageUrl, NotifyUrl, PayScene, PromotionId, RefundText, SkuId, TagGroupId, Title,
};
pub use token::token_body;
pub use words::{
    AuditStatus, Currency, PayChannel, PayStatus, PaymentResult, RefundOrigin, RefundReasonCode, RefundRule,
    RefundStatus, SettleStatus,
};

pub use crate::{
    AccessToken, AccountInfo, ChannelType, MerchantBalance as QueryMerchantBalanceReply, MerchantEntity,
    SettleAccount, Share, TokenReply, WithdrawOrder as QueryWithdrawOrderReply,
    WithdrawReply as MerchantWithdrawReply, WithdrawStatus,
};
