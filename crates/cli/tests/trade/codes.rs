//! Every code of the platform, as `platform …` explains it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use douyin_pay_protocol::{ErrNo, Meaning};
use serde_json::{Value, json};

use crate::program::{err, run_in};
use crate::shop::Shop;
use crate::stub::{Seen, Stub};

/// The codes that only the token call gives.
const OF_TOKENS: [i64; 3] = [10_002, 10_003, 10_013];

/// A platform that gives tokens and refuses everything else with one code.
fn refusing(code: &Arc<AtomicI64>) -> Stub {
    let code = Arc::clone(code);
    Stub::start(move |request: &Seen| {
        let code = code.load(Ordering::Relaxed);
        match (request.path.starts_with("/oauth/"), OF_TOKENS.contains(&code)) {
            (true, true) => {
                json!({ "data": { "error_code": code, "description": "no" }, "message": "error" })
            }
            (true, false) => {
                let token = json!({ "access_token": "clt.of_the_stub", "expires_in": 7200, "error_code": 0 });
                json!({ "data": token, "message": "success" })
            }
            (false, _) => json!({ "err_no": code, "err_msg": "no", "log_id": "L1" }),
        }
        .to_string()
    })
}

#[test]
fn every_code_is_explained_in_both_languages() {
    let code = Arc::new(AtomicI64::new(0));
    let platform = refusing(&code);
    let shop = Shop::open();
    shop.write("douyin-pay.toml", &shop.configuration().replace(&shop.mock, &platform.url));
    let words = ["platform", "audit", "--refund-id", "motb1", "--agree", "--yes", "--json"];
    let words = shop.words(&words);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut told = 0;
    // Those that are repeated by themselves take seconds each; their words are the same sentence.
    let quick =
        |code: &ErrNo| !matches!(code.meaning(), Meaning::Accepted | Meaning::Throttled | Meaning::Internal);
    for documented in ErrNo::documented_in_trade().filter(quick) {
        code.store(documented.get(), Ordering::Relaxed);
        for (locale, meaning, remedy) in [
            ("en_US.UTF-8", documented.en(), documented.remedy_en()),
            ("zh_CN.UTF-8", documented.zh(), documented.remedy_zh()),
        ] {
            let output = run_in(locale, &words, b"");
            let said: Value =
                serde_json::from_slice(&output.stderr).unwrap_or_else(|_| panic!("{}", err(&output)));
            let message = said["error"]["message"].as_str().expect("a sentence");
            for part in [documented.to_string().as_str(), meaning, remedy] {
                assert!(message.contains(part), "{documented}: {part} is missing in {message}");
            }
            let exit = output.status.code().expect("it ends");
            assert!(matches!(exit, 1 | 3), "{documented}: {message}");
            let word = said["error"]["code"].as_str().expect("a word");
            let expected = match documented.meaning() {
                _ if OF_TOKENS.contains(&documented.get()) => "config",
                Meaning::NumberUsed => "number_used",
                Meaning::NotFound => "not_found",
                Meaning::Config => "config",
                Meaning::Token => "not_sent",
                _ => "refused",
            };
            assert_eq!(word, expected, "{documented}: {message}");
        }
        told += 1;
    }
    assert!(told > 30, "{told} codes");
}

#[test]
fn codes_that_decide_nothing_end_with_3() {
    let code = Arc::new(AtomicI64::new(0));
    let platform = refusing(&code);
    let shop = Shop::open();
    shop.write("douyin-pay.toml", &shop.configuration().replace(&shop.mock, &platform.url));
    for (number, word) in [(12_001, "not_sent"), (13_000, "outcome_unknown"), (23_000, "outcome_unknown")] {
        code.store(number, Ordering::Relaxed);
        let output = shop.platform(&["audit", "--refund-id", "motb1", "--agree", "--yes", "--json"]);
        let said: Value =
            serde_json::from_slice(&output.stderr).unwrap_or_else(|_| panic!("{}", err(&output)));
        assert_eq!(
            (output.status.code(), &said["error"]["code"]),
            (Some(3), &json!(word)),
            "{number}: {said}"
        );
        let documented = ErrNo::new(number);
        let message = said["error"]["message"].as_str().expect("a sentence");
        assert!(message.contains(documented.en()), "{number}: {message}");
    }
}
