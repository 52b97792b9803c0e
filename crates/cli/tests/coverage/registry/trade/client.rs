//! What the mini-program hands to the platform, and what it gets back.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[DATA, SKU, SCHEMA, RESULTS];

const DATA: Section = Section {
    title: "`data` of tt.requestOrder",
    rows: &[
        row(
            &["skuList"],
            [
                By(&[
                    "protocol/tests/trade_messages/order_data.rs::the_first_golden_vector_is_written_to_the_byte",
                ]),
                By(&["mock/tests/story/trade/placing.rs::a_signed_order_is_placed_with_one_item_per_unit"]),
                By(&[
                    "server/tests/service/trade/orders.rs::what_is_sold_comes_from_the_request_or_the_configuration",
                ]),
                By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"]),
            ],
        ),
        row(
            &["outOrderNo"],
            [
                By(&[
                    "protocol/tests/trade_messages/order_data.rs::the_first_golden_vector_is_written_to_the_byte",
                ]),
                By(&["mock/tests/story/trade/placing.rs::a_number_is_one_order"]),
                By(&[
                    "server/tests/service/trade/orders.rs::an_order_is_signed_placed_paid_and_told_to_the_shop",
                ]),
                By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"]),
            ],
        ),
        row(
            &["totalAmount"],
            [
                By(&[
                    "protocol/tests/trade_messages/order_data.rs::prices_quantities_and_totals_fit_together",
                ]),
                By(&["mock/tests/story/trade/placing.rs::each_limit_of_the_data_is_kept"]),
                By(&[
                    "server/tests/service/trade/orders.rs::an_order_is_signed_placed_paid_and_told_to_the_shop",
                ]),
                By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"]),
            ],
        ),
        row(
            &["currency"],
            [
                By(&[
                    "protocol/tests/trade_messages/order_data.rs::everything_optional_is_written_and_read_back",
                ]),
                By(&["mock/tests/story/trade/paying.rs::diamonds_are_no_money"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["payExpireSeconds"],
            [
                By(&["protocol/tests/trade_messages/order_data.rs::times_to_pay_keep_their_range"]),
                By(&[
                    "mock/tests/story/trade/paying.rs::an_order_expires_to_the_millisecond_and_the_merchant_is_told",
                ]),
                By(&[
                    "server/tests/service/trade/orders.rs::what_is_sold_comes_from_the_request_or_the_configuration",
                ]),
                By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"]),
            ],
        ),
        row(
            &["payNotifyUrl"],
            [
                By(&[
                    "protocol/tests/trade_messages/order_data.rs::the_first_golden_vector_is_written_to_the_byte",
                ]),
                By(&["mock/tests/story/trade/callbacks.rs::a_payment_names_everything"]),
                By(&["cli/tests/trade/sent.rs::whatever_trade_says_is_in_the_data_that_is_signed"]),
                By(&["cli/tests/trade/sent.rs::whatever_trade_says_is_in_the_data_that_is_signed"]),
            ],
        ),
        row(
            &["merchantUid"],
            [
                By(&[
                    "protocol/tests/trade_messages/order_data.rs::everything_optional_is_written_and_read_back",
                ]),
                By(&["mock/tests/story/trade/placing.rs::each_limit_of_the_data_is_kept"]),
                By(&["cli/tests/trade/sent.rs::whatever_trade_says_is_in_the_data_that_is_signed"]),
                By(&["cli/tests/trade/sent.rs::whatever_trade_says_is_in_the_data_that_is_signed"]),
            ],
        ),
        row(
            &["orderEntrySchema"],
            [
                By(&[
                    "protocol/tests/trade_messages/order_data.rs::the_first_golden_vector_is_written_to_the_byte",
                ]),
                By(&["mock/tests/story/trade/placing.rs::each_limit_of_the_data_is_kept"]),
                By(&[
                    "server/tests/service/trade/orders.rs::what_is_sold_comes_from_the_request_or_the_configuration",
                ]),
                By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"]),
            ],
        ),
        row(
            &["limitPayWayList"],
            [
                By(&[
                    "protocol/tests/trade_messages/order_data.rs::everything_optional_is_written_and_read_back",
                ]),
                By(&["mock/tests/story/trade/paying.rs::hidden_channels_stay_hidden"]),
                By(&["cli/tests/trade/sent.rs::whatever_trade_says_is_in_the_data_that_is_signed"]),
                By(&["cli/tests/trade/sent.rs::whatever_trade_says_is_in_the_data_that_is_signed"]),
            ],
        ),
        row(
            &["payScene"],
            [
                By(&[
                    "protocol/tests/trade_messages/order_data.rs::everything_optional_is_written_and_read_back",
                ]),
                By(&["mock/tests/story/trade/placing.rs::each_limit_of_the_data_is_kept"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["promotionId"],
            [
                By(&[
                    "protocol/tests/trade_messages/order_data.rs::everything_optional_is_written_and_read_back",
                ]),
                By(&[
                    "mock/tests/story/trade/placing.rs::a_promotion_may_lower_the_total_and_an_app_sells_its_own_types",
                ]),
                By(&["cli/tests/trade/sent.rs::whatever_trade_says_is_in_the_data_that_is_signed"]),
                By(&["cli/tests/trade/sent.rs::whatever_trade_says_is_in_the_data_that_is_signed"]),
            ],
        ),
    ],
};

const SKU: Section = Section {
    title: "One entry of `skuList`",
    rows: &[
        row(&["skuId"], [By(&["protocol/tests/trade_messages/order_data.rs::the_first_golden_vector_is_written_to_the_byte"]), By(&["mock/tests/story/trade/placing.rs::a_signed_order_is_placed_with_one_item_per_unit"]), By(&["server/tests/service/trade/orders.rs::what_is_sold_comes_from_the_request_or_the_configuration"]), By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"])]),
        row(&["price", "quantity"], [By(&["protocol/tests/trade_messages/order_data.rs::prices_quantities_and_totals_fit_together"]), By(&["mock/tests/story/trade/placing.rs::a_signed_order_is_placed_with_one_item_per_unit"]), By(&["server/tests/service/trade/orders.rs::what_is_sold_comes_from_the_request_or_the_configuration"]), By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"])]),
        row(&["title"], [By(&["protocol/tests/trade_messages/order_data.rs::texts_keep_their_limits"]), By(&["mock/tests/story/trade/placing.rs::each_limit_of_the_data_is_kept"]), By(&["server/tests/service/trade/orders.rs::what_is_sold_comes_from_the_request_or_the_configuration"]), By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"])]),
        row(&["imageList"], [By(&["protocol/tests/trade_messages/order_data.rs::texts_keep_their_limits"]), By(&["mock/tests/story/trade/placing.rs::each_limit_of_the_data_is_kept"]), By(&["server/tests/service/trade/orders.rs::what_is_sold_comes_from_the_request_or_the_configuration"]), By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"])]),
        row(&["type", "tagGroupId"], [By(&["protocol/tests/trade_messages/order_data.rs::goods_that_need_attributes_are_refused_without"]), By(&["mock/tests/story/trade/placing.rs::tag_groups_carry_their_refund_rules"]), By(&["server/tests/service/trade/orders.rs::what_is_sold_comes_from_the_request_or_the_configuration"]), By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"])]),
        row(&["entrySchema"], [By(&["protocol/tests/trade_messages/order_data.rs::everything_optional_is_written_and_read_back"]), By(&["mock/tests/story/trade/placing.rs::each_limit_of_the_data_is_kept"]), By(&["server/tests/service/trade/orders.rs::what_is_sold_comes_from_the_request_or_the_configuration"]), By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"])]),
        row(&["skuAttr"], [By(&["protocol/tests/trade_messages/order_data.rs::goods_that_need_attributes_are_refused_without"]), By(&["mock/tests/story/trade/placing.rs::each_limit_of_the_data_is_kept"]), By(&["server/tests/service/trade/orders.rs::what_is_sold_comes_from_the_request_or_the_configuration"]), By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"])]).asks(&["Q-11"]),
    ],
};

const SCHEMA: Section = Section {
    title: "Schema object",
    rows: &[row(
        &["path", "params"],
        [
            By(&[
                "protocol/src/trade/schema.rs::paths_are_plain_and_problems_are_named",
                "protocol/src/trade/schema.rs::params_are_one_object_with_each_name_once",
            ]),
            By(&["mock/tests/story/trade/placing.rs::each_limit_of_the_data_is_kept"]),
            By(&["server/src/config/page.rs::numbers_are_filled_in_and_limits_are_kept"]),
            By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"]),
        ],
    )],
};

const RESULTS: Section = Section {
    title: "tt.requestOrder and tt.getOrderPayment",
    rows: &[
        row(
            &["orderId", "logId"],
            [
                NotOffered,
                By(&["mock/tests/story/trade/documented.rs::every_product_type_can_be_placed"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["itemOrderList", "itemOrderId", "skuId", "itemOrderAmount"],
            [
                NotOffered,
                By(&["mock/tests/story/trade/documented.rs::every_product_type_can_be_placed"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["errNo", "errMsg", "errLogId"],
            [
                NotOffered,
                By(&["mock/tests/story/trade/placing.rs::each_limit_of_the_data_is_kept"]),
                NotOffered,
                NotOffered,
            ],
        )
        .asks(&["Q-12"]),
        row(
            &["tt.getOrderPayment: pay, cancel, leave alone"],
            [
                NotOffered,
                By(&["mock/tests/story/trade/paying.rs::cancelling_ends_an_order_and_leaving_does_not"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["tt.confirmFulfillment"],
            [
                NotOffered,
                By(&["mock/tests/story/trade/fulfilment.rs::the_user_confirms"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["the user applies for a refund"],
            [
                NotOffered,
                By(&["mock/tests/story/trade/audits.rs::the_merchant_is_asked_gives_its_number_and_agrees"]),
                By(&[
                    "server/tests/service/trade/refunds.rs::a_refund_that_the_payer_starts_is_given_a_number_and_agreed_to",
                ]),
                NotOffered,
            ],
        ),
        row(
            &["the number of an order reported by the front end"],
            [
                NotOffered,
                NotOffered,
                By(&[
                    "server/tests/service/trade/orders.rs::the_number_of_the_front_end_is_checked_with_the_platform",
                ]),
                By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"]),
            ],
        ),
        row(&["payment-channel-select"], [NotOffered, NotOffered, NotOffered, NotOffered]),
    ],
};
