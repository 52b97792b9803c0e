//! Returns of shares.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[CREATE, QUERY];

const CREATE: Section = Section {
    title: "create_return",
    rows: &[
        row(
            &[
                "/api/apps/ecpay/v1/create_return",
                "settle_no",
                "out_settle_no",
                "out_return_no",
                "merchant_uid",
                "return_amount",
                "return_desc",
            ],
            [
                By(&[
                    "protocol/tests/ecpay_messages/returns.rs::the_settlement_is_named_by_one_number_or_both",
                    "protocol/tests/ecpay_messages/returns.rs::limits_are_kept_before_anything_is_sent",
                ]),
                By(&[
                    "mock/tests/story/returns.rs::a_share_goes_back_to_the_seller",
                    "mock/tests/story/returns.rs::each_refusal_has_its_code",
                ]),
                By(&["server/tests/service/ecpay/returns.rs::a_share_comes_back_and_both_sides_agree"]),
                By(&[
                    "cli/tests/remote/returns.rs::a_share_comes_back_through_the_service",
                    "cli/tests/remote/platform.rs::a_share_is_taken_back_after_a_yes",
                ]),
            ],
        ),
        row(
            &["cp_extra"],
            [
                By(&[
                    "protocol/tests/ecpay_messages/returns.rs::the_settlement_is_named_by_one_number_or_both",
                ]),
                By(&["mock/tests/story/returns.rs::a_share_goes_back_to_the_seller"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &[
                "return_info",
                "app_id",
                "thirdparty_id",
                "return_no",
                "return_status",
                "fail_reason",
                "finish_time",
            ],
            [
                By(&["protocol/tests/ecpay_messages/returns.rs::both_calls_give_the_same_answer"]),
                By(&["mock/tests/story/returns.rs::a_share_goes_back_to_the_seller"]),
                By(&["server/tests/service/ecpay/returns.rs::a_share_comes_back_and_both_sides_agree"]),
                By(&["cli/tests/remote/platform.rs::a_share_is_taken_back_after_a_yes"]),
            ],
        ),
        row(
            &["no more than the share"],
            [
                NotOffered,
                By(&["mock/tests/story/returns.rs::never_more_than_the_receiver_got_in_that_settlement"]),
                By(&[
                    "server/tests/service/ecpay/returns.rs::what_cannot_come_back_says_why_before_the_platform_is_asked",
                ]),
                By(&["cli/tests/remote/returns.rs::a_share_comes_back_through_the_service"]),
            ],
        ),
        row(
            &["20 returns per receiver, 180 days, 12 months"],
            [
                NotOffered,
                By(&[
                    "mock/tests/story/returns.rs::twenty_returns_and_half_a_year_through_wechat",
                    "mock/tests/story/returns.rs::a_year_and_no_count_through_alipay",
                ]),
                By(&["ledger/tests/tables.rs::returns"]),
                NotOffered,
            ],
        ),
    ],
};

const QUERY: Section = Section {
    title: "query_return",
    rows: &[row(
        &["/api/apps/ecpay/v1/query_return", "return_no", "out_return_no"],
        [
            By(&["protocol/tests/ecpay_messages/returns.rs::a_return_is_asked_about_by_either_number"]),
            By(&["mock/tests/story/returns.rs::a_share_goes_back_to_the_seller"]),
            By(&["server/tests/service/ecpay/returns.rs::a_person_may_ask_about_a_return_at_once"]),
            By(&["cli/tests/remote/platform.rs::a_share_is_taken_back_after_a_yes"]),
        ],
    )],
};
