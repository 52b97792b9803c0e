//! Pushes the state of an order to the page whenever it changes.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{Stream, unfold};

use super::Demo;
use super::snapshot::snapshot;

/// How often the books are looked at, in real time, while somebody watches.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// The order as it is now, and again at each change.
pub(super) async fn live(
    State(demo): State<Demo>,
    Path(number): Path<String>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = unfold((demo, number, String::new()), |(demo, number, known)| async move {
        loop {
            let now = match snapshot(&demo, &number).await {
                Ok(snapshot) => serde_json::json!({ "order": snapshot }).to_string(),
                Err(problem) => serde_json::json!({ "problem": problem }).to_string(),
            };
            if now != known {
                return Some((Ok(Event::default().data(&now)), (demo, number, now)));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    });
    Sse::new(changes).keep_alive(KeepAlive::default())
}
