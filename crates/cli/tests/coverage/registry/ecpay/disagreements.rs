//! Where sources disagree: what we read, what the mock does, what can be switched.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[SIGNING, SPELLINGS, FIGURES];

const VECTORS: &str = "protocol/tests/vectors/main.rs::all_46_requests_are_signed_to_the_letter";
const REFUSED: &str = "protocol/tests/vectors/main.rs::a_refused_value_names_its_field_and_the_reason";
const BOTH: &str = "protocol/tests/callbacks.rs::spellings_of_both_generations_are_read";
const RANGES: &str =
    "protocol/tests/requests.rs::amounts_and_times_out_of_range_are_refused_before_they_are_sent";

const SIGNING: Section = Section {
    title: "Signing",
    rows: &[
        row(
            &["D-1 order of bytes or UTF-16 units"],
            [
                By(&[VECTORS]),
                By(&["mock/tests/story/console.rs::a_platform_that_sorts_by_utf16_takes_what_java_signs"]),
                NotOffered,
                By(&["cli/tests/commands.rs::every_wrong_signer_in_use_is_recognised"]),
            ],
        ),
        row(
            &["D-2 white space", "D-4 quotes and null"],
            [
                By(&[REFUSED]),
                By(&["mock/tests/story/signers.rs::every_wrong_signer_in_use_is_refused_and_recognised"]),
                NotOffered,
                By(&["cli/tests/commands.rs::every_wrong_signer_in_use_is_recognised"]),
            ],
        ),
        row(
            &["D-3 zero", "D-6 other_settle_params"],
            [
                By(&[VECTORS]),
                By(&["mock/tests/story/signers.rs::every_wrong_signer_in_use_is_refused_and_recognised"]),
                NotOffered,
                By(&["cli/tests/commands.rs::every_wrong_signer_in_use_is_recognised"]),
            ],
        ),
        row(
            &["D-5 nested values", "D-19 expand_order_info"],
            [
                By(&[VECTORS]),
                By(&[
                    "mock/tests/story/options.rs::delivery_fees_come_as_text_or_object_and_messages_can_be_suppressed",
                    "mock/tests/story/signers.rs::every_wrong_signer_in_use_is_refused_and_recognised",
                ]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["D-8 four fields of a callback"],
            [
                By(&["protocol/tests/callbacks.rs::what_is_signed_is_verified"]),
                By(&["mock/tests/story/callbacks.rs::messages_have_exactly_the_documented_fields"]),
                NotOffered,
                NotOffered,
            ],
        ),
    ],
};

const SPELLINGS: Section = Section {
    title: "Spellings",
    rows: &[
        row(
            &["D-7 timestamp", "D-9 appid", "D-10 way"],
            [
                By(&[BOTH]),
                By(&[
                    "mock/tests/story/switches.rs::callbacks_follow_their_switches",
                    "mock/tests/story/switches.rs::callbacks_vary_by_fault_and_stay_rightly_signed",
                ]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["D-14 finish"],
            [
                By(&["protocol/tests/requests.rs::refunds_and_settlements_sign_what_they_write"]),
                By(&[
                    "mock/tests/story/switches.rs::settlements_follow_the_switches_about_finish_and_the_fee",
                ]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["D-15 status_msg", "D-17 balances"],
            [
                By(&[
                    "protocol/tests/ecpay_messages/funds.rs::a_withdrawal_is_sent_and_asked_about",
                    "protocol/tests/ecpay_messages/funds.rs::a_balance_is_read_despite_the_misspelling",
                ]),
                By(&["mock/tests/story/switches.rs::answers_can_be_worded_as_other_sources_have_them"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["D-16 callback of withdrawals"],
            [
                By(&["protocol/tests/ecpay_messages/funds.rs::a_withdrawal_is_sent_and_asked_about"]),
                By(&["mock/tests/story/switches.rs::answers_can_be_worded_as_other_sources_have_them"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["D-18 text of the signature error"],
            [
                By(&["protocol/tests/replies.rs::refusals_are_codes_whatever_else_is_there"]),
                By(&[
                    "mock/tests/story/options.rs::a_wrong_signature_is_told_in_the_words_of_2026_or_of_2023",
                ]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["D-20 query_merchant_status"],
            [
                By(&["protocol/tests/ecpay_messages/merchants.rs::both_generations_of_states_are_read"]),
                By(&["mock/tests/story/onboarding.rs::the_status_of_2021_is_a_number_per_channel"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["D-21 update_time"],
            [
                By(&["protocol/tests/ecpay_messages/order_push.rs::optional_fields_and_seconds"]),
                By(&["mock/tests/story/pushes.rs::pushes_are_checked_and_kept"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["D-22 one number or both"],
            [
                By(&[
                    "protocol/tests/ecpay_messages/returns.rs::the_settlement_is_named_by_one_number_or_both",
                ]),
                By(&["mock/tests/story/switches.rs::queries_follow_their_switches"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["D-23 errors of bills"],
            [
                By(&["protocol/tests/bills/refused.rs::the_platforms_refusal_comes_in_place_of_a_bill"]),
                By(&["mock/tests/story/bills.rs::refusals_of_bills_have_forms_of_their_own"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["D-25 cps_info"],
            [
                By(&["protocol/tests/replies.rs::what_only_informs_may_be_odd_and_hides_nothing"]),
                By(&["mock/tests/story/switches.rs::queries_follow_their_switches"]),
                NotOffered,
                NotOffered,
            ],
        ),
    ],
};

const FIGURES: Section = Section {
    title: "Figures",
    rows: &[
        row(
            &["D-11 30 or 150"],
            [
                By(&["sdk/src/tests/pacing.rs::thirty_a_second_go_every_33_ms"]),
                By(&["mock/tests/story/console.rs::small_disagreements_are_switches"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["D-12 shortest valid_time"],
            [
                By(&[RANGES]),
                By(&["mock/tests/story/console.rs::small_disagreements_are_switches"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["D-13 all_settle"],
            [
                By(&["protocol/tests/requests.rs::refunds_and_settlements_sign_what_they_write"]),
                By(&["mock/tests/story/money.rs::in_2021_a_refund_after_settlement_had_to_say_so"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["D-24 16 deliveries"],
            [
                NotOffered,
                By(&["mock/tests/story/switches.rs::callbacks_follow_their_switches"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["D-26 end for new apps"],
            [
                NotOffered,
                By(&["mock/tests/story/console.rs::a_retired_product_serves_old_orders_only"]),
                NotOffered,
                NotOffered,
            ],
        )
        .asks(&["Q-12"]),
        row(
            &["D-27 POST"],
            [
                By(&["sdk/src/tests/calls.rs::a_call_is_a_signed_post_and_its_answer_is_typed"]),
                By(&["mock/tests/story/orders.rs::paths_and_methods_the_platform_does_not_have"]),
                NotOffered,
                NotOffered,
            ],
        ),
    ],
};
