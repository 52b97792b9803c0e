//! Refunds: how they are asked for and asked about.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[CREATE, QUERY];

const SENT: &str = "protocol/tests/requests.rs::refunds_and_settlements_sign_what_they_write";
const PAYLOADS: &str = "protocol/tests/replies.rs::each_call_finds_its_payload";
const SUMS: &str = "mock/tests/story/money.rs::refunds_never_exceed_the_payment";
const SERVED: &str = "server/tests/service/refunds.rs::a_refund_is_asked_for_once";
const TYPED: &str = "cli/tests/remote/speech.rs::a_whole_order_from_the_command_line";

const CREATE: Section = Section {
    title: "create_refund",
    rows: &[
        row(
            &[
                "/api/apps/ecpay/v1/create_refund",
                "out_order_no",
                "out_refund_no",
                "reason",
                "refund_amount",
                "refund_no",
            ],
            [By(&[SENT, PAYLOADS]), By(&[SUMS]), By(&[SERVED]), By(&[TYPED])],
        ),
        row(
            &["cp_extra", "notify_url", "disable_msg", "msg_page"],
            [
                By(&[SENT]),
                By(&["mock/src/platform/fields.rs::each_wrong_field_is_named_with_its_problem"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["all_settle"],
            [
                By(&[SENT]),
                By(&["mock/tests/story/money.rs::in_2021_a_refund_after_settlement_had_to_say_so"]),
                By(&["server/tests/service/ecpay/fields.rs::what_a_refund_says_besides_is_sent"]),
                By(&["cli/tests/remote/returns.rs::what_only_guaranteed_payment_has_is_part_of_the_request"]),
            ],
        ),
        row(
            &["sum above the order's amount"],
            [
                NotOffered,
                By(&[SUMS]),
                By(&[
                    "server/tests/service/refunds.rs::more_than_is_left_is_refused_before_the_platform_is_asked",
                ]),
                By(&["cli/src/remote/problem.rs::sums_are_told_in_yuan_with_the_way_out"]),
            ],
        ),
        row(
            &["one year, 50 or 300 partial refunds"],
            [
                NotOffered,
                By(&["mock/tests/story/money.rs::limits_on_refunds_by_age_and_count"]),
                NotOffered,
                NotOffered,
            ],
        ),
    ],
};

const QUERY: Section = Section {
    title: "query_refund",
    rows: &[row(
        &[
            "/api/apps/ecpay/v1/query_refund",
            "out_refund_no",
            "refundInfo",
            "refund_no",
            "refund_amount",
            "refund_status",
            "refunded_at",
            "is_all_settled",
            "cp_extra",
            "msg",
        ],
        [
            By(&[PAYLOADS]),
            By(&["mock/tests/story/money.rs::a_refund_after_settlement_comes_from_the_sellers_balance"]),
            By(&["server/tests/service/reconcile.rs::a_person_may_ask_at_once"]),
            By(&["cli/tests/remote/platform.rs::queries_tell_every_documented_field"]),
        ],
    )],
};
