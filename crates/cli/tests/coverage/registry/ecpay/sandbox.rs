//! The sandbox, and what goes wrong on purpose.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[SANDBOX, FAULTS];

const SANDBOX: Section = Section {
    title: "Sandbox",
    rows: &[
        row(
            &["host, salt, token and data of its own"],
            [
                By(&["sdk/src/platform.rs::base_urls"]),
                By(&["mock/tests/story/console.rs::the_sandbox_has_its_own_salt_and_names_the_productions"]),
                NotOffered,
                By(&[
                    "cli/tests/doctor/platform.rs::the_sandboxs_salt_in_production_is_found_and_the_other_way_round",
                ]),
            ],
        ),
        row(
            &["numbers without N, no withdrawal, balance or onboarding by API, data for 14 days"],
            [
                NotOffered,
                By(&[
                    "mock/tests/story/console.rs::the_sandbox_lacks_some_calls_and_gives_errors_on_request",
                    "mock/tests/story/switches.rs::the_sandbox_forgets_old_orders_on_saturday_at_four",
                ]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["Aweme-Negative-Test"],
            [
                NotOffered,
                By(&["mock/tests/story/console.rs::negative_tests_and_variants_are_configured_by_name"]),
                NotOffered,
                NotOffered,
            ],
        )
        .asks(&["Q-13"]),
    ],
};

const FAULTS: Section = Section {
    title: "Faults of the mock",
    rows: &[
        row(
            &[
                "1000 before or after the effect, connections dropped before or after it, delays, bursts of 1001",
            ],
            [
                NotOffered,
                By(&["mock/tests/story/faults.rs::each_fault_does_what_it_says"]),
                By(&[
                    "sim/tests/seeds.rs::a_hundred_seeds_of_both_systems_keep_every_promise_and_repeat_themselves",
                ]),
                NotOffered,
            ],
        ),
        row(
            &["callbacks doubled, late, reordered, lost"],
            [
                NotOffered,
                By(&["mock/tests/story/callbacks.rs::each_callback_fault_does_what_it_says"]),
                By(&[
                    "sim/tests/seeds.rs::a_hundred_seeds_of_both_systems_keep_every_promise_and_repeat_themselves",
                ]),
                NotOffered,
            ],
        ),
        row(
            &["numeric timestamps, app_id in settle, missing item_id, doubled within 50 ms"],
            [
                By(&["protocol/tests/callbacks.rs::spellings_of_both_generations_are_read"]),
                By(&["mock/tests/story/switches.rs::callbacks_vary_by_fault_and_stay_rightly_signed"]),
                NotOffered,
                NotOffered,
            ],
        ),
        row(
            &["returns and withdrawals that fail, withdrawals sent back"],
            [
                NotOffered,
                By(&[
                    "mock/tests/story/returns.rs::a_return_fails_for_its_own_reasons_or_for_want_of_money",
                    "mock/tests/story/withdrawals.rs::the_bank_refuses_or_sends_the_money_back",
                ]),
                NotOffered,
                NotOffered,
            ],
        ),
    ],
};
