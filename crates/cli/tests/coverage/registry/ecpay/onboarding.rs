//! Onboarding links, the state of an account, onboarding by API.

use super::Cell::{NeedsPermission, NotInRelease, Open};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[LINKS, STATUS, BY_API];

const LINKS: Section = Section {
    title: "Links",
    rows: &[
        row(
            &["/api/apps/ecpay/saas/add_merchant", "component_access_token", "thirdparty_component_id"],
            [Open, Open, NotInRelease(14), Open],
        ),
        row(
            &["/api/apps/ecpay/saas/get_app_merchant", "thirdparty_id", "app_id"],
            [Open, Open, NotInRelease(14), Open],
        ),
        row(
            &[
                "/api/apps/ecpay/saas/app_add_sub_merchant",
                "/api/apps/ecpay/saas/add_sub_merchant",
                "sub_merchant_id",
            ],
            [Open, Open, NotInRelease(14), Open],
        ),
        row(&["url_type", "url", "merchant_id"], [Open, Open, NotInRelease(14), Open]),
    ],
};

const STATUS: Section = Section {
    title: "query_merchant_status",
    rows: &[
        row(
            &[
                "/api/apps/ecpay/saas/query_merchant_status",
                "merchant_id",
                "sub_merchant_id",
                "merchant_status_info",
                "status",
                "reject_reason",
                "legal_validation_url",
                "legal_sign_url",
                "new_merchant_status_info",
                "pay_status_info",
            ],
            [Open, Open, NotInRelease(14), Open],
        ),
        row(&["wx and alipay as numbers (2021)"], [Open, Open, NotInRelease(14), Open]),
    ],
};

const BY_API: Section = Section {
    title: "Onboarding by API",
    rows: &[
        row(&["/api/apps/ecpay/saas/create_merchant"], [Open, Open, NeedsPermission, NeedsPermission]),
        row(
            &[
                "access_token",
                "type",
                "callback_url",
                "channels",
                "merchant_type",
                "merchant_name",
                "merchant_short_name",
                "province_code",
                "city_code",
                "district_code",
                "registered_addr",
                "business_license",
                "legal_person",
                "merchant_card_info",
                "merchant_operation_info",
                "industry_code",
                "create_name",
                "beneficiary_type",
            ],
            [Open, NeedsPermission, NeedsPermission, NeedsPermission],
        ),
        row(
            &["image_upload", "image_type", "image_content"],
            [NeedsPermission, NeedsPermission, NeedsPermission, NeedsPermission],
        ),
    ],
};
