//! The calls of guaranteed payment: where they go and how often they may.

use std::fmt;

/// One call of guaranteed payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    /// 预下单: open an order.
    CreateOrder,
    /// 支付结果查询: what became of an order.
    QueryOrder,
    /// 发起退款: ask for a refund.
    CreateRefund,
    /// 退款结果查询: what became of a refund.
    QueryRefund,
    /// 发起结算及分账: settle an order, with or without shares.
    Settle,
    /// 结算结果查询: what became of a settlement.
    QuerySettle,
}

impl Endpoint {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::CreateOrder,
        Self::QueryOrder,
        Self::CreateRefund,
        Self::QueryRefund,
        Self::Settle,
        Self::QuerySettle,
    ];

    /// The path below the platform's base URL. The method is always POST.
    pub const fn path(self) -> &'static str {
        match self {
            Self::CreateOrder => "/api/apps/ecpay/v1/create_order",
            Self::QueryOrder => "/api/apps/ecpay/v1/query_order",
            Self::CreateRefund => "/api/apps/ecpay/v1/create_refund",
            Self::QueryRefund => "/api/apps/ecpay/v1/query_refund",
            Self::Settle => "/api/apps/ecpay/v1/settle",
            Self::QuerySettle => "/api/apps/ecpay/v1/query_settle",
        }
    }

    /// The last part of the path: `create_order`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CreateOrder => "create_order",
            Self::QueryOrder => "query_order",
            Self::CreateRefund => "create_refund",
            Self::QueryRefund => "query_refund",
            Self::Settle => "settle",
            Self::QuerySettle => "query_settle",
        }
    }

    /// The endpoint of that name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|endpoint| endpoint.name() == name)
    }

    /// How many calls per second and app we allow ourselves; `None` where no limit is published.
    pub const fn default_limit_per_s(self) -> Option<u32> {
        match self {
            Self::CreateOrder => None,
            Self::CreateRefund => Some(50),
            Self::QueryOrder | Self::QueryRefund | Self::Settle | Self::QuerySettle => Some(30),
        }
    }

    /// Whether it only asks and changes nothing.
    pub const fn is_query(self) -> bool {
        matches!(self, Self::QueryOrder | Self::QueryRefund | Self::QuerySettle)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
