//! Every error code of the documents.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[CODES];

const WORDS: &str = "protocol/tests/replies.rs::every_code_has_words_in_both_languages";
const EXPLAINED: &str = "cli/tests/commands.rs::error_explains_every_code_in_both_languages";
const IN_ORDER: &str = "mock/tests/story/orders.rs::checks_come_in_the_platforms_order";

const CODES: Section = Section {
    title: "Codes",
    rows: &[
        row(
            &["0"],
            [
                By(&[WORDS]),
                By(&["mock/tests/story/orders.rs::an_order_is_opened_paid_and_queried"]),
                By(&["server/tests/service/orders.rs::an_order_is_opened_once_and_answered_again"]),
                By(&[EXPLAINED]),
            ],
        ),
        row(
            &["1000"],
            [
                By(&[WORDS]),
                By(&["mock/tests/story/faults.rs::each_fault_does_what_it_says"]),
                By(&["server/tests/service/orders.rs::an_outcome_that_stays_open_is_202_and_later_known"]),
                By(&[EXPLAINED]),
            ],
        ),
        row(
            &["1001"],
            [
                By(&[WORDS]),
                By(&[
                    "mock/tests/story/orders.rs::the_platforms_limit_answers_1001_and_the_watch_counts_the_promise",
                ]),
                NotOffered,
                By(&[EXPLAINED]),
            ],
        ),
        row(
            &["2000"],
            [
                By(&[WORDS]),
                By(&[IN_ORDER]),
                By(&[
                    "server/tests/service/reconcile.rs::an_unknown_settlement_is_repeated_with_its_number_and_never_fails",
                ]),
                By(&[EXPLAINED]),
            ],
        ),
        row(
            &["2008"],
            [
                By(&[WORDS]),
                By(&[IN_ORDER]),
                By(&["server/tests/service/orders.rs::a_wrong_configuration_is_told_and_mends_itself"]),
                By(&[EXPLAINED]),
            ],
        ),
        row(
            &["2010"],
            [
                By(&[WORDS]),
                By(&[IN_ORDER]),
                By(&["server/tests/service/orders.rs::a_refusal_is_told_with_the_platforms_code"]),
                By(&[EXPLAINED]),
            ],
        )
        .asks(&["Q-1"]),
        row(
            &["2014"],
            [
                By(&[WORDS]),
                By(&["mock/tests/story/money.rs::receivers_and_shares_are_checked"]),
                NotOffered,
                By(&[EXPLAINED]),
            ],
        ),
        row(
            &["2020", "2102", "4408"],
            [
                By(&[WORDS]),
                By(&["mock/tests/story/returns.rs::each_refusal_has_its_code"]),
                NotOffered,
                By(&[EXPLAINED]),
            ],
        ),
        row(&["2042"], [By(&[WORDS]), By(&[IN_ORDER]), NotOffered, By(&[EXPLAINED])]),
        row(
            &["2047", "2048"],
            [
                By(&[WORDS]),
                By(&["mock/tests/story/orders.rs::checks_come_in_the_platforms_order"]),
                NotOffered,
                By(&[EXPLAINED]),
            ],
        ),
        row(
            &["3101"],
            [
                By(&[WORDS]),
                By(&["mock/tests/story/money.rs::refunds_never_exceed_the_payment"]),
                NotOffered,
                By(&[EXPLAINED]),
            ],
        ),
        row(
            &["4000"],
            [
                By(&[WORDS]),
                By(&[
                    "mock/tests/story/onboarding.rs::a_receiver_is_onboarded_by_a_link_and_may_then_receive",
                ]),
                NotOffered,
                By(&["cli/tests/remote/merchants.rs::accounts_are_opened_by_links_and_looked_at"]),
            ],
        ),
        row(
            &["40014", "40015", "40017", "40020", "1", "-1"],
            [
                By(&[WORDS]),
                By(&[
                    "mock/tests/story/pushes.rs::a_token_lives_two_hours_and_five_minutes_beside_a_newer_one",
                    "mock/tests/story/bills.rs::refusals_of_bills_have_forms_of_their_own",
                ]),
                NotOffered,
                By(&["cli/tests/commands.rs::error_explains_every_code_in_both_languages"]),
            ],
        ),
    ],
};
