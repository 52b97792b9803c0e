//! Signing orders: the same data, a fresh signature, nothing else.

use std::time::Duration;

use douyin_pay_mock::keys::{APPLICATION_KEY_PEM, APPLICATION_PUBLIC_KEY_PEM};
use douyin_pay_protocol::AppId;
use douyin_pay_protocol::trade::{
    ApplicationKey, ApplicationPublicKey, ByteAuthorization, KeyVersion, REQUEST_ORDER_URI,
};

use super::world::{APP, START, World};
use crate::{OrderSigner, SignedOrder};

const DATA: &str = r#"{"skuList":[],"outOrderNo":"订单-1","spelled":"oddly\/but signed as it is"}"#;

fn signer() -> OrderSigner {
    let key = ApplicationKey::parse(APPLICATION_KEY_PEM).expect("the test key");
    let version = KeyVersion::new("7").expect("a good version");
    OrderSigner::new(AppId::new(APP).expect("a good id"), key, version)
}

fn parsed(signed: &SignedOrder) -> ByteAuthorization {
    ByteAuthorization::parse(&signed.byte_authorization).expect("what we wrote")
}

#[test]
fn what_is_signed_again_has_the_same_data_and_a_time_and_nonce_of_its_own() {
    let world = World::new();
    let public = ApplicationPublicKey::parse(APPLICATION_PUBLIC_KEY_PEM).unwrap();
    let signer = signer();
    let mut nonces = std::collections::BTreeSet::new();
    for minutes in 0..5 {
        let signed = signer.sign_again(&world.env, DATA);
        let read = parsed(&signed);
        assert_eq!(signed.data, DATA);
        assert_eq!((read.appid(), read.key_version()), (APP, "7"));
        assert_eq!(read.timestamp(), (START.seconds() + minutes * 60).to_string());
        assert!(read.verify("POST", REQUEST_ORDER_URI, DATA.as_bytes(), &public));
        assert!(!read.verify("POST", REQUEST_ORDER_URI, DATA.replace("\\/", "/").as_bytes(), &public));
        assert!(!signed.byte_authorization.contains('"'), "order data wants no quotes");
        nonces.insert(read.nonce_str().to_owned());
        world.clock.advance(Duration::from_secs(60));
    }
    assert_eq!(nonces.len(), 5);
}

#[test]
fn the_front_end_gets_two_texts_and_nothing_else() {
    let world = World::new();
    let signed = signer().sign_again(&world.env, DATA);
    let json = serde_json::to_value(&signed).unwrap();
    let members: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["byteAuthorization", "data"]);
    assert_eq!(json["data"], DATA, "a text that holds JSON, not an object");
    assert_eq!(serde_json::from_value::<SignedOrder>(json).unwrap(), signed);
}
