//! A hundred seeds with crashes and lost responses, each twice, with one trace.

use douyin_pay_sim::{Options, run};

const SEEDS: u64 = 100;

#[test]
fn a_hundred_seeds_keep_every_promise_and_repeat_themselves() {
    let (mut crashes, mut stories) = (0, 0);
    for seed in 1..=SEEDS {
        let told = |which: &str| {
            run(seed, Options::default())
                .unwrap_or_else(|broken| panic!("seed {seed}, {which} run: {:#}", broken.cause))
        };
        let (first, second) = (told("first"), told("second"));
        assert_eq!(first.hash, second.hash, "seed {seed} gave two traces");
        crashes += first.crashes;
        stories += first.stories;
    }
    assert!(crashes >= 100 && stories >= 100, "the weather was too mild: {crashes} kills, {stories} stories");
}

#[test]
fn two_seeds_live_two_lives() {
    let hash = |seed| run(seed, Options::default()).expect("kept").hash;
    assert_ne!(hash(1), hash(2));
}

#[test]
fn without_faults_nothing_goes_wrong_either() {
    let calm = Options { faults: false, crashes: false, keep_trace: true };
    let told = run(7, calm).expect("kept");
    assert_eq!(told.crashes, 0);
    assert!(told.trace.iter().all(|line| !line.contains("answer lost")), "a calm world loses nothing");
}
