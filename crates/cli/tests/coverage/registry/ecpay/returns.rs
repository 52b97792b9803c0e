//! Returns of shares.

use super::Cell::{NotOffered, Open};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[CREATE, QUERY];

const CREATE: Section = Section {
    title: "create_return",
    rows: &[
        row(
            &[
                "/api/apps/ecpay/v1/create_return",
                "settle_no",
                "out_settle_no",
                "out_return_no",
                "merchant_uid",
                "return_amount",
                "return_desc",
            ],
            [Open, Open, Open, Open],
        ),
        row(&["cp_extra"], [Open, Open, NotOffered, NotOffered]),
        row(
            &[
                "return_info",
                "app_id",
                "thirdparty_id",
                "return_no",
                "return_status",
                "fail_reason",
                "finish_time",
            ],
            [Open, Open, Open, Open],
        ),
        row(&["no more than the share"], [NotOffered, Open, Open, Open]),
        row(&["20 returns per receiver, 180 days, 12 months"], [NotOffered, Open, Open, NotOffered]),
    ],
};

const QUERY: Section = Section {
    title: "query_return",
    rows: &[row(
        &["/api/apps/ecpay/v1/query_return", "return_no", "out_return_no"],
        [Open, Open, Open, Open],
    )],
};
