//! The worked examples of the protocol documents are computed, so they cannot rot.

mod trade;

use douyin_pay_protocol::ecpay::callback::{Notice, Unverified};
use douyin_pay_protocol::ecpay::{ErrNo, json};
use douyin_pay_protocol::{Salt, Token};

const DOCUMENTS: [(&str, &str); 2] = [
    ("ecpay.md", include_str!("../../../../docs/protocol/ecpay.md")),
    ("ecpay.zh-CN.md", include_str!("../../../../docs/protocol/ecpay.zh-CN.md")),
];

/// The one line of the block that is fenced with exactly these words.
fn block<'a>(text: &'a str, fence: &str) -> &'a str {
    let opening = format!("```{fence}\n");
    let (_, rest) = text.split_once(&opening).unwrap_or_else(|| panic!("no block {fence}"));
    rest.split_once("\n```").expect("the block ends").0
}

/// The first cell of each row of the tables.
fn first_cells(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next()).collect()
}

/// Whether one of the cells, each of which may name several, names `wanted`.
fn lists(cells: &[&str], wanted: &str) -> bool {
    cells.iter().any(|cell| cell.split([',', '、']).any(|name| name.trim() == wanted))
}

#[test]
fn the_request_example_is_right() {
    let salt = Salt::new("test_salt_Ab12Cd34").expect("a salt");
    for (name, text) in DOCUMENTS {
        assert!(text.contains(salt.expose()), "{name}");
        let explained = json::explain(block(text, "json request").as_bytes(), &salt).expect("an object");
        assert_eq!(explained.joined.replace("‹SALT›", salt.expose()), block(text, "text joined"), "{name}");
        assert_eq!(explained.sign, block(text, "text sign"), "{name}");
    }
}

#[test]
fn the_callback_example_is_right() {
    let token = Token::new("testToken2024").expect("a token");
    for (name, text) in DOCUMENTS {
        assert!(text.contains(token.expose()), "{name}");
        let body = block(text, "json callback");
        assert!(body.contains(block(text, "text sha1")), "{name}");
        let callback = Unverified::parse(body.as_bytes()).expect("an envelope");
        let verified = callback.verify(std::slice::from_ref(&token)).expect("genuine");
        let mut parts = [token.expose(), verified.timestamp(), verified.nonce(), verified.msg()];
        parts.sort_unstable();
        assert_eq!(parts.concat(), block(text, "text concatenated"), "{name}");
        assert!(matches!(verified.notice(), Ok(Notice::Payment(_))), "{name}");
    }
}

#[test]
fn every_code_that_we_know_is_explained() {
    for (name, text) in DOCUMENTS {
        let rows = first_cells(text);
        for code in ErrNo::documented_in_ecpay() {
            assert!(lists(&rows, &code.to_string()), "{name} does not explain {code}");
        }
    }
}
