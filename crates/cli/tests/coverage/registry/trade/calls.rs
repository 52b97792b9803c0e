//! The calls about orders: tags, the query, commission, fulfilment.

use super::Cell::{By, NeedsPermission, NotInRelease, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[ENVELOPE, TAG_QUERY, ORDER_QUERY, QUERY_CPS, FULFIL, ABSENT];

const ENVELOPE: Section = Section {
    title: "Every call",
    rows: &[
        row(
            &["err_no", "err_msg"],
            [
                By(&["protocol/tests/trade_messages/leniency.rs::any_refusal_is_its_code"]),
                By(&["mock/tests/story/trade/documented.rs::tokens_and_refusals_have_the_documented_fields"]),
                By(&[
                    "server/tests/service/trade/orders.rs::the_number_of_the_front_end_is_checked_with_the_platform",
                ]),
                By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"]),
            ],
        ),
        row(
            &["err_tips"],
            [
                By(&[
                    "protocol/tests/trade_messages/leniency.rs::both_names_of_the_platforms_words_are_read",
                ]),
                NotOffered,
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["log_id", "x-tt-logid"],
            [
                By(&["protocol/tests/trade_messages/leniency.rs::a_log_id_is_a_text_or_a_number_or_nothing"]),
                By(&["mock/tests/story/trade/documented.rs::tokens_and_refusals_have_the_documented_fields"]),
                By(&[
                    "server/tests/service/trade/orders.rs::an_order_is_signed_placed_paid_and_told_to_the_shop",
                ]),
                By(&["cli/tests/trade/platform.rs::an_order_is_asked_about_by_either_number"]),
            ],
        ),
        row(
            &["data"],
            [
                By(&["protocol/tests/trade_messages/leniency.rs::no_data_makes_a_reader_panic"]),
                By(&["mock/tests/story/trade/documented.rs::answers_have_the_documented_fields"]),
                By(&["server/tests/service/trade/orders.rs::a_lost_payment_callback_is_found_by_asking"]),
                By(&["cli/tests/trade/platform.rs::an_order_is_asked_about_by_either_number"]),
            ],
        ),
        row(
            &["failures with HTTP 200 and with HTTP 400"],
            [
                By(&[
                    "sdk/src/tests/trade_outcomes.rs::what_an_answer_means_under_both_conventions_of_status",
                ]),
                By(&["mock/tests/story/trade/switches.rs::refusals_may_come_with_status_400"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["integers as numbers, read from texts as well"],
            [
                By(&[
                    "protocol/tests/trade_messages/leniency.rs::integers_are_the_same_as_numbers_and_as_texts",
                ]),
                By(&["mock/tests/story/trade/switches.rs::integers_may_come_as_texts_and_may_be_sent_so"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["path with and without the last slash"],
            [
                By(&["protocol/src/trade/endpoint.rs::paths_are_found_with_and_without_their_slash"]),
                By(&["mock/tests/story/trade/switches.rs::paths_with_and_without_a_slash_are_the_same"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["limits of calls per second"],
            [
                By(&["sdk/src/tests/trade_calls.rs::calls_of_one_purpose_share_the_limits_figures"]),
                By(&["mock/tests/story/trade/switches.rs::a_limiter_is_there_for_those_who_want_one"]),
                NotOffered,
                NotOffered,
            ],
        )
        .asks(&["Q-4"]),
    ],
};

const TAG_QUERY: Section = Section {
    title: "tag_query (`/api/trade_basic/v1/developer/tag_query/`)",
    rows: &[row(
        &[
            "tag_query",
            "goods_type",
            "tag_detail_list",
            "tag_group_id",
            "tag_list",
            "tag_id",
            "tag_name",
            "tag_descs",
            "tag_type",
            "biz_line",
            "rule_list",
            "rule_id",
            "rule_type",
            "refund_rule",
            "biz_status",
            "merchant_audit_type",
            "refund_type",
        ],
        [
            By(&["protocol/tests/trade_messages/queries.rs::tag_groups_are_typed_and_none_is_no_error"]),
            By(&[
                "mock/tests/story/trade/documented.rs::goods_commission_and_funds_have_the_documented_fields",
                "mock/tests/story/trade/placing.rs::tag_groups_carry_their_refund_rules",
            ]),
            NotInRelease(14),
            By(&[
                "cli/tests/trade/told.rs::every_documented_field_of_a_reply_is_told",
                "cli/tests/trade/told.rs::every_documented_field_of_a_request_is_sent",
            ]),
        ],
    )],
};

const ORDER_QUERY: Section = Section {
    title: "order_query (`/api/trade_basic/v1/developer/order_query/`)",
    rows: &[
        row(&["order_query"], [By(&["protocol/tests/trade_messages/queries.rs::queries_ask_by_one_number"]), By(&["mock/tests/story/trade/paying.rs::the_user_pays_and_the_order_says_so"]), By(&["server/tests/service/trade/orders.rs::a_lost_payment_callback_is_found_by_asking"]), By(&["cli/tests/trade/platform.rs::an_order_is_asked_about_by_either_number"])]),
        row(&["order_id", "out_order_no"], [By(&["protocol/tests/trade_messages/queries.rs::queries_ask_by_one_number"]), By(&["mock/tests/story/trade/paying.rs::orders_that_do_not_exist_have_a_code"]), By(&["cli/tests/trade/sent.rs::every_call_of_the_service_has_the_documented_fields", "server/tests/service/trade/orders.rs::orders_placed_elsewhere_are_taken_over"]), By(&["cli/tests/trade/platform.rs::an_order_is_asked_about_by_either_number", "cli/tests/trade/platform.rs::what_the_platform_does_not_know_ends_with_1_in_both_systems"])]).asks(&["Q-5"]),
        row(&["app_id"], [By(&["protocol/tests/trade_messages/queries.rs::a_paid_order_is_typed_with_numbers_and_with_texts"]), By(&["mock/tests/story/trade/documented.rs::answers_have_the_documented_fields"]), By(&["server/tests/service/trade/orders.rs::a_lost_payment_callback_is_found_by_asking"]), By(&["cli/tests/trade/platform.rs::an_order_is_asked_about_by_either_number"])]),
        row(&["pay_status"], [By(&["protocol/tests/trade_messages/queries.rs::a_paid_order_is_typed_with_numbers_and_with_texts"]), By(&["mock/tests/story/trade/paying.rs::cancelling_ends_an_order_and_leaving_does_not"]), By(&["server/tests/service/trade/orders.rs::a_payer_who_gives_up_closes_the_order"]), By(&["cli/tests/trade/told.rs::every_documented_field_of_a_reply_is_told", "cli/tests/trade/platform.rs::an_order_is_asked_about_by_either_number"])]).asks(&["Q-13"]),
        row(&["total_amount", "discount_amount"], [By(&["protocol/tests/trade_messages/queries.rs::a_paid_order_is_typed_with_numbers_and_with_texts"]), By(&["mock/tests/story/trade/documented.rs::answers_have_the_documented_fields"]), By(&["server/tests/service/trade/orders.rs::a_discount_of_the_platform_is_told_apart_from_the_total"]), By(&["cli/tests/trade/told.rs::every_documented_field_of_a_reply_is_told"])]),
        row(&["trade_time", "pay_time"], [By(&["protocol/tests/trade_messages/queries.rs::a_paid_order_is_typed_with_numbers_and_with_texts"]), By(&["mock/tests/story/trade/documented.rs::answers_have_the_documented_fields"]), By(&["ledger/tests/observe_trade.rs::a_query_of_an_order"]), By(&["cli/tests/trade/platform.rs::an_order_is_asked_about_by_either_number"])]),
        row(&["pay_channel", "channel_pay_id"], [By(&["protocol/tests/trade_messages/queries.rs::a_paid_order_is_typed_with_numbers_and_with_texts"]), By(&["mock/tests/story/trade/documented.rs::answers_have_the_documented_fields"]), By(&["ledger/tests/observe_trade.rs::a_query_of_an_order"]), By(&["cli/tests/trade/platform.rs::an_order_is_asked_about_by_either_number"])]),
        row(&["merchant_uid"], [By(&["protocol/tests/trade_messages/queries.rs::a_paid_order_is_typed_with_numbers_and_with_texts"]), By(&["mock/tests/story/trade/documented.rs::answers_have_the_documented_fields"]), By(&["ledger/tests/observe_trade.rs::a_query_of_an_order"]), By(&["cli/tests/trade/platform.rs::an_order_is_asked_about_by_either_number"])]),
        row(&["item_order_list", "item_order_id", "sku_id", "item_order_amount"], [By(&["protocol/tests/trade_messages/queries.rs::a_paid_order_is_typed_with_numbers_and_with_texts"]), By(&["mock/tests/story/trade/documented.rs::answers_have_the_documented_fields"]), By(&["server/tests/service/trade/orders.rs::a_lost_payment_callback_is_found_by_asking"]), By(&["cli/tests/trade/platform.rs::an_order_is_asked_about_by_either_number"])]).asks(&["Q-15"]),
        row(&["item_order_currency_amount", "currency", "total_currency_amount"], [By(&["protocol/tests/trade_messages/queries.rs::an_order_in_diamonds_and_one_of_a_service_are_typed"]), By(&["mock/tests/story/trade/paying.rs::diamonds_are_no_money"]), By(&["ledger/tests/observe_trade.rs::a_payment_that_was_cancelled_and_one_with_diamonds"]), By(&["cli/tests/trade/platform.rs::an_order_in_diamonds_says_so"])]),
        row(&["cp_extra"], [By(&["protocol/tests/trade_messages/states.rs::every_word_of_an_order_is_read_and_told_again"]), NotOffered, NotOffered, NotOffered]),
        row(&["order_service_status", "service_cancel_reason", "submisssion_time"], [By(&["protocol/tests/trade_messages/queries.rs::an_order_in_diamonds_and_one_of_a_service_are_typed"]), NeedsPermission, NeedsPermission, NeedsPermission]),
    ],
};

const QUERY_CPS: Section = Section {
    title: "query_cps (`/api/trade_basic/v1/developer/query_cps/`)",
    rows: &[row(
        &[
            "query_cps",
            "order_id",
            "out_order_no",
            "total_commission_amount",
            "cps_item_list",
            "item_order_id",
            "sell_amount",
            "commission_amount",
            "commission_rate",
            "source_type",
            "status",
            "commission_user_douyinid",
            "commission_user_nickname",
            "task_id",
            "item_id",
        ],
        [
            By(&[
                "protocol/tests/trade_messages/queries.rs::commissions_are_typed_and_the_video_is_text_or_number",
            ]),
            By(&[
                "mock/tests/story/trade/documented.rs::goods_commission_and_funds_have_the_documented_fields",
                "mock/tests/story/trade/settling.rs::promoters_get_their_part",
            ]),
            NotInRelease(14),
            By(&["cli/tests/trade/told.rs::every_documented_field_of_a_reply_is_told"]),
        ],
    )],
};

const FULFIL: Section = Section {
    title: "fulfill_push_status (`/api/trade_basic/v1/developer/fulfill_push_status/`)",
    rows: &[
        row(&["fulfill_push_status"], [By(&["protocol/tests/trade_messages/queries.rs::fulfilments_name_each_item_once_and_need_no_data_back"]), By(&["mock/tests/story/trade/fulfilment.rs::states_only_move_forward"]), By(&["server/tests/service/trade/settlements.rs::the_platform_is_told_how_far_the_goods_are"]), By(&["cli/tests/trade/platform.rs::a_payers_refund_is_decided_and_looked_at"])]),
        row(&["order_id", "item_order_id_list"], [By(&["protocol/tests/trade_messages/queries.rs::fulfilments_name_each_item_once_and_need_no_data_back"]), By(&["mock/tests/story/trade/fulfilment.rs::only_paid_orders_of_the_right_types_are_fulfilled"]), By(&["cli/tests/trade/sent.rs::every_call_of_the_service_has_the_documented_fields"]), By(&["cli/tests/trade/platform.rs::a_payers_refund_is_decided_and_looked_at"])]),
        row(&["to_status"], [By(&["protocol/tests/trade_messages/queries.rs::stages_are_read_without_regard_to_case_and_only_go_forward"]), By(&["mock/tests/story/trade/fulfilment.rs::states_only_move_forward"]), By(&["cli/tests/trade/sent.rs::every_call_of_the_service_has_the_documented_fields"]), By(&["cli/tests/trade/platform.rs::a_payers_refund_is_decided_and_looked_at"])]).asks(&["Q-6"]),
        row(&["err_no given as a text"], [By(&["protocol/tests/trade_messages/leniency.rs::any_refusal_is_its_code"]), NotOffered, NotOffered, NotOffered]),
    ],
};

const ABSENT: Section = Section {
    title: "Calls that do not exist",
    rows: &[
        row(&["create an order on the server"], [NotOffered, NotOffered, NotOffered, NotOffered])
            .asks(&["Q-20"]),
        row(&["close an order, cancel a refund"], [NotOffered, NotOffered, NotOffered, NotOffered]),
        row(&["return of a share (退分账)"], [NotOffered, NotOffered, NotOffered, NotOffered]).asks(&["Q-8"]),
    ],
};
