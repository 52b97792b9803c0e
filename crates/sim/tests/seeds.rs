//! Seeds with crashes and lost responses, each twice, with one trace.

use douyin_pay_sim::{Cast, Options, run};

/// Tells seeds 1 to `seeds` twice each; how many kills and stories there were.
fn sweep(seeds: u64, cast: Cast) -> (u32, usize) {
    let options = Options { cast, ..Options::default() };
    let (mut crashes, mut stories) = (0, 0);
    for seed in 1..=seeds {
        let told = |which: &str| {
            run(seed, options).unwrap_or_else(|broken| panic!("seed {seed}, {which} run: {:#}", broken.cause))
        };
        let (first, second) = (told("first"), told("second"));
        assert_eq!(first.hash, second.hash, "seed {seed} gave two traces");
        crashes += first.crashes;
        stories += first.stories;
    }
    (crashes, stories)
}

#[test]
fn a_hundred_seeds_of_both_systems_keep_every_promise_and_repeat_themselves() {
    let (crashes, stories) = sweep(100, Cast::Mixed);
    assert!(crashes >= 100 && stories >= 100, "the weather was too mild: {crashes} kills, {stories} stories");
}

#[test]
fn forty_seeds_of_the_general_trade_system_keep_every_promise() {
    let (crashes, stories) = sweep(40, Cast::Trade);
    assert!(crashes >= 40 && stories >= 40, "the weather was too mild: {crashes} kills, {stories} stories");
}

#[test]
fn two_seeds_live_two_lives() {
    let hash = |seed| run(seed, Options::default()).expect("kept").hash;
    assert_ne!(hash(1), hash(2));
}

#[test]
fn without_faults_nothing_goes_wrong_either() {
    let calm = Options { faults: false, crashes: false, keep_trace: true, ..Options::default() };
    let told = run(7, calm).expect("kept");
    assert_eq!(told.crashes, 0);
    assert!(told.trace.iter().all(|line| !line.contains("answer lost")), "a calm world loses nothing");
}
