//! Balance and withdrawal.

use super::Cell::{By, NotInRelease, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[BALANCE, WITHDRAW, WITHDRAWAL];

const BALANCE: Section = Section {
    title: "query_merchant_balance",
    rows: &[row(
        &[
            "/api/apps/ecpay/saas/query_merchant_balance",
            "merchant_uid",
            "channel_type",
            "merchant_entity",
            "account_info",
            "online_balance",
            "withdrawable_balacne",
            "freeze_balance",
            "settle_info",
            "settle_type",
            "settle_account",
            "bankcard_no",
            "bank_name",
        ],
        [
            By(&[
                "protocol/tests/ecpay_messages/funds.rs::a_balance_is_asked_for_by_app_by_provider_for_it_and_by_provider_alone",
                "protocol/tests/ecpay_messages/funds.rs::a_balance_is_read_despite_the_misspelling",
            ]),
            By(&["mock/tests/story/withdrawals.rs::the_balance_is_shown_as_the_platform_spells_it"]),
            NotInRelease(14),
            By(&["cli/tests/remote/platform.rs::a_withdrawal_is_confirmed_followed_and_its_balance_told"]),
        ],
    )],
};

const WITHDRAW: Section = Section {
    title: "merchant_withdraw",
    rows: &[
        row(
            &[
                "/api/apps/ecpay/saas/merchant_withdraw",
                "merchant_uid",
                "channel_type",
                "merchant_entity",
                "withdraw_amount",
                "out_order_id",
                "order_id",
            ],
            [
                By(&[
                    "protocol/tests/ecpay_messages/funds.rs::a_withdrawal_is_sent_and_asked_about",
                    "protocol/tests/ecpay_messages/funds.rs::limits_are_kept_before_anything_is_sent",
                ]),
                By(&[
                    "mock/tests/story/withdrawals.rs::money_is_frozen_then_arrives_and_is_told",
                    "mock/tests/story/withdrawals.rs::wrong_withdrawals_are_refused",
                ]),
                NotInRelease(14),
                By(&[
                    "cli/tests/remote/platform.rs::a_withdrawal_is_confirmed_followed_and_its_balance_told",
                ]),
            ],
        ),
        row(
            &["callback", "cp_extra"],
            [
                By(&["protocol/tests/ecpay_messages/funds.rs::a_withdrawal_is_sent_and_asked_about"]),
                By(&["mock/tests/story/withdrawals.rs::money_is_frozen_then_arrives_and_is_told"]),
                NotInRelease(14),
                By(&[
                    "cli/tests/remote/platform.rs::a_withdrawal_is_confirmed_followed_and_its_balance_told",
                ]),
            ],
        ),
        row(
            &["five a day per merchant and channel"],
            [
                NotOffered,
                By(&["mock/tests/story/withdrawals.rs::five_a_day_for_each_merchant_and_channel"]),
                NotOffered,
                NotOffered,
            ],
        ),
    ],
};

const WITHDRAWAL: Section = Section {
    title: "query_withdraw_order",
    rows: &[row(
        &[
            "/api/apps/ecpay/saas/query_withdraw_order",
            "merchant_uid",
            "channel_type",
            "out_order_id",
            "status",
            "status_msg",
            "PROCESSING",
            "SUCCESS",
            "FAIL",
            "REEXCHANGE",
        ],
        [
            By(&["protocol/tests/ecpay_messages/funds.rs::a_withdrawal_is_sent_and_asked_about"]),
            By(&[
                "mock/tests/story/withdrawals.rs::money_is_frozen_then_arrives_and_is_told",
                "mock/tests/story/withdrawals.rs::the_bank_refuses_or_sends_the_money_back",
            ]),
            NotInRelease(14),
            By(&["cli/tests/remote/platform.rs::a_withdrawal_is_confirmed_followed_and_its_balance_told"]),
        ],
    )],
};
