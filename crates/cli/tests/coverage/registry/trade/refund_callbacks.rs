//! What the platform posts about refunds.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[REFUND, PRE_CREATE_REFUND];

const REFUND: Section = Section {
    title: "refund",
    rows: &[
        row(
            &["refund"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_refund_is_typed_and_may_have_no_number_of_ours",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&["server/tests/service/trade/refunds.rs::a_part_goes_back_and_then_the_rest"]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["app_id", "order_id", "refund_id", "out_refund_no"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_refund_is_typed_and_may_have_no_number_of_ours",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&["server/tests/service/trade/refunds.rs::a_part_goes_back_and_then_the_rest"]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["status", "message"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_refund_is_typed_and_may_have_no_number_of_ours",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&["server/tests/service/trade/refunds.rs::a_refund_is_denied_with_a_reason"]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["refund_total_amount"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_refund_is_typed_and_may_have_no_number_of_ours",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&["server/tests/service/trade/refunds.rs::a_part_goes_back_and_then_the_rest"]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["cp_extra"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_refund_is_typed_and_may_have_no_number_of_ours",
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
                    "protocol/tests/trade_messages/notices.rs::a_refund_is_typed_and_may_have_no_number_of_ours",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&["server/tests/service/trade/refunds.rs::a_part_goes_back_and_then_the_rest"]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["is_all_settled"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_refund_is_typed_and_may_have_no_number_of_ours",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&["ledger/tests/observe_trade.rs::the_end_of_a_refund"]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["refund_type"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_refund_is_typed_and_may_have_no_number_of_ours",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&["ledger/tests/observe_trade.rs::the_end_of_a_refund"]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &[
                "refund_item_detail",
                "item_order_quantity",
                "item_order_detail",
                "item_order_id",
                "refund_amount",
            ],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_refund_is_typed_and_may_have_no_number_of_ours",
                ]),
                By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]),
                By(&["server/tests/service/trade/refunds.rs::of_several_items_each_part_is_named"]),
                By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"]),
            ],
        ),
        row(
            &["currency"],
            [
                By(&[
                    "protocol/tests/trade_messages/notices.rs::a_refund_is_typed_and_may_have_no_number_of_ours",
                ]),
                By(&["mock/tests/story/trade/paying.rs::diamonds_are_no_money"]),
                By(&["ledger/tests/observe_trade.rs::the_end_of_a_refund"]),
                NotOffered,
            ],
        ),
    ],
};

const PRE_CREATE_REFUND: Section = Section {
    title: "pre_create_refund",
    rows: &[
        row(&["pre_create_refund"], [By(&["protocol/tests/trade_messages/notices.rs::a_refund_that_is_asked_for_is_typed"]), By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]), By(&["server/tests/service/trade/callbacks.rs::a_refund_applied_for_is_answered_with_the_same_bytes"]), By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"])]),
        row(&["app_id", "open_id", "refund_id", "order_id", "out_order_no"], [By(&["protocol/tests/trade_messages/notices.rs::a_refund_that_is_asked_for_is_typed"]), By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]), By(&["server/tests/service/trade/callbacks.rs::a_refund_applied_for_is_answered_with_the_same_bytes"]), By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"])]),
        row(&["refund_total_amount"], [By(&["protocol/tests/trade_messages/notices.rs::a_refund_that_is_asked_for_is_typed"]), By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]), By(&["server/tests/service/trade/refunds.rs::a_refund_that_the_payer_starts_is_given_a_number_and_agreed_to"]), By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"])]),
        row(&["need_refund_audit", "refund_audit_deadline"], [By(&["protocol/tests/trade_messages/notices.rs::a_refund_that_is_asked_for_is_typed"]), By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]), By(&["ledger/tests/observe_trade.rs::a_refund_that_somebody_asked_for"]), By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"])]),
        row(&["create_refund_time", "refund_source"], [By(&["protocol/tests/trade_messages/notices.rs::a_refund_that_is_asked_for_is_typed"]), By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]), By(&["ledger/tests/observe_trade.rs::a_refund_that_somebody_asked_for"]), By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"])]),
        row(&["refund_reason", "refund_description"], [By(&["protocol/tests/trade_messages/notices.rs::reasons_are_read_in_every_shape"]), By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]), By(&["server/tests/service/trade/refunds.rs::a_refund_that_the_payer_starts_is_given_a_number_and_agreed_to"]), By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"])]).asks(&["Q-10"]),
        row(&["cp_extra", "currency"], [By(&["protocol/tests/trade_messages/notices.rs::a_refund_that_is_asked_for_is_typed"]), By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]), By(&["ledger/tests/observe_trade.rs::a_refund_that_somebody_asked_for"]), NotOffered]),
        row(&["refund_item_detail", "item_order_quantity", "item_order_detail", "item_order_id", "refund_amount"], [By(&["protocol/tests/trade_messages/notices.rs::a_refund_that_is_asked_for_is_typed"]), By(&["mock/tests/story/trade/documented.rs::callbacks_have_the_documented_fields"]), By(&["server/tests/service/trade/refunds.rs::a_refund_that_the_payer_starts_is_given_a_number_and_agreed_to"]), By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"])]),
        row(&["out_refund_no"], [By(&["protocol/tests/trade_messages/notices.rs::a_refund_that_is_asked_for_is_typed"]), NotOffered, By(&["server/tests/service/trade/refunds.rs::a_refund_that_the_payer_starts_is_given_a_number_and_agreed_to"]), NotOffered]),
        row(&["answer: out_refund_no, order_entry_schema, notify_url"], [By(&["sdk/tests/platform/story.rs::a_user_asks_for_the_money_back_and_the_merchant_decides"]), By(&["mock/tests/story/trade/audits.rs::an_answer_needs_a_fresh_number_and_a_page"]), By(&["server/tests/service/trade/callbacks.rs::a_refund_applied_for_is_answered_with_the_same_bytes"]), NotOffered]),
    ],
};
