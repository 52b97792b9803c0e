//! Orders: how they are opened, paid and asked about.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[EVERY_CALL, CREATE, CASHIER, QUERY];

const SENT: &str = "protocol/tests/requests.rs::orders_sign_what_they_write";
const RANGES: &str =
    "protocol/tests/requests.rs::amounts_and_times_out_of_range_are_refused_before_they_are_sent";
const PAYLOADS: &str = "protocol/tests/replies.rs::each_call_finds_its_payload";
const REFUSALS: &str = "protocol/tests/replies.rs::refusals_are_codes_whatever_else_is_there";
const CAPTURED: &str = "protocol/tests/replies.rs::a_captured_answer_is_typed";
const OPENED: &str = "mock/tests/story/orders.rs::an_order_is_opened_paid_and_queried";
const WRONG_FIELD: &str = "mock/src/platform/fields.rs::each_wrong_field_is_named_with_its_problem";
const REPEATED: &str = "mock/tests/story/orders.rs::a_repeat_gets_the_first_answer_and_a_remark";
const SERVED: &str = "server/tests/service/orders.rs::an_order_is_opened_once_and_answered_again";
const TYPED: &str = "cli/tests/remote/speech.rs::a_whole_order_from_the_command_line";

const EVERY_CALL: Section = Section {
    title: "Every call",
    rows: &[
        row(&["err_no", "err_tips"], [By(&[REFUSALS]), By(&["mock/tests/story/orders.rs::checks_come_in_the_platforms_order"]), By(&["server/tests/service/orders.rs::a_refusal_is_told_with_the_platforms_code"]), By(&["cli/tests/trade/platform.rs::what_the_platform_does_not_know_ends_with_1_in_both_systems"])]),
        row(&["X-Tt-Logid"], [By(&["sdk/src/tests/calls.rs::a_log_id_that_cannot_be_one_is_dropped"]), By(&["mock/tests/story/faults.rs::an_answer_carries_the_log_id_of_its_record"]), NotOffered, By(&["cli/tests/remote/platform.rs::queries_tell_every_documented_field"])]),
        row(&["order of the checks"], [NotOffered, By(&["mock/tests/story/orders.rs::checks_come_in_the_platforms_order"]), NotOffered, NotOffered]).asks(&["Q-16"]),
        row(&["unknown path, wrong method"], [By(&["protocol/src/ecpay/endpoint.rs::paths_and_names_lead_back_to_their_call"]), By(&["mock/tests/story/orders.rs::paths_and_methods_the_platform_does_not_have"]), NotOffered, NotOffered]),
        row(&["a callback URL in the console"], [NotOffered, By(&["mock/tests/story/orders.rs::without_any_callback_url_nothing_is_accepted"]), NotOffered, NotOffered]),
        row(&["the same number again"], [By(&["sdk/src/tests/calls.rs::a_lost_request_is_repeated_with_the_same_bytes"]), By(&[REPEATED]), By(&["server/tests/service/orders.rs::a_lost_answer_is_repeated_with_the_same_number_until_it_is_known"]), By(&["cli/tests/remote/kills.rs::whenever_it_dies_the_number_is_used_once"])]).asks(&["Q-7"]),
        row(&["a number whose operation failed"], [NotOffered, By(&["mock/tests/story/money.rs::a_failed_number_is_used_up_and_its_money_free_again"]), By(&["server/tests/service/refunds.rs::a_refused_refund_frees_its_sum"]), NotOffered]),
        row(&["thirdparty_id"], [By(&["sdk/src/tests/calls.rs::a_provider_names_itself"]), By(&["mock/tests/story/onboarding.rs::providers_onboard_with_their_own_salt_and_token", "mock/tests/story/onboarding.rs::a_providers_order_is_told_to_the_provider_and_signed_with_its_token"]), By(&["server/src/config/tests/ecpay.rs::everything_is_taken_and_shown_without_secrets"]), By(&["cli/tests/doctor/platform.rs::a_provider_is_accepted_or_what_is_wrong_with_it_is_found"])]).asks(&["Q-8"]),
    ],
};

const CREATE: Section = Section {
    title: "create_order",
    rows: &[
        row(&["/api/apps/ecpay/v1/create_order", "out_order_no", "total_amount", "subject", "body", "valid_time", "order_id", "order_token"], [By(&[SENT, RANGES, PAYLOADS]), By(&[OPENED, WRONG_FIELD]), By(&[SERVED]), By(&[TYPED])]),
        row(&["cp_extra"], [By(&[SENT]), By(&["mock/src/platform/fields.rs::a_long_cp_extra_is_cut_between_characters"]), By(&["server/tests/service/give_up.rs::the_payer_and_the_merchants_own_words_come_back"]), By(&["cli/tests/remote/returns.rs::what_only_guaranteed_payment_has_is_part_of_the_request"])]),
        row(&["notify_url"], [By(&["protocol/src/text.rs::an_address_that_the_platform_cannot_call_is_refused_and_the_reason_named"]), By(&["mock/tests/story/callbacks.rs::the_requests_own_url_wins_over_the_console"]), By(&[SERVED]), NotOffered]).asks(&["Q-17"]),
        row(&["disable_msg", "msg_page", "limit_pay_way", "store_uid", "expand_order_info"], [By(&[SENT]), By(&["mock/tests/story/options.rs::delivery_fees_come_as_text_or_object_and_messages_can_be_suppressed", "mock/tests/story/options.rs::a_store_receives_when_it_is_whitelisted_and_is_ignored_otherwise", "mock/tests/story/console.rs::channels_and_sellers_are_the_consoles_unless_the_request_says_otherwise"]), By(&["server/tests/service/ecpay/fields.rs::what_an_order_says_besides_is_sent_and_sent_again"]), By(&["cli/tests/remote/returns.rs::what_only_guaranteed_payment_has_is_part_of_the_request"])]),
        row(&["valid_time outside 300 to 172800"], [By(&[RANGES]), By(&["mock/tests/story/orders.rs::an_unpaid_order_times_out_after_its_clamped_life"]), By(&["server/tests/service/orders.rs::bad_requests_name_the_field_and_reach_nobody"]), NotOffered]),
    ],
};

const CASHIER: Section = Section {
    title: "tt.pay",
    rows: &[
        row(
            &["orderInfo", "service"],
            [
                NotOffered,
                By(&["mock/tests/story/orders.rs::the_cashier_page_escapes_and_pays"]),
                By(&[SERVED]),
                By(&["cli/tests/shop_page/story.rs::english_phone_wechat"]),
            ],
        ),
        row(
            &["code 0, 1, 2, 3, 4, 9"],
            [
                NotOffered,
                By(&["mock/tests/story/orders.rs::the_cashier_knows_every_way_out"]),
                NotOffered,
                By(&["cli/tests/shop_page/story.rs::failing_and_timing_out_close_the_order"]),
            ],
        ),
    ],
};

const QUERY: Section = Section {
    title: "query_order",
    rows: &[
        row(
            &[
                "/api/apps/ecpay/v1/query_order",
                "out_order_no",
                "order_id",
                "payment_info",
                "total_fee",
                "order_status",
                "pay_time",
                "way",
                "channel_no",
                "channel_gateway_no",
                "seller_uid",
                "item_id",
                "cp_extra",
            ],
            [
                By(&[CAPTURED, PAYLOADS]),
                By(&[OPENED]),
                By(&["server/tests/service/reconcile.rs::a_lost_payment_callback_is_found_by_asking"]),
                By(&["cli/tests/remote/platform.rs::queries_tell_every_documented_field"]),
            ],
        )
        .asks(&["Q-6"]),
        row(
            &["cps_info", "share_amount", "douyin_id", "nickname"],
            [
                By(&["protocol/tests/replies.rs::what_only_informs_may_be_odd_and_hides_nothing"]),
                By(&["mock/tests/story/settleable.rs::a_promoter_is_shown_and_paid"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["out_order_no that nobody gave"],
            [
                By(&[REFUSALS]),
                By(&[OPENED]),
                By(&[
                    "server/tests/service/reconcile.rs::an_unknown_settlement_is_repeated_with_its_number_and_never_fails",
                ]),
                By(&[
                    "cli/tests/trade/platform.rs::what_the_platform_does_not_know_ends_with_1_in_both_systems",
                ]),
            ],
        ),
    ],
};
