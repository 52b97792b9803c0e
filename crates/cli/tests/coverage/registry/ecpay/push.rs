//! Order push and its access token.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[PUSH, TOKEN];

const PUSH: Section = Section {
    title: "Order push",
    rows: &[
        row(
            &[
                "/api/apps/order/v2/push",
                "access_token",
                "app_name",
                "open_id",
                "order_type",
                "order_status",
                "update_time",
                "order_detail",
            ],
            [
                By(&[
                    "protocol/tests/ecpay_messages/order_push.rs::the_documented_push_is_sent",
                    "protocol/tests/ecpay_messages/order_push.rs::limits_are_kept_before_anything_is_sent",
                ]),
                By(&["mock/tests/story/pushes.rs::pushes_are_checked_and_kept"]),
                By(&[
                    "server/tests/service/ecpay/push.rs::payments_and_refunds_are_told_by_themselves_and_the_rest_by_hand",
                ]),
                By(&["cli/tests/remote/merchants.rs::an_order_is_pushed_after_a_yes"]),
            ],
        ),
        row(
            &[
                "order_id",
                "create_time",
                "status",
                "amount",
                "total_price",
                "detail_url",
                "item_list",
                "item_code",
                "img",
                "title",
                "sub_title",
                "price",
            ],
            [
                By(&[
                    "protocol/tests/ecpay_messages/order_push.rs::the_documented_push_is_sent",
                    "protocol/tests/ecpay_messages/order_push.rs::limits_are_kept_before_anything_is_sent",
                ]),
                By(&["mock/tests/story/pushes.rs::pushes_are_checked_and_kept"]),
                By(&[
                    "server/tests/service/ecpay/push.rs::the_configuration_says_what_a_request_does_not",
                    "server/tests/service/ecpay/push.rs::payments_and_refunds_are_told_by_themselves_and_the_rest_by_hand",
                ]),
                By(&["cli/tests/remote/merchants.rs::an_order_is_pushed_after_a_yes"]),
            ],
        ),
        row(
            &["0, 1, 2, 4, 5, 6, 8"],
            [
                By(&[
                    "protocol/tests/ecpay_messages/order_push.rs::each_state_has_a_number_a_text_and_a_word",
                ]),
                By(&["mock/tests/story/pushes.rs::pushes_are_checked_and_kept"]),
                By(&[
                    "server/tests/service/ecpay/push.rs::payments_and_refunds_are_told_by_themselves_and_the_rest_by_hand",
                ]),
                By(&["cli/tests/remote/merchants.rs::an_order_is_pushed_after_a_yes"]),
            ],
        ),
        row(
            &["extra", "client_key", "ext_shop_id", "scene", "launch_from", "location", "payment_order_no"],
            [
                By(&["protocol/tests/ecpay_messages/order_push.rs::optional_fields_and_seconds"]),
                By(&["mock/tests/story/pushes.rs::pushes_are_checked_and_kept"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["9101", "9001", "ext_order_id", "shop_name", "entry_type", "entry_schema", "ticket_num"],
            [
                By(&["protocol/tests/ecpay_messages/order_push.rs::the_documented_push_is_sent"]),
                By(&["mock/tests/story/pushes.rs::pushes_are_checked_and_kept"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["err_code", "err_msg", "body"],
            [
                By(&["protocol/tests/ecpay_messages/order_push.rs::its_answer_has_an_envelope_of_its_own"]),
                By(&["mock/tests/story/pushes.rs::pushes_are_checked_and_kept"]),
                By(&["server/tests/service/ecpay/push.rs::a_revoked_token_is_renewed_and_nothing_is_lost"]),
                By(&["cli/tests/remote/merchants.rs::an_order_is_pushed_after_a_yes"]),
            ],
        ),
        row(
            &["update_time must grow"],
            [
                NotOffered,
                By(&["mock/tests/story/pushes.rs::pushes_are_checked_and_kept"]),
                By(&[
                    "server/tests/service/ecpay/push.rs::payments_and_refunds_are_told_by_themselves_and_the_rest_by_hand",
                ]),
                NotOffered,
            ],
        ),
    ],
};

const TOKEN: Section = Section {
    title: "Access token",
    rows: &[
        row(
            &["/api/apps/v2/token", "appid", "secret", "grant_type", "data", "expires_in"],
            [
                By(&["sdk/src/tests/order_push.rs::one_token_call_serves_everybody_who_waits"]),
                By(&[
                    "mock/tests/story/pushes.rs::a_token_lives_two_hours_and_five_minutes_beside_a_newer_one",
                ]),
                By(&["server/tests/service/ecpay/push.rs::a_revoked_token_is_renewed_and_nothing_is_lost"]),
                By(&[
                    "cli/tests/remote/merchants.rs::a_token_is_fetched_and_never_shown",
                    "cli/tests/doctor/platform.rs::the_order_pushs_secret_is_tried",
                ]),
            ],
        ),
        row(
            &["/api/apps/token"],
            [
                NotOffered,
                By(&[
                    "mock/tests/story/pushes.rs::a_token_lives_two_hours_and_five_minutes_beside_a_newer_one",
                ]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["two hours, the earlier one five minutes more"],
            [
                By(&[
                    "sdk/src/tests/order_push.rs::the_token_is_renewed_five_minutes_early_and_nobody_waits",
                ]),
                By(&[
                    "mock/tests/story/pushes.rs::a_token_lives_two_hours_and_five_minutes_beside_a_newer_one",
                ]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["one refresh for all callers, once more after 40014"],
            [
                By(&[
                    "sdk/src/tests/order_push.rs::one_token_call_serves_everybody_who_waits",
                    "sdk/src/tests/order_push.rs::a_rejected_token_is_replaced_once_for_all",
                ]),
                NotOffered,
                NotOffered,
                NotOffered,
            ],
        ),
    ],
};
