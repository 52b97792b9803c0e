//! Codes: words in both languages, a meaning for each, no two alike.

use std::collections::BTreeSet;

use douyin_pay_protocol::trade::ClientErrNo;
use douyin_pay_protocol::{ErrNo, Meaning};

#[test]
fn every_code_has_words_and_a_remedy_in_both_languages() {
    for code in ErrNo::documented() {
        for text in [code.zh(), code.en(), code.remedy_zh(), code.remedy_en()] {
            assert!(!text.is_empty() && text.trim() == text, "{code}");
        }
        assert!(!code.zh().is_ascii() && code.en().is_ascii(), "{code}");
        assert_ne!(code.meaning(), Meaning::Other, "{code}");
    }
}

#[test]
fn every_code_of_guaranteed_payment_has_causes_in_both_languages() {
    for code in ErrNo::documented_in_ecpay() {
        assert!(!code.causes().is_empty(), "{code}");
        for cause in code.causes() {
            assert!(
                !cause.zh.is_ascii() && cause.en.is_ascii() && !cause.en.is_empty(),
                "{code}: {}",
                cause.zh
            );
        }
    }
    // What is guessed stands beside something that is known, except for the codes of the token call.
    for code in [1001, 2000, 2010] {
        let causes = ErrNo::new(code).causes();
        assert!(!causes[0].is_guess && causes.iter().any(|cause| cause.is_guess), "{code}");
    }
    assert!(ErrNo::new(4242).causes().is_empty());
}

#[test]
fn no_code_stands_twice_and_both_tables_together_are_all() {
    let all: Vec<ErrNo> = ErrNo::documented().collect();
    let once: BTreeSet<ErrNo> = all.iter().copied().collect();
    assert_eq!(all.len(), once.len());
    let both: BTreeSet<ErrNo> = ErrNo::documented_in_ecpay().chain(ErrNo::documented_in_trade()).collect();
    assert_eq!(both, once);
}

#[test]
fn codes_mean_what_callers_act_upon() {
    for (meaning, codes) in [
        (Meaning::Accepted, &[0][..]),
        (Meaning::Internal, &[-1, 1000, 13_000, 23_000]),
        (Meaning::Throttled, &[1001, 10_020, 12_001]),
        (
            Meaning::Config,
            &[
                2020, 2042, 2047, 2048, 4000, 40_015, 40_017, 10_003, 10_013, 23_001, 23_117, 28_001_014,
                28_001_018,
            ],
        ),
        (Meaning::NotFound, &[2000, 3101, 4408, 20_000, 23_101]),
        (Meaning::NumberUsed, &[22_004, 22_013, 23_111]),
        (Meaning::Token, &[40_014, 2_190_002, 2_190_008, 28_001_003, 28_001_008]),
        (Meaning::SettleExhausted, &[2014, 23_112]),
        (
            Meaning::Parameter,
            &[
                1, 2010, 2102, 40_020, 10_000, 10_002, 22_000, 22_001, 22_002, 22_006, 22_007, 22_008,
                22_009, 23_102, 23_107, 23_118,
            ],
        ),
        (Meaning::Other, &[4242, -2]),
    ] {
        for code in codes {
            assert_eq!(ErrNo::new(*code).meaning(), meaning, "{code}");
        }
    }
}

#[test]
fn every_code_of_the_client_has_words_and_a_remedy_in_both_languages() {
    let named =
        [ClientErrNo::PARAMETER, ClientErrNo::INTERNAL, ClientErrNo::SIGNATURE, ClientErrNo::NOT_LOGGED_IN];
    assert_eq!(ClientErrNo::documented().collect::<Vec<_>>(), named);
    for code in named.into_iter().chain([ClientErrNo::new(1)]) {
        assert!(!code.zh().is_ascii() && !code.remedy_zh().is_ascii(), "{code}");
        assert!(code.en().is_ascii() && code.remedy_en().is_ascii() && !code.en().is_empty(), "{code}");
    }
}
