//! The system's clock, and tokio's timer.

use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime};

use super::runtime;
use crate::{BoxFuture, Clock, Mono, UnixMs};

/// One beginning for the whole process: moments of all `RealClock`s can be compared.
#[expect(clippy::disallowed_methods, reason = "this is the door through which time enters")]
static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealClock;

impl Clock for RealClock {
    #[expect(clippy::disallowed_methods, reason = "this is the door through which time enters")]
    fn now(&self) -> UnixMs {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        // A system clock before 1970 is broken; 1970 makes that visible without a panic.
        let ms = since.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
        UnixMs::new(ms)
    }

    fn mono(&self) -> Mono {
        let ms = i64::try_from(BEGINNING.elapsed().as_millis());
        Mono::new(ms.unwrap_or(i64::MAX))
    }

    fn sleep_until(&self, at: Mono) -> BoxFuture<()> {
        Box::pin(async move {
            let ms = u64::try_from(at.get()).unwrap_or(0);
            let left = Duration::from_millis(ms).saturating_sub(BEGINNING.elapsed());
            if !left.is_zero() {
                timer(left).await;
            }
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door through which time enters")]
fn timer(left: Duration) -> tokio::time::Sleep {
    let handle = runtime::handle();
    let _entered = handle.enter();
    tokio::time::sleep(left)
}
