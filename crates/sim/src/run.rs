//! One seed from the first order to matching books.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use douyin_pay_cli::story::{Comparison, PassTime, Stage};
use douyin_pay_env::{BoxFuture, Clock, Env};
use douyin_pay_mock::{CallFault, CallbackFault, Faults};

use crate::cast::{self, Cast, Part};
use crate::net::WireFaults;
use crate::promises;
use crate::rng::Rng;
use crate::trace::Trace;
use crate::world::{API_KEY, PEOPLE, World};

/// More rounds than this: the world never comes to rest.
const ROUNDS_MAX: u64 = 3_000_000;
const STORIES_MAX: u64 = 3;
const CRASHES_MAX: u32 = 6;
/// After the last step everything still on its way gets this long, without faults.
const QUIET: Duration = Duration::from_secs(4 * 24 * 3600);

/// What a run may do to the world.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Lost requests and responses, callbacks lost, late and doubled.
    pub faults: bool,
    /// `kill -9` of the service at moments that the seed picks.
    pub crashes: bool,
    /// Which stories are told.
    pub cast: Cast,
    /// Keep the trace's lines, to look at one seed closely.
    pub keep_trace: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { faults: true, crashes: true, cast: Cast::Mixed, keep_trace: false }
    }
}

/// What one seed came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The same for each run of the same seed.
    pub hash: String,
    /// How many stories were told side by side.
    pub stories: usize,
    /// How often the service was killed.
    pub crashes: u32,
    /// How much virtual time went by.
    pub virtual_time: Duration,
    /// The trace, when it was kept.
    pub trace: Vec<String>,
}

/// A seed whose world broke a promise.
#[derive(Debug)]
pub struct Broken {
    /// The seed.
    pub seed: u64,
    /// What was wrong.
    pub cause: anyhow::Error,
    /// The trace, when it was kept.
    pub trace: Vec<String>,
}

/// Runs one seed.
///
/// # Errors
/// When a promise is broken, a task panics or the world never comes to rest.
pub fn run(seed: u64, options: Options) -> Result<Outcome, Box<Broken>> {
    run_with(seed, options, |_| {})
}

/// As [`run`], after `sabotage` was let into the new world.
///
/// # Errors
/// As [`run`].
pub fn run_with(
    seed: u64,
    options: Options,
    sabotage: impl FnOnce(&mut World),
) -> Result<Outcome, Box<Broken>> {
    let trace = if options.keep_trace { Trace::keeping_lines() } else { Trace::default() };
    let mut rng = Rng::new(seed);
    let told = live(&mut rng, &trace, options, sabotage);
    told.map_err(|cause| Box::new(Broken { seed, cause, trace: trace.lines() }))
}

fn live(
    rng: &mut Rng,
    trace: &Trace,
    options: Options,
    sabotage: impl FnOnce(&mut World),
) -> anyhow::Result<Outcome> {
    let mut world = World::new(rng.fork(), trace.clone())?;
    sabotage(&mut world);
    let results = begin_stories(&mut world, rng, options.cast);
    if options.faults {
        world.wires.set_faults(WireFaults {
            refused: 20,
            lost_request: 20,
            lost_response: 30,
            latency_ms_max: 80,
        });
        world.mock.set_faults(mock_faults(rng, options.cast));
    }
    let stories = results.lock().expect("one thread").len();
    let done = |results: &Results| results.lock().expect("one thread").iter().all(Option::is_some);
    turn(&mut world, rng, options.crashes, |_| done(&results)).context("while the story was told")?;
    world.wires.set_faults(WireFaults::default());
    world.mock.set_faults(Faults::default());
    let quiet_at = world.clock.mono().plus_ms(i64::try_from(QUIET.as_millis()).expect("four days"));
    turn(&mut world, rng, false, |world| world.clock.mono() >= quiet_at)
        .context("while the world came to rest")?;
    for result in results.lock().expect("one thread").drain(..) {
        for comparison in result.expect("all stories ended")? {
            ensure!(comparison.agrees(), "the books differ:\n{comparison}");
        }
    }
    promises::check(&world).context("after the world came to rest")?;
    let millis = u64::try_from(world.clock.mono().get()).unwrap_or_default();
    Ok(Outcome {
        hash: trace.hash(),
        stories,
        crashes: world.crashes,
        virtual_time: Duration::from_millis(millis),
        trace: trace.lines(),
    })
}

/// Runs until idle, then lets the seed pick: a step of the journal, a kill, or the next timer.
fn turn(
    world: &mut World,
    rng: &mut Rng,
    crashes: bool,
    mut done: impl FnMut(&World) -> bool,
) -> anyhow::Result<()> {
    for _ in 0..ROUNDS_MAX {
        world.executor.run_until_idle(rng);
        let panics = world.executor.panics();
        ensure!(panics.is_empty(), "a task panicked: {}", panics.join("; "));
        if done(world) {
            return Ok(());
        }
        if crashes && world.crashes < CRASHES_MAX && rng.hits(4) {
            world.crash()?;
            continue;
        }
        let journal_first = rng.hits(800);
        if journal_first && world.step_journal() > 0 {
            continue;
        }
        if world.clock.advance_to_next().is_none() && world.step_journal() == 0 {
            bail!("nothing is left to happen, and the story has not ended");
        }
    }
    bail!("still busy after {ROUNDS_MAX} rounds")
}

type Results = Arc<Mutex<Vec<Option<anyhow::Result<Vec<Comparison>>>>>>;

fn begin_stories(world: &mut World, rng: &mut Rng, cast: Cast) -> Results {
    let count = usize::try_from(1 + rng.below(STORIES_MAX)).expect("a few");
    let parts = cast::parts(rng, count, cast);
    let results: Results = Arc::new(Mutex::new(parts.iter().map(|_| None).collect()));
    for (index, part) in parts.into_iter().enumerate() {
        let env = world.env(PEOPLE);
        let stage = stage(world, env, &part);
        let results = Arc::clone(&results);
        let task = async move {
            let told = part.tell(&stage).await;
            results.lock().expect("one thread")[index] = Some(told);
        };
        world.executor.spawn(PEOPLE, "story", Box::pin(task));
    }
    results
}

fn stage(world: &World, env: Env, part: &Part) -> Stage {
    let trace = world.trace.clone();
    Stage {
        time: Arc::new(Sleep(env.clone())),
        env,
        service: "https://pay.sim".to_owned(),
        api_key: API_KEY.to_owned(),
        app: part.app().to_owned(),
        platform: "https://platform.sim".to_owned(),
        shop: world.shop.clone(),
        operator: world.operator(),
        tell: Arc::new(move |line| trace.line(format!("★ {line}"))),
    }
}

/// In the simulation time passes by sleeping: the clock jumps to whoever is due next.
struct Sleep(Env);

impl PassTime for Sleep {
    fn pass(&self, time: Duration) -> BoxFuture<anyhow::Result<()>> {
        let until = self.0.clock.mono().plus_ms(i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 4));
        let sleeping = self.0.clock.sleep_until(until);
        Box::pin(async move {
            sleeping.await;
            Ok(())
        })
    }

    fn settle(&self) -> BoxFuture<()> {
        Box::pin(std::future::ready(()))
    }

    /// Waiting makes the clock jump by itself here.
    fn hurry(&self) -> BoxFuture<()> {
        Box::pin(std::future::pending())
    }
}

/// Each seed has its own weather.
fn mock_faults(rng: &mut Rng, cast: Cast) -> Faults {
    let mut faults = Faults { delay_ms_max: 4_000, hang_ms: 12_000, ..Faults::default() };
    for fault in [
        CallFault::LoseRequest,
        CallFault::LoseResponse,
        CallFault::InternalBefore,
        CallFault::InternalAfter,
        CallFault::GatewayBefore,
        CallFault::GatewayAfter,
        CallFault::Hang,
        CallFault::HangAfter,
        CallFault::Delay,
        CallFault::Throttle,
    ] {
        faults.calls.insert(fault, odds(rng, 60));
    }
    // Faults that only guaranteed payment knows; with them each of the others is rarer.
    let all = cast != Cast::Trade;
    if all {
        faults.calls.insert(CallFault::ThrottleBurst, odds(rng, 60));
    }
    let most = if all { 80 } else { 120 };
    for fault in [
        CallbackFault::Never,
        CallbackFault::Late,
        CallbackFault::Reordered,
        CallbackFault::Lost,
        CallbackFault::Doubled,
        CallbackFault::WrongSignature,
        CallbackFault::AcknowledgementLost,
    ] {
        faults.callbacks.insert(fault, odds(rng, most));
    }
    let only_there = [
        CallbackFault::DoubledWithin50Ms,
        CallbackFault::NumericTimestamp,
        CallbackFault::AppIdForAppid,
        CallbackFault::MissingItemId,
    ];
    for fault in only_there.into_iter().filter(|_| all) {
        faults.callbacks.insert(fault, odds(rng, most));
    }
    faults
}

fn odds(rng: &mut Rng, most: u64) -> u16 {
    u16::try_from(rng.below(most)).expect("below a thousand")
}
