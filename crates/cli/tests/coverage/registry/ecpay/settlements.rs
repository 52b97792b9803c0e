//! Settlements: made by us, made by the platform, and what is left.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[SETTLE, QUERY, UNSETTLED, AUTOMATIC];

const SENT: &str = "protocol/tests/requests.rs::refunds_and_settlements_sign_what_they_write";
const PAYLOADS: &str = "protocol/tests/replies.rs::each_call_finds_its_payload";
const PAYS: &str = "mock/tests/story/money.rs::settling_waits_for_its_period_and_pays_everyone";
const RECEIVERS: &str = "mock/tests/story/money.rs::receivers_and_shares_are_checked";
const SEVERAL: &str = "mock/tests/story/money.rs::several_settlements_end_with_a_final_one";
const TYPED: &str = "cli/tests/remote/speech.rs::a_whole_order_from_the_command_line";

const SETTLE: Section = Section {
    title: "settle",
    rows: &[
        row(
            &["/api/apps/ecpay/v1/settle", "out_settle_no", "out_order_no", "settle_desc", "settle_no"],
            [
                By(&[SENT, PAYLOADS]),
                By(&[PAYS]),
                By(&["server/tests/service/refunds.rs::settlements_go_one_at_a_time"]),
                By(&[TYPED]),
            ],
        ),
        row(
            &["settle_params"],
            [
                By(&[
                    "protocol/tests/requests.rs::receivers_are_few_and_each_named_once",
                    "protocol/tests/requests.rs::an_empty_list_of_receivers_is_left_out",
                ]),
                By(&[RECEIVERS]),
                By(&["server/tests/service/refunds.rs::bad_shares_are_named"]),
                By(&[TYPED]),
            ],
        ),
        row(
            &["finish"],
            [
                By(&[SENT]),
                By(&[SEVERAL]),
                By(&["ledger/tests/tables.rs::settle_multi"]),
                By(&["cli/tests/remote/returns.rs::a_share_comes_back_through_the_service"]),
            ],
        )
        .asks(&["Q-10"]),
        row(
            &["cp_extra", "notify_url"],
            [
                By(&[SENT]),
                By(&["mock/src/platform/fields.rs::each_wrong_field_is_named_with_its_problem"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["50 settlements per order, the next after the one before"],
            [
                NotOffered,
                By(&[SEVERAL]),
                By(&["server/tests/service/refunds.rs::settlements_go_one_at_a_time"]),
                NotOffered,
            ],
        ),
        row(
            &["orders before 2022-06-01 once only"],
            [
                NotOffered,
                By(&["mock/tests/story/settleable.rs::orders_before_june_2022_are_settled_once"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(&["30 % of the order"], [NotOffered, By(&[RECEIVERS]), NotOffered, NotOffered]),
    ],
};

const QUERY: Section = Section {
    title: "query_settle",
    rows: &[row(&["/api/apps/ecpay/v1/query_settle", "out_settle_no", "settle_info", "settle_no", "settle_amount", "settle_status", "settle_detail", "settled_at", "rake", "commission", "cp_extra", "msg"], [By(&[PAYLOADS]), By(&[PAYS]), By(&["server/tests/service/reconcile.rs::an_unknown_settlement_is_repeated_with_its_number_and_never_fails"]), By(&["cli/tests/remote/platform.rs::queries_tell_every_documented_field"])]).asks(&["Q-9"])],
};

const UNSETTLED: Section = Section {
    title: "unsettle_amount",
    rows: &[row(
        &[
            "/api/apps/ecpay/v1/unsettle_amount",
            "out_order_no",
            "out_item_order_no",
            "unsettle_amount",
            "detail",
            "pay_info",
            "amount",
            "refund_info",
            "out_refund_no",
            "payment_rake",
            "life_rake",
            "commission",
        ],
        [
            By(&[
                "protocol/tests/ecpay_messages/unsettled.rs::what_can_be_settled_comes_with_how_it_was_counted",
            ]),
            By(&["mock/tests/story/settleable.rs::the_settleable_amount_is_what_a_final_settlement_brings"]),
            By(&["server/tests/service/ecpay/settling.rs::what_is_left_to_settle_says_who_says_so"]),
            By(&[
                "cli/tests/remote/platform.rs::queries_tell_every_documented_field",
                "cli/tests/remote/returns.rs::a_share_comes_back_through_the_service",
            ]),
        ],
    )],
};

const AUTOMATIC: Section = Section {
    title: "query_platform_order",
    rows: &[row(
        &[
            "/api/apps/ecpay/v1/query_platform_order",
            "out_order_no",
            "query_type",
            "platform_order",
            "settle_info_list",
            "out_settle_no",
            "settle_no",
            "settle_param_list",
            "settle_way",
            "settle_status",
            "cps",
            "service_charge",
            "created_at",
            "settled_at",
        ],
        [
            By(&[
                "protocol/tests/ecpay_messages/unsettled.rs::automatic_settlements_are_told_with_their_receivers",
            ]),
            By(&["mock/tests/story/settleable.rs::automatic_settlements_can_be_looked_up"]),
            By(&[
                "server/tests/service/ecpay/settling.rs::a_settlement_of_the_platform_whose_callbacks_are_lost_is_found_by_asking",
            ]),
            By(&["cli/tests/remote/platform.rs::queries_tell_every_documented_field"]),
        ],
    )],
};
