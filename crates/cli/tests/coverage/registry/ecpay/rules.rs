//! States, money, timings and limits.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[STATES, MONEY, TIMES, LIMITS];

const STATES: Section = Section {
    title: "States",
    rows: &[
        row(
            &["order: PROCESSING, SUCCESS, FAIL, TIMEOUT"],
            [
                By(&["ledger/tests/observe.rs::the_states_of_a_query"]),
                By(&["mock/tests/story/orders.rs::the_cashier_knows_every_way_out"]),
                By(&["server/tests/service/reconcile.rs::a_lost_payment_callback_is_found_by_asking"]),
                By(&["cli/tests/remote/speech.rs::a_whole_order_from_the_command_line"]),
            ],
        ),
        row(
            &["refund: PROCESSING, SUCCESS, FAIL"],
            [
                By(&["ledger/tests/observe.rs::a_refund"]),
                By(&["mock/tests/story/money.rs::a_failed_number_is_used_up_and_its_money_free_again"]),
                By(&["server/tests/service/callbacks.rs::a_refund_callback_ends_the_refund"]),
                By(&["cli/tests/remote/speech.rs::a_whole_order_from_the_command_line"]),
            ],
        ),
        row(
            &["settlement: PROCESSING, SUCCESS, FAIL"],
            [
                By(&["ledger/tests/observe.rs::a_settlement"]),
                By(&["mock/tests/story/money.rs::settling_waits_for_its_period_and_pays_everyone"]),
                By(&["server/tests/service/refunds.rs::settlements_go_one_at_a_time"]),
                By(&["cli/tests/remote/speech.rs::a_whole_order_from_the_command_line"]),
            ],
        ),
        row(
            &["return: PROCESSING, SUCCESS, FAIL"],
            [
                By(&["protocol/tests/ecpay_messages/returns.rs::both_calls_give_the_same_answer"]),
                By(&["mock/tests/story/returns.rs::a_return_fails_for_its_own_reasons_or_for_want_of_money"]),
                By(&[
                    "server/tests/service/ecpay/returns.rs::a_return_that_fails_frees_its_sum",
                    "ledger/tests/tables.rs::returns",
                ]),
                By(&["cli/tests/remote/platform.rs::a_share_is_taken_back_after_a_yes"]),
            ],
        ),
        row(
            &["withdrawal: PROCESSING, SUCCESS, FAIL, then REEXCHANGE"],
            [
                By(&["protocol/tests/ecpay_messages/funds.rs::a_withdrawal_is_sent_and_asked_about"]),
                By(&["mock/tests/story/withdrawals.rs::the_bank_refuses_or_sends_the_money_back"]),
                NotOffered,
                By(&[
                    "cli/tests/remote/platform.rs::a_withdrawal_is_confirmed_followed_and_its_balance_told",
                    "cli/tests/remote/platform.rs::trigger_tells_of_withdrawals_and_of_the_platforms_own_settlements",
                ]),
            ],
        ),
    ],
};

const MONEY: Section = Section {
    title: "Money",
    rows: &[
        row(
            &["every account at or above zero, nothing lost at any moment"],
            [
                NotOffered,
                By(&[
                    "mock/src/platform/accounts.rs::money_moves_and_is_never_lost",
                    "mock/src/platform/accounts.rs::a_lost_fen_is_noticed",
                    "mock/tests/story/properties.rs::the_books_always_balance",
                ]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["refund before and after settlement"],
            [
                NotOffered,
                By(&["mock/tests/story/money.rs::a_refund_after_settlement_comes_from_the_sellers_balance"]),
                By(&["ledger/tests/tables.rs::refund_after_settlement"]),
                NotOffered,
            ],
        ),
        row(
            &["fee of 0.6 %, rounded half up"],
            [
                NotOffered,
                By(&[
                    "mock/tests/story/money.rs::the_fee_is_rounded_half_up_on_what_is_settled",
                    "mock/tests/story/switches.rs::settlements_follow_the_switches_about_finish_and_the_fee",
                ]),
                NotOffered,
                NotOffered,
            ],
        )
        .asks(&["Q-9"]),
        row(
            &["commission of promoted orders"],
            [
                NotOffered,
                By(&[
                    "mock/tests/story/settleable.rs::a_promoter_is_shown_and_paid",
                    "mock/tests/story/settleable.rs::commission_comes_before_the_shares_and_never_exceeds_the_rest",
                ]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["a settlement that is not the last leaves the rest in transit"],
            [
                NotOffered,
                By(&["mock/tests/story/money.rs::several_settlements_end_with_a_final_one"]),
                By(&["ledger/tests/tables.rs::settle_multi"]),
                NotOffered,
            ],
        )
        .asks(&["Q-10"]),
        row(
            &["a return moves money from the receiver to the seller"],
            [
                NotOffered,
                By(&["mock/tests/story/returns.rs::a_share_goes_back_to_the_seller"]),
                By(&["server/tests/service/ecpay/returns.rs::a_share_comes_back_and_both_sides_agree"]),
                NotOffered,
            ],
        ),
        row(
            &["a withdrawal freezes, pays out or comes back"],
            [
                NotOffered,
                By(&[
                    "mock/tests/story/withdrawals.rs::money_is_frozen_then_arrives_and_is_told",
                    "mock/tests/story/withdrawals.rs::the_bank_refuses_or_sends_the_money_back",
                ]),
                NotOffered,
                NotOffered,
            ],
        ),
    ],
};

const TIMES: Section = Section {
    title: "Timings",
    rows: &[
        row(
            &["settlement period"],
            [
                NotOffered,
                By(&["mock/tests/story/money.rs::settling_waits_for_its_period_and_pays_everyone"]),
                By(&[
                    "server/tests/service/ecpay/settling.rs::after_its_days_an_order_is_settled_once_by_itself",
                ]),
                NotOffered,
            ],
        ),
        row(
            &["automatic settlement"],
            [
                NotOffered,
                By(&["mock/tests/story/money.rs::the_platform_settles_by_itself"]),
                By(&["ledger/tests/tables.rs::settle_automatic"]),
                By(&[
                    "cli/tests/remote/platform.rs::trigger_tells_of_withdrawals_and_of_the_platforms_own_settlements",
                ]),
            ],
        ),
        row(
            &["150 days"],
            [
                NotOffered,
                By(&["mock/tests/story/settleable.rs::after_150_days_nothing_stays_in_transit"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["settle after days, never two final ones"],
            [
                NotOffered,
                NotOffered,
                By(&[
                    "server/tests/service/ecpay/settling.rs::a_lost_answer_never_makes_two_final_settlements",
                    "server/tests/service/ecpay/settling.rs::what_the_merchant_settled_is_left_alone",
                    "ledger/tests/tables.rs::settle_after_days",
                ]),
                NotOffered,
            ],
        ),
        row(
            &["refund callback 10 s or more"],
            [
                NotOffered,
                By(&["mock/tests/story/callbacks.rs::the_task_sends_when_the_clock_passes_the_due_time"]),
                NotOffered,
                NotOffered,
            ],
        ),
    ],
};

const LIMITS: Section = Section {
    title: "Limits of calls",
    rows: &[
        row(&["query_order 30 (or 150), create_refund 50, query_refund, settle, query_settle 30 per second"], [By(&["sdk/src/tests/pacing.rs::limits_are_per_app_and_endpoint_and_absent_ones_do_not_pace", "sdk/src/tests/pacing.rs::never_above_the_limit_and_nobody_forgotten"]), By(&["mock/tests/story/orders.rs::the_platforms_limit_answers_1001_and_the_watch_counts_the_promise"]), By(&["server/tests/service/reconcile.rs::many_due_at_once_are_asked_about_together"]), NotOffered]).asks(&["Q-2"]),
        row(&["create_return, query_return 50 per second"], [By(&["sdk/src/tests/ecpay_calls.rs::returns_get_fifty_turns_a_second"]), By(&["mock/tests/story/options.rs::returns_are_asked_about_fifty_times_a_second"]), NotOffered, NotOffered]),
        row(&["3 s to connect, 10 s in all, 3 repeats"], [By(&["sdk/src/tests/calls.rs::all_attempts_together_keep_the_total_time", "sdk/src/tests/calls.rs::what_is_repeated_and_how_often"]), NotOffered, NotOffered, NotOffered]),
    ],
};
