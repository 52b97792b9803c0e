//! The page of the general trade system: examples, codes, calls, product types, questions.

use std::collections::BTreeMap;

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use douyin_pay_protocol::trade::{
    self, ApplicationKey, ClientErrNo, KeyVersion, Nonce, OrderData, PlatformPublicKey, ProductType,
    REQUEST_ORDER_URI, authorize, callback,
};
use douyin_pay_protocol::{AppId, ErrNo, UnixMs};
use serde::Deserialize;

use crate::{block, first_cells, lists};

const TRADE_DOCUMENTS: [(&str, &str); 2] = [
    ("trade.md", include_str!("../../../../docs/protocol/trade.md")),
    ("trade.zh-CN.md", include_str!("../../../../docs/protocol/trade.zh-CN.md")),
];

/// A key of the vectors, as bare base64.
fn key(name: &str) -> String {
    #[derive(Deserialize)]
    struct File {
        keys_der_hex: BTreeMap<String, String>,
    }
    let file: File = serde_json::from_str(include_str!("../../vectors/trade_rsa.json")).expect("the vectors");
    BASE64.encode(&HEXLOWER_PERMISSIVE.decode(file.keys_der_hex[name].as_bytes()).expect("hex"))
}

#[test]
fn every_code_of_the_general_trade_system_is_explained() {
    for (name, text) in TRADE_DOCUMENTS {
        let rows = first_cells(text);
        let server = ErrNo::documented_in_trade().map(ErrNo::get);
        for code in server.chain(ClientErrNo::documented().map(ClientErrNo::get)) {
            assert!(lists(&rows, &code.to_string()), "{name} does not explain {code}");
        }
    }
}

#[test]
fn every_call_of_the_general_trade_system_and_every_product_type_is_named() {
    for (name, text) in TRADE_DOCUMENTS {
        for endpoint in trade::Endpoint::ALL {
            assert!(text.contains(endpoint.path()), "{name} does not name {endpoint}");
        }
        let types: Vec<&str> = text.lines().filter_map(|line| line.split('|').nth(2)).collect();
        for known in ProductType::all_known() {
            assert!(lists(&types, &known.product_type.to_string()), "{name}: {}", known.product_type);
            for group in known.tag_groups {
                assert!(text.contains(group.id.trim_start_matches("tag_group_")), "{name}: {}", group.id);
            }
        }
    }
}

#[test]
fn the_open_questions_and_the_disagreements_are_numbered_through() {
    for (name, text) in TRADE_DOCUMENTS {
        let rows = first_cells(text);
        for number in (1..=20).map(|n| format!("Q-{n}")).chain((1..=21).map(|n| format!("D-{n}"))) {
            assert!(rows.contains(&number.as_str()), "{name} has no row {number}");
        }
    }
}

#[test]
fn the_signed_order_is_right() {
    let key = ApplicationKey::parse(key("app_private_pkcs8")).expect("the key of the vectors");
    for (name, text) in TRADE_DOCUMENTS {
        let data = block(text, "json order");
        assert!(OrderData::parse(data).is_ok(), "{name}");
        let app_id = AppId::new("ttf0e1d2c3b4a59687").expect("an app id");
        let nonce = Nonce::new("5f2b8c1d9e3a4076").expect("a nonce");
        let version = KeyVersion::new("1").expect("a version");
        let at = UnixMs::from_seconds(1_767_225_600);
        let signed =
            authorize(&app_id, &key, &version, "POST", REQUEST_ORDER_URI, data.as_bytes(), at, &nonce);
        assert_eq!(signed.to_string(), block(text, "text authorization"), "{name}");
    }
}

#[test]
fn the_callback_of_the_general_trade_system_is_right() {
    let key = PlatformPublicKey::parse(key("platform_public_spki")).expect("the key of the vectors");
    for (name, text) in TRADE_DOCUMENTS {
        let headers = callback::Headers {
            timestamp: "1767225610",
            nonce: "Lvd6e6w4sbxDxTIYlOwk3QAZDIXLG5du",
            signature: block(text, "text signature"),
        };
        assert!(text.contains(headers.timestamp) && text.contains(headers.nonce), "{name}");
        let body = block(text, "json payment").as_bytes();
        let received = callback::Unverified::parse(headers, body).expect("a callback");
        let verified = received.verify(std::slice::from_ref(&key)).expect("genuine");
        assert!(matches!(verified.notice(), Ok(callback::Notice::Payment(_))), "{name}");
    }
}
