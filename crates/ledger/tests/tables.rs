//! The stories in `tables/*.txt`: each line is a fact, and what it must lead to.
//!
//! Columns are parted by two spaces or more; `#` begins a comment; a line that ends with `:` begins
//! a new story. The second column is the state after the fact: the order's, or the operation's that
//! the fact names. The third is what follows, or `-`:
//!
//! * an event (`order.paid`, with `corrected` if it takes back another),
//! * `refused:code`, `exception:kind`, `solved:kind`, `warning`,
//! * `later`: the fact moves only the schedule.
//!
//! `opens 1000 signed` opens an order of the general trade system. `number P7` is a number of the platform's.
//!
//! Lines of another shape: `wait 30h` moves the clock; `expect refundable 900, settleable 0` looks at
//! the sums; `due in 15s` (within a tenth), `due never` and `due in 15s for R1` look at the schedule;
//! `step query for R1` at what is done when it is due (`lost`: the first call never reported its end);
//! `settles in 7d`, `settles now` and `settles never` look at when the order is settled by itself; `returnable 30 of S1
//! from A` at what a receiver may still give back; `tells paid, refunded` at what the order centre is told;
//! `why never_placed` at the reason of a failure; `consent to_audit undecided for DY7` at the merchant's consent.
//! At its end every story is folded from its recorded facts and compared with the order.

#[cfg(test)]
#[path = "tables/language.rs"]
mod language;
#[cfg(test)]
#[path = "tables/story.rs"]
mod story;

macro_rules! tables {
    ($($name:ident,)*) => {
        $(#[test]
        fn $name() {
            story::tell(stringify!($name), include_str!(concat!("tables/", stringify!($name), ".txt")));
        })*
    };
}

tables! {
    paid,
    closed_late_paid,
    create_unknown,
    create_refused,
    refund,
    refund_unknown,
    refund_from_platform,
    refund_after_settlement,
    settle,
    settle_multi,
    settle_automatic,
    settle_after_days,
    returns,
    refund_and_return,
    settleable,
    order_push,
    duplicates,
    give_up,
    import,
    amount_differs,
    config_refused,
    books_disagree,
    schedule,
    trade_signed,
    trade_paid,
    trade_items,
    trade_number_used,
    trade_consent,
    trade_platform_refunds,
    trade_settle,
    trade_settle_after_days,
    trade_fulfilment,
    trade_diamonds,
}
