//! Opening accounts: links, states, and the call without a page.

use douyin_pay_protocol::ecpay::{
    AddMerchant, AddSubMerchant, AppAddSubMerchant, Caller, CreateMerchant, GetAppMerchant, Identity,
    MerchantPage, OnboardingState, QueryMerchantStatus, Request, parse_reply, sign,
};
use douyin_pay_protocol::{ChannelType, ComponentToken, Salt, SubMerchantId};
use serde_json::{Value, json};

use crate::{app_id, body, merchant, problem, provider, provider_body, salt};

fn key() -> SubMerchantId {
    SubMerchantId::new("coffee-1").expect("a key")
}

#[test]
fn each_link_is_asked_for_by_whom_it_belongs_to() {
    let ask = AppAddSubMerchant::new(key(), MerchantPage::Onboarding);
    assert_eq!(body(&ask), r#"{"app_id":"tt0000000000000001","sub_merchant_id":"coffee-1","url_type":1}"#);
    let ask = AddSubMerchant::new(key(), MerchantPage::Balance);
    assert_eq!(
        provider_body(&ask),
        r#"{"thirdparty_id":"tt00000000000000ff","sub_merchant_id":"coffee-1","url_type":2}"#
    );
    let ask = GetAppMerchant::new(app_id(), MerchantPage::Onboarding);
    assert_eq!(
        provider_body(&ask),
        r#"{"thirdparty_id":"tt00000000000000ff","app_id":"tt0000000000000001","url_type":1}"#
    );
    let token = ComponentToken::new("component.very_secret").expect("a token");
    let ask = AddMerchant::new(token, MerchantPage::Onboarding);
    assert!(!format!("{ask:?}").contains("very_secret"));
    let sent = Caller::provider(&provider(), &salt()).body(&ask);
    assert_eq!(
        String::from_utf8(sent).expect("UTF-8"),
        r#"{"thirdparty_component_id":"tt00000000000000ff","component_access_token":"component.very_secret","url_type":1}"#
    );
}

#[test]
fn the_salt_is_the_callers() {
    let (app, by, ours) = (app_id(), provider(), salt());
    let theirs = Salt::new("provider_salt_1").expect("a salt");
    let through = Caller::app(&app, &ours).through(&by, Some(&theirs));
    let ask = AppAddSubMerchant::new(key(), MerchantPage::Onboarding);
    let sent = String::from_utf8(through.body(&ask)).expect("UTF-8");
    assert!(sent.contains(sign(&ask, &ours).as_str()) && !sent.contains("thirdparty_id"), "{sent}");
    let ask = QueryMerchantStatus::by_sub_merchant_id(key());
    let sent = String::from_utf8(through.body(&ask)).expect("UTF-8");
    assert!(sent.contains(sign(&ask, &theirs).as_str()) && sent.contains("thirdparty_id"), "{sent}");
    let without = Caller::app(&app, &ours).through(&by, None);
    let sent = String::from_utf8(without.body(&ask)).expect("UTF-8");
    assert!(sent.contains(sign(&ask, &ours).as_str()), "{sent}");
    for (identity, for_app, for_provider) in [
        (Identity::App, true, false),
        (Identity::AppAlone, true, false),
        (Identity::AppOrProvider, true, true),
        (Identity::Provider, false, true),
        (Identity::Component, false, true),
        (Identity::AccessToken, true, false),
    ] {
        assert_eq!(
            (identity.is_for_app(), identity.is_for_provider()),
            (for_app, for_provider),
            "{identity:?}"
        );
        assert_eq!(identity.is_signed(), through.salt_of(identity).is_some(), "{identity:?}");
    }
}

#[test]
fn a_link_does_not_show_its_address() {
    let answer = br#"{"err_no":0,"err_tips":"","url":"https://cashier.example.com/embed-merchant?token=abc","merchant_id":"70775300146143419322"}"#;
    let link = parse_reply::<GetAppMerchant>(answer).expect("a link");
    assert!(link.url.as_deref().is_some_and(|url| url.ends_with("token=abc")));
    assert_eq!(link.merchant_id, Some(merchant("70775300146143419322")));
    assert!(!format!("{link:?}").contains("abc"), "{link:?}");
    let early = parse_reply::<AddMerchant>(br#"{"err_no":0,"url":"https://x.example.com","merchant_id":""}"#);
    assert_eq!(early.expect("a link").merchant_id, None);
}

#[test]
fn both_generations_of_states_are_read() {
    let ask = QueryMerchantStatus::by_merchant_id(merchant("70775300146143419322")).sub_merchant_id(key());
    assert_eq!(
        body(&ask),
        r#"{"app_id":"tt0000000000000001","merchant_id":"70775300146143419322","sub_merchant_id":"coffee-1"}"#
    );
    let new = r#"{"err_no":0,"err_tips":"","merchant_status_info":{"alipay":{"status":"SUCCESS","reject_reason":"","legal_validation_url":"","legal_sign_url":"","merchant_id":"70775300146143419322"},"wx":{"status":"PROCESSING","reject_reason":"","legal_validation_url":"","legal_sign_url":"","merchant_id":""},"hz":{"status":"ODD"},"yzt":null},"pay_status_info":{"wx":1}}"#;
    let status = parse_reply::<QueryMerchantStatus>(new.as_bytes()).expect("a state");
    for (channel, state) in [
        (ChannelType::Alipay, Some(OnboardingState::Done)),
        (ChannelType::WeChat, Some(OnboardingState::InReview)),
        (ChannelType::Hz, Some(OnboardingState::Other("ODD".into()))),
        (ChannelType::Yzt, None),
    ] {
        assert_eq!(status.at(&channel), state, "{channel}");
    }
    let uid = status.merchant_status_info["alipay"].merchant_id.clone();
    assert_eq!(uid, Some(merchant("70775300146143419322")));
    let old = parse_reply::<QueryMerchantStatus>(br#"{"err_no":0,"err_tips":"","wx":3,"alipay":"1"}"#);
    let old = old.expect("a state");
    assert_eq!(old.at(&ChannelType::WeChat), Some(OnboardingState::InReview));
    assert_eq!(old.at(&ChannelType::Alipay), Some(OnboardingState::Done));
    assert_eq!(old.at(&ChannelType::Hz), None);
}

fn fields(value: &Value) -> Result<CreateMerchant, douyin_pay_protocol::FieldError> {
    CreateMerchant::new(value.as_object().expect("an object"))
}

#[test]
fn nested_fields_are_sent_as_json_and_signed_as_the_platform_renders_them() {
    let ask = fields(&json!({
        "type": 1, "sub_merchant_id": "coffee-1", "channels": ["wx", "alipay"], "flag": true,
        "business_license": { "type": 2, "code": "9A \"x\"", "pic": { "wx": "p1" } }, "\"odd\"": "x",
    }))
    .expect("plain fields");
    assert_eq!(
        body(&ask),
        r#"{"app_id":"tt0000000000000001","\"odd\"":"x","business_license":{"code":"9A \"x\"","pic":{"wx":"p1"},"type":2},"channels":["wx","alipay"],"flag":true,"sub_merchant_id":"coffee-1","type":1}"#
    );
    assert_eq!(CreateMerchant::IDENTITY, Identity::AppOrProvider);
    let shown = format!("{ask:?}");
    assert!(shown.contains("sub_merchant_id") && !shown.contains("coffee-1"), "{shown}");
}

#[test]
fn what_is_signed_in_more_than_one_way_is_refused() {
    for (value, word) in [
        (json!({ "app_id": "tt1" }), "leave it out"),
        (json!({ "sign": "x" }), "leave it out"),
        (json!({ "merchant_name": " x" }), "white space"),
        (json!({ "merchant_name": null }), "null"),
        (json!({ "legal_person": { "address": null } }), "null"),
        (json!({ "rate": 0.6 }), "integer"),
        (json!({ "industry_code": [1, 2.5] }), "integer"),
    ] {
        let problem = problem(fields(&value), "create_merchant");
        assert!(problem.contains(word), "{value}: {problem}");
    }
}
