//! The sandbox forgets: every Saturday at 04:00, whatever is older than 14 days.

use std::collections::BTreeMap;

use douyin_pay_protocol::UnixMs;

use super::objects::OperationStatus;
use super::timers::{DAY_MS, Timer};
use super::{Key, Platform, key};

/// Orders younger than this stay.
const KEPT_DAYS: i64 = 14;
/// Beijing is eight hours ahead; the cleaning comes four hours after midnight there.
const FOUR_IN_BEIJING_MS: i64 = (8 - 4) * 3_600_000;
/// The first Saturday after the first day of Unix time, a Thursday.
const SATURDAY: i64 = 2;

/// The next Saturday, 04:00 in Beijing, after `now`.
fn next_cleaning(now: UnixMs) -> UnixMs {
    let day = now.plus_ms(FOUR_IN_BEIJING_MS).get().div_euclid(DAY_MS);
    let ahead = (SATURDAY - day - 1).rem_euclid(7) + 1;
    UnixMs::new((day + ahead) * DAY_MS - FOUR_IN_BEIJING_MS)
}

impl Platform {
    /// Plans the next cleaning unless it is planned; production never cleans.
    pub(super) fn plan_cleaning(&mut self, now: UnixMs) {
        let planned = || self.timers.iter().any(|(_, _, timer)| *timer == Timer::CleanSandbox);
        if self.switches.sandbox && !planned() {
            self.set_timer(next_cleaning(now), Timer::CleanSandbox);
        }
    }

    /// Forgets old orders and all that hangs off them: the calls do not find them any more, their numbers are free
    /// again. The books keep them under other numbers, so that every fen stays accounted for.
    pub(super) fn clean_sandbox(&mut self, at: UnixMs) {
        let old = |created_at: UnixMs| at.since(created_at) > KEPT_DAYS * DAY_MS;
        let forgotten: Vec<Key> = self
            .orders
            .iter()
            .filter(|(_, order)| old(order.created_at) && !order.out_order_no.starts_with(FORGOTTEN))
            .filter(|(_, order)| !self.has_unfinished(&order.app_id, &order.out_order_no))
            .map(|(order_key, _)| order_key.clone())
            .collect();
        for order_key in forgotten {
            self.forget_order(&order_key);
        }
        self.set_timer(next_cleaning(at), Timer::CleanSandbox);
    }

    fn has_unfinished(&self, app_id: &str, number: &str) -> bool {
        let under_way = OperationStatus::Processing;
        let of = |app: &str, order: &str| app == app_id && order == number;
        self.refunds.values().any(|one| of(&one.app_id, &one.out_order_no) && one.status == under_way)
            || self
                .settlements
                .values()
                .any(|one| of(&one.app_id, &one.out_order_no) && one.status == under_way)
            || self.returns.values().any(|one| of(&one.app_id, &one.out_order_no) && one.status == under_way)
    }

    fn forget_order(&mut self, order_key: &str) {
        let Some(mut order) = self.orders.remove(order_key) else { return };
        self.serial += 1;
        let serial = self.serial;
        let renamed = |number: &str| format!("{FORGOTTEN}{serial}-{number}");
        let (app_id, number) = (order.app_id.clone(), order.out_order_no.clone());
        let of = |app: &str, order: &str| app == app_id && order == number;
        order.out_order_no = renamed(&number);
        self.order_ids.remove(&order.order_id);
        self.timers.retain(|(_, _, timer)| *timer != Timer::SettleAutomatically(order_key.to_owned()));
        let new_key = key(&app_id, &order.out_order_no);
        rekey(
            &mut self.refunds,
            |one| of(&one.app_id, &one.out_order_no),
            |one| {
                one.out_order_no.clone_from(&order.out_order_no);
                one.out_refund_no = renamed(&one.out_refund_no);
                key(&one.app_id, &one.out_refund_no)
            },
        );
        rekey(
            &mut self.settlements,
            |one| of(&one.app_id, &one.out_order_no),
            |one| {
                one.out_order_no.clone_from(&order.out_order_no);
                one.out_settle_no = renamed(&one.out_settle_no);
                one.settle_no = renamed(&one.settle_no);
                key(&one.app_id, &one.out_settle_no)
            },
        );
        rekey(
            &mut self.returns,
            |one| of(&one.app_id, &one.out_order_no),
            |one| {
                one.out_order_no.clone_from(&order.out_order_no);
                one.out_settle_no = renamed(&one.out_settle_no);
                one.settle_no = renamed(&one.settle_no);
                one.out_return_no = renamed(&one.out_return_no);
                one.return_no = renamed(&one.return_no);
                key(&one.app_id, &one.out_return_no)
            },
        );
        self.orders.insert(new_key.clone(), order);
        self.check_order(&new_key);
    }
}

/// How the numbers of forgotten objects begin; no merchant's number can contain a slash or a blank.
const FORGOTTEN: &str = "deleted ";

/// Takes out what is meant, changes it, and puts it back under its new key.
fn rekey<T>(map: &mut BTreeMap<Key, T>, meant: impl Fn(&T) -> bool, change: impl Fn(&mut T) -> Key) {
    let keys: Vec<Key> = map.iter().filter(|(_, one)| meant(one)).map(|(key, _)| key.clone()).collect();
    for old in keys {
        if let Some(mut one) = map.remove(&old) {
            map.insert(change(&mut one), one);
        }
    }
}

#[cfg(test)]
mod tests {
    use douyin_pay_protocol::UnixMs;

    use super::next_cleaning;

    #[test]
    fn the_cleaning_is_on_saturdays_at_four() {
        let next = |text: &str| next_cleaning(UnixMs::parse_beijing(text).unwrap()).beijing_text();
        assert_eq!(next("2024-01-01 00:00:00"), "2024-01-06 04:00:00");
        assert_eq!(next("2024-01-06 03:59:59"), "2024-01-06 04:00:00");
        assert_eq!(next("2024-01-06 04:00:00"), "2024-01-13 04:00:00");
        assert_eq!(next("2024-01-07 12:00:00"), "2024-01-13 04:00:00");
    }
}
