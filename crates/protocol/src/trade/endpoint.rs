//! The calls of the general trade system: where they go and what they need.

use std::fmt;

use crate::Method;

/// One call of the general trade system, or one of the funds calls that go with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    /// 标签组查询: the tag groups, each with its refund rules.
    TagQuery,
    /// 查询订单: what became of an order.
    OrderQuery,
    /// 查询 CPS 信息: the promoters' commission on an order.
    QueryCps,
    /// 推送履约状态: say how far the fulfilment is.
    FulfillPushStatus,
    /// 发起退款: ask for a refund.
    RefundCreate,
    /// 查询退款: what became of refunds.
    RefundQuery,
    /// 同步退款审核结果: agree to a user's refund, or refuse it.
    RefundAuditCallback,
    /// 发起结算: settle an order, with or without shares.
    SettleCreate,
    /// 查询结算: what became of settlements.
    SettleQuery,
    /// 商户余额查询: a merchant's balance.
    QueryMerchantBalance,
    /// 商户提现: withdraw a merchant's balance.
    MerchantWithdraw,
    /// 提现结果查询: what became of a withdrawal.
    QueryWithdrawOrder,
    /// 交易账单: addresses of a day's trade statements.
    Bills,
    /// 资金账单: addresses of a day's funds statements.
    FundBills,
    /// A client token; each call makes a new one.
    ClientToken,
    /// A client token; the same one until it expires.
    StableClientToken,
}

impl Endpoint {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::TagQuery,
        Self::OrderQuery,
        Self::QueryCps,
        Self::FulfillPushStatus,
        Self::RefundCreate,
        Self::RefundQuery,
        Self::RefundAuditCallback,
        Self::SettleCreate,
        Self::SettleQuery,
        Self::QueryMerchantBalance,
        Self::MerchantWithdraw,
        Self::QueryWithdrawOrder,
        Self::Bills,
        Self::FundBills,
        Self::ClientToken,
        Self::StableClientToken,
    ];

    /// The path below the platform's base URL, with its trailing slash.
    pub const fn path(self) -> &'static str {
        match self {
            Self::TagQuery => "/api/trade_basic/v1/developer/tag_query/",
            Self::OrderQuery => "/api/trade_basic/v1/developer/order_query/",
            Self::QueryCps => "/api/trade_basic/v1/developer/query_cps/",
            Self::FulfillPushStatus => "/api/trade_basic/v1/developer/fulfill_push_status/",
            Self::RefundCreate => "/api/trade_basic/v1/developer/refund_create/",
            Self::RefundQuery => "/api/trade_basic/v1/developer/refund_query/",
            Self::RefundAuditCallback => "/api/trade_basic/v1/developer/refund_audit_callback/",
            Self::SettleCreate => "/api/trade_basic/v1/developer/settle_create/",
            Self::SettleQuery => "/api/trade_basic/v1/developer/settle_query/",
            Self::QueryMerchantBalance => "/api/apps/ecpay/saas/query_merchant_balance/",
            Self::MerchantWithdraw => "/api/apps/ecpay/saas/merchant_withdraw/",
            Self::QueryWithdrawOrder => "/api/apps/ecpay/saas/query_withdraw_order/",
            Self::Bills => "/api/apps/v3/bills/",
            Self::FundBills => "/api/apps/v3/fund/bills/",
            Self::ClientToken => "/oauth/client_token/",
            Self::StableClientToken => "/oauth/stable_client_token/",
        }
    }

    /// How it is called: always with POST.
    pub const fn method(self) -> Method {
        Method::Post
    }

    /// The last part of the path: `order_query`; `fund_bills` for the funds statements.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TagQuery => "tag_query",
            Self::OrderQuery => "order_query",
            Self::QueryCps => "query_cps",
            Self::FulfillPushStatus => "fulfill_push_status",
            Self::RefundCreate => "refund_create",
            Self::RefundQuery => "refund_query",
            Self::RefundAuditCallback => "refund_audit_callback",
            Self::SettleCreate => "settle_create",
            Self::SettleQuery => "settle_query",
            Self::QueryMerchantBalance => "query_merchant_balance",
            Self::MerchantWithdraw => "merchant_withdraw",
            Self::QueryWithdrawOrder => "query_withdraw_order",
            Self::Bills => "bills",
            Self::FundBills => "fund_bills",
            Self::ClientToken => "client_token",
            Self::StableClientToken => "stable_client_token",
        }
    }

    /// The endpoint of that name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|endpoint| endpoint.name() == name)
    }

    /// The endpoint of that path, with or without the trailing slash: sources disagree about it.
    pub fn of_path(path: &str) -> Option<Self> {
        let bare = path.strip_suffix('/').unwrap_or(path);
        Self::ALL.into_iter().find(|endpoint| endpoint.path().strip_suffix('/') == Some(bare))
    }

    /// How many calls per second and app we allow ourselves. No limit is published for this system: these are
    /// the figures of guaranteed payment for calls of the same purpose; `None` where it has no such call.
    pub const fn default_limit_per_s(self) -> Option<u32> {
        match self {
            Self::RefundCreate => Some(50),
            Self::OrderQuery | Self::RefundQuery | Self::SettleCreate | Self::SettleQuery => Some(30),
            _ => None,
        }
    }

    /// Whether it only asks and changes nothing.
    pub const fn is_query(self) -> bool {
        match self {
            Self::TagQuery
            | Self::OrderQuery
            | Self::QueryCps
            | Self::RefundQuery
            | Self::SettleQuery
            | Self::QueryMerchantBalance
            | Self::QueryWithdrawOrder
            | Self::Bills
            | Self::FundBills => true,
            Self::FulfillPushStatus
            | Self::RefundCreate
            | Self::RefundAuditCallback
            | Self::SettleCreate
            | Self::MerchantWithdraw
            | Self::ClientToken
            | Self::StableClientToken => false,
        }
    }

    /// Whether it carries the header `access-token`: all do, except those that fetch the token.
    pub const fn needs_token(self) -> bool {
        !matches!(self, Self::ClientToken | Self::StableClientToken)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Endpoint;

    #[test]
    fn paths_are_found_with_and_without_their_slash() {
        for endpoint in Endpoint::ALL {
            let path = endpoint.path();
            assert!(path.starts_with('/') && path.ends_with('/'), "{path}");
            assert_eq!(Endpoint::of_path(path), Some(endpoint));
            assert_eq!(Endpoint::of_path(path.trim_end_matches('/')), Some(endpoint));
            assert_eq!(Endpoint::of_name(endpoint.name()), Some(endpoint));
        }
        assert_eq!(Endpoint::of_path("/api/trade_basic/v1/developer/order_query//"), None);
        assert_eq!(Endpoint::of_path(""), None);
    }
}
