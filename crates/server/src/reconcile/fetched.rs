//! The platform's bills, fetched row by row: one after the other, one of each merchant.

use std::collections::VecDeque;
use std::sync::Arc;

use douyin_pay::BillFile;
use douyin_pay_protocol::ecpay::bill::{BillDate, BillKind, Bills, Row, Unit};
use douyin_pay_protocol::{FieldError, MerchantUid};

use super::{Batch, Day, Rows};
use crate::live::App;

/// Bills that are asked for when their rows are.
pub(super) struct Fetched {
    app: Arc<App>,
    asks: VecDeque<(MerchantUid, Bills)>,
    unit: Option<Unit>,
    /// The bill that is being read, and whose it is.
    file: Option<(MerchantUid, BillFile)>,
    /// Whether it is the only one: only then its size tells how long all takes.
    alone: bool,
}

impl Fetched {
    /// The bills of these merchants. Fails when such a bill cannot be asked for.
    pub(super) fn new(
        app: Arc<App>,
        of: &[MerchantUid],
        kind: BillKind,
        day: Day,
        unit: Option<Unit>,
    ) -> Result<Self, String> {
        let date = BillDate::of(day.midnight());
        let ask = |uid: &MerchantUid| Ok((uid.clone(), Bills::new(uid.clone(), kind, date.clone())?));
        let asks: Result<VecDeque<_>, FieldError> = of.iter().map(ask).collect();
        let asks = asks.map_err(|refused| refused.to_string())?;
        Ok(Self { app, alone: asks.len() == 1, asks, unit, file: None })
    }

    async fn batch(&mut self, limit: usize) -> Result<Vec<Result<Row, String>>, String> {
        let mut rows = Vec::new();
        while rows.len() < limit {
            let (uid, file) = match &mut self.file {
                Some(file) => file,
                None => match self.open_next().await? {
                    Some(file) => self.file.insert(file),
                    None => break,
                },
            };
            match file.next().await {
                Some(Err(cause)) if !cause.is_of_one_row() => return Err(cause.to_string()),
                Some(Ok(mut row)) => {
                    row.merchant_uid.get_or_insert_with(|| uid.clone());
                    rows.push(Ok(row));
                }
                Some(Err(cause)) => rows.push(Err(cause.to_string())),
                None => self.file = None,
            }
        }
        Ok(rows)
    }

    async fn open_next(&mut self) -> Result<Option<(MerchantUid, BillFile)>, String> {
        let Some((uid, ask)) = self.asks.pop_front() else { return Ok(None) };
        let client = self.app.ecpay.as_ref().ok_or("the app has no section `[apps.ecpay]` any more")?;
        let answer = client.bills(&ask).await.map_err(|cause| crate::api::chain(&cause))?;
        Ok(Some((uid, self.unit.into_iter().fold(answer.reply, BillFile::in_unit))))
    }
}

impl Rows for Fetched {
    fn next_rows(&mut self, limit: usize) -> Batch<'_> {
        Box::pin(self.batch(limit))
    }

    fn bytes(&self) -> Option<(u64, u64)> {
        let (_, file) = self.file.as_ref().filter(|_| self.alone)?;
        file.bytes_total().map(|total| (file.bytes_read().min(total), total))
    }
}
