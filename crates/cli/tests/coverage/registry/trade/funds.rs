//! Balance, withdrawal, statements, periodic deduction.

use super::Cell::{By, NotInRelease};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[BALANCE, WITHDRAW, WITHDRAWAL, STATEMENTS, DEDUCTION];

const BALANCE: Section = Section {
    title: "query_merchant_balance (`/api/apps/ecpay/saas/query_merchant_balance/`)",
    rows: &[row(
        &[
            "query_merchant_balance",
            "merchant_uid",
            "channel_type",
            "app_id",
            "thirdparty_id",
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
                "protocol/tests/trade_messages/states.rs::every_call_has_its_name_and_path",
                "protocol/tests/trade_messages/funds.rs::balances_are_asked_for_and_read_despite_the_misspelling",
            ]),
            By(&[
                "mock/tests/story/trade/documented.rs::goods_commission_and_funds_have_the_documented_fields",
                "mock/tests/story/trade/funds.rs::settled_money_can_be_withdrawn",
            ]),
            NotInRelease(14),
            By(&[
                "cli/tests/trade/told.rs::every_documented_field_of_a_reply_is_told",
                "cli/tests/trade/told.rs::every_documented_field_of_a_request_is_sent",
            ]),
        ],
    )],
};

const WITHDRAW: Section = Section {
    title: "merchant_withdraw (`/api/apps/ecpay/saas/merchant_withdraw/`)",
    rows: &[row(
        &[
            "merchant_withdraw",
            "merchant_uid",
            "channel_type",
            "withdraw_amount",
            "out_order_id",
            "app_id",
            "thirdparty_id",
            "callback",
            "cp_extra",
            "merchant_entity",
            "order_id",
        ],
        [
            By(&[
                "protocol/tests/trade_messages/states.rs::every_call_has_its_name_and_path",
                "protocol/tests/trade_messages/funds.rs::withdrawals_are_sent_and_asked_about",
            ]),
            By(&[
                "mock/tests/story/trade/documented.rs::goods_commission_and_funds_have_the_documented_fields",
                "mock/tests/story/trade/funds.rs::settled_money_can_be_withdrawn",
            ]),
            NotInRelease(14),
            By(&[
                "cli/tests/trade/told.rs::every_documented_field_of_a_reply_is_told",
                "cli/tests/trade/told.rs::every_documented_field_of_a_request_is_sent",
            ]),
        ],
    )],
};

const WITHDRAWAL: Section = Section {
    title: "query_withdraw_order (`/api/apps/ecpay/saas/query_withdraw_order/`)",
    rows: &[row(
        &[
            "query_withdraw_order",
            "app_id",
            "merchant_uid",
            "channel_type",
            "out_order_id",
            "thirdparty_id",
            "status",
            "status_msg",
            "statusMsg",
        ],
        [
            By(&[
                "protocol/tests/trade_messages/states.rs::every_call_has_its_name_and_path",
                "protocol/tests/trade_messages/funds.rs::withdrawals_are_sent_and_asked_about",
            ]),
            By(&[
                "mock/tests/story/trade/documented.rs::goods_commission_and_funds_have_the_documented_fields",
                "mock/tests/story/trade/funds.rs::settled_money_can_be_withdrawn",
            ]),
            NotInRelease(14),
            By(&[
                "cli/tests/trade/told.rs::every_documented_field_of_a_reply_is_told",
                "cli/tests/trade/told.rs::every_documented_field_of_a_request_is_sent",
            ]),
        ],
    )],
};

const STATEMENTS: Section = Section {
    title: "Statements: bills (`/api/apps/v3/bills/`), fund_bills (`/api/apps/v3/fund/bills/`)",
    rows: &[row(
        &[
            "bills",
            "fund_bills",
            "app_id",
            "merchant_id",
            "bill_date",
            "bill_type",
            "bill_list",
            "account_type",
            "payment_type",
            "trade_type",
            "fund_bill_list",
        ],
        [
            By(&[
                "protocol/tests/trade_messages/states.rs::every_call_has_its_name_and_path",
                "protocol/tests/trade_messages/funds.rs::statements_pass_words_on_and_give_addresses",
            ]),
            By(&["mock/tests/story/trade/funds.rs::statements_are_served_where_the_answer_says"]),
            NotInRelease(14),
            By(&["cli/tests/trade/told.rs::every_documented_field_of_a_request_is_sent"]),
        ],
    )
    .asks(&["Q-7"])],
};

const DEDUCTION: Section = Section {
    title: "Periodic deduction (`/api/trade_auth/v1/developer/…`)",
    rows: &[row(
        &[
            "tt.createSignOrder",
            "query_sign_order",
            "terminate_sign",
            "create_sign_pay",
            "query_sign_pay",
            "create_sign_refund",
            "query_sign_refund",
            "sign_callback",
            "sign_pay_callback",
        ],
        [NotInRelease(14), NotInRelease(14), NotInRelease(14), NotInRelease(14)],
    )],
};
