//! Columns by what their names say, in whatever order they stand.

use std::sync::Arc;

use super::BillError;
use super::cells::{Unit, value};
use super::refusal::shortened;
use crate::ecpay::bill::BillKind;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Index,
    At,
    MerchantUid,
    OutOrderNo,
    OrderId,
    ChannelNo,
    Amount,
    Way,
    Status,
    OutNo,
    PlatformNo,
    OpAmount,
    Fee,
    Commission,
    Shares,
    /// Whoever gives a share back.
    Receiver,
    FinishedAt,
    /// Without a place of its own.
    Extra,
}

use BillKind as K;
use Column as C;

/// Names with the same meaning in all kinds of bill.
const EVERYWHERE: &[(&str, Column)] = &[
    ("序号", C::Index),
    ("商户号", C::MerchantUid),
    ("卖家商户号", C::MerchantUid),
    ("收款商户号", C::MerchantUid),
    ("订单号", C::OutOrderNo),
    ("商户订单号", C::OutOrderNo),
    ("开发者订单号", C::OutOrderNo),
    ("平台订单号", C::OrderId),
    ("抖音订单号", C::OrderId),
    ("渠道订单号", C::ChannelNo),
    ("支付渠道订单号", C::ChannelNo),
    ("订单金额", C::Amount),
    ("支付方式", C::Way),
    ("支付渠道", C::Way),
    ("状态", C::Status),
    ("技术服务费", C::Fee),
    ("手续费", C::Fee),
    ("抽佣金额", C::Commission),
    ("佣金", C::Commission),
    ("分账方和分账金额", C::Shares),
    ("分账方及分账金额", C::Shares),
    ("完成时间", C::FinishedAt),
];

/// Names that mean the operation itself in bills of one kind.
const OF_KIND: &[(BillKind, &str, Column)] = &[
    (K::Payment, "支付时间", C::At),
    (K::Payment, "支付状态", C::Status),
    (K::Payment, "支付金额", C::Amount),
    (K::Settle, "分账时间", C::At),
    (K::Settle, "结算时间", C::At),
    (K::Settle, "分账状态", C::Status),
    (K::Settle, "结算状态", C::Status),
    (K::Settle, "分账单号", C::OutNo),
    (K::Settle, "结算单号", C::OutNo),
    (K::Settle, "商户分账单号", C::OutNo),
    (K::Settle, "平台分账单号", C::PlatformNo),
    (K::Settle, "平台结算单号", C::PlatformNo),
    (K::Settle, "分账金额", C::OpAmount),
    (K::Settle, "结算金额", C::OpAmount),
    (K::Settle, "分账完成时间", C::FinishedAt),
    (K::Refund, "退款时间", C::At),
    (K::Refund, "退款状态", C::Status),
    (K::Refund, "退款单号", C::OutNo),
    (K::Refund, "商户退款单号", C::OutNo),
    (K::Refund, "平台退款单号", C::PlatformNo),
    (K::Refund, "退款金额", C::OpAmount),
    (K::Refund, "退款完成时间", C::FinishedAt),
    (K::Return, "退分账时间", C::At),
    (K::Return, "回退时间", C::At),
    (K::Return, "退分账状态", C::Status),
    (K::Return, "回退状态", C::Status),
    (K::Return, "退分账单号", C::OutNo),
    (K::Return, "回退单号", C::OutNo),
    (K::Return, "平台退分账单号", C::PlatformNo),
    (K::Return, "平台回退单号", C::PlatformNo),
    (K::Return, "退分账金额", C::OpAmount),
    (K::Return, "回退金额", C::OpAmount),
    (K::Return, "退分账完成时间", C::FinishedAt),
    (K::Return, "回退完成时间", C::FinishedAt),
    (K::Return, "分账方商户号", C::Receiver),
    (K::Return, "退分账方商户号", C::Receiver),
    (K::Return, "分账方", C::Receiver),
    (K::Withdraw, "提现时间", C::At),
    (K::Withdraw, "提现状态", C::Status),
    (K::Withdraw, "提现单号", C::OutNo),
    (K::Withdraw, "商户提现单号", C::OutNo),
    (K::Withdraw, "平台提现单号", C::PlatformNo),
    (K::Withdraw, "提现金额", C::OpAmount),
    (K::Withdraw, "提现渠道", C::Way),
    (K::Withdraw, "提现完成时间", C::FinishedAt),
    (K::Withdraw, "到账时间", C::FinishedAt),
    (K::Rebate, "返佣时间", C::At),
    (K::Rebate, "返佣金额", C::OpAmount),
    (K::Rebate, "返佣状态", C::Status),
    (K::AnnualRebate, "年返时间", C::At),
    (K::AnnualRebate, "年返金额", C::OpAmount),
    (K::AnnualRebate, "年返状态", C::Status),
    (K::Fund, "记账时间", C::At),
    (K::Fund, "入账时间", C::At),
    (K::Fund, "交易时间", C::At),
    (K::Fund, "金额", C::OpAmount),
    (K::Fund, "交易金额", C::OpAmount),
    (K::Fund, "资金流水号", C::PlatformNo),
    (K::Fund, "流水号", C::PlatformNo),
];

/// The columns of a bill.
#[derive(Debug)]
pub(super) struct Header {
    texts: Vec<Box<str>>,
    columns: Vec<Named>,
}

/// One column.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: Arc<str>,
    pub(super) column: Column,
    /// The unit behind its name: `订单金额(元)`.
    pub(super) unit: Option<Unit>,
}

impl Header {
    /// The columns, if this line names them.
    pub(super) fn of(texts: &[String], kind: BillKind) -> Result<Option<Self>, BillError> {
        let named = texts.iter().rposition(|text| !value(text).is_empty()).map_or(0, |last| last + 1);
        let texts = &texts[..named];
        let mut columns: Vec<Named> = Vec::with_capacity(named);
        for text in texts {
            let (name, unit) = split_unit(value(text));
            let column = meaning(name, kind);
            // A second column of the same meaning is kept beside the first.
            let taken = columns.iter().any(|earlier| earlier.column == column);
            let column = if taken { Column::Extra } else { column };
            columns.push(Named { name: value(text).into(), column, unit });
        }
        let header = Self { texts: texts.iter().map(|text| value(text).into()).collect(), columns };
        if !header.is_one(kind) {
            return Ok(None);
        }
        header.check(kind)?;
        Ok(Some(header))
    }

    pub(super) fn texts(&self) -> &[Box<str>] {
        &self.texts
    }

    pub(super) fn into_texts(self) -> Vec<Box<str>> {
        self.texts
    }

    pub(super) fn columns(&self) -> &[Named] {
        &self.columns
    }

    fn has(&self, column: Column) -> bool {
        self.columns.iter().any(|named| named.column == column)
    }

    /// Two names that are known, or one of another kind of bill. The columns of movements are not published: there
    /// one that is known will do, or several texts without a number.
    fn is_one(&self, kind: BillKind) -> bool {
        let known = self.columns.iter().filter(|named| named.column != Column::Extra).count();
        let is_text = |text: &str| !text.is_empty() && !text.bytes().any(|byte| byte.is_ascii_digit());
        let texts = || self.texts.len() > 1 && self.texts.iter().all(|text| is_text(text));
        known > 1 || kind == BillKind::Fund && (known == 1 || texts())
    }

    /// Whether it is a bill of that kind and has what rows are known by.
    fn check(&self, kind: BillKind) -> Result<(), BillError> {
        let shows = |other: BillKind| {
            let names = OF_KIND.iter().filter(|(of, _, column)| *of == other && *column == Column::Status);
            names.into_iter().any(|(_, name, _)| self.texts.iter().any(|text| **text == **name))
        };
        if kind != BillKind::Fund
            && !shows(kind)
            && let Some(found) = BillKind::ALL.into_iter().find(|other| shows(*other))
        {
            return Err(BillError::OtherKind { asked: kind, found });
        }
        let has_number = self.has(Column::OutOrderNo) || self.has(Column::OrderId);
        let has_operation = self.has(Column::OutNo) || self.has(Column::PlatformNo);
        let missing = match kind {
            BillKind::Payment if !has_number => Some("the order's number (`订单号`)"),
            BillKind::Payment if !self.has(Column::Amount) => Some("the amount (`订单金额`)"),
            BillKind::Settle if !has_number => Some("the order's number (`订单号`)"),
            BillKind::Refund if !has_operation => Some("the refund's number (`退款单号`)"),
            BillKind::Refund if !self.has(Column::OpAmount) => Some("the amount (`退款金额`)"),
            BillKind::Return if !has_operation => Some("the return's number (`退分账单号`)"),
            BillKind::Return if !self.has(Column::OpAmount) => Some("the amount (`退分账金额`)"),
            _ => None,
        };
        let columns = || shortened(&self.texts.join(","));
        missing.map_or(Ok(()), |what| Err(BillError::NoColumn { what, columns: columns() }))
    }
}

fn meaning(name: &str, kind: BillKind) -> Column {
    let of_kind = OF_KIND.iter().find(|(of, known, _)| *of == kind && *known == name);
    let everywhere = || EVERYWHERE.iter().find(|(known, _)| *known == name);
    of_kind
        .map(|(_, _, column)| *column)
        .or_else(|| everywhere().map(|(_, column)| *column))
        .unwrap_or(C::Extra)
}

/// A name and the unit in brackets behind it.
fn split_unit(name: &str) -> (&str, Option<Unit>) {
    for (brackets, unit) in [(["(元)", "（元）"], Unit::Yuan), (["(分)", "（分）"], Unit::Fen)] {
        if let Some(name) = brackets.iter().find_map(|bracket| name.strip_suffix(bracket)) {
            return (name.trim_end(), Some(unit));
        }
    }
    (name, None)
}
