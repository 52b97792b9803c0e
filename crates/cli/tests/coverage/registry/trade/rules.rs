//! The states of orders, refunds and settlements, and what the platform enforces.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[ORDER, REFUND, SETTLEMENT, PRODUCTS];

const ORDER: Section = Section {
    title: "Order",
    rows: &[
        row(&["PROCESS", "SUCCESS", "TIMEOUT"], [By(&["protocol/tests/trade_messages/states.rs::every_word_of_an_order_is_read_and_told_again"]), By(&["mock/tests/story/trade/paying.rs::cancelling_ends_an_order_and_leaving_does_not"]), By(&["server/tests/service/trade/orders.rs::a_payer_who_gives_up_closes_the_order"]), By(&["cli/tests/trade/told.rs::every_documented_field_of_a_reply_is_told", "cli/tests/trade/platform.rs::an_order_is_asked_about_by_either_number"])]).asks(&["Q-13"]),
        row(&["FAIL"], [By(&["protocol/tests/trade_messages/states.rs::every_word_of_an_order_is_read_and_told_again"]), NotOffered, NotOffered, NotOffered]),
        row(&["the same outOrderNo again"], [NotOffered, By(&["mock/tests/story/trade/placing.rs::a_number_is_one_order"]), By(&["server/tests/service/trade/orders.rs::the_same_request_signs_the_same_data_anew"]), By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"])]).asks(&["Q-14"]),
        row(&["signed and never placed"], [NotOffered, NotOffered, By(&["server/tests/service/trade/orders.rs::an_order_that_nobody_places_is_closed_after_everything_is_over"]), NotOffered]),
        row(&["FULFILL_WAIT", "FULFILLING", "FULFILL_DONE"], [By(&["protocol/tests/trade_messages/queries.rs::stages_are_read_without_regard_to_case_and_only_go_forward"]), By(&["mock/tests/story/trade/fulfilment.rs::states_only_move_forward"]), By(&["server/tests/service/trade/settlements.rs::the_platform_is_told_how_far_the_goods_are"]), By(&["cli/tests/trade/platform.rs::tags_say_what_a_payer_may_ask_for"])]).asks(&["Q-6"]),
    ],
};

const REFUND: Section = Section {
    title: "Refund",
    rows: &[
        row(
            &["PROCESSING", "SUCCESS", "FAIL"],
            [
                By(&[
                    "protocol/tests/trade_messages/states.rs::every_word_of_a_refund_is_read_and_told_again",
                ]),
                By(&[
                    "mock/tests/story/trade/refunds.rs::a_failed_refund_gives_its_money_free_and_keeps_its_number",
                ]),
                By(&["server/tests/service/trade/refunds.rs::a_refund_is_denied_with_a_reason"]),
                By(&[
                    "cli/tests/trade/told.rs::every_documented_field_of_a_reply_is_told",
                    "cli/tests/trade/platform.rs::a_refund_of_ours_is_told_to_its_end",
                ]),
            ],
        ),
        row(
            &["INIT", "TOAUDIT", "AGREE", "DENY", "OVERTIME"],
            [
                By(&[
                    "protocol/tests/trade_messages/states.rs::every_word_of_a_refund_is_read_and_told_again",
                ]),
                By(&[
                    "mock/tests/story/trade/audits.rs::silence_is_consent_after_72_hours",
                    "mock/tests/story/trade/audits.rs::the_merchant_may_refuse",
                ]),
                By(&[
                    "server/tests/service/trade/refunds.rs::silence_until_the_deadline_is_consent",
                    "server/tests/service/trade/refunds.rs::a_refund_is_denied_with_a_reason",
                ]),
                By(&["cli/tests/trade/told.rs::every_documented_field_of_a_reply_is_told"]),
            ],
        ),
        row(
            &["72 hours without an answer"],
            [
                NotOffered,
                By(&[
                    "mock/tests/story/trade/audits.rs::an_unanswered_application_is_repeated_every_ten_minutes_and_then_passes",
                ]),
                By(&[
                    "server/tests/service/trade/refunds.rs::what_the_platform_never_told_is_found_by_asking_about_the_order",
                ]),
                NotOffered,
            ],
        ),
        row(
            &["one year, 50 or 300 refunds per order"],
            [
                NotOffered,
                By(&["mock/tests/story/trade/refunds.rs::channels_limit_the_count_and_years_the_age"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["started by the platform (sources 3 to 7)"],
            [
                By(&[
                    "protocol/tests/trade_messages/refunds.rs::refunds_are_typed_with_numbers_and_with_texts",
                ]),
                By(&["mock/tests/story/trade/audits.rs::the_merchant_is_asked_gives_its_number_and_agrees"]),
                By(&["server/tests/service/trade/refunds.rs::the_customer_service_may_start_one_as_well"]),
                NotOffered,
            ],
        ),
        row(
            &["after settlement"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_refund_is_typed_and_may_have_no_number_of_ours",
                ]),
                By(&["mock/tests/story/trade/refunds.rs::after_settlement_the_seller_pays"]),
                By(&["ledger/tests/tables.rs::refund_after_settlement"]),
                NotOffered,
            ],
        ),
    ],
};

const SETTLEMENT: Section = Section {
    title: "Settlement",
    rows: &[
        row(
            &["INIT", "PROCESSING", "SUCCESS", "FAIL"],
            [
                By(&[
                    "protocol/tests/trade_messages/states.rs::every_word_of_a_settlement_is_read_and_told_again",
                ]),
                By(&["mock/tests/story/trade/settling.rs::a_whole_order_is_settled_with_a_share"]),
                By(&[
                    "server/tests/service/trade/settlements.rs::an_order_is_settled_as_a_whole_with_a_share",
                ]),
                By(&["cli/tests/trade/platform.rs::commission_and_settlements_are_told_in_fen"]),
            ],
        ),
        row(
            &["whole order or single items, never both"],
            [
                NotOffered,
                By(&["mock/tests/story/trade/settling.rs::each_refusal_has_its_code"]),
                By(&["server/tests/service/trade/settlements.rs::items_are_settled_one_by_one"]),
                NotOffered,
            ],
        ),
        row(
            &["automatic settlement"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_settlement_is_typed_and_the_platforms_own_says_so",
                ]),
                By(&[
                    "mock/tests/story/trade/settling.rs::the_platform_settles_by_itself_when_it_is_told_to",
                ]),
                By(&["server/tests/service/trade/settlements.rs::the_platform_settles_by_itself"]),
                NotOffered,
            ],
        ),
        row(
            &["settlement period, fee"],
            [
                NotOffered,
                By(&["mock/tests/story/trade/settling.rs::the_period_counts_from_the_delivery"]),
                NotOffered,
                NotOffered,
            ],
        )
        .asks(&["Q-16"]),
    ],
};

const PRODUCTS: Section = Section {
    title: "Product types and tag groups",
    rows: &[
        row(
            &[
                "101", "102", "103", "104", "105", "106", "107", "201", "202", "301", "302", "401", "402",
                "403", "404", "405", "406", "703",
            ],
            [
                By(&["protocol/src/trade/product.rs::the_table_is_in_order_and_complete"]),
                By(&["mock/tests/story/trade/documented.rs::every_product_type_can_be_placed"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["tag groups with their refund rules"],
            [
                By(&["protocol/tests/trade_messages/queries.rs::tag_groups_are_typed_and_none_is_no_error"]),
                By(&["mock/tests/story/trade/placing.rs::tag_groups_carry_their_refund_rules"]),
                NotOffered,
                By(&["cli/tests/trade/platform.rs::tags_say_what_a_payer_may_ask_for"]),
            ],
        ),
    ],
};
