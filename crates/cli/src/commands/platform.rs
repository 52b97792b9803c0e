//! `douyin-pay platform`: talk to the platform directly, with an app's secrets and without a service.
//!
//! The books learn nothing of it. Queries change nothing; what writes asks for a yes.

mod audit;
mod balance;
mod bill;
mod bills;
mod columns;
mod confirm;
mod cps;
mod ending;
mod fulfil;
mod fund_bills;
mod link;
mod merchant;
mod merchant_status;
mod open;
mod order;
mod platform_order;
mod push;
mod refund;
mod settlement;
mod share_return;
mod statement;
mod tags;
mod token;
mod unsettled;
mod withdraw;
mod withdrawal;

use clap::Subcommand;
use douyin_pay_protocol::PlatformNo;

use crate::exit::{Ended, Failure};
use crate::out::Form;

/// What to ask of the platform.
#[derive(Debug, Subcommand)]
pub enum What {
    /// 查询订单 · what became of an order
    Order(order::Order),
    /// 查询退款 · what became of a refund, or of an order's refunds
    Refund(refund::Refund),
    /// 查询结算 · what became of a settlement, or of an order's settlements
    Settlement(settlement::Settlement),
    /// 还能结算多少（担保支付） · how much of an order can still be settled; guaranteed payment
    Unsettled(unsettled::Unsettled),
    /// 平台自动做的结算（担保支付） · settlements that the platform made by itself; guaranteed payment
    PlatformOrder(platform_order::PlatformOrder),
    /// 退分账（担保支付，写） · take a share back; guaranteed payment; writes
    Return(share_return::ShareReturn),
    /// 查询退分账（担保支付） · what became of a return; guaranteed payment
    ReturnQuery(share_return::Query),
    /// 进件或余额页面的链接（担保支付） · link to the page of a merchant's account; guaranteed payment
    #[command(subcommand)]
    Link(link::Link),
    /// 进件状态（担保支付） · how far the opening of a merchant's account is; guaranteed payment
    Merchant(merchant_status::Merchant),
    /// 订单同步（担保支付，写） · tell the order centre how far an order is; guaranteed payment; writes
    Push(push::Push),
    /// 标签组及其退款规则 · tag groups with their refund rules
    Tags(tags::Tags),
    /// 订单的佣金 · commission of an order
    Cps(cps::Cps),
    /// 审核用户发起的退款（写） · decide on a refund that the payer applied for; writes
    Audit(audit::Audit),
    /// 推送履约状态（写） · tell how far the delivery is; writes
    Fulfil(fulfil::Fulfil),
    /// 商户余额 · a merchant's balance
    Balance(balance::Balance),
    /// 提现（写） · withdraw a merchant's balance; writes
    Withdraw(withdraw::Withdraw),
    /// 查询提现 · what became of a withdrawal
    Withdrawal(withdrawal::Withdrawal),
    /// 交易账单 · a day's trade statement; of general trade, its addresses
    Bills(bills::Bills),
    /// 旧版对账单（担保支付） · the statement of some days in its old form; guaranteed payment
    Bill(bill::Bill),
    /// 资金账单 · a day's funds statement; of general trade, its addresses
    FundBills(fund_bills::FundBills),
    /// 能否换到 access token（不显示 token） · whether there is an access token; it is not shown
    Token(token::Token),
}

/// Runs one of the platform commands.
///
/// # Errors
/// [`Failure::Usage`] for input that cannot be sent. What the platform refuses ends with 1, what it did not answer with 3,
/// each with the next step.
pub fn run(what: What, form: Form) -> Ended {
    match what {
        What::Order(args) => order::run(&args, form),
        What::Refund(args) => refund::run(&args, form),
        What::Settlement(args) => settlement::run(&args, form),
        What::Unsettled(args) => unsettled::run(&args, form),
        What::PlatformOrder(args) => platform_order::run(&args, form),
        What::Return(args) => share_return::run(&args, form),
        What::ReturnQuery(args) => share_return::query(&args, form),
        What::Link(link) => link::run(&link, form),
        What::Merchant(args) => merchant_status::run(&args, form),
        What::Push(args) => push::run(&args, form),
        What::Tags(args) => tags::run(&args, form),
        What::Cps(args) => cps::run(&args, form),
        What::Audit(args) => audit::run(&args, form),
        What::Fulfil(args) => fulfil::run(&args, form),
        What::Balance(args) => balance::run(&args, form),
        What::Withdraw(args) => withdraw::run(&args, form),
        What::Withdrawal(args) => withdrawal::run(&args, form),
        What::Bills(args) => bills::run(&args, form),
        What::Bill(args) => bill::run(&args, form),
        What::FundBills(args) => fund_bills::run(&args, form),
        What::Token(args) => token::run(&args, form),
    }
}

/// An option's value, as its type takes it.
fn value<T>(option: &str, made: Result<T, douyin_pay_protocol::FieldError>) -> Result<T, Failure> {
    made.map_err(|refused| Failure::usage(format!("`{option}`: {refused}")))
}

/// The platform's number of something.
fn platform_no(option: &str, text: &str) -> Result<PlatformNo, Failure> {
    value(option, PlatformNo::new(text))
}
