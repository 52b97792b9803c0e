//! One token call under way, and everybody who waits for it.

use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard};
use std::task::{Poll, Waker};

use super::{NoToken, Pass};

/// A token call under way.
#[derive(Default)]
pub(super) struct Flight(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    result: Option<Result<Pass, NoToken>>,
    wakers: Vec<Waker>,
}

impl Flight {
    /// Its end, for any number of callers.
    pub(super) async fn landed(&self) -> Result<Pass, NoToken> {
        poll_fn(|context| {
            let mut waiting = self.waiting();
            if let Some(result) = &waiting.result {
                return Poll::Ready(result.clone());
            }
            // Whoever gives up leaves a waker behind until the end, which is near.
            if !waiting.wakers.iter().any(|waker| waker.will_wake(context.waker())) {
                waiting.wakers.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await
    }

    /// Tells everybody.
    pub(super) fn land(&self, result: Result<Pass, NoToken>) {
        let wakers = {
            let mut waiting = self.waiting();
            waiting.result = Some(result);
            std::mem::take(&mut waiting.wakers)
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().expect("nothing panics while it holds this lock")
    }
}
