//! Every error code of the documents.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[EVERY_CALL, TOKENS, TOKENS_IN_CALLS, REFUNDS, SETTLEMENTS, CLIENT];

const EVERY_CALL: Section = Section {
    title: "Codes of every call",
    rows: &[
        row(
            &["0"],
            [
                By(&[
                    "protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages",
                ]),
                By(&["mock/tests/story/trade/placing.rs::a_signed_order_is_placed_with_one_item_per_unit"]),
                By(&[
                    "server/tests/service/trade/orders.rs::an_order_is_signed_placed_paid_and_told_to_the_shop",
                ]),
                By(&["cli/tests/trade/platform.rs::an_order_is_asked_about_by_either_number"]),
            ],
        ),
        row(
            &["10000"],
            [
                By(&[
                    "protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages",
                ]),
                By(&["mock/tests/story/trade/placing.rs::each_limit_of_the_data_is_kept"]),
                By(&["cli/tests/trade/refusals.rs::refusals_of_the_platform_end_with_their_code"]),
                By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"]),
            ],
        ),
        row(
            &["12001"],
            [
                By(&[
                    "protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages",
                ]),
                By(&["mock/tests/story/trade/switches.rs::faults_speak_this_systems_language"]),
                By(&["cli/tests/trade/refusals.rs::codes_that_decide_nothing_leave_the_number_open"]),
                By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"]),
            ],
        ),
        row(
            &["13000"],
            [
                By(&[
                    "protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages",
                ]),
                By(&["mock/tests/story/trade/switches.rs::faults_speak_this_systems_language"]),
                By(&["cli/tests/trade/refusals.rs::codes_that_decide_nothing_leave_the_number_open"]),
                By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"]),
            ],
        ),
    ],
};

const TOKENS: Section = Section {
    title: "Codes of client_token and stable_client_token",
    rows: &[
        row(
            &["10002"],
            [
                By(&[
                    "protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages",
                ]),
                By(&[
                    "mock/tests/story/trade/tokens.rs::a_token_is_fetched_with_the_secret_and_nothing_else",
                ]),
                NotOffered,
                By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"]),
            ],
        ),
        row(
            &["10003", "10013"],
            [
                By(&[
                    "protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages",
                ]),
                By(&[
                    "mock/tests/story/trade/tokens.rs::a_token_is_fetched_with_the_secret_and_nothing_else",
                ]),
                By(&["server/tests/service/trade/keys.rs::a_wrong_secret_is_an_exception_and_mends_itself"]),
                By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"]),
            ],
        ),
        row(
            &["10020"],
            [
                By(&[
                    "protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages",
                ]),
                By(&["mock/tests/story/trade/tokens.rs::the_501st_call_in_five_minutes_is_too_many"]),
                NotOffered,
                By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"]),
            ],
        ),
    ],
};

const TOKENS_IN_CALLS: Section = Section {
    title: "Codes about tokens in other calls",
    rows: &[
        row(&["28001003", "28001008"], [By(&["protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages"]), By(&["mock/tests/story/trade/tokens.rs::wrong_expired_and_revoked_tokens_have_codes_of_their_own"]), By(&["server/tests/service/trade/refunds.rs::a_revoked_token_is_renewed_in_mid_run"]), By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"])]).asks(&["Q-3"]),
        row(&["2190002", "2190008"], [By(&["protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages"]), NotOffered, NotOffered, By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"])]).asks(&["Q-3"]),
        row(&["28001014"], [By(&["protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages"]), NotOffered, NotOffered, By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"])]).asks(&["Q-3"]),
        row(&["28001018"], [By(&["protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages"]), By(&["mock/tests/story/trade/documented.rs::tokens_and_refusals_have_the_documented_fields"]), By(&["cli/tests/trade/refusals.rs::codes_that_decide_nothing_leave_the_number_open"]), By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"])]).asks(&["Q-3"]),
    ],
};

const REFUNDS: Section = Section {
    title: "Codes of refunds",
    rows: &[
        row(&["20000"], [By(&["protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages"]), By(&["mock/tests/story/trade/paying.rs::orders_that_do_not_exist_have_a_code"]), By(&["server/tests/service/trade/orders.rs::an_order_that_nobody_places_is_closed_after_everything_is_over"]), By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"])]).asks(&["Q-5"]),
        row(&["22000", "22001", "22002"], [By(&["protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages"]), By(&["mock/tests/story/trade/refunds.rs::each_wrong_request_has_its_code", "mock/tests/story/trade/refunds.rs::what_is_refunded_is_refunded_once"]), By(&["cli/tests/trade/refusals.rs::refusals_of_the_platform_end_with_their_code"]), By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"])]).asks(&["Q-5"]),
        row(&["22004"], [By(&["protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages"]), By(&["mock/tests/story/trade/refunds.rs::each_wrong_request_has_its_code", "mock/tests/story/trade/refunds.rs::what_is_refunded_is_refunded_once"]), By(&["ledger/tests/tables.rs::trade_number_used"]), By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"])]).asks(&["Q-5"]),
        row(&["22006"], [By(&["protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages"]), By(&["mock/tests/story/trade/audits.rs::the_merchant_may_refuse", "mock/tests/story/trade/audits.rs::the_merchant_is_asked_gives_its_number_and_agrees"]), By(&["cli/tests/trade/refusals.rs::codes_that_decide_nothing_leave_the_number_open"]), By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"])]).asks(&["Q-5"]),
        row(&["22007", "22008"], [By(&["protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages"]), By(&["mock/tests/story/trade/refunds.rs::each_wrong_request_has_its_code", "mock/tests/story/trade/refunds.rs::what_is_refunded_is_refunded_once"]), By(&["cli/tests/trade/refusals.rs::refusals_of_the_platform_end_with_their_code"]), By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"])]).asks(&["Q-5"]),
        row(&["22009"], [By(&["protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages"]), NotOffered, NotOffered, By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"])]).asks(&["Q-5"]),
        row(&["22013"], [By(&["protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages"]), By(&["mock/tests/story/trade/refunds.rs::what_is_refunded_is_refunded_once"]), By(&["ledger/tests/tables.rs::trade_number_used"]), By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"])]).asks(&["Q-5"]),
    ],
};

const SETTLEMENTS: Section = Section {
    title: "Codes of settlements",
    rows: &[
        row(
            &["23000"],
            [
                By(&[
                    "protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages",
                ]),
                By(&["mock/tests/story/trade/switches.rs::faults_speak_this_systems_language"]),
                By(&["cli/tests/trade/refusals.rs::codes_that_decide_nothing_leave_the_number_open"]),
                By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"]),
            ],
        ),
        row(
            &["23001", "23002", "23003", "23004", "23005", "23006", "23007", "23008", "23009", "23010"],
            [
                By(&[
                    "protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages",
                ]),
                NotOffered,
                NotOffered,
                By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"]),
            ],
        ),
        row(
            &["23024", "23025"],
            [
                By(&[
                    "protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages",
                ]),
                By(&[
                    "mock/tests/story/trade/settling.rs::each_refusal_has_its_code",
                    "mock/tests/story/trade/settling.rs::the_platform_settles_by_itself_when_it_is_told_to",
                ]),
                NotOffered,
                By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"]),
            ],
        ),
        row(
            &["23101", "23102", "23107"],
            [
                By(&[
                    "protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages",
                ]),
                By(&[
                    "mock/tests/story/trade/settling.rs::each_refusal_has_its_code",
                    "mock/tests/story/trade/settling.rs::the_platform_settles_by_itself_when_it_is_told_to",
                ]),
                By(&[
                    "cli/tests/trade/refusals.rs::refusals_of_the_platform_end_with_their_code",
                    "cli/tests/trade/refusals.rs::codes_that_decide_nothing_leave_the_number_open",
                ]),
                By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"]),
            ],
        ),
        row(
            &["23111"],
            [
                By(&[
                    "protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages",
                ]),
                By(&[
                    "mock/tests/story/trade/settling.rs::each_refusal_has_its_code",
                    "mock/tests/story/trade/settling.rs::the_platform_settles_by_itself_when_it_is_told_to",
                ]),
                By(&["ledger/tests/tables.rs::trade_number_used"]),
                By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"]),
            ],
        ),
        row(
            &["23112", "23113", "23117", "23118"],
            [
                By(&[
                    "protocol/tests/trade_messages/codes.rs::every_code_has_words_and_a_remedy_in_both_languages",
                ]),
                By(&[
                    "mock/tests/story/trade/settling.rs::each_refusal_has_its_code",
                    "mock/tests/story/trade/settling.rs::the_platform_settles_by_itself_when_it_is_told_to",
                ]),
                By(&[
                    "cli/tests/trade/refusals.rs::refusals_of_the_platform_end_with_their_code",
                    "cli/tests/trade/refusals.rs::codes_that_decide_nothing_leave_the_number_open",
                ]),
                By(&["cli/tests/trade/codes.rs::every_code_is_explained_in_both_languages"]),
            ],
        ),
    ],
};

const CLIENT: Section = Section {
    title: "Codes of tt.requestOrder",
    rows: &[
        row(&["10000 参数错误", "10000 商品不符合行业要求"], [By(&["protocol/tests/trade_messages/codes.rs::every_code_of_the_client_has_words_and_a_remedy_in_both_languages"]), By(&["mock/tests/story/trade/placing.rs::a_promotion_may_lower_the_total_and_an_app_sells_its_own_types"]), NotOffered, NotOffered]),
        row(&["10401"], [By(&["protocol/tests/trade_messages/codes.rs::every_code_of_the_client_has_words_and_a_remedy_in_both_languages"]), NotOffered, NotOffered, NotOffered]),
        row(&["11004", "签名校验异常"], [By(&["protocol/tests/trade_messages/codes.rs::every_code_of_the_client_has_words_and_a_remedy_in_both_languages"]), By(&["mock/tests/story/trade/placing.rs::well_known_signing_mistakes_are_named"]), NotOffered, NotOffered]).asks(&["Q-12"]),
        row(&["data.skuList should be array"], [By(&["protocol/tests/trade_messages/codes.rs::every_code_of_the_client_has_words_and_a_remedy_in_both_languages"]), By(&["mock/tests/story/trade/placing.rs::each_limit_of_the_data_is_kept"]), NotOffered, NotOffered]).asks(&["Q-12"]),
    ],
};
