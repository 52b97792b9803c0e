//! Pushes the state of an order to the page whenever it changes.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{Stream, unfold};
use serde_json::{Value, json};

use super::Demo;
use super::snapshot::snapshot;

/// How often the books are looked at, in real time, while somebody watches.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// The order as it is now, and again at each change.
pub(super) async fn live(
    State(demo): State<Demo>,
    Path(number): Path<String>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = unfold((demo, number, Value::Null), |(demo, number, known)| async move {
        loop {
            let seen = match snapshot(&demo, &number).await {
                Ok(snapshot) => json!({ "order": snapshot }),
                Err(problem) => json!({ "problem": problem }),
            };
            if seen != known {
                let mut told = seen.clone();
                told["now"] = demo.plain.now().get().into();
                return Some((Ok(Event::default().data(told.to_string())), (demo, number, seen)));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    });
    Sse::new(changes).keep_alive(KeepAlive::default())
}
