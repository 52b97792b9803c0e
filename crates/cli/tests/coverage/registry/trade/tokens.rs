//! The two calls that give access tokens, and the rules of tokens.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[CLIENT_TOKEN, STABLE, RULES];

const CLIENT_TOKEN: Section = Section {
    title: "client_token (`/oauth/client_token/`)",
    rows: &[
        row(
            &["client_token"],
            [
                By(&["sdk/src/tests/trade_calls.rs::a_call_is_a_post_with_a_token"]),
                By(&[
                    "mock/tests/story/trade/documented.rs::tokens_and_refusals_have_the_documented_fields",
                    "mock/tests/story/trade/tokens.rs::a_token_is_fetched_with_the_secret_and_nothing_else",
                ]),
                By(&["server/tests/service/trade/refunds.rs::a_revoked_token_is_renewed_in_mid_run"]),
                By(&["cli/tests/trade/platform.rs::a_token_is_had_and_never_shown"]),
            ],
        ),
        row(
            &["client_key", "client_secret", "grant_type"],
            [
                By(&["sdk/src/tests/trade_calls.rs::the_token_call_carries_the_secret_in_its_body_alone"]),
                By(&["mock/tests/story/trade/documented.rs::tokens_and_refusals_have_the_documented_fields"]),
                By(&["cli/tests/trade/sent.rs::every_call_of_the_service_has_the_documented_fields"]),
                By(&["cli/tests/trade/told.rs::every_documented_field_of_a_request_is_sent"]),
            ],
        ),
        row(
            &["access_token", "expires_in"],
            [
                By(&["protocol/tests/trade_messages/tokens.rs::a_token_is_read_and_never_shown"]),
                By(&["mock/tests/story/trade/documented.rs::tokens_and_refusals_have_the_documented_fields"]),
                By(&["server/tests/service/trade/refunds.rs::a_revoked_token_is_renewed_in_mid_run"]),
                By(&["cli/tests/trade/platform.rs::a_token_is_had_and_never_shown"]),
            ],
        ),
        row(
            &["error_code", "description"],
            [
                By(&["protocol/tests/trade_messages/tokens.rs::a_refusal_is_a_code_wherever_it_stands"]),
                By(&["mock/tests/story/trade/documented.rs::tokens_and_refusals_have_the_documented_fields"]),
                By(&["server/tests/service/trade/keys.rs::a_wrong_secret_is_an_exception_and_mends_itself"]),
                By(&["cli/tests/doctor/trade.rs::a_wrong_app_secret_and_a_missing_capability"]),
            ],
        ),
        row(
            &["message", "captcha", "desc_url"],
            [
                By(&["protocol/tests/trade_messages/tokens.rs::a_refusal_is_a_code_wherever_it_stands"]),
                By(&["mock/tests/story/trade/documented.rs::tokens_and_refusals_have_the_documented_fields"]),
                NotOffered,
                NotOffered,
            ],
        ),
    ],
};

const STABLE: Section = Section {
    title: "stable_client_token (`/oauth/stable_client_token/`)",
    rows: &[row(
        &["stable_client_token"],
        [
            By(&[
                "protocol/tests/trade_messages/states.rs::every_call_has_its_name_and_path",
                "sdk/src/tests/tokens.rs::the_stable_token_is_asked_for_again_until_it_changes",
            ]),
            By(&["mock/tests/story/trade/tokens.rs::the_stable_token_is_the_same_for_two_hours_and_works"]),
            By(&["cli/tests/trade/sent.rs::a_stable_token_is_fetched_when_it_is_configured"]),
            By(&["cli/tests/trade/platform.rs::a_token_is_had_and_never_shown"]),
        ],
    )
    .asks(&["Q-2"])],
};

const RULES: Section = Section {
    title: "Rules of tokens",
    rows: &[
        row(&["two hours of life"], [By(&["sdk/src/tests/tokens.rs::a_token_is_renewed_before_it_expires_and_nobody_waits"]), By(&["mock/tests/story/trade/tokens.rs::wrong_expired_and_revoked_tokens_have_codes_of_their_own"]), By(&["sdk/tests/platform/tokens.rs::a_token_serves_until_it_expires_or_is_revoked"]), NotOffered]),
        row(&["the two newest live, the older one for five minutes"], [By(&["sdk/src/tests/tokens.rs::clients_share_tokens_through_a_cache"]), By(&["mock/src/platform/trade/tokens.rs::only_the_two_newest_live_and_the_older_for_five_minutes"]), NotOffered, NotOffered]),
        row(&["500 calls in five minutes"], [By(&["sdk/src/tests/tokens.rs::too_many_token_calls_are_followed_by_a_minute_of_rest"]), By(&["mock/tests/story/trade/tokens.rs::the_501st_call_in_five_minutes_is_too_many"]), NotOffered, NotOffered]),
        row(&["one call at a time, early renewal, shared cache"], [By(&["sdk/src/tests/tokens.rs::one_token_call_serves_everybody_who_waits", "sdk/src/tests/tokens.rs::clients_share_tokens_through_a_cache"]), NotOffered, By(&["server/tests/service/trade/refunds.rs::a_revoked_token_is_renewed_in_mid_run"]), NotOffered]),
        row(&["renewed once when rejected"], [By(&["sdk/src/tests/tokens.rs::a_rejected_token_is_replaced_and_the_call_repeated_once_also_when_it_writes"]), NotOffered, By(&["server/tests/service/trade/refunds.rs::a_revoked_token_is_renewed_in_mid_run"]), NotOffered]).asks(&["Q-3"]),
        row(&["header `access-token`"], [By(&["sdk/src/tests/trade_calls.rs::a_call_is_a_post_with_a_token"]), By(&["mock/tests/story/trade/tokens.rs::wrong_expired_and_revoked_tokens_have_codes_of_their_own"]), By(&["cli/tests/trade/sent.rs::every_call_of_the_service_has_the_documented_fields"]), By(&["cli/tests/trade/platform.rs::an_order_is_asked_about_by_either_number"])]),
    ],
};
