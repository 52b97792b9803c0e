//! Balance and withdrawal.

use super::Cell::{NotInRelease, NotOffered, Open};
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
        [Open, Open, NotInRelease(14), Open],
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
            [Open, Open, NotInRelease(14), Open],
        ),
        row(&["callback", "cp_extra"], [Open, Open, NotInRelease(14), Open]),
        row(&["five a day per merchant and channel"], [NotOffered, Open, NotOffered, NotOffered]),
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
        [Open, Open, NotInRelease(14), Open],
    )],
};
