//! `platform return` and `return-query`: takes a share back, and asks what became of it.

use clap::Args as ClapArgs;
use douyin_pay_protocol::ecpay::{CreateReturn, QueryReturn, ReturnInfo};
use douyin_pay_protocol::{MerchantUid, OutReturnNo, OutSettleNo, ReturnAmount, ReturnDesc};
use serde_json::{Value, json};

use super::columns::{As, Column};
use super::confirm::{Yes, confirm};
use super::ending::{decided, not_done, not_learnt, show};
use super::open::{At, converse};
use super::{platform_no, value};
use crate::exit::{Ended, Failure};
use crate::lang::tell;
use crate::out::Form;
use crate::remote::input;
use crate::story::yuan;

/// A return of a share.
#[derive(Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("of_settlement").required(true).args(["settlement", "settle_no"]))]
pub struct ShareReturn {
    /// 商户退分账号；不要换号重试 · a number of your own; never try again with another one
    #[arg(long, value_name = "NUMBER")]
    number: String,
    /// 商户结算号 · the merchant's number of the settlement
    #[arg(long, value_name = "NUMBER")]
    settlement: Option<String>,
    /// 平台结算号 · the platform's number of the settlement
    #[arg(long, value_name = "ID")]
    settle_no: Option<String>,
    /// 退回的分账方商户号 · who gives back
    #[arg(long, value_name = "UID")]
    merchant: String,
    /// 金额（元） · amount in yuan, such as 0.60
    #[arg(long, value_name = "YUAN")]
    amount: String,
    /// 退分账说明 · why
    #[arg(long, value_name = "TEXT", default_value = "退分账")]
    description: String,
    #[command(flatten)]
    yes: Yes,
    #[command(flatten)]
    at: At,
}

/// Which return.
#[derive(Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("which_return").required(true).args(["number", "return_no"]))]
pub struct Query {
    /// 商户退分账号 · the merchant's number of the return
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// 平台退分账号 · the platform's number of the return
    #[arg(long, value_name = "ID")]
    return_no: Option<String>,
    #[command(flatten)]
    at: At,
}

const COLUMNS: &[Column] = &[
    Column("退分账", "return", "out_return_no", As::Plain),
    Column("平台单号", "platform's number", "return_no", As::Plain),
    Column("结算", "settlement", "out_settle_no", As::Plain),
    Column("平台结算号", "platform's settlement", "settle_no", As::Plain),
    Column("分账方", "from", "merchant_uid", As::Plain),
    Column("金额", "amount", "return_amount", As::Yuan),
    Column("状态", "state", "return_status", As::Plain),
    Column("时间", "at", "finish_time", As::Time),
    Column("原因", "why", "fail_reason", As::Plain),
];

/// Takes a share back; the books learn nothing of it.
pub(super) fn run(args: &ShareReturn, form: Form) -> Ended {
    let number = value("--number", OutReturnNo::new(&args.number))?;
    let uid = value("--merchant", MerchantUid::new(&args.merchant))?;
    let amount = input::yuan("--amount", &args.amount)?;
    let ask = request(args, &number, &uid, amount)?;
    let client = args.at.open()?.ecpay()?;
    let shown = yuan(amount.get());
    let what = tell!(
        "从商户 {uid} 收回分账 {shown}，退分账号 {number}；账本不会知道，要入账请用 `douyin-pay return create`",
        "take {shown} back from merchant {uid}, number {number}; the books learn nothing of it, `douyin-pay return create` \
         tells them"
    );
    confirm(&args.yes, &what)?;
    let at = args.at.again();
    converse(async {
        let query = format!("douyin-pay platform return-query --number {number}{at}");
        let answer = client.create_return(&ask).await.map_err(|error| not_done(&error, &query))?;
        show(form, &facts(&answer), answer.log_id.as_deref(), COLUMNS);
        decided(answer.return_status.as_str(), answer.fail_reason.as_deref())
    })
}

fn request(
    args: &ShareReturn,
    number: &OutReturnNo,
    uid: &MerchantUid,
    amount: douyin_pay_protocol::Fen,
) -> Result<CreateReturn, Failure> {
    let amount = ReturnAmount::new(amount)
        .map_err(|refused| Failure::usage(format!("`--amount {}`: {refused}", args.amount)))?;
    let why = value("--description", ReturnDesc::new(&args.description))?;
    let (number, uid) = (number.clone(), uid.clone());
    match (&args.settlement, &args.settle_no) {
        (Some(ours), theirs) => {
            let ours = value("--settlement", OutSettleNo::new(ours))?;
            let ask = CreateReturn::by_out_settle_no(ours, number, uid, amount, why);
            let theirs = theirs.as_deref().map(|text| platform_no("--settle-no", text)).transpose()?;
            Ok(theirs.into_iter().fold(ask, CreateReturn::settle_no))
        }
        (None, theirs) => {
            let theirs = platform_no("--settle-no", theirs.as_deref().unwrap_or_default())?;
            Ok(CreateReturn::by_settle_no(theirs, number, uid, amount, why))
        }
    }
}

/// Asks what became of a return.
pub(super) fn query(args: &Query, form: Form) -> Ended {
    let ask = match (&args.number, &args.return_no) {
        (Some(number), _) => QueryReturn::by_out_return_no(value("--number", OutReturnNo::new(number))?),
        (None, theirs) => {
            QueryReturn::by_return_no(platform_no("--return-no", theirs.as_deref().unwrap_or_default())?)
        }
    };
    let client = args.at.open()?.ecpay()?;
    converse(async {
        let answer = client.query_return(&ask).await.map_err(|error| not_learnt(&error))?;
        show(form, &facts(&answer), answer.log_id.as_deref(), COLUMNS);
        decided(answer.return_status.as_str(), answer.fail_reason.as_deref())
    })
}

fn facts(info: &ReturnInfo) -> Value {
    json!({
        "app_id": info.app_id, "thirdparty_id": info.thirdparty_id, "settle_no": info.settle_no,
        "out_settle_no": info.out_settle_no, "out_return_no": info.out_return_no, "return_no": info.return_no,
        "merchant_uid": info.merchant_uid, "return_amount": info.return_amount,
        "return_status": info.return_status.as_str(), "fail_reason": info.fail_reason,
        "finish_time": info.finish_time.map(|at| at.get()), "cp_extra": info.cp_extra,
    })
}
