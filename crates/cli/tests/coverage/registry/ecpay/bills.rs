//! Bills: the calls, the files, and what they are compared with.

use super::Cell::{By, NotOffered};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[CALLS, FILES, COMPARED];

const CALLS: Section = Section {
    title: "Calls",
    rows: &[
        row(
            &["/api/apps/bill", "start_date", "end_date", "seller"],
            [
                By(&[
                    "protocol/src/ecpay/bill/request.rs::the_three_queries",
                    "sdk/src/tests/bills.rs::a_bill_is_fetched_with_a_signed_query",
                    "sdk/src/tests/bills.rs::a_provider_fetches_its_own_bills",
                ]),
                By(&["mock/tests/story/bills.rs::each_bill_has_the_days_rows"]),
                NotOffered,
                By(&["cli/tests/bills/statements.rs::the_old_form_and_movements"]),
            ],
        ),
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
            [
                By(&[
                    "protocol/src/ecpay/bill/request.rs::the_three_queries",
                    "protocol/src/ecpay/bill/request.rs::dates_must_suit_the_kind",
                    "sdk/src/tests/bills.rs::a_bill_is_fetched_with_a_signed_query",
                ]),
                By(&["mock/tests/story/bills.rs::each_bill_has_the_days_rows"]),
                By(&[
                    "server/tests/service/bills.rs::each_kind_of_difference_is_found_once_and_resolved_by_itself",
                ]),
                By(&["cli/tests/bills/statements.rs::a_days_payments_are_counted_and_saved"]),
            ],
        ),
        row(
            &["/api/apps/fund/bills", "account_type", "payment_type", "trade_type"],
            [
                By(&[
                    "protocol/src/ecpay/bill/request.rs::the_three_queries",
                    "protocol/tests/bills/forms.rs::movements_whose_columns_nobody_published_are_kept",
                ]),
                By(&["mock/tests/story/bills.rs::each_bill_has_the_days_rows"]),
                NotOffered,
                By(&["cli/tests/bills/statements.rs::the_old_form_and_movements"]),
            ],
        ),
        row(
            &["err_no/err_tips and error_no/error_msg with HTTP 200, invalid sign"],
            [
                By(&[
                    "protocol/tests/bills/refused.rs::the_platforms_refusal_comes_in_place_of_a_bill",
                    "sdk/src/tests/bills.rs::what_is_repeated_and_what_is_final",
                ]),
                By(&["mock/tests/story/bills.rs::refusals_of_bills_have_forms_of_their_own"]),
                By(&["server/tests/service/bills.rs::a_stop_ends_a_run_and_a_silent_platform_too"]),
                By(&["cli/tests/bills/statements.rs::refusals_and_what_is_no_bill"]),
            ],
        ),
    ],
};

const FILES: Section = Section {
    title: "Files",
    rows: &[
        row(&[
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
            ], [By(&["protocol/tests/bills/forms.rs::a_payment_is_read_whole"]), By(&["mock/tests/story/bills.rs::each_bill_has_the_days_rows"]), By(&["server/tests/service/bills.rs::each_kind_of_difference_is_found_once_and_resolved_by_itself"]), By(&["cli/tests/bills/statements.rs::a_days_payments_are_counted_and_saved"])]),
        row(&["分账时间", "分账单号", "分账状态", "分账方和分账金额", "技术服务费", "抽佣金额"], [By(&["protocol/tests/bills/forms.rs::settlements_refunds_returns_and_withdrawals"]), By(&["mock/tests/story/bills.rs::each_bill_has_the_days_rows"]), By(&["server/tests/service/bills.rs::each_kind_of_difference_is_found_once_and_resolved_by_itself"]), By(&["cli/tests/bills/books.rs::a_downloaded_bill_needs_no_platform"])]),
        row(&["退款时间", "退款类型", "退款单号", "平台退款单号", "退款状态", "退款完成时间", "退款金额"], [By(&["protocol/tests/bills/forms.rs::settlements_refunds_returns_and_withdrawals"]), By(&["mock/tests/story/bills.rs::each_bill_has_the_days_rows"]), By(&["server/tests/service/bills.rs::each_kind_of_difference_is_found_once_and_resolved_by_itself"]), By(&["cli/tests/bills/books.rs::a_downloaded_bill_needs_no_platform"])]),
        row(&["byte-order mark, CRLF, quotes, backticks, GBK"], [By(&["protocol/tests/bills/forms.rs::one_bill_in_many_wrappings"]), By(&["mock/tests/story/bills.rs::the_reader_takes_every_form_of_a_bill"]), NotOffered, NotOffered])
            .asks(&["Q-11"]),
        row(&["fen, or yuan with decimals"], [By(&["protocol/src/ecpay/bill/reader/cells.rs::the_first_amount_that_is_not_zero_tells_the_unit", "protocol/tests/bills/refused.rs::amounts_in_two_units_end_the_bill"]), By(&["mock/tests/story/bills.rs::the_reader_takes_every_form_of_a_bill"]), By(&["server/tests/service/bills.rs::an_uploaded_bill_is_asked_about_and_read_as_wished"]), By(&["cli/tests/bills/statements.rs::amounts_are_in_the_unit_that_is_told", "cli/tests/bills/books.rs::whole_amounts_are_what_they_are_said_to_be"])]).asks(&["Q-11"]),
        row(&["a day without trade"], [By(&["protocol/tests/bills/forms.rs::a_day_without_rows"]), By(&["mock/tests/story/bills.rs::the_reader_takes_every_form_of_a_bill"]), By(&["server/tests/service/bills.rs::nobody_is_accused_at_midnight_until_both_days_were_read"]), By(&["cli/tests/bills/statements.rs::a_day_without_rows_is_no_failure"])]).asks(&["Q-11"]),
        row(&["columns that nobody knows, in any order"], [By(&["protocol/tests/bills/forms.rs::columns_are_known_by_name_and_sums_are_no_rows"]), NotOffered, NotOffered, NotOffered])
            .asks(&["Q-11"]),
        row(&["streamed in constant memory"], [By(&["sdk/tests/bills.rs::rows_come_while_the_platform_still_writes", "sdk/tests/bills.rs::a_hundred_thousand_rows_in_chunks"]), NotOffered, By(&["server/tests/service/bills.rs::a_killed_run_is_begun_again_and_two_at_once_are_not"]), NotOffered]),
    ],
};

const COMPARED: Section = Section {
    title: "Compared with the books",
    rows: &[
        row(
            &["ours only", "theirs only", "amount", "state", "fee"],
            [
                NotOffered,
                NotOffered,
                By(&[
                    "server/tests/service/bills.rs::each_kind_of_difference_is_found_once_and_resolved_by_itself",
                    "server/tests/service/bills.rs::a_refund_that_only_the_platform_knows_is_adopted",
                ]),
                By(&["cli/tests/bills/books.rs::what_only_the_bill_has_is_told_and_saved"]),
            ],
        ),
        row(
            &["at most 1,000 questions afterwards, resumable"],
            [
                NotOffered,
                NotOffered,
                By(&[
                    "server/tests/service/bills.rs::a_run_makes_a_thousand_queries_at_most",
                    "server/tests/service/bills.rs::queries_are_limited_and_gone_on_with",
                ]),
                By(&["cli/tests/remote/bills.rs::a_day_that_agrees_and_one_that_does_not"]),
            ],
        ),
        row(
            &["gross, refund, fee, commission, net per merchant and month"],
            [
                NotOffered,
                NotOffered,
                By(&[
                    "server/src/reconcile/month.rs::every_fen_goes_to_one_merchant",
                    "server/tests/service/bills.rs::tables_open_in_a_spreadsheet",
                ]),
                By(&["cli/tests/bills/books.rs::a_month_without_payments"]),
            ],
        ),
    ],
};
