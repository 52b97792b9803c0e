//! Keys, the two strings that are signed, and what goes wrong with them.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[KEYS, REQUEST, AUTHORIZATION, CALLBACK, MISTAKES];

const KEYS: Section = Section {
    title: "Keys",
    rows: &[
        row(
            &["PEM PKCS#1", "PEM PKCS#8", "bare base64 PKCS#1", "bare base64 PKCS#8"],
            [
                By(&["protocol/tests/trade/keys.rs::every_spelling_of_a_private_key_is_read"]),
                NotOffered,
                By(&[
                    "server/src/config/tests/trade.rs::both_systems_live_in_one_app_and_one_of_them_opens_new_orders",
                ]),
                By(&["cli/tests/trade/signing.rs::every_format_of_a_key_signs_the_same"]),
            ],
        ),
        row(
            &["line breaks in the base64", "`\\n` written out"],
            [
                By(&["protocol/tests/trade/keys.rs::every_spelling_of_a_private_key_is_read"]),
                NotOffered,
                By(&[
                    "server/src/config/tests/trade.rs::both_systems_live_in_one_app_and_one_of_them_opens_new_orders",
                ]),
                By(&["cli/tests/trade/signing.rs::every_format_of_a_key_signs_the_same"]),
            ],
        ),
        row(
            &["platform public key with and without PEM armour"],
            [
                By(&["protocol/tests/trade/keys.rs::every_spelling_of_a_public_key_is_read"]),
                NotOffered,
                By(&[
                    "server/src/config/tests/trade.rs::both_systems_live_in_one_app_and_one_of_them_opens_new_orders",
                ]),
                By(&["cli/tests/trade/verifying.rs::all_five_callback_vectors_through_verify"]),
            ],
        ),
        row(
            &["a key that is none, with the reason"],
            [
                By(&[
                    "protocol/tests/trade/key_mistakes.rs::what_was_pasted_badly_is_named",
                    "protocol/tests/trade/key_mistakes.rs::what_openssl_makes_besides_our_kind_of_key_is_named",
                ]),
                NotOffered,
                By(&["server/src/config/tests/trade.rs::each_mistake_with_a_key_is_named_with_its_remedy"]),
                By(&["cli/tests/trade/signing.rs::a_key_that_cannot_sign_ends_with_2_and_the_next_step"]),
            ],
        ),
        row(
            &["key_version"],
            [
                By(&["protocol/tests/trade/request_mistakes.rs::the_wrong_key_or_version"]),
                By(&["mock/tests/story/trade/placing.rs::an_uploaded_key_is_told_from_its_version"]),
                By(&["server/tests/service/trade/keys.rs::the_applications_key_is_changed_with_its_version"]),
                By(&["cli/tests/trade/verifying.rs::another_key_version_is_named"]),
            ],
        ),
        row(
            &["several live platform keys, rotation"],
            [
                By(&["sdk/src/tests/trade_callbacks.rs::the_current_and_earlier_keys_fit"]),
                By(&["mock/tests/story/trade/callbacks.rs::the_platforms_key_can_change"]),
                By(&[
                    "server/tests/service/trade/keys.rs::the_platforms_key_is_changed_without_losing_a_callback",
                ]),
                By(&["cli/tests/trade/verifying.rs::the_second_of_two_live_keys_is_tried"]),
            ],
        ),
    ],
};

const REQUEST: Section = Section {
    title: "The five lines of a request",
    rows: &[
        row(
            &["METHOD", "URI", "TIMESTAMP", "NONCE", "BODY"],
            [
                By(&[
                    "protocol/tests/trade/vectors.rs::all_7_requests_are_signed_to_the_letter_with_either_form_of_the_key",
                ]),
                By(&["mock/tests/story/trade/placing.rs::a_signed_order_is_placed_with_one_item_per_unit"]),
                By(&[
                    "server/tests/service/trade/orders.rs::an_order_is_signed_placed_paid_and_told_to_the_shop",
                ]),
                By(&["cli/tests/trade/signing.rs::explain_shows_the_five_lines_with_their_ends"]),
            ],
        ),
        row(
            &["SHA256-RSA2048, base64"],
            [
                By(&["protocol/tests/trade/openssl.rs::a_thousand_signatures_are_openssls_to_the_byte"]),
                By(&["mock/tests/story/trade/placing.rs::a_signed_order_is_placed_with_one_item_per_unit"]),
                By(&[
                    "server/tests/service/trade/orders.rs::an_order_is_signed_placed_paid_and_told_to_the_shop",
                ]),
                By(&["cli/tests/trade/signing.rs::all_seven_request_vectors_through_sign"]),
            ],
        ),
        row(
            &["/requestOrder"],
            [
                By(&[
                    "protocol/tests/trade/vectors.rs::all_7_requests_are_signed_to_the_letter_with_either_form_of_the_key",
                ]),
                By(&["mock/tests/story/trade/placing.rs::a_signed_order_is_placed_with_one_item_per_unit"]),
                By(&[
                    "server/tests/service/trade/orders.rs::an_order_is_signed_placed_paid_and_told_to_the_shop",
                ]),
                By(&["cli/tests/trade/signing.rs::all_seven_request_vectors_through_sign"]),
            ],
        ),
        row(
            &["/createSignOrder"],
            [
                By(&[
                    "protocol/tests/trade/vectors.rs::all_7_requests_are_signed_to_the_letter_with_either_form_of_the_key",
                ]),
                NotOffered,
                NotOffered,
                By(&["cli/tests/trade/signing.rs::all_seven_request_vectors_through_sign"]),
            ],
        ),
        row(
            &["signed HTTP calls (`Byte-Authorization` on a path)"],
            [
                By(&[
                    "protocol/tests/trade/vectors.rs::every_written_byte_authorization_is_read_back_and_verified",
                ]),
                NotOffered,
                NotOffered,
                By(&["cli/tests/trade/signing.rs::all_seven_request_vectors_through_sign"]),
            ],
        ),
        row(
            &["timestamp older than one hour"],
            [
                NotOffered,
                By(&["mock/tests/story/trade/placing.rs::a_signature_lives_for_an_hour"]),
                By(&["server/tests/service/trade/orders.rs::the_same_request_signs_the_same_data_anew"]),
                NotOffered,
            ],
        ),
        row(
            &["a nonce that comes twice"],
            [
                NotOffered,
                By(&["mock/tests/story/trade/placing.rs::a_nonce_counts_once_when_the_platform_looks"]),
                NotOffered,
                NotOffered,
            ],
        )
        .asks(&["Q-19"]),
    ],
};

const AUTHORIZATION: Section = Section {
    title: "byteAuthorization",
    rows: &[
        row(
            &["appid", "nonce_str", "timestamp", "key_version", "signature"],
            [
                By(&["protocol/tests/trade/authorizations.rs::what_is_written_is_read_back"]),
                By(&["mock/tests/story/trade/placing.rs::every_spelling_of_the_authorisation_is_read"]),
                By(&[
                    "server/tests/service/trade/orders.rs::an_order_is_signed_placed_paid_and_told_to_the_shop",
                ]),
                By(&["cli/tests/trade/verifying.rs::the_values_of_the_vectors_are_valid_authorizations"]),
            ],
        ),
        row(
            &["values without quotes"],
            [
                By(&[
                    "protocol/tests/trade/vectors.rs::every_written_byte_authorization_is_read_back_and_verified",
                ]),
                By(&["mock/tests/story/trade/placing.rs::every_spelling_of_the_authorisation_is_read"]),
                By(&[
                    "server/tests/service/trade/orders.rs::an_order_is_signed_placed_paid_and_told_to_the_shop",
                ]),
                By(&["cli/tests/trade/signing.rs::all_seven_request_vectors_through_sign"]),
            ],
        ),
        row(
            &["values in quotes, mixed spellings, any order"],
            [
                By(&["protocol/tests/trade/authorizations.rs::quotes_order_and_unknown_names_do_not_matter"]),
                By(&["mock/tests/story/trade/placing.rs::every_spelling_of_the_authorisation_is_read"]),
                NotOffered,
                By(&["cli/tests/trade/signing.rs::all_seven_request_vectors_through_sign"]),
            ],
        ),
        row(
            &["{data, byteAuthorization} for the front end"],
            [
                By(&["sdk/src/tests/signer.rs::the_front_end_gets_two_texts_and_nothing_else"]),
                By(&["mock/tests/story/trade/placing.rs::a_signed_order_is_placed_with_one_item_per_unit"]),
                By(&["server/tests/service/trade/orders.rs::the_same_request_signs_the_same_data_anew"]),
                By(&["cli/tests/trade/service.rs::a_whole_order_in_the_general_trade_system"]),
            ],
        ),
    ],
};

const CALLBACK: Section = Section {
    title: "The three lines of a callback",
    rows: &[
        row(&["Byte-Timestamp", "Byte-Nonce-Str", "Byte-Signature"], [By(&["protocol/tests/trade/vectors.rs::all_5_callbacks_are_signed_to_the_letter_and_verified"]), By(&["mock/tests/story/trade/callbacks.rs::a_payment_is_told_eleven_times_in_29_minutes_each_signed_afresh"]), By(&["server/tests/service/trade/callbacks.rs::nothing_wrong_is_ever_answered_with_success"]), By(&["cli/tests/trade/verifying.rs::all_five_callback_vectors_through_verify"])]).asks(&["Q-1"]),
        row(&["header names in any case"], [By(&["protocol/tests/trade/callbacks.rs::headers_are_found_whatever_their_case_and_refused_when_doubtful"]), NotOffered, NotOffered, NotOffered]),
        row(&["age of a callback, when asked for"], [By(&["protocol/tests/trade/callbacks.rs::age_counts_only_when_asked_for"]), NotOffered, NotOffered, NotOffered]).asks(&["Q-1"]),
        row(&["Byte-Identifyname", "Byte-Logid"], [NotOffered, By(&["mock/tests/story/trade/callbacks.rs::a_payment_names_everything"]), NotOffered, By(&["cli/tests/trade/trigger.rs::each_kind_is_signed_as_the_platform_signs_it"])]),
    ],
};

const MISTAKES: Section = Section {
    title: "Mistakes that are explained",
    rows: &[
        row(
            &["last line end missing"],
            [
                By(&["protocol/tests/trade/negatives.rs::n2_the_last_line_feed_missing"]),
                By(&["mock/tests/story/trade/placing.rs::well_known_signing_mistakes_are_named"]),
                NotOffered,
                By(&["cli/tests/trade/verifying.rs::each_negative_case_is_refused_with_its_reason"]),
            ],
        ),
        row(
            &["body written anew"],
            [
                By(&["protocol/tests/trade/negatives.rs::n1_a_body_that_was_written_again"]),
                By(&["mock/tests/story/trade/placing.rs::well_known_signing_mistakes_are_named"]),
                NotOffered,
                By(&["cli/tests/trade/verifying.rs::what_arrives_changed_is_refused_with_its_reason"]),
            ],
        ),
        row(
            &["PKCS#1 read as PKCS#8"],
            [
                By(&["protocol/tests/trade/key_mistakes.rs::what_was_pasted_badly_is_named"]),
                NotOffered,
                By(&["server/src/config/tests/trade.rs::each_mistake_with_a_key_is_named_with_its_remedy"]),
                By(&["cli/tests/trade/signing.rs::a_key_that_cannot_sign_ends_with_2_and_the_next_step"]),
            ],
        ),
        row(
            &["wrong key_version"],
            [
                By(&["protocol/tests/trade/request_mistakes.rs::the_wrong_key_or_version"]),
                By(&["mock/tests/story/trade/placing.rs::an_uploaded_key_is_told_from_its_version"]),
                NotOffered,
                By(&["cli/tests/doctor/trade.rs::a_wrong_key_version_is_found_by_asking_the_mock"]),
            ],
        ),
        row(
            &["application key used as platform key"],
            [
                By(&["protocol/tests/trade/negatives.rs::n4_the_application_key_for_the_platforms"]),
                NotOffered,
                By(&["server/src/config/tests/trade.rs::each_mistake_with_a_key_is_named_with_its_remedy"]),
                By(&["cli/tests/doctor/trade.rs::the_applications_key_in_the_platforms_place"]),
            ],
        ),
        row(
            &["only `msg` used as body"],
            [
                By(&["protocol/tests/trade/negatives.rs::n3_only_the_message"]),
                NotOffered,
                NotOffered,
                By(&["cli/tests/trade/verifying.rs::each_negative_case_is_refused_with_its_reason"]),
            ],
        ),
        row(
            &["a line end added to the body"],
            [
                By(&["protocol/tests/trade/negatives.rs::a_body_changed_on_the_way"]),
                By(&["mock/tests/story/trade/placing.rs::well_known_signing_mistakes_are_named"]),
                NotOffered,
                By(&["cli/tests/trade/verifying.rs::what_arrives_changed_is_refused_with_its_reason"]),
            ],
        ),
        row(
            &["`params` given as an object"],
            [
                By(&[
                    "protocol/tests/trade/request_mistakes.rs::an_object_for_a_text_is_named_even_when_the_signature_is_right",
                ]),
                By(&["mock/tests/story/trade/placing.rs::each_limit_of_the_data_is_kept"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["another timestamp"],
            [
                By(&["protocol/tests/trade/negatives.rs::n5_another_timestamp"]),
                NotOffered,
                NotOffered,
                By(&["cli/tests/trade/verifying.rs::each_negative_case_is_refused_with_its_reason"]),
            ],
        ),
        row(
            &["CRLF instead of LF"],
            [
                By(&["protocol/tests/trade/negatives.rs::n6_crlf_and_other_line_ends"]),
                NotOffered,
                NotOffered,
                By(&["cli/tests/trade/verifying.rs::each_negative_case_is_refused_with_its_reason"]),
            ],
        ),
        row(
            &["five lines for a callback"],
            [
                By(&["protocol/tests/trade/negatives.rs::n7_the_five_lines_of_a_request"]),
                NotOffered,
                NotOffered,
                By(&["cli/tests/trade/verifying.rs::each_negative_case_is_refused_with_its_reason"]),
            ],
        ),
        row(
            &["body in another character set"],
            [
                By(&["protocol/tests/trade/negatives.rs::a_body_changed_on_the_way"]),
                NotOffered,
                NotOffered,
                NotOffered,
            ],
        ),
    ],
};
