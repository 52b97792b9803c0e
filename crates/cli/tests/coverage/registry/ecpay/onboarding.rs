//! Onboarding links, the state of an account, onboarding by API.

use super::Cell::{By, NeedsPermission, NotInRelease};
use super::{Section, row};

pub(super) const SECTIONS: &[Section] = &[LINKS, STATUS, BY_API];

const LINKS: Section = Section {
    title: "Links",
    rows: &[
        row(
            &["/api/apps/ecpay/saas/add_merchant", "component_access_token", "thirdparty_component_id"],
            [
                By(&[
                    "protocol/tests/ecpay_messages/merchants.rs::each_link_is_asked_for_by_whom_it_belongs_to",
                    "protocol/tests/ecpay_messages/merchants.rs::the_salt_is_the_callers",
                ]),
                By(&["mock/tests/story/onboarding.rs::providers_onboard_with_their_own_salt_and_token"]),
                NotInRelease(14),
                By(&["cli/tests/remote/merchants.rs::accounts_are_opened_by_links_and_looked_at"]),
            ],
        ),
        row(
            &["/api/apps/ecpay/saas/get_app_merchant", "thirdparty_id", "app_id"],
            [
                By(&[
                    "protocol/tests/ecpay_messages/merchants.rs::each_link_is_asked_for_by_whom_it_belongs_to",
                    "protocol/tests/ecpay_messages/merchants.rs::the_salt_is_the_callers",
                ]),
                By(&["mock/tests/story/onboarding.rs::providers_onboard_with_their_own_salt_and_token"]),
                NotInRelease(14),
                By(&["cli/tests/remote/merchants.rs::accounts_are_opened_by_links_and_looked_at"]),
            ],
        ),
        row(
            &[
                "/api/apps/ecpay/saas/app_add_sub_merchant",
                "/api/apps/ecpay/saas/add_sub_merchant",
                "sub_merchant_id",
            ],
            [
                By(&[
                    "protocol/tests/ecpay_messages/merchants.rs::each_link_is_asked_for_by_whom_it_belongs_to",
                    "protocol/tests/ecpay_messages/merchants.rs::the_salt_is_the_callers",
                ]),
                By(&[
                    "mock/tests/story/onboarding.rs::a_receiver_is_onboarded_by_a_link_and_may_then_receive",
                    "mock/tests/story/onboarding.rs::providers_onboard_with_their_own_salt_and_token",
                ]),
                NotInRelease(14),
                By(&["cli/tests/remote/merchants.rs::accounts_are_opened_by_links_and_looked_at"]),
            ],
        ),
        row(
            &["url_type", "url", "merchant_id"],
            [
                By(&[
                    "protocol/tests/ecpay_messages/merchants.rs::each_link_is_asked_for_by_whom_it_belongs_to",
                    "protocol/tests/ecpay_messages/merchants.rs::a_link_does_not_show_its_address",
                ]),
                By(&[
                    "mock/tests/story/onboarding.rs::a_receiver_is_onboarded_by_a_link_and_may_then_receive",
                ]),
                NotInRelease(14),
                By(&["cli/tests/remote/merchants.rs::accounts_are_opened_by_links_and_looked_at"]),
            ],
        ),
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
            [
                By(&["protocol/tests/ecpay_messages/merchants.rs::both_generations_of_states_are_read"]),
                By(&[
                    "mock/tests/story/onboarding.rs::a_receiver_is_onboarded_by_a_link_and_may_then_receive",
                ]),
                NotInRelease(14),
                By(&["cli/tests/remote/merchants.rs::accounts_are_opened_by_links_and_looked_at"]),
            ],
        ),
        row(
            &["wx and alipay as numbers (2021)"],
            [
                By(&["protocol/tests/ecpay_messages/merchants.rs::both_generations_of_states_are_read"]),
                By(&["mock/tests/story/onboarding.rs::the_status_of_2021_is_a_number_per_channel"]),
                NotInRelease(14),
                By(&["cli/tests/remote/merchants.rs::accounts_are_opened_by_links_and_looked_at"]),
            ],
        ),
    ],
};

const BY_API: Section = Section {
    title: "Onboarding by API",
    rows: &[
        row(
            &["/api/apps/ecpay/saas/create_merchant"],
            [
                By(&[
                    "protocol/tests/ecpay_messages/merchants.rs::nested_fields_are_sent_as_json_and_signed_as_the_platform_renders_them",
                    "protocol/tests/ecpay_messages/merchants.rs::what_is_signed_in_more_than_one_way_is_refused",
                ]),
                NeedsPermission,
                NeedsPermission,
                NeedsPermission,
            ],
        ),
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
            [
                By(&[
                    "protocol/tests/ecpay_messages/merchants.rs::nested_fields_are_sent_as_json_and_signed_as_the_platform_renders_them",
                ]),
                NeedsPermission,
                NeedsPermission,
                NeedsPermission,
            ],
        ),
        row(
            &["image_upload", "image_type", "image_content"],
            [NeedsPermission, NeedsPermission, NeedsPermission, NeedsPermission],
        ),
    ],
};
