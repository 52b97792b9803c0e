//! Order push and its access token.

use super::Cell::{By, NotOffered, Open};
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
                Open,
                Open,
                Open,
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
                Open,
                Open,
                Open,
            ],
        ),
        row(
            &["0, 1, 2, 4, 5, 6, 8"],
            [
                By(&[
                    "protocol/tests/ecpay_messages/order_push.rs::each_state_has_a_number_a_text_and_a_word",
                ]),
                Open,
                Open,
                Open,
            ],
        ),
        row(
            &["extra", "client_key", "ext_shop_id", "scene", "launch_from", "location", "payment_order_no"],
            [
                By(&["protocol/tests/ecpay_messages/order_push.rs::optional_fields_and_seconds"]),
                Open,
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["9101", "9001", "ext_order_id", "shop_name", "entry_type", "entry_schema", "ticket_num"],
            [
                By(&["protocol/tests/ecpay_messages/order_push.rs::the_documented_push_is_sent"]),
                Open,
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["err_code", "err_msg", "body"],
            [
                By(&["protocol/tests/ecpay_messages/order_push.rs::its_answer_has_an_envelope_of_its_own"]),
                Open,
                Open,
                Open,
            ],
        ),
        row(&["update_time must grow"], [NotOffered, Open, Open, NotOffered]),
    ],
};

const TOKEN: Section = Section {
    title: "Access token",
    rows: &[
        row(
            &["/api/apps/v2/token", "appid", "secret", "grant_type", "data", "expires_in"],
            [
                By(&["protocol/tests/ecpay_messages/tokens.rs::what_is_no_token_is_none_and_is_never_shown"]),
                Open,
                Open,
                Open,
            ],
        ),
        row(&["/api/apps/token"], [NotOffered, Open, NotOffered, NotOffered]),
        row(&["two hours, the earlier one five minutes more"], [Open, Open, NotOffered, NotOffered]),
        row(
            &["one refresh for all callers, once more after 40014"],
            [Open, NotOffered, NotOffered, NotOffered],
        ),
    ],
};
