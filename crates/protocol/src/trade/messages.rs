//! The typed messages of the general trade system, one file per subject.

mod audit;
mod bills;
mod cps;
mod fulfil;
mod funds;
mod order;
mod refund;
mod refund_list;
mod settle;
mod tag;

pub use audit::RefundAuditCallback;
pub use bills::{Bills, BillsReply, FundBills, FundBillsReply};
pub use cps::{CpsItem, QueryCps, QueryCpsReply};
pub use fulfil::{FulfilStage, FulfillPushStatus, ToStatus};
pub use funds::{MerchantWithdraw, QueryMerchantBalance, QueryWithdrawOrder};
pub use order::{ItemOrder, OrderQuery, OrderQueryReply};
pub use refund::{ItemAmount, RefundCreate, RefundCreateReply, RefundReason};
pub use refund_list::{AuditDetail, RefundInfo, RefundQuery, RefundQueryReply};
pub use settle::{SettleCreate, SettleCreateReply, SettleInfo, SettleQuery, SettleQueryReply};
pub use tag::{Tag, TagDetail, TagQuery, TagQueryReply, TagRule, TagRuleDetail};
