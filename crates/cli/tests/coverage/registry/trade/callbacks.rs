//! What the platform posts, and what it is answered.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[ENVELOPE, SCHEDULES, PAYMENT, SETTLE];

const ENVELOPE: Section = Section {
    title: "Envelope and answer",
    rows: &[
        row(&["msg", "type"], [By(&["protocol/tests/trade/callbacks.rs::the_envelope_is_read_in_any_order_and_version"]), By(&["mock/tests/story/trade/callbacks.rs::a_payment_names_everything"]), By(&["server/tests/service/trade/callbacks.rs::a_callback_is_taken_by_name_and_without"]), By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"])]),
        row(&["version"], [By(&["protocol/tests/trade/callbacks.rs::the_envelope_is_read_in_any_order_and_version"]), By(&["mock/tests/story/trade/callbacks.rs::a_payment_names_everything"]), By(&["server/tests/service/trade/callbacks.rs::other_kinds_are_acknowledged_and_change_nothing"]), By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"])]),
        row(&["notices of guaranteed payment at the same address"], [By(&["sdk/src/tests/trade_callbacks.rs::one_entrance_takes_both_systems"]), By(&["mock/tests/story/trade/switches.rs::both_systems_live_in_one_mock_with_one_list"]), By(&["server/tests/service/trade/migration.rs::each_order_ends_in_the_system_in_which_it_began"]), NotOffered]),
        row(&["unknown types and fields, numbers as texts"], [By(&["protocol/tests/trade_messages/notices.rs::other_kinds_are_kept_by_name", "protocol/tests/trade_messages/notices.rs::a_payment_is_typed_with_numbers_and_with_texts"]), NotOffered, By(&["server/tests/service/trade/callbacks.rs::other_kinds_are_acknowledged_and_change_nothing"]), NotOffered]),
        row(&["err_no", "err_tips"], [By(&["sdk/src/tests/trade_callbacks.rs::everything_else_is_never_success"]), By(&["mock/tests/story/trade/callbacks.rs::a_payment_is_told_eleven_times_in_29_minutes_each_signed_afresh"]), By(&["server/tests/service/trade/callbacks.rs::nothing_wrong_is_ever_answered_with_success"]), By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"])]).asks(&["Q-9"]),
        row(&["per-request address before the published one"], [NotOffered, By(&["mock/tests/story/trade/callbacks.rs::without_any_address_nobody_is_told"]), By(&["server/tests/service/trade/orders.rs::an_order_is_signed_placed_paid_and_told_to_the_shop"]), NotOffered]),
    ],
};

const SCHEDULES: Section = Section {
    title: "Retries",
    rows: &[
        row(&["payment: 12 s … 7 min, ten retries"], [NotOffered, By(&["mock/tests/story/trade/callbacks.rs::a_payment_is_told_eleven_times_in_29_minutes_each_signed_afresh"]), By(&["server/tests/service/trade/callbacks.rs::an_unknown_number_is_refused_for_ten_minutes_and_then_told_to_a_human"]), NotOffered]),
        row(&["refund, settle: as payment"], [NotOffered, By(&["mock/tests/story/trade/callbacks.rs::every_fault_of_callbacks_happens_here_too"]), By(&["server/tests/service/trade/callbacks.rs::nothing_wrong_is_ever_answered_with_success"]), NotOffered]).asks(&["Q-18"]),
        row(&["pre_create_refund: every ten minutes for 72 hours"], [NotOffered, By(&["mock/tests/story/trade/audits.rs::an_unanswered_application_is_repeated_every_ten_minutes_and_then_passes"]), By(&["server/tests/service/trade/callbacks.rs::a_refund_applied_for_is_answered_with_the_same_bytes"]), NotOffered]),
        row(&["signed afresh, or with the first signature again"], [By(&["protocol/tests/trade/callbacks.rs::age_counts_only_when_asked_for"]), By(&["mock/tests/story/trade/callbacks.rs::the_first_signature_may_be_repeated"]), By(&["server/tests/service/trade/keys.rs::the_platforms_key_is_changed_without_losing_a_callback"]), NotOffered]).asks(&["Q-1"]),
    ],
};

const PAYMENT: Section = Section {
    title: "payment",
    rows: &[
        row(
            &["payment"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_payment_is_typed_with_numbers_and_with_texts",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&[
                    "server/tests/service/trade/orders.rs::an_order_is_signed_placed_paid_and_told_to_the_shop",
                ]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["app_id", "out_order_no", "order_id"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::every_notice_names_its_app_its_order_and_its_number",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&[
                    "server/tests/service/trade/orders.rs::an_order_is_signed_placed_paid_and_told_to_the_shop",
                ]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["status"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_cancelled_payment_may_lack_all_that_a_paid_one_has",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&[
                    "server/tests/service/trade/orders.rs::an_order_is_signed_placed_paid_and_told_to_the_shop",
                ]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["total_amount", "discount_amount"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_payment_is_typed_with_numbers_and_with_texts",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&[
                    "server/tests/service/trade/orders.rs::a_discount_of_the_platform_is_told_apart_from_the_total",
                ]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["pay_channel", "channel_pay_id"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_payment_is_typed_with_numbers_and_with_texts",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&["ledger/tests/observe_trade.rs::a_payment"]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["merchant_uid"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_payment_is_typed_with_numbers_and_with_texts",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&["ledger/tests/observe_trade.rs::a_payment"]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["message"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_cancelled_payment_may_lack_all_that_a_paid_one_has",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&["server/tests/service/trade/orders.rs::a_payer_who_gives_up_closes_the_order"]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["event_time"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_payment_is_typed_with_numbers_and_with_texts",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&[
                    "server/tests/service/trade/orders.rs::an_order_is_signed_placed_paid_and_told_to_the_shop",
                ]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["user_bill_pay_id"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_payment_is_typed_with_numbers_and_with_texts",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&["ledger/tests/observe_trade.rs::a_payment"]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["currency"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_payment_is_typed_with_numbers_and_with_texts",
                ]),
                By(&["mock/tests/story/trade/paying.rs::diamonds_are_no_money"]),
                By(&["ledger/tests/observe_trade.rs::a_payment_that_was_cancelled_and_one_with_diamonds"]),
                NotOffered,
            ],
        ),
    ],
};

const SETTLE: Section = Section {
    title: "settle",
    rows: &[
        row(
            &["settle"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_settlement_is_typed_and_the_platforms_own_says_so",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&[
                    "server/tests/service/trade/settlements.rs::an_order_is_settled_as_a_whole_with_a_share",
                ]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["app_id", "order_id", "settle_id", "out_settle_no"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_settlement_is_typed_and_the_platforms_own_says_so",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&[
                    "server/tests/service/trade/settlements.rs::an_order_is_settled_as_a_whole_with_a_share",
                ]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["status", "message"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_settlement_is_typed_and_the_platforms_own_says_so",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&[
                    "server/tests/service/trade/settlements.rs::an_order_is_settled_as_a_whole_with_a_share",
                ]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["settle_amount", "rake", "commission"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_settlement_is_typed_and_the_platforms_own_says_so",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&["ledger/tests/observe_trade.rs::a_settlement"]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["settle_detail"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_settlement_is_typed_and_the_platforms_own_says_so",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&["ledger/tests/observe_trade.rs::a_settlement"]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["cp_extra"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_settlement_is_typed_and_the_platforms_own_says_so",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                NotOffered,
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["event_time"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_settlement_is_typed_and_the_platforms_own_says_so",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&[
                    "server/tests/service/trade/settlements.rs::an_order_is_settled_as_a_whole_with_a_share",
                ]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["item_order_id"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_settlement_is_typed_and_the_platforms_own_says_so",
                ]),
                By(&[
                    "mock/tests/story/trade/settling.rs::items_are_settled_one_by_one_without_what_was_refunded",
                ]),
                By(&["server/tests/service/trade/settlements.rs::items_are_settled_one_by_one"]),
                NotOffered,
            ],
        ),
        row(
            &["is_auto_settle"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_settlement_is_typed_and_the_platforms_own_says_so",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&["server/tests/service/trade/settlements.rs::the_platform_settles_by_itself"]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
    ],
};
