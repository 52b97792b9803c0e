//! What a cell says: an amount, a moment, a state, who shared how much.

use std::str::FromStr;

use crate::ecpay::PayWay;
use crate::ecpay::bill::RowStatus;
use crate::{Fen, FenError, MerchantUid, UnixMs};

/// What an amount without a unit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 分: whole fen, never with a decimal point.
    Fen,
    /// 元: yuan, with a decimal point.
    Yuan,
}

impl Unit {
    /// The word for it: `fen` or `yuan`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fen => "fen",
            Self::Yuan => "yuan",
        }
    }

    /// The unit of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Fen, Self::Yuan].into_iter().find(|unit| unit.as_str() == word)
    }
}

impl FromStr for Unit {
    type Err = UnknownUnit;

    fn from_str(word: &str) -> Result<Self, UnknownUnit> {
        Self::of_word(word).ok_or(UnknownUnit)
    }
}

/// A word that is no unit of amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not yuan or fen")]
pub struct UnknownUnit;

/// What the amounts of one bill count, learnt from the first one that tells.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Amounts {
    unit: Option<Unit>,
    /// Somebody said so, so that yuan need no decimal point.
    told: bool,
}

/// Why a cell is not an amount.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoAmount {
    /// It has a decimal point where others have none, or the other way round.
    OtherUnit,
    /// It is wrong by itself.
    Problem(String),
}

impl Amounts {
    /// All of them are in this unit.
    pub(super) fn of(unit: Unit) -> Self {
        Self { unit: Some(unit), told: true }
    }

    pub(super) fn unit(self) -> Option<Unit> {
        self.unit
    }

    /// Reads an amount; an empty cell is none. Nothing is nothing in either unit.
    pub(super) fn read(&mut self, cell: &str) -> Result<Option<Fen>, NoAmount> {
        let digits = cell.strip_prefix(['¥', '￥']).unwrap_or(cell).trim();
        if digits.is_empty() {
            return Ok(None);
        }
        if digits.starts_with('-') {
            return Err(NoAmount::Problem(format!("`{}` is negative; amounts are 0 or more", short(digits))));
        }
        let written = if digits.contains('.') { Unit::Yuan } else { Unit::Fen };
        let as_yuan = written == Unit::Yuan || self.told && self.unit == Some(Unit::Yuan);
        let problem = |cause: FenError| NoAmount::Problem(cause.to_string());
        let amount = if as_yuan { Fen::from_yuan(digits).map_err(problem)? } else { whole(digits)? };
        if amount == Fen::ZERO {
            return Ok(Some(amount));
        }
        match (self.unit, self.told) {
            (None, _) => self.unit = Some(written),
            (Some(Unit::Yuan), true) => {}
            (Some(unit), _) if unit == written => {}
            _ => return Err(NoAmount::OtherUnit),
        }
        Ok(Some(amount))
    }
}

/// A whole number of fen.
fn whole(digits: &str) -> Result<Fen, NoAmount> {
    let wrong = || NoAmount::Problem(format!("`{}` is not an amount; it has digits only", short(digits)));
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let fen = digits.parse().map_err(|_| wrong())?;
    Fen::new(fen).map_err(|cause| NoAmount::Problem(cause.to_string()))
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// The value inside a cell: without white space, and without what keeps office programs from taking a number of
/// twenty digits for a float. A dash or `null` stands for nothing.
pub(super) fn value(cell: &str) -> &str {
    let cell = cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '`' | '\u{feff}'));
    let cell = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell);
    let cell = cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell);
    let cell = cell.strip_prefix('\'').unwrap_or(cell).trim();
    if matches!(cell, "-" | "--" | "/" | "null" | "NULL" | "\\N") { "" } else { cell }
}

/// A moment: the platform's Beijing time, with dashes or strokes, or Unix seconds or milliseconds.
pub(super) fn moment(text: &str) -> Option<UnixMs> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return match (text.len(), text.parse().ok()?) {
            (10, seconds) => Some(UnixMs::from_seconds(seconds)),
            (13, ms) => Some(UnixMs::new(ms)),
            _ => None,
        };
    }
    UnixMs::parse_beijing(text)
        .or_else(|| text.contains('/').then(|| UnixMs::parse_beijing(&text.replace('/', "-"))).flatten())
}

/// The platform's number of a channel.
pub(super) fn way(text: &str) -> Option<i64> {
    let way = match text {
        "微信" | "微信支付" | "wx" | "WX" => PayWay::WeChat,
        "支付宝" | "支付宝支付" | "alipay" | "ALIPAY" => PayWay::Alipay,
        "银行卡" | "银行卡支付" => PayWay::BankCard,
        "抖音支付" | "抖音" | "hz" | "HZ" => PayWay::DouyinPay,
        digits => return digits.parse().ok(),
    };
    Some(way.number())
}

/// What became of the operation, in whatever words the kind of bill has for it.
pub(super) fn status(text: &str) -> RowStatus {
    match text {
        "SUCCESS" | "已支付" | "已退款" | "已结算" | "已到账" | "已完成" => RowStatus::Success,
        "PROCESSING" | "处理中" => RowStatus::Processing,
        "FAIL" | "FAILED" => RowStatus::Failed,
        text if text.starts_with(['未', '不', '待', '部']) => RowStatus::Other(text.into()),
        text if text.ends_with("成功") => RowStatus::Success,
        text if text.ends_with("失败") => RowStatus::Failed,
        text if text.ends_with('中') => RowStatus::Processing,
        text => RowStatus::Other(text.into()),
    }
}

/// Who shared and how much: `商户号6964…-分成金额(分)60`, one behind the other, or `6964…:60`. `None` when it is
/// written in another way.
pub(super) fn shares(text: &str, amounts: &mut Amounts) -> Option<Vec<(MerchantUid, Fen)>> {
    let pieces = text.split([';', '；', ',', '，', '|', '、', '\n']).map(str::trim);
    pieces.filter(|piece| !piece.is_empty()).map(|piece| share(piece, amounts)).collect()
}

fn share(piece: &str, amounts: &mut Amounts) -> Option<(MerchantUid, Fen)> {
    let piece = piece.strip_prefix("商户号").unwrap_or(piece).trim_start_matches([':', '：', ' ']);
    let (uid, rest) = piece.split_at(piece.find(|c: char| !c.is_ascii_alphanumeric())?);
    let uid = MerchantUid::new(uid).ok()?;
    let begins = rest
        .rfind(|c: char| !c.is_ascii_digit() && c != '.')
        .map_or(0, |at| at + rest[at..].chars().next().map_or(0, char::len_utf8));
    let (label, digits) = rest.split_at(begins);
    let amount = match (label.contains("(分)"), label.contains("(元)")) {
        (true, _) => Amounts::of(Unit::Fen).read(digits),
        (_, true) => Amounts::of(Unit::Yuan).read(digits),
        _ => amounts.read(digits),
    };
    Some((uid, amount.ok().flatten()?))
}

#[cfg(test)]
mod tests {
    use super::{Amounts, NoAmount, Unit, moment, shares, status, value, way};
    use crate::ecpay::bill::RowStatus;

    fn read(amounts: &mut Amounts, cell: &str) -> Result<Option<i64>, NoAmount> {
        amounts.read(cell).map(|amount| amount.map(crate::Fen::get))
    }

    #[test]
    fn the_first_amount_that_is_not_zero_tells_the_unit() {
        let mut yuan = Amounts::default();
        for (cell, fen) in [("0", 0), ("12.80", 1280), ("0", 0), ("¥0.5", 50), ("￥1.00", 100)] {
            assert_eq!(read(&mut yuan, cell), Ok(Some(fen)), "{cell}");
        }
        assert_eq!(yuan.unit(), Some(Unit::Yuan));
        assert_eq!(read(&mut yuan, "12"), Err(NoAmount::OtherUnit));
        let mut fen = Amounts::default();
        assert_eq!(read(&mut fen, "1280"), Ok(Some(1280)));
        assert_eq!(read(&mut fen, "0.00"), Ok(Some(0)));
        assert_eq!(read(&mut fen, "12.80"), Err(NoAmount::OtherUnit));
        assert_eq!(read(&mut fen, ""), Ok(None));
        let mut told = Amounts::of(Unit::Yuan);
        assert_eq!(read(&mut told, "12"), Ok(Some(1200)));
        assert_eq!(read(&mut Amounts::of(Unit::Fen), "12.00"), Err(NoAmount::OtherUnit));
    }

    #[test]
    fn what_is_no_amount_is_said() {
        for cell in
            ["-1", "-0.01", "1e3", "1,000", "+1", "1.234", ".5", "1.", "十", "0x1", "99999999999999", "NaN"]
        {
            assert!(matches!(read(&mut Amounts::default(), cell), Err(NoAmount::Problem(_))), "{cell}");
        }
    }

    #[test]
    fn values_are_taken_out_of_their_wrappings() {
        for cell in
            ["42", " 42\t", "`42", "`42`", "=\"42\"", "'42", "\"42\"", "` \"42\"", "\u{feff}42\u{3000}"]
        {
            assert_eq!(value(cell), "42", "{cell}");
        }
        for cell in ["", " ", "`", "-", "--", "null", "`-"] {
            assert_eq!(value(cell), "", "{cell}");
        }
    }

    #[test]
    fn moments_channels_and_states() {
        let at = moment("2024-01-01 08:00:00");
        assert_eq!(at.map(crate::UnixMs::get), Some(1_704_067_200_000));
        for text in ["2024/01/01 08:00:00", "1704067200", "1704067200000"] {
            assert_eq!(moment(text), at, "{text}");
        }
        assert_eq!(moment("yesterday"), None);
        assert_eq!(
            ["微信", "支付宝", "抖音支付", "10", "?"].map(way),
            [Some(1), Some(2), Some(10), Some(10), None]
        );
        for (text, state) in [
            ("支付成功", RowStatus::Success),
            ("SUCCESS", RowStatus::Success),
            ("退款中", RowStatus::Processing),
            ("分账失败", RowStatus::Failed),
            ("未成功", RowStatus::Other("未成功".into())),
            ("部分退款成功", RowStatus::Other("部分退款成功".into())),
            ("REEXCHANGE", RowStatus::Other("REEXCHANGE".into())),
        ] {
            assert_eq!(status(text), state, "{text}");
        }
    }

    #[test]
    fn shares_in_the_platforms_words() {
        let of = |text: &str| {
            let shares = shares(text, &mut Amounts::default())?;
            Some(
                shares
                    .into_iter()
                    .map(|(uid, amount)| format!("{uid} {amount}"))
                    .collect::<Vec<_>>()
                    .join(","),
            )
        };
        let (one, two) =
            ("69645835031835936200 0.60", "69645835031835936200 0.60,70775300146143419322 12.72");
        assert_eq!(of("商户号69645835031835936200-分成金额(分)60").as_deref(), Some(one));
        assert_eq!(
            of("商户号69645835031835936200-分成金额(分)60;商户号70775300146143419322-分成金额(分)1272")
                .as_deref(),
            Some(two)
        );
        assert_eq!(of("69645835031835936200:0.60|70775300146143419322:12.72").as_deref(), Some(two));
        assert_eq!(of("69645835031835936200"), None);
        assert_eq!(of("somebody got something"), None);
    }
}
