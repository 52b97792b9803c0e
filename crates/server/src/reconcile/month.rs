//! A month of the books per merchant: what came in, went out, is left.
//!
//! Every figure is of what *happened* in the month, by the platform's time of payment or end, in both payment
//! systems; a payment of May that is refunded in June is in May's gross and in June's refund. Amounts in another
//! currency than CNY are left out.

use std::collections::BTreeMap;

use douyin_pay_protocol::ecpay::bill::BillKind;
use douyin_pay_protocol::{AppId, Fen};

use super::pages::Pages;
use super::{Month, RunError};
use crate::store::{Ours, Reads};

/// The bills that together are a month.
const PARTS: [BillKind; 4] = [BillKind::Payment, BillKind::Refund, BillKind::Settle, BillKind::Return];

/// A merchant's month. Amounts are fen; `shared_in_fen` and what follows from it may be negative.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MerchantMonth {
    /// The merchant; `None` gathers what the platform named no seller for, and returns of which it told no giver.
    pub merchant_uid: Option<String>,
    /// Payments received.
    pub payments: u64,
    /// Their sum: the orders' totals.
    pub gross_fen: i64,
    /// Refunds that succeeded of the seller's orders.
    pub refund_fen: i64,
    /// The platform's fee on settlements that succeeded of the seller's orders.
    pub fee_fen: i64,
    /// The promoters' commission on these settlements.
    pub commission_fen: i64,
    /// What others got out of these settlements, less what came back from them.
    pub shared_out_fen: i64,
    /// What the merchant got out of other sellers' settlements, less what was taken back.
    pub shared_in_fen: i64,
    /// `gross − refund − fee − commission − shared_out + shared_in`. Summed over all merchants: gross − refund − fee −
    /// commission.
    pub net_fen: i64,
    /// Settlements whose fee the platform has not told: `fee_fen` lacks theirs.
    pub fees_unknown: u64,
}

/// Adds up a month, by merchant.
///
/// # Errors
/// When the books cannot be read, or a sum becomes too large.
pub async fn month(reads: &dyn Reads, app_id: &AppId, month: Month) -> Result<Vec<MerchantMonth>, RunError> {
    let mut sums = Sums::default();
    for kind in PARTS {
        let mut pages = Pages::new(app_id.clone(), kind, month.span(), false);
        while let Some(page) = pages.next(reads).await? {
            page.iter().try_for_each(|ours| sums.add(kind, ours)).ok_or(RunError::TooLarge)?;
        }
    }
    sums.finish().ok_or(RunError::TooLarge)
}

#[derive(Default)]
struct Sums(BTreeMap<Option<String>, MerchantMonth>);

impl Sums {
    /// `None` when a sum becomes too large.
    fn add(&mut self, kind: BillKind, ours: &Ours) -> Option<()> {
        let amount = ours.amount.get();
        match kind {
            BillKind::Payment => {
                let seller = self.of(ours.seller_uid.as_deref());
                seller.payments += 1;
                seller.gross_fen = seller.gross_fen.checked_add(amount)?;
            }
            BillKind::Refund => {
                let seller = self.of(ours.seller_uid.as_deref());
                seller.refund_fen = seller.refund_fen.checked_add(amount)?;
            }
            BillKind::Settle => {
                let seller = self.of(ours.seller_uid.as_deref());
                seller.fees_unknown += u64::from(ours.fee.is_none());
                seller.fee_fen = seller.fee_fen.checked_add(ours.fee.map_or(0, Fen::get))?;
                seller.commission_fen =
                    seller.commission_fen.checked_add(ours.commission.map_or(0, Fen::get))?;
                ours.shares
                    .iter()
                    .try_for_each(|(uid, share)| self.share(ours, Some(uid.as_str()), share.get()))?;
            }
            BillKind::Return => {
                // Of the platform's own return nobody may have told who gives.
                let giver = ours.shares.first().map(|(uid, _)| uid.as_str());
                self.share(ours, giver, amount.checked_neg()?)?;
            }
            BillKind::Withdraw | BillKind::Rebate | BillKind::AnnualRebate | BillKind::Fund => {}
        }
        Some(())
    }

    /// From the seller to a receiver; a negative amount comes back. What the seller keeps is no share: the platform
    /// lists it too.
    fn share(&mut self, ours: &Ours, receiver: Option<&str>, amount: i64) -> Option<()> {
        if receiver == ours.seller_uid.as_deref() {
            return Some(());
        }
        let seller = self.of(ours.seller_uid.as_deref());
        seller.shared_out_fen = seller.shared_out_fen.checked_add(amount)?;
        let receiver = self.of(receiver);
        receiver.shared_in_fen = receiver.shared_in_fen.checked_add(amount)?;
        Some(())
    }

    fn of(&mut self, uid: Option<&str>) -> &mut MerchantMonth {
        let uid = uid.filter(|uid| !uid.is_empty()).map(str::to_owned);
        self.0
            .entry(uid.clone())
            .or_insert_with(|| MerchantMonth { merchant_uid: uid, ..MerchantMonth::default() })
    }

    fn finish(self) -> Option<Vec<MerchantMonth>> {
        let net = |mut month: MerchantMonth| {
            month.net_fen = month
                .gross_fen
                .checked_sub(month.refund_fen)?
                .checked_sub(month.fee_fen)?
                .checked_sub(month.commission_fen)?
                .checked_sub(month.shared_out_fen)?
                .checked_add(month.shared_in_fen)?;
            Some(month)
        };
        self.0.into_values().map(net).collect()
    }
}

#[cfg(test)]
mod tests {
    use douyin_pay_ledger::{OperationState, OrderId};
    use douyin_pay_protocol::MerchantUid;

    use super::*;
    use crate::store::OurState;

    fn ours(amount: i64, seller: &str, fee: Option<i64>, shares: &[(&str, i64)]) -> Ours {
        let fen = |fen| Fen::new(fen).expect("an amount");
        Ours {
            order: OrderId::from_i64(1).expect("an id"),
            place: None,
            out_order_no: "O1".into(),
            number: "O1".into(),
            state: OurState::Operation(OperationState::Succeeded),
            asked_here: true,
            amount: fen(amount),
            fee: fee.map(fen),
            commission: fee.map(|_| fen(1)),
            shares: shares
                .iter()
                .map(|(uid, part)| (MerchantUid::new(*uid).expect("a uid"), fen(*part)))
                .collect(),
            at: None,
            seller_uid: (!seller.is_empty()).then(|| seller.into()),
            platform_no: None,
        }
    }

    #[test]
    fn every_fen_goes_to_one_merchant() {
        let mut sums = Sums::default();
        for (kind, ours) in [
            (BillKind::Payment, ours(1000, "seller", None, &[])),
            (BillKind::Payment, ours(500, "seller", None, &[])),
            (BillKind::Payment, ours(70, "", None, &[])),
            (BillKind::Refund, ours(200, "seller", None, &[])),
            (BillKind::Settle, ours(1300, "seller", Some(8), &[("partner", 300), ("other", 50)])),
            (BillKind::Settle, ours(10, "seller", None, &[])),
            (BillKind::Settle, ours(100, "seller", Some(0), &[("seller", 99)])),
            (BillKind::Return, ours(30, "seller", None, &[("partner", 30)])),
            (BillKind::Return, ours(5, "seller", None, &[])),
            (BillKind::Withdraw, ours(9999, "seller", None, &[])),
        ] {
            sums.add(kind, &ours).expect("small sums");
        }
        let months = sums.finish().expect("small sums");
        let brief: Vec<_> = months
            .iter()
            .map(|one| {
                (
                    one.merchant_uid.as_deref(),
                    one.gross_fen,
                    one.shared_out_fen,
                    one.shared_in_fen,
                    one.net_fen,
                )
            })
            .collect();
        assert_eq!(
            brief,
            [
                (None, 70, 0, -5, 65),
                (Some("other"), 0, 0, 50, 50),
                (Some("partner"), 0, 0, 270, 270),
                (Some("seller"), 1500, 315, 0, 1500 - 200 - 8 - 2 - 315),
            ]
        );
        let seller = &months[3];
        assert_eq!((seller.payments, seller.fees_unknown), (2, 1));
        let (nets, gross): (i64, i64) = (months.iter().map(|one| one.net_fen).sum(), 1570);
        assert_eq!(nets, gross - 200 - 8 - 2, "shares only move");
    }

    #[test]
    fn too_much_is_noticed() {
        let mut sums = Sums::default();
        sums.of(Some("seller")).gross_fen = i64::MAX;
        assert_eq!(sums.add(BillKind::Payment, &ours(1, "seller", None, &[])), None);
    }
}
