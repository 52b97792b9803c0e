//! How requests and callbacks are signed, and who signs them wrongly.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[REQUESTS, WRONG_SIGNERS, CALLBACKS];

const VECTORS: &str = "protocol/tests/vectors/main.rs::all_46_requests_are_signed_to_the_letter";
const TYPED: &str = "protocol/tests/vectors/main.rs::every_vector_that_a_typed_request_can_carry_is_signed_alike_and_the_rest_is_refused";
const REFUSED: &str = "protocol/tests/vectors/main.rs::a_refused_value_names_its_field_and_the_reason";
const FIELDS: &str = "protocol/tests/explanations.rs::each_field_says_what_became_of_it";
const QUERIES: &str = "protocol/tests/explanations.rs::queries_are_signed_decoded";
const SIGN: &str = "cli/tests/commands.rs::all_46_request_vectors_through_sign";
const EXPLAIN: &str = "cli/tests/commands.rs::explain_shows_fields_and_bytes_but_never_the_salt";
const OPENED: &str = "mock/tests/story/orders.rs::an_order_is_opened_paid_and_queried";
const UNKNOWN: &str =
    "mock/tests/story/orders.rs::unknown_fields_are_signed_and_salt_and_token_are_not_the_same";
const SERVED: &str = "server/tests/service/orders.rs::an_order_is_opened_once_and_answered_again";

const REQUESTS: Section = Section {
    title: "Requests",
    rows: &[
        row(
            &["sign", "the values, trimmed, sorted, joined by &, MD5"],
            [By(&[VECTORS, TYPED]), By(&[OPENED]), By(&[SERVED]), By(&[SIGN])],
        ),
        row(
            &["app_id", "thirdparty_id", "other_settle_params"],
            [By(&[VECTORS]), By(&[OPENED]), By(&[SERVED]), By(&[SIGN])],
        ),
        row(
            &["zero, large integers"],
            [
                By(&["protocol/src/ecpay/sign.rs::numbers_are_plain_decimals"]),
                By(&[OPENED]),
                By(&[SERVED]),
                By(&[SIGN]),
            ],
        ),
        row(
            &["white space, quotes, the text null, nested values, JSON null, exponents"],
            [
                By(&[REFUSED, FIELDS]),
                By(&["mock/tests/story/signers.rs::every_wrong_signer_in_use_is_refused_and_recognised"]),
                NotOffered,
                By(&[EXPLAIN]),
            ],
        )
        .asks(&["Q-14"]),
        row(
            &["characters outside the BMP"],
            [
                By(&[VECTORS]),
                By(&["mock/tests/story/console.rs::a_platform_that_sorts_by_utf16_takes_what_java_signs"]),
                NotOffered,
                By(&[SIGN]),
            ],
        )
        .asks(&["Q-15"]),
        row(
            &["settle_params and expand_order_info as text"],
            [
                By(&["protocol/tests/requests.rs::refunds_and_settlements_sign_what_they_write"]),
                By(&[
                    "mock/tests/story/money.rs::receivers_and_shares_are_checked",
                    "mock/tests/story/options.rs::delivery_fees_come_as_text_or_object_and_messages_can_be_suppressed",
                ]),
                NotOffered,
                By(&[SIGN]),
            ],
        ),
        row(
            &["the query of the bills"],
            [
                By(&[QUERIES]),
                By(&["mock/tests/story/bills.rs::each_bill_has_the_days_rows"]),
                By(&[
                    "server/tests/service/bills.rs::each_kind_of_difference_is_found_once_and_resolved_by_itself",
                ]),
                By(&["cli/tests/bills/statements.rs::a_days_payments_are_counted_and_saved"]),
            ],
        ),
        row(&["fields that nobody knows"], [NotOffered, By(&[UNKNOWN]), NotOffered, By(&[EXPLAIN])])
            .asks(&["Q-18"]),
        row(
            &["salt and token exchanged"],
            [
                By(&["protocol/tests/callbacks.rs::a_salt_does_not_verify_and_a_rewritten_message_neither"]),
                By(&[UNKNOWN]),
                NotOffered,
                By(&[
                    "cli/tests/doctor/platform.rs::salt_and_token_swapped_are_found_by_asking_the_platform",
                ]),
            ],
        ),
        row(
            &["salt of the provider"],
            [
                By(&["sdk/tests/platform/ecpay.rs::the_same_through_a_provider_with_either_salt"]),
                By(&["mock/tests/story/onboarding.rs::whose_salt_signs_a_providers_call_is_a_switch"]),
                By(&["server/src/config/tests/ecpay.rs::everything_is_taken_and_shown_without_secrets"]),
                By(&[
                    "cli/tests/doctor/platform.rs::a_provider_is_accepted_or_what_is_wrong_with_it_is_found",
                ]),
            ],
        )
        .asks(&["Q-8"]),
    ],
};

const WRONG_SIGNERS: Section = Section {
    title: "Signers known to be wrong",
    rows: &[
        row(
            &[
                "dropped zero",
                "1e+06",
                "UTF-16 order",
                "quotes kept",
                "other_settle_params signed",
                "[object Object]",
            ],
            [
                By(&[
                    "protocol/tests/wrong_signers/main.rs::each_wrong_signer_is_recognised_by_its_mistakes_and_by_its_kind",
                    "protocol/tests/wrong_signers/main.rs::the_re_implementations_fail_where_the_originals_do_and_are_named_there",
                ]),
                By(&["mock/tests/story/signers.rs::every_wrong_signer_in_use_is_refused_and_recognised"]),
                NotOffered,
                By(&["cli/tests/commands.rs::every_wrong_signer_in_use_is_recognised"]),
            ],
        ),
        row(
            &["appid instead of app_id", "a form instead of JSON", "name=value pairs"],
            [
                By(&["protocol/tests/explanations.rs::well_known_mistakes_are_named"]),
                By(&["mock/tests/story/orders.rs::well_known_signature_mistakes_are_named"]),
                NotOffered,
                By(&[EXPLAIN]),
            ],
        ),
    ],
};

const CALLBACKS: Section = Section {
    title: "Callbacks",
    rows: &[
        row(
            &["msg_signature", "token, timestamp, nonce and msg, sorted, joined, SHA-1"],
            [
                By(&[
                    "protocol/tests/vectors/main.rs::all_18_callbacks_are_verified_and_any_other_token_is_not",
                ]),
                By(&[
                    "mock/tests/story/callbacks.rs::a_payment_is_told_sixteen_times_at_the_documented_offsets",
                ]),
                By(&["server/tests/service/callbacks.rs::nothing_wrong_is_ever_answered_with_success"]),
                By(&["cli/tests/commands.rs::all_18_callback_vectors_through_verify"]),
            ],
        ),
        row(
            &["several tokens"],
            [
                By(&["sdk/src/tests/callbacks.rs::the_current_and_earlier_tokens_fit"]),
                NotOffered,
                By(&["server/tests/service/callbacks.rs::the_log_names_the_app_whose_key_fits"]),
                By(&["cli/tests/commands.rs::all_18_callback_vectors_through_verify"]),
            ],
        ),
        row(
            &["escapes in the envelope, a message escaped twice"],
            [
                By(&[
                    "protocol/tests/callbacks.rs::escapes_in_the_envelope_do_not_change_what_is_signed",
                    "protocol/tests/callbacks.rs::a_message_escaped_twice_is_verified_and_then_said_to_be_no_json",
                ]),
                NotOffered,
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["upper-case digits"],
            [
                By(&["protocol/tests/callbacks.rs::upper_case_needs_asking_for"]),
                NotOffered,
                NotOffered,
                NotOffered,
            ],
        ),
    ],
};
