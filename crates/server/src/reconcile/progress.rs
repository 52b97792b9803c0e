//! How far runs are: looked at from outside, one run per app.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use douyin_pay_env::UnixMs;
use douyin_pay_protocol::AppId;

use crate::store::{BillRun, RunState};

/// A run while it goes on. Clones are the same.
#[derive(Clone, Default)]
pub struct Progress(Arc<Mutex<Option<Seen>>>);

/// What can be seen of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The run as it is now.
    pub run: BillRun,
    /// Bytes of its bills read, and in all, where that is known.
    pub bytes: Option<(u64, u64)>,
    /// When its queries began, and how many were made before that.
    asking_since: Option<(UnixMs, u64)>,
}

impl Seen {
    /// Rows compared so far.
    pub fn rows(&self) -> u64 {
        self.run.figures.iter().map(|figures| figures.rows).sum()
    }

    /// In how many seconds the run is over at its present pace; nothing while that cannot be told.
    pub fn eta_seconds(&self, now: UnixMs) -> Option<u64> {
        let (since, done, total) = match (self.run.state, self.bytes, self.asking_since) {
            (RunState::Asking, _, Some((since, before))) => {
                (since, self.run.asked.saturating_sub(before), self.run.to_ask.saturating_sub(before))
            }
            (RunState::Matching, Some((read, bytes)), _) => (self.run.started_at, read, bytes),
            _ => return None,
        };
        let passed = u128::try_from(now.since(since)).ok()?;
        let left = u128::from(total.saturating_sub(done));
        let ms = (passed * left).checked_div(u128::from(done))?;
        u64::try_from(ms.div_ceil(1000)).ok()
    }
}

impl Progress {
    /// What can be seen now; nothing before the run has begun.
    pub fn look(&self) -> Option<Seen> {
        self.seen().clone()
    }

    pub(super) fn show(&self, run: &BillRun, bytes: Option<(u64, u64)>) {
        let mut seen = self.seen();
        let asking_since = seen.as_ref().and_then(|seen| seen.asking_since);
        *seen = Some(Seen { run: run.clone(), bytes, asking_since });
    }

    pub(super) fn begins_to_ask(&self, now: UnixMs) {
        if let Some(seen) = self.seen().as_mut() {
            seen.asking_since = Some((now, seen.run.asked));
        }
    }

    fn seen(&self) -> MutexGuard<'_, Option<Seen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The runs under way, at most one for each app.
#[derive(Clone, Default)]
pub(crate) struct Runs {
    under_way: Arc<Mutex<BTreeMap<AppId, Progress>>>,
    /// The last number that was given; held while a run gets its own.
    pub(super) last_number: Arc<tokio::sync::Mutex<i64>>,
}

/// The place of a run; leaves it when dropped.
pub(super) struct Place {
    runs: Runs,
    app_id: AppId,
}

impl Runs {
    /// The run of an app that is under way.
    pub(crate) fn of(&self, app_id: &AppId) -> Option<Progress> {
        self.map().get(app_id).cloned()
    }

    /// Takes the app's place, or gives the run that has it.
    pub(super) fn take(&self, app_id: &AppId, progress: &Progress) -> Result<Place, Progress> {
        let mut map = self.map();
        if let Some(other) = map.get(app_id) {
            return Err(other.clone());
        }
        map.insert(app_id.clone(), progress.clone());
        Ok(Place { runs: self.clone(), app_id: app_id.clone() })
    }

    fn map(&self) -> MutexGuard<'_, BTreeMap<AppId, Progress>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.runs.map().remove(&self.app_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(state: RunState, to_ask: u64, asked: u64) -> BillRun {
        BillRun {
            id: 1,
            app_id: AppId::new("tt1").expect("an app id"),
            day: UnixMs::new(0),
            kinds: Vec::new(),
            source: "file",
            state,
            started_at: UnixMs::new(0),
            matched_at: None,
            finished_at: None,
            figures: Vec::new(),
            differences: 0,
            left_out: 0,
            to_ask,
            asked,
            problem: None,
        }
    }

    #[test]
    fn the_time_left_follows_from_the_pace() {
        let progress = Progress::default();
        assert_eq!(progress.look(), None);
        let eta = |now: i64| progress.look().expect("it has begun").eta_seconds(UnixMs::new(now));
        progress.show(&run(RunState::Matching, 0, 0), None);
        assert_eq!(eta(1000), None, "nobody knows how long the bill is");
        progress.show(&run(RunState::Matching, 0, 0), Some((0, 400)));
        assert_eq!(eta(1000), None, "nothing was read yet");
        progress.show(&run(RunState::Matching, 0, 0), Some((100, 400)));
        assert_eq!(eta(10_000), Some(30));
        progress.show(&run(RunState::Asking, 500, 100), None);
        progress.begins_to_ask(UnixMs::new(20_000));
        assert_eq!(eta(30_000), None, "a resumed run counts from where it goes on");
        progress.show(&run(RunState::Asking, 500, 300), None);
        assert_eq!(eta(30_000), Some(10));
        progress.show(&run(RunState::Done, 500, 500), None);
        assert_eq!(eta(30_000), None);
    }

    #[test]
    fn one_run_of_an_app_at_a_time() {
        let (runs, progress) = (Runs::default(), Progress::default());
        let app = AppId::new("tt1").expect("an app id");
        let other = AppId::new("tt2").expect("an app id");
        let place = runs.take(&app, &progress);
        assert!(place.is_ok() && runs.take(&app, &progress).is_err() && runs.take(&other, &progress).is_ok());
        drop(place);
        assert!(runs.of(&app).is_none() && runs.take(&app, &progress).is_ok());
    }
}
