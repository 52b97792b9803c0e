//! Bills: the calls, the files, and what they are compared with.

use super::Cell::{NotOffered, Open};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[CALLS, FILES, COMPARED];

const CALLS: Section = Section {
    title: "Calls",
    rows: &[
        row(&["/api/apps/bill", "start_date", "end_date", "seller"], [Open, Open, NotOffered, Open]),
        row(
            &[
                "/api/apps/bills",
                "merchant_id",
                "bill_date",
                "bill_type",
                "payment",
                "settle",
                "refund",
                "return",
                "withdraw",
                "rebate",
                "annual_rebate",
            ],
            [Open, Open, Open, Open],
        ),
        row(
            &["/api/apps/fund/bills", "account_type", "payment_type", "trade_type"],
            [Open, Open, NotOffered, Open],
        ),
        row(
            &["err_no/err_tips and error_no/error_msg with HTTP 200, invalid sign"],
            [Open, Open, Open, Open],
        ),
    ],
};

const FILES: Section = Section {
    title: "Files",
    rows: &[
        row(
            &[
                "序号",
                "支付时间",
                "商户号",
                "openId",
                "订单号",
                "平台订单号",
                "渠道订单号",
                "订单金额",
                "支付方式",
                "支付状态",
            ],
            [Open, Open, Open, Open],
        ),
        row(
            &["分账时间", "分账单号", "分账状态", "分账方和分账金额", "技术服务费", "抽佣金额"],
            [Open, Open, Open, Open],
        ),
        row(
            &["退款时间", "退款类型", "退款单号", "平台退款单号", "退款状态", "退款完成时间", "退款金额"],
            [Open, Open, Open, Open],
        ),
        row(&["byte-order mark, CRLF, quotes, backticks, GBK"], [Open, Open, NotOffered, NotOffered])
            .asks(&["Q-11"]),
        row(&["fen, or yuan with decimals"], [Open, Open, NotOffered, NotOffered]).asks(&["Q-11"]),
        row(&["a day without trade"], [Open, Open, Open, NotOffered]).asks(&["Q-11"]),
        row(&["columns that nobody knows, in any order"], [Open, NotOffered, NotOffered, NotOffered])
            .asks(&["Q-11"]),
        row(&["streamed in constant memory"], [Open, NotOffered, Open, NotOffered]),
    ],
};

const COMPARED: Section = Section {
    title: "Compared with the books",
    rows: &[
        row(&["ours only", "theirs only", "amount", "state", "fee"], [NotOffered, NotOffered, Open, Open]),
        row(&["at most 1,000 questions afterwards, resumable"], [NotOffered, NotOffered, Open, NotOffered]),
        row(
            &["gross, refund, fee, commission, net per merchant and month"],
            [NotOffered, NotOffered, Open, Open],
        ),
    ],
};
