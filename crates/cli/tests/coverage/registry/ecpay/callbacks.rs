//! Callbacks: the envelope, each payload, the answer, the schedule.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[ENVELOPE, PAYLOADS, ANSWER, SCHEDULE];

const NONSENSE: &str = "protocol/tests/callbacks.rs::each_kind_of_nonsense_has_its_own_error";
const EXACT: &str = "mock/tests/story/callbacks.rs::messages_have_exactly_the_documented_fields";
const TRIGGERED: &str = "cli/tests/remote/speech.rs::trigger_shows_what_it_sends_and_never_the_token";

const ENVELOPE: Section = Section {
    title: "Envelope",
    rows: &[
        row(
            &["timestamp", "nonce", "msg", "type", "msg_signature"],
            [
                By(&[NONSENSE]),
                By(&[EXACT]),
                By(&["server/tests/service/callbacks.rs::nothing_wrong_is_ever_answered_with_success"]),
                By(&[TRIGGERED]),
            ],
        )
        .asks(&["Q-4"]),
        row(
            &["echostr"],
            [
                By(&["protocol/tests/callbacks.rs::echo_answers_only_who_knows_a_token"]),
                By(&["mock/tests/story/switches.rs::a_console_url_is_saved_only_when_it_echoes"]),
                By(&["server/tests/service/callbacks.rs::the_consoles_check_gets_its_text_back"]),
                By(&[
                    "cli/tests/doctor/on_the_way.rs::a_proxy_that_drops_the_query_fails_the_consoles_check",
                ]),
            ],
        )
        .asks(&["Q-3"]),
        row(
            &["a type that does not fit its message"],
            [
                By(&["protocol/tests/callbacks.rs::a_type_and_its_message_must_fit"]),
                NotOffered,
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["an unknown type"],
            [
                By(&["protocol/tests/callbacks.rs::a_payment_is_typed_and_unknown_fields_are_skipped"]),
                NotOffered,
                By(&["server/tests/service/callbacks.rs::other_kinds_are_acknowledged_and_change_nothing"]),
                NotOffered,
            ],
        ),
        row(
            &["a callback of the general trade system at the same address"],
            [
                By(&[
                    "sdk/src/tests/callbacks.rs::a_genuine_callback_reaches_the_program_and_its_answer_the_platform",
                ]),
                NotOffered,
                By(&["server/tests/service/callbacks.rs::the_log_names_the_app_whose_key_fits"]),
                NotOffered,
            ],
        ),
    ],
};

const PAYLOADS: Section = Section {
    title: "Payloads",
    rows: &[
        row(
            &[
                "payment",
                "appid",
                "cp_orderno",
                "cp_extra",
                "way",
                "channel_no",
                "channel_gateway_no",
                "payment_order_no",
                "out_channel_order_no",
                "total_amount",
                "status",
                "seller_uid",
                "extra",
                "item_id",
                "paid_at",
                "message",
                "order_id",
                "ec_pay_trade_no",
            ],
            [
                By(&["protocol/tests/callbacks.rs::a_payment_is_typed_and_unknown_fields_are_skipped"]),
                By(&[EXACT]),
                By(&["server/tests/service/callbacks.rs::a_payment_is_written_and_a_duplicate_is_success"]),
                By(&[TRIGGERED]),
            ],
        ),
        row(
            &["refund", "cp_refundno", "refund_amount", "is_all_settled", "refunded_at", "refund_no"],
            [
                By(&["protocol/tests/callbacks.rs::spellings_of_both_generations_are_read"]),
                By(&[EXACT]),
                By(&["server/tests/service/callbacks.rs::a_refund_callback_ends_the_refund"]),
                By(&["cli/tests/remote/speech.rs::trigger_reaches_refunds_and_settlements"]),
            ],
        ),
        row(
            &[
                "settle",
                "cp_settle_no",
                "rake",
                "commission",
                "settle_detail",
                "settled_at",
                "channel_settle_id",
                "settle_amount",
                "settle_no",
                "out_order_no",
                "is_auto_settle",
            ],
            [
                By(&["protocol/tests/callbacks.rs::spellings_of_both_generations_are_read"]),
                By(&[EXACT]),
                By(&["ledger/tests/observe.rs::a_settlement"]),
                By(&["cli/tests/remote/speech.rs::trigger_reaches_refunds_and_settlements"]),
            ],
        ),
        row(&["withdraw", "withdraw_at", "out_order_id", "ch_order_id"], [By(&["protocol/tests/ecpay_messages/funds.rs::a_withdrawals_callback_says_how_it_ended"]), By(&["mock/tests/story/withdrawals.rs::money_is_frozen_then_arrives_and_is_told", "mock/tests/story/withdrawals.rs::sixteen_deliveries_tell_a_withdrawal"]), By(&["server/tests/service/ecpay/callbacks.rs::a_withdrawal_and_unknown_types_are_kept_and_answered_with_success"]), By(&["cli/tests/remote/platform.rs::trigger_tells_of_withdrawals_and_of_the_platforms_own_settlements"])]),
        row(&["return"], [By(&["protocol/tests/ecpay_messages/returns.rs::a_return_has_a_callback_where_the_platform_sends_one"]), By(&["mock/tests/story/returns.rs::a_switch_tells_of_returns_by_callback"]), By(&["server/tests/service/ecpay/callbacks.rs::a_return_may_be_told_by_callback"]), NotOffered]).asks(&["Q-5"]),
    ],
};

const ANSWER: Section = Section {
    title: "Answer",
    rows: &[
        row(
            &["err_no 0, err_tips success, HTTP 200"],
            [
                By(&["sdk/src/tests/callbacks.rs::only_done_is_success"]),
                By(&["mock/tests/story/callbacks.rs::only_the_agreed_acknowledgement_ends_the_deliveries"]),
                By(&["server/tests/service/callbacks.rs::an_answer_comes_only_after_the_commit"]),
                By(&["cli/src/commands/trigger.rs::only_the_platforms_success_counts"]),
            ],
        )
        .asks(&["Q-3"]),
        row(
            &["a wrong signature"],
            [
                By(&["sdk/src/tests/callbacks.rs::everything_else_is_never_success"]),
                NotOffered,
                By(&["server/tests/service/callbacks.rs::nothing_wrong_is_ever_answered_with_success"]),
                By(&["cli/tests/commands.rs::all_18_callback_vectors_through_verify"]),
            ],
        ),
        row(
            &["a number that is not known yet"],
            [
                NotOffered,
                NotOffered,
                By(&[
                    "server/tests/service/callbacks.rs::an_unknown_number_is_refused_for_ten_minutes_and_then_told_to_a_human",
                ]),
                By(&[TRIGGERED]),
            ],
        ),
    ],
};

const SCHEDULE: Section = Section {
    title: "Schedule",
    rows: &[
        row(
            &["16 deliveries, 15 s to 24:04 h"],
            [
                NotOffered,
                By(&[
                    "mock/tests/story/callbacks.rs::a_payment_is_told_sixteen_times_at_the_documented_offsets",
                ]),
                By(&["cli/tests/remote/unacknowledged.rs::sixteen_deliveries_are_one_fact_and_one_event"]),
                NotOffered,
            ],
        ),
        row(
            &["doubled, late, reordered, lost"],
            [
                NotOffered,
                By(&["mock/tests/story/callbacks.rs::each_callback_fault_does_what_it_says"]),
                By(&[
                    "server/tests/service/callbacks.rs::a_callback_that_overtakes_its_order_is_replayed",
                    "server/tests/service/callbacks.rs::a_payment_is_written_and_a_duplicate_is_success",
                ]),
                NotOffered,
            ],
        ),
        row(
            &["sandbox: once"],
            [
                NotOffered,
                By(&["mock/tests/story/callbacks.rs::the_sandbox_tells_once"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["the request's address before the console's"],
            [
                NotOffered,
                By(&["mock/tests/story/callbacks.rs::the_requests_own_url_wins_over_the_console"]),
                NotOffered,
                NotOffered,
            ],
        ),
    ],
};
