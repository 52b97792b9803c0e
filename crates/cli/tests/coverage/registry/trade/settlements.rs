//! The calls about settlement.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[CREATE, QUERY];

const CREATE: Section = Section {
    title: "settle_create (`/api/trade_basic/v1/developer/settle_create/`)",
    rows: &[
        row(&["settle_create"], [By(&["protocol/tests/trade_messages/settlements.rs::the_app_is_always_named_and_shares_are_a_text"]), By(&["mock/tests/story/trade/settling.rs::a_whole_order_is_settled_with_a_share"]), By(&["server/tests/service/trade/settlements.rs::an_order_is_settled_as_a_whole_with_a_share"]), By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"])]),
        row(&["app_id", "out_order_no", "out_settle_no"], [By(&["protocol/tests/trade_messages/settlements.rs::the_app_is_always_named_and_shares_are_a_text"]), By(&["mock/tests/story/trade/settling.rs::a_whole_order_is_settled_with_a_share"]), By(&["cli/tests/trade/sent.rs::every_call_of_the_service_has_the_documented_fields"]), By(&["cli/tests/trade/sent.rs::every_call_of_the_service_has_the_documented_fields"])]),
        row(&["settle_desc"], [By(&["protocol/tests/trade_messages/settlements.rs::the_app_is_always_named_and_shares_are_a_text"]), By(&["mock/tests/story/trade/settling.rs::a_whole_order_is_settled_with_a_share"]), By(&["cli/tests/trade/sent.rs::every_call_of_the_service_has_the_documented_fields"]), By(&["cli/tests/trade/sent.rs::every_call_of_the_service_has_the_documented_fields"])]),
        row(&["settle_params", "merchant_uid", "amount"], [By(&["protocol/tests/trade_messages/settlements.rs::shares_are_named_once_and_fit_into_512_bytes"]), By(&["mock/tests/story/trade/settling.rs::a_whole_order_is_settled_with_a_share"]), By(&["cli/tests/trade/sent.rs::every_call_of_the_service_has_the_documented_fields"]), By(&["cli/tests/trade/sent.rs::every_call_of_the_service_has_the_documented_fields"])]).asks(&["Q-16"]),
        row(&["item_order_id"], [By(&["protocol/tests/trade_messages/settlements.rs::the_app_is_always_named_and_shares_are_a_text"]), By(&["mock/tests/story/trade/settling.rs::items_are_settled_one_by_one_without_what_was_refunded"]), By(&["cli/tests/trade/sent.rs::every_call_of_the_service_has_the_documented_fields"]), By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"])]),
        row(&["ext"], [By(&["protocol/tests/trade_messages/settlements.rs::the_app_is_always_named_and_shares_are_a_text"]), By(&["mock/tests/story/trade/settling.rs::a_whole_order_is_settled_with_a_share"]), NotOffered, NotOffered]),
        row(&["notify_url"], [By(&["protocol/tests/trade_messages/settlements.rs::the_app_is_always_named_and_shares_are_a_text"]), By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]), By(&["cli/tests/trade/sent.rs::every_call_of_the_service_has_the_documented_fields"]), NotOffered]),
        row(&["settle_id", "wallet_settle_id"], [By(&["protocol/tests/trade_messages/settlements.rs::an_accepted_settlement_has_its_numbers"]), By(&["mock/tests/story/trade/settling.rs::a_whole_order_is_settled_with_a_share"]), By(&["server/tests/service/trade/settlements.rs::an_order_is_settled_as_a_whole_with_a_share"]), By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"])]),
    ],
};

const QUERY: Section = Section {
    title: "settle_query (`/api/trade_basic/v1/developer/settle_query/`)",
    rows: &[
        row(
            &["settle_query"],
            [
                By(&[
                    "protocol/tests/trade_messages/settlements.rs::settlement_queries_name_the_app_and_one_number",
                ]),
                By(&[
                    "mock/tests/story/trade/settling.rs::settle_queries_have_a_precedence_and_empty_answers",
                ]),
                By(&[
                    "server/tests/service/trade/settlements.rs::an_order_is_settled_as_a_whole_with_a_share",
                ]),
                By(&["cli/tests/trade/platform.rs::commission_and_settlements_are_told_in_fen"]),
            ],
        ),
        row(
            &["app_id", "settle_id", "order_id", "out_settle_no", "out_order_no"],
            [
                By(&[
                    "protocol/tests/trade_messages/settlements.rs::settlement_queries_name_the_app_and_one_number",
                ]),
                By(&[
                    "mock/tests/story/trade/settling.rs::settle_queries_have_a_precedence_and_empty_answers",
                ]),
                By(&["cli/tests/trade/sent.rs::every_call_of_the_service_has_the_documented_fields"]),
                By(&["cli/tests/trade/platform.rs::commission_and_settlements_are_told_in_fen"]),
            ],
        ),
        row(
            &["wallet_settle_id"],
            [
                By(&[
                    "protocol/tests/trade_messages/settlements.rs::settlements_are_a_list_and_none_is_no_error",
                ]),
                By(&["mock/tests/story/trade/documented.rs::answers_have_the_documented_fields"]),
                NotOffered,
                By(&["cli/tests/trade/platform.rs::commission_and_settlements_are_told_in_fen"]),
            ],
        ),
        row(
            &["settle_status"],
            [
                By(&[
                    "protocol/tests/trade_messages/settlements.rs::settlements_are_a_list_and_none_is_no_error",
                ]),
                By(&["mock/tests/story/trade/documented.rs::answers_have_the_documented_fields"]),
                By(&["ledger/tests/observe_trade.rs::a_query_of_a_settlement"]),
                By(&["cli/tests/trade/platform.rs::commission_and_settlements_are_told_in_fen"]),
            ],
        ),
        row(
            &["settle_amount", "rake", "commission"],
            [
                By(&[
                    "protocol/tests/trade_messages/settlements.rs::settlements_are_a_list_and_none_is_no_error",
                ]),
                By(&["mock/tests/story/trade/documented.rs::answers_have_the_documented_fields"]),
                By(&["ledger/tests/observe_trade.rs::a_query_of_a_settlement"]),
                By(&["cli/tests/trade/platform.rs::commission_and_settlements_are_told_in_fen"]),
            ],
        ),
        row(
            &["settle_detail"],
            [
                By(&[
                    "protocol/tests/trade_messages/settlements.rs::settlements_are_a_list_and_none_is_no_error",
                ]),
                By(&["mock/tests/story/trade/documented.rs::answers_have_the_documented_fields"]),
                By(&["ledger/tests/observe_trade.rs::a_query_of_a_settlement"]),
                By(&["cli/tests/trade/platform.rs::commission_and_settlements_are_told_in_fen"]),
            ],
        ),
        row(
            &["settle_at"],
            [
                By(&[
                    "protocol/tests/trade_messages/settlements.rs::settlements_are_a_list_and_none_is_no_error",
                ]),
                By(&["mock/tests/story/trade/documented.rs::answers_have_the_documented_fields"]),
                By(&["ledger/tests/observe_trade.rs::a_query_of_a_settlement"]),
                By(&["cli/tests/trade/platform.rs::commission_and_settlements_are_told_in_fen"]),
            ],
        ),
        row(
            &["platform_ticket"],
            [
                By(&[
                    "protocol/tests/trade_messages/settlements.rs::settlements_are_a_list_and_none_is_no_error",
                ]),
                NotOffered,
                NotOffered,
                By(&["cli/tests/trade/platform.rs::commission_and_settlements_are_told_in_fen"]),
            ],
        ),
        row(
            &["item_order_id", "cp_extra"],
            [
                By(&[
                    "protocol/tests/trade_messages/settlements.rs::settlements_are_a_list_and_none_is_no_error",
                ]),
                By(&[
                    "mock/tests/story/trade/settling.rs::items_are_settled_one_by_one_without_what_was_refunded",
                ]),
                By(&["server/tests/service/trade/settlements.rs::items_are_settled_one_by_one"]),
                By(&["cli/tests/trade/platform.rs::commission_and_settlements_are_told_in_fen"]),
            ],
        ),
    ],
};
