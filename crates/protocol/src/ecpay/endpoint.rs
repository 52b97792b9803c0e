//! The calls of guaranteed payment: where they go and how often they may.

use std::fmt;

use crate::Method;

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
    /// 可结算金额查询: how much of an order can still be settled.
    UnsettleAmount,
    /// 自动结算结果查询: the settlements that the platform made by itself.
    QueryPlatformOrder,
    /// 发起退分账: take a share back.
    CreateReturn,
    /// 退分账结果查询: what became of a return.
    QueryReturn,
    /// 商户余额查询: a merchant's balance at one channel.
    QueryMerchantBalance,
    /// 商户提现: withdraw a merchant's balance.
    MerchantWithdraw,
    /// 提现结果查询: what became of a withdrawal.
    QueryWithdrawOrder,
    /// 服务商进件: a page on which a provider opens its own account.
    AddMerchant,
    /// 服务商为小程序进件: a page on which a provider opens a mini-program's account.
    GetAppMerchant,
    /// 小程序为分账方进件: a page on which a mini-program opens a receiver's account.
    AppAddSubMerchant,
    /// 服务商为分账方进件: a page on which a provider opens a receiver's account.
    AddSubMerchant,
    /// 进件状态查询: how far the opening of an account is.
    QueryMerchantStatus,
    /// API 进件: open an account without a page; for selected partners.
    CreateMerchant,
    /// 对账单 (旧): the statement of some days, in its old form.
    Bill,
    /// 交易账单: a day's trade statement.
    Bills,
    /// 资金账单: a day's funds statement.
    FundBills,
    /// 订单同步: show an order in the user's order centre.
    OrderPush,
    /// An access token; each call makes a new one.
    Token,
}

impl Endpoint {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::CreateOrder,
        Self::QueryOrder,
        Self::CreateRefund,
        Self::QueryRefund,
        Self::Settle,
        Self::QuerySettle,
        Self::UnsettleAmount,
        Self::QueryPlatformOrder,
        Self::CreateReturn,
        Self::QueryReturn,
        Self::QueryMerchantBalance,
        Self::MerchantWithdraw,
        Self::QueryWithdrawOrder,
        Self::AddMerchant,
        Self::GetAppMerchant,
        Self::AppAddSubMerchant,
        Self::AddSubMerchant,
        Self::QueryMerchantStatus,
        Self::CreateMerchant,
        Self::Bill,
        Self::Bills,
        Self::FundBills,
        Self::OrderPush,
        Self::Token,
    ];

    /// The path below the platform's base URL.
    pub const fn path(self) -> &'static str {
        match self {
            Self::CreateOrder => "/api/apps/ecpay/v1/create_order",
            Self::QueryOrder => "/api/apps/ecpay/v1/query_order",
            Self::CreateRefund => "/api/apps/ecpay/v1/create_refund",
            Self::QueryRefund => "/api/apps/ecpay/v1/query_refund",
            Self::Settle => "/api/apps/ecpay/v1/settle",
            Self::QuerySettle => "/api/apps/ecpay/v1/query_settle",
            Self::UnsettleAmount => "/api/apps/ecpay/v1/unsettle_amount",
            Self::QueryPlatformOrder => "/api/apps/ecpay/v1/query_platform_order",
            Self::CreateReturn => "/api/apps/ecpay/v1/create_return",
            Self::QueryReturn => "/api/apps/ecpay/v1/query_return",
            Self::QueryMerchantBalance => "/api/apps/ecpay/saas/query_merchant_balance",
            Self::MerchantWithdraw => "/api/apps/ecpay/saas/merchant_withdraw",
            Self::QueryWithdrawOrder => "/api/apps/ecpay/saas/query_withdraw_order",
            Self::AddMerchant => "/api/apps/ecpay/saas/add_merchant",
            Self::GetAppMerchant => "/api/apps/ecpay/saas/get_app_merchant",
            Self::AppAddSubMerchant => "/api/apps/ecpay/saas/app_add_sub_merchant",
            Self::AddSubMerchant => "/api/apps/ecpay/saas/add_sub_merchant",
            Self::QueryMerchantStatus => "/api/apps/ecpay/saas/query_merchant_status",
            Self::CreateMerchant => "/api/apps/ecpay/saas/create_merchant",
            Self::Bill => "/api/apps/bill",
            Self::Bills => "/api/apps/bills",
            Self::FundBills => "/api/apps/fund/bills",
            Self::OrderPush => "/api/apps/order/v2/push",
            Self::Token => "/api/apps/v2/token",
        }
    }

    /// How it is called: bills are fetched with GET, everything else is a POST.
    pub const fn method(self) -> Method {
        match self {
            Self::Bill | Self::Bills | Self::FundBills => Method::Get,
            _ => Method::Post,
        }
    }

    /// A short name: the last part of the path, with `saas_` or `apps_` before it where the general trade system
    /// has a call of the same name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CreateOrder => "create_order",
            Self::QueryOrder => "query_order",
            Self::CreateRefund => "create_refund",
            Self::QueryRefund => "query_refund",
            Self::Settle => "settle",
            Self::QuerySettle => "query_settle",
            Self::UnsettleAmount => "unsettle_amount",
            Self::QueryPlatformOrder => "query_platform_order",
            Self::CreateReturn => "create_return",
            Self::QueryReturn => "query_return",
            Self::QueryMerchantBalance => "saas_query_merchant_balance",
            Self::MerchantWithdraw => "saas_merchant_withdraw",
            Self::QueryWithdrawOrder => "saas_query_withdraw_order",
            Self::AddMerchant => "add_merchant",
            Self::GetAppMerchant => "get_app_merchant",
            Self::AppAddSubMerchant => "app_add_sub_merchant",
            Self::AddSubMerchant => "add_sub_merchant",
            Self::QueryMerchantStatus => "query_merchant_status",
            Self::CreateMerchant => "create_merchant",
            Self::Bill => "apps_bill",
            Self::Bills => "apps_bills",
            Self::FundBills => "apps_fund_bills",
            Self::OrderPush => "order_push",
            Self::Token => "apps_token",
        }
    }

    /// The endpoint of that name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|endpoint| endpoint.name() == name)
    }

    /// The endpoint of that path.
    pub fn of_path(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|endpoint| endpoint.path() == path)
    }

    /// How many calls per second and app we allow ourselves; `None` where no limit is published.
    pub const fn default_limit_per_s(self) -> Option<u32> {
        match self {
            Self::CreateRefund | Self::CreateReturn | Self::QueryReturn => Some(50),
            Self::QueryOrder | Self::QueryRefund | Self::Settle | Self::QuerySettle => Some(30),
            _ => None,
        }
    }

    /// Whether it only asks and changes nothing.
    pub const fn is_query(self) -> bool {
        matches!(
            self,
            Self::QueryOrder
                | Self::QueryRefund
                | Self::QuerySettle
                | Self::UnsettleAmount
                | Self::QueryPlatformOrder
                | Self::QueryReturn
                | Self::QueryMerchantBalance
                | Self::QueryWithdrawOrder
                | Self::QueryMerchantStatus
                | Self::Bill
                | Self::Bills
                | Self::FundBills
        )
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
    use crate::Method;

    #[test]
    fn paths_and_names_lead_back_to_their_call() {
        for endpoint in Endpoint::ALL {
            assert_eq!(Endpoint::of_path(endpoint.path()), Some(endpoint));
            assert_eq!(Endpoint::of_name(endpoint.name()), Some(endpoint));
        }
        assert_eq!(Endpoint::of_path("/api/apps/bills/"), None);
        let got: Vec<_> = Endpoint::ALL.into_iter().filter(|it| it.method() == Method::Get).collect();
        assert_eq!(got, [Endpoint::Bill, Endpoint::Bills, Endpoint::FundBills]);
    }
}
