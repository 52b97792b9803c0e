//! Tasks on one thread, polled in an order that the seed picks.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use douyin_pay_env::{BoxFuture, Tasks};

use crate::rng::Rng;

/// More polls than this without rest: some task spins.
const POLLS_MAX: u64 = 2_000_000;

/// Whose task it is: everything of one process dies together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Process(pub u32);

/// A deterministic executor; cloning gives another handle to the same tasks.
#[derive(Clone, Default)]
pub struct Executor(Arc<Shared>);

#[derive(Default)]
struct Shared {
    tasks: Mutex<BTreeMap<u64, Task>>,
    ready: Arc<Mutex<Vec<u64>>>,
    next_id: Mutex<u64>,
    idle_watchers: Mutex<Vec<Waker>>,
    panics: Mutex<Vec<String>>,
}

struct Task {
    process: Process,
    name: &'static str,
    /// Absent while the task is being polled.
    future: Option<BoxFuture<()>>,
}

struct WakeTask {
    id: u64,
    ready: Arc<Mutex<Vec<u64>>>,
}

impl Wake for WakeTask {
    fn wake(self: Arc<Self>) {
        let mut ready = self.ready.lock().expect("one thread");
        if !ready.contains(&self.id) {
            ready.push(self.id);
        }
    }
}

impl Executor {
    /// Adds a task to `process`.
    pub fn spawn(&self, process: Process, name: &'static str, future: BoxFuture<()>) {
        let id = {
            let mut next = self.0.next_id.lock().expect("one thread");
            *next += 1;
            *next
        };
        self.0.tasks.lock().expect("one thread").insert(id, Task { process, name, future: Some(future) });
        self.0.ready.lock().expect("one thread").push(id);
    }

    /// Drops every task of `process`, as a kill would.
    pub fn kill(&self, process: Process) {
        let dead: Vec<Task> = {
            let mut tasks = self.0.tasks.lock().expect("one thread");
            let ids: Vec<u64> =
                tasks.iter().filter(|(_, task)| task.process == process).map(|(id, _)| *id).collect();
            ids.iter().filter_map(|id| tasks.remove(id)).collect()
        };
        drop(dead);
        self.tell_idle_watchers();
    }

    /// Polls until nobody is ready; `rng` picks who goes next.
    ///
    /// # Panics
    /// When a task keeps itself busy forever.
    pub fn run_until_idle(&self, rng: &mut Rng) {
        for _ in 0..POLLS_MAX {
            let Some(id) = self.pick(rng) else { return };
            self.poll(id);
        }
        panic!("a task never rests: {:?}", self.names());
    }

    /// What panicked so far, with the task's name.
    pub fn panics(&self) -> Vec<String> {
        self.0.panics.lock().expect("one thread").clone()
    }

    fn names(&self) -> Vec<&'static str> {
        self.0.tasks.lock().expect("one thread").values().map(|task| task.name).collect()
    }

    fn pick(&self, rng: &mut Rng) -> Option<u64> {
        let mut ready = self.0.ready.lock().expect("one thread");
        if ready.is_empty() {
            return None;
        }
        let index = usize::try_from(rng.below(ready.len() as u64)).expect("an index");
        Some(ready.remove(index))
    }

    fn poll(&self, id: u64) {
        let Some((name, mut future)) = self.take(id) else { return };
        let waker = Waker::from(Arc::new(WakeTask { id, ready: Arc::clone(&self.0.ready) }));
        let polled =
            catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut Context::from_waker(&waker))));
        match polled {
            Ok(Poll::Pending) => self.put_back(id, future),
            Ok(Poll::Ready(())) => self.finish(id),
            Err(cause) => {
                self.0.panics.lock().expect("one thread").push(format!("{name}: {}", panic_text(&*cause)));
                self.finish(id);
            }
        }
    }

    fn take(&self, id: u64) -> Option<(&'static str, BoxFuture<()>)> {
        let mut tasks = self.0.tasks.lock().expect("one thread");
        let task = tasks.get_mut(&id)?;
        Some((task.name, task.future.take()?))
    }

    /// A task that was killed while it ran is gone from the map: its future ends here.
    fn put_back(&self, id: u64, future: BoxFuture<()>) {
        let left_over = match self.0.tasks.lock().expect("one thread").get_mut(&id) {
            Some(task) => task.future.replace(future),
            None => Some(future),
        };
        drop(left_over);
    }

    fn finish(&self, id: u64) {
        self.0.tasks.lock().expect("one thread").remove(&id);
        self.tell_idle_watchers();
    }

    fn tell_idle_watchers(&self) {
        let watchers = std::mem::take(&mut *self.0.idle_watchers.lock().expect("one thread"));
        watchers.into_iter().for_each(Waker::wake);
    }

    fn live(&self, process: Process) -> usize {
        self.0.tasks.lock().expect("one thread").values().filter(|task| task.process == process).count()
    }
}

fn panic_text(cause: &(dyn std::any::Any + Send)) -> String {
    cause
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "a panic without words".to_owned())
}

/// `env::Tasks` of one simulated process.
#[derive(Clone)]
pub struct SimTasks {
    executor: Executor,
    process: Process,
}

impl SimTasks {
    /// Tasks that live and die with `process`.
    pub fn new(executor: Executor, process: Process) -> Self {
        Self { executor, process }
    }
}

impl Tasks for SimTasks {
    fn spawn(&self, name: &'static str, task: BoxFuture<()>) {
        self.executor.spawn(self.process, name, task);
    }

    fn drain(&self, _within: Duration) -> BoxFuture<usize> {
        let (executor, process) = (self.executor.clone(), self.process);
        Box::pin(poll_fn(move |context| {
            if executor.live(process) == 0 {
                return Poll::Ready(0);
            }
            executor.0.idle_watchers.lock().expect("one thread").push(context.waker().clone());
            Poll::Pending
        }))
    }
}
